"""A plan (計画) with its strategies (基本戦略) and measures (具体的施策)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from actions import fiscal
from actions.constraints import Check, Unique
from actions.fields import FiscalYearField
from actions.vocabulary import RESERVED_SLUGS

RANGE = f"年度は{fiscal.FIRST_YEAR}年度から{fiscal.LAST_YEAR}年度までにしてください。"


def validate_slug_is_free(slug: str) -> None:
    """Raise ValidationError for a slug that would hide a page of the site."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(
            "「%(slug)s」はこのシステムが使うため、指定できません。", params={"slug": slug}
        )


class PlanManager(models.Manager["Plan"]):
    """Finds plans by their slug, also for fixtures."""

    def get_by_natural_key(self, slug: str) -> "Plan":
        """Return the plan with this slug. Raises Plan.DoesNotExist."""
        return self.get(slug=slug)


class Plan(models.Model):
    """A plan of several fiscal years (計画)."""

    slug = models.SlugField(
        "スラッグ",
        max_length=60,
        unique=True,
        validators=[validate_slug_is_free],
        help_text="ページのアドレスに使う半角英数字とハイフン（例: machizukuri-2026）。公表後は変えないでください。",
    )
    name = models.CharField(
        "計画名",
        max_length=200,
        help_text="公開ページと資料の題名になります（例: 第2期まちづくり計画）。",
    )
    principle = models.CharField(
        "基本理念",
        max_length=300,
        blank=True,
        help_text="計画が目指すこと。計画の体系のページの一番上に出ます。",
    )
    start_year = FiscalYearField("開始年度")
    end_year = FiscalYearField("終了年度")
    baseline_year = FiscalYearField(
        "基準年度", help_text="表の最初に実績を載せる年度（例: 令和5年度）。"
    )
    section = models.CharField(
        "所管課",
        max_length=100,
        blank=True,
        help_text="計画全体を受け持つ課。公開ページの出典に「計画名（所管課）」と出ます。",
    )
    parent_plan = models.CharField(
        "上位計画",
        max_length=200,
        blank=True,
        help_text="この計画が従う計画（例: 第6次総合計画）。",
    )
    council = models.CharField(
        "会議体", max_length=200, blank=True, help_text="進捗を検討する会議の名前。"
    )
    management = models.TextField(
        "計画の進捗管理について",
        blank=True,
        help_text="だれが、いつ、どのように進み具合を確かめるか。進捗管理のページに出ます。",
    )
    is_current = models.BooleanField(
        "トップページに表示する", default=False, help_text="1つの計画だけに付けられます。"
    )

    objects = PlanManager()

    class Meta:
        verbose_name = verbose_name_plural = "計画"
        ordering = ["-is_current", "-start_year", "slug"]
        indexes = [  # every page asks for the first plan, among however many
            models.Index(fields=["-is_current", "-start_year", "slug"], name="plan_front_first"),
        ]
        constraints = [
            Check(
                condition=Q(start_year__lte=F("end_year")),
                name="plan_years_in_order",
                field="end_year",
                violation_error_message="終了年度は開始年度以後にしてください。",
            ),
            Check(
                condition=Q(baseline_year__lte=F("start_year")),
                name="plan_baseline_not_after_start",
                field="baseline_year",
                violation_error_message="基準年度は開始年度以前にしてください。",
            ),
            Check(
                condition=Q(baseline_year__gte=fiscal.FIRST_YEAR),
                name="plan_baseline_in_range",
                field="baseline_year",
                violation_error_message=RANGE,
            ),
            Check(
                condition=Q(end_year__lte=fiscal.LAST_YEAR),
                name="plan_end_in_range",
                field="end_year",
                violation_error_message=RANGE,
            ),
            Unique(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="plan_one_current",
                field="is_current",
                violation_error_message="トップページに表示する計画は1つだけです。ほかの計画の印を外してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """Return the key that fixtures use."""
        return (self.slug,)


class StrategyManager(models.Manager["Strategy"]):
    """Finds strategies by plan and number, for fixtures."""

    def get_by_natural_key(self, slug: str, number: int) -> "Strategy":
        """Return the strategy. Raises Strategy.DoesNotExist."""
        return self.get(plan__slug=slug, number=number)


class Strategy(models.Model):
    """A strategy (基本戦略)."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="strategies"
    )
    number = models.PositiveSmallIntegerField(
        "戦略番号", help_text="計画本編の番号（例: 1）。ページのアドレスにも使います。"
    )
    name = models.CharField("戦略名", max_length=200, help_text="計画本編のとおりの名前。")
    tag = models.CharField(
        "英語表記",
        max_length=200,
        blank=True,
        help_text="計画本編に英語の呼び名があるときだけ入力します。",
    )
    note = models.TextField("備考", blank=True, help_text="職員のための覚え書き。公開されません。")

    objects = StrategyManager()

    class Meta:
        verbose_name = verbose_name_plural = "基本戦略"
        ordering = ["plan", "number"]
        constraints = [
            Unique(
                fields=["plan", "number"],
                name="strategy_number_unique",
                field="number",
                violation_error_message="この計画には同じ戦略番号が既にあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"({self.number}) {self.name}"

    def natural_key(self) -> tuple[str, int]:
        """Return the key that fixtures use."""
        return (self.plan.slug, self.number)

    natural_key.dependencies = ["actions.plan"]  # type: ignore[attr-defined]


class MeasureManager(models.Manager["Measure"]):
    """Finds measures by plan, strategy number and number, for fixtures."""

    def get_by_natural_key(self, slug: str, strategy: int, number: int) -> "Measure":
        """Return the measure. Raises Measure.DoesNotExist."""
        return self.get(strategy__plan__slug=slug, strategy__number=strategy, number=number)


class Measure(models.Model):
    """A measure (具体的施策) of a strategy."""

    strategy = models.ForeignKey(
        Strategy, verbose_name="基本戦略", on_delete=models.CASCADE, related_name="measures"
    )
    number = models.PositiveSmallIntegerField(
        "施策番号", help_text="戦略の中での番号（例: 2。戦略1の施策なら 1-2 と示します）。"
    )
    name = models.CharField("施策名", max_length=200, help_text="計画本編のとおりの名前。")
    page = models.PositiveSmallIntegerField(
        "計画頁", null=True, blank=True, help_text="計画本編のページ番号。"
    )
    description = models.TextField(
        "施策の内容", blank=True, help_text="計画本編の文章など。施策のページに出ます。"
    )
    note = models.TextField("備考", blank=True, help_text="職員のための覚え書き。公開されません。")

    objects = MeasureManager()

    class Meta:
        verbose_name = verbose_name_plural = "具体的施策"
        ordering = ["strategy", "number"]
        constraints = [
            Unique(
                fields=["strategy", "number"],
                name="measure_number_unique",
                field="number",
                violation_error_message="この戦略には同じ施策番号が既にあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def code(self) -> str:
        """Return the number within the plan: 1-2."""
        return f"{self.strategy.number}-{self.number}"

    def natural_key(self) -> tuple[str, int, int]:
        """Return the key that fixtures use."""
        return (*self.strategy.natural_key(), self.number)

    natural_key.dependencies = ["actions.strategy"]  # type: ignore[attr-defined]
