"""Actions (アクション) of a measure and their fiscal years, as PDCA tells them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from actions.constraints import Check, Unique
from actions.fields import FiscalYearField, code_validator, history
from actions.fiscal import fiscal_year_label
from actions.models.plans import Measure, Plan
from actions.vocabulary import Actor, Evaluation, Revision, Stage


class ActionManager(models.Manager["Action"]):
    """Finds actions by plan and code, for fixtures."""

    def get_by_natural_key(self, slug: str, code: str) -> "Action":
        """Return the action. Raises Action.DoesNotExist."""
        return self.get(plan__slug=slug, code=code)


class Action(models.Model):
    """What one kind of actor does for a measure (アクション)."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="actions"
    )
    measure = models.ForeignKey(
        Measure,
        verbose_name="具体的施策",
        on_delete=models.PROTECT,
        related_name="actions",
        help_text="どの施策のためのアクションか。",
    )
    code = models.CharField(
        "アクションコード",
        max_length=20,
        validators=[code_validator("1-1-1")],
        help_text="例: 1-1-1",
    )
    order = models.PositiveSmallIntegerField(
        "表示順", default=1, help_text="施策の同じ主体の中での順番。"
    )
    actor = models.CharField(
        "主体", max_length=12, choices=Actor.choices(), help_text="だれが行うか。"
    )
    name = models.CharField(
        "名称", max_length=200, help_text="短い名前（例: デジタル化セミナー）。公開されます。"
    )
    content = models.TextField("内容", blank=True, help_text="だれに、何をするか。公開されます。")
    is_priority = models.BooleanField(
        "重点アクション",
        default=False,
        help_text="計画が特に力を入れると決めたものに付けます。公開ページに「★重点」と出ます。",
    )
    priority_reason = models.TextField(
        "重点とした理由", blank=True, help_text="なぜ重点としたか。印を付けたときだけ入力します。"
    )
    no_indicator_reason = models.TextField(
        "KPI設定なしの理由", blank=True, help_text="関連する指標（KPI）がないときに入力します。"
    )
    section = models.CharField(
        "所管課",
        max_length=100,
        blank=True,
        help_text="受け持つ課。記入の画面とExcelが、この課ごとに分かれます。",
    )
    partners = models.CharField(
        "連携先",
        max_length=300,
        blank=True,
        help_text="一緒に行う団体など（例: 商工会議所、金融機関）。",
    )
    is_example = models.BooleanField(
        "例示",
        default=False,
        help_text="見本として作ったもの。公開ページと会議資料に「例示」と出ます。",
    )
    history = history("アクション")

    objects = ActionManager()

    class Meta:
        verbose_name = verbose_name_plural = "アクション"
        ordering = [
            "plan",
            "measure__strategy__number",
            "measure__number",
            "actor",
            "order",
            "code",
        ]
        constraints = [
            Unique(
                fields=["plan", "code"],
                name="action_code_unique",
                field="code",
                violation_error_message="この計画には同じアクションコードが既にあります。",
            ),
            Check(
                condition=Q(is_priority=True) | Q(priority_reason=""),
                name="action_priority_reason_has_mark",
                field="is_priority",
                violation_error_message="重点とした理由を入力したときは、「重点アクション」に印を付けてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def natural_key(self) -> tuple[str, str]:
        """Return the key that fixtures use."""
        return (self.plan.slug, self.code)

    natural_key.dependencies = ["actions.plan"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Raise ValidationError for a measure of another plan."""
        if self.plan_id and self.measure_id and self.measure.strategy.plan_id != self.plan_id:
            raise ValidationError({"measure": "この計画の施策を選んでください。"})


class ActionYear(models.Model):
    """One fiscal year of an action: PLAN, DO, CHECK and ACTION as the paper names them."""

    action = models.ForeignKey(
        Action, verbose_name="アクション", on_delete=models.CASCADE, related_name="years"
    )
    fiscal_year = FiscalYearField("年度")
    stage = models.CharField(
        "段階",
        max_length=12,
        choices=Stage.choices(),
        blank=True,
        help_text="その年度にどこまで進める予定か。",
    )
    plan = models.TextField(
        "計画（PLAN）", blank=True, help_text="その年度に何をするか。回数や時期があれば書きます。"
    )
    done_first_half = models.TextField(
        "上半期の実施内容（DO）",
        blank=True,
        help_text="4月から9月に行ったこと（例: 6月にセミナーを1回、参加12社）。",
    )
    done = models.TextField(
        "年度の実施内容（DO）",
        blank=True,
        help_text="4月から3月に行ったこと（例: セミナーを3回、参加延べ40社）。",
    )
    results = models.TextField(
        "成果・課題（CHECK）", blank=True, help_text="何が良くなり、何が残ったか。"
    )
    evaluation = models.CharField(
        "評価（CHECK）",
        max_length=15,
        choices=Evaluation.choices(),
        blank=True,
        help_text="計画と比べてどうだったか。遅れと未着手は、会議の前の確認に出ます。",
    )
    revision = models.CharField(
        "見直し（ACTION）",
        max_length=12,
        choices=Revision.choices(),
        blank=True,
        help_text="次の年度にどうするか。「終了」は次の年度に引き継がれません。",
    )
    revision_note = models.TextField("見直しの内容", blank=True, help_text="どこをどう変えるか。")
    # Counts the changes: whoever saves says which version they saw, so nobody overwrites unseen.
    version = models.PositiveIntegerField("変更回数", default=1, editable=False)
    history = history("アクションの年度")

    class Meta:
        verbose_name = verbose_name_plural = "アクションの年度"
        ordering = ["action", "fiscal_year"]
        constraints = [
            Unique(
                fields=["action", "fiscal_year"],
                name="action_year_unique",
                field="fiscal_year",
                violation_error_message="このアクションには同じ年度が既にあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {fiscal_year_label(self.fiscal_year)}"
