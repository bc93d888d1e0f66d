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
        Measure, verbose_name="具体的施策", on_delete=models.PROTECT, related_name="actions"
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
    actor = models.CharField("主体", max_length=12, choices=Actor.choices())
    name = models.CharField("名称", max_length=200)
    content = models.TextField("内容", blank=True)
    is_priority = models.BooleanField("重点アクション", default=False)
    priority_reason = models.TextField("重点とした理由", blank=True)
    no_indicator_reason = models.TextField(
        "KPI設定なしの理由", blank=True, help_text="関連する指標（KPI）がないときに入力します。"
    )
    section = models.CharField("所管課", max_length=100, blank=True)
    partners = models.CharField("連携先", max_length=300, blank=True)
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
    stage = models.CharField("段階", max_length=12, choices=Stage.choices(), blank=True)
    plan = models.TextField("計画（PLAN）", blank=True)
    done_first_half = models.TextField("上半期の実施内容（DO）", blank=True)
    done = models.TextField("年度の実施内容（DO）", blank=True)
    results = models.TextField("成果・課題（CHECK）", blank=True)
    evaluation = models.CharField(
        "評価（CHECK）", max_length=15, choices=Evaluation.choices(), blank=True
    )
    revision = models.CharField(
        "見直し（ACTION）", max_length=12, choices=Revision.choices(), blank=True
    )
    revision_note = models.TextField("見直しの内容", blank=True)
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
