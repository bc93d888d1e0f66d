"""Indicators (指標) and their yearly targets (目標)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from actions.constraints import Check, Unique
from actions.fields import FiscalYearField, code_validator
from actions.fiscal import fiscal_year_label, short_label
from actions.models import Action, Measure, Plan, Strategy
from kpis.attainment import Rule
from kpis.models.fields import FigureField, excess_decimals, history
from kpis.numerals import plain
from kpis.vocabulary import Direction, Formula, Kind, Rounding, TargetStatus


class IndicatorManager(models.Manager["Indicator"]):
    """Finds indicators by plan and code, for fixtures."""

    def get_by_natural_key(self, slug: str, code: str) -> "Indicator":
        """Return the indicator. Raises Indicator.DoesNotExist."""
        return self.get(plan__slug=slug, code=code)


class Indicator(models.Model):
    """A KPI (成果指標) and the rule by which its rate is worked out and printed."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="indicators"
    )
    strategy = models.ForeignKey(
        Strategy, verbose_name="基本戦略", on_delete=models.CASCADE, related_name="indicators"
    )
    code = models.CharField("指標コード", max_length=20, validators=[code_validator("1-1")])
    order = models.PositiveSmallIntegerField("表示順", default=1, help_text="戦略の中での順番。")
    name = models.CharField("指標名", max_length=200)
    unit = models.CharField("単位", max_length=20)
    decimals = models.PositiveSmallIntegerField(
        "小数桁", default=0, help_text="実績と目標を小数第何位まで記録するか（0～4）。"
    )
    kind = models.CharField(
        "種別",
        max_length=12,
        choices=Kind.choices(),
        default=Kind.CUMULATIVE.value,
        help_text="累計: 4月からの合計／時点: その日の値／割合: 4月からの割合。",
    )
    direction = models.CharField(
        "方向", max_length=12, choices=Direction.choices(), default=Direction.UP.value
    )
    formula = models.CharField(
        "算式", max_length=20, choices=Formula.choices(), default=Formula.RATIO.value
    )
    baseline_year = FiscalYearField("基準年度", null=True, blank=True)
    baseline_value = FigureField("基準値")
    rated_at_half_year = models.BooleanField(
        "上半期の達成率を算定する",
        default=True,
        help_text="上半期の値が年度の目標と比べられない指標（平均値など）は印を外します。",
    )
    expected_share = models.DecimalField(
        "見込割合",
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.5"),
        help_text="9月30日までに見込まれる年度目標の割合（0～1）。0 は上半期に判定しません。",
    )
    rate_decimals = models.PositiveSmallIntegerField(
        "達成率の小数桁", default=1, help_text="達成率を小数第何位まで表示するか（0～2）。"
    )
    rounding = models.CharField(
        "端数処理", max_length=12, choices=Rounding.choices(), default=Rounding.HALF_UP.value
    )
    keep_zeros = models.BooleanField(
        "末尾の0を残す", default=False, help_text="印を付けると 15% を 15.0% と表示します。"
    )
    definition = models.TextField("定義・注記", blank=True)
    target_source = models.CharField("目標の根拠", max_length=300, blank=True)
    section = models.CharField("所管課", max_length=100, blank=True)
    measures = models.ManyToManyField(
        Measure, verbose_name="関連する施策", blank=True, related_name="indicators"
    )
    actions = models.ManyToManyField(
        Action, verbose_name="関連するアクション", blank=True, related_name="indicators"
    )
    note = models.TextField("備考", blank=True, help_text="読み取りの疑問点など。公表されます。")
    history = history("指標")

    objects = IndicatorManager()

    class Meta:
        verbose_name = verbose_name_plural = "指標（KPI）"
        ordering = ["plan", "strategy__number", "order", "code"]
        constraints = [
            Unique(
                fields=["plan", "code"],
                name="indicator_code_unique",
                field="code",
                violation_error_message="この計画には同じ指標コードが既にあります。",
            ),
            Check(
                condition=Q(decimals__lte=4),
                name="indicator_decimals_range",
                field="decimals",
                violation_error_message="小数桁は0から4までにしてください。",
            ),
            Check(
                condition=Q(rate_decimals__lte=2),
                name="indicator_rate_decimals_range",
                field="rate_decimals",
                violation_error_message="達成率の小数桁は0から2までにしてください。",
            ),
            Check(
                condition=Q(expected_share__gte=0, expected_share__lte=1),
                name="indicator_expected_share_range",
                field="expected_share",
                violation_error_message="見込割合は0から1までにしてください。",
            ),
            Check(
                condition=Q(baseline_value__isnull=True) | Q(baseline_year__isnull=False),
                name="indicator_baseline_has_year",
                field="baseline_year",
                violation_error_message="基準値を入力したときは、基準年度も入力してください。",
            ),
            Check(
                condition=~Q(formula=Formula.FROM_BASELINE.value) | Q(baseline_value__isnull=False),
                name="indicator_from_baseline_has_value",
                field="baseline_value",
                violation_error_message="算式が基準値比のときは、基準値を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def clean(self) -> None:
        """Raise ValidationError where the indicator contradicts its plan or its own figures."""
        faults: dict[str, str] = {}
        if self.strategy_id and self.plan_id and self.strategy.plan_id != self.plan_id:
            faults["strategy"] = "この計画の基本戦略を選んでください。"
        if self.decimals is not None and excess_decimals(self.baseline_value, self.decimals):
            faults["baseline_value"] = f"小数は{self.decimals}桁までで入力してください。"
        if faults:
            raise ValidationError(faults)

    def natural_key(self) -> tuple[str, str]:
        """Return the key that fixtures use."""
        return (self.plan.slug, self.code)

    natural_key.dependencies = ["actions.plan", "actions.strategy", "actions.measure"]  # type: ignore[attr-defined]

    @property
    def rule(self) -> Rule:
        """Return the pure rule of this indicator."""
        return Rule(
            formula=Formula(self.formula),
            direction=Direction(self.direction),
            kind=Kind(self.kind),
            rated_at_half_year=self.rated_at_half_year,
            expected_share=self.expected_share,
            rate_decimals=self.rate_decimals,
            rounding=Rounding(self.rounding),
            keep_zeros=self.keep_zeros,
        )


class Target(models.Model):
    """An indicator's target for one fiscal year."""

    indicator = models.ForeignKey(
        Indicator, verbose_name="指標", on_delete=models.CASCADE, related_name="targets"
    )
    fiscal_year = FiscalYearField("年度")
    status = models.CharField(
        "状態", max_length=10, choices=TargetStatus.choices(), default=TargetStatus.SET.value
    )
    value = FigureField("目標値")
    source = models.CharField(
        "根拠", max_length=300, blank=True, help_text="「連動」のときは、目標を定める計画の名前。"
    )
    note = models.TextField("備考", blank=True)
    history = history("目標")

    class Meta:
        verbose_name = verbose_name_plural = "目標"
        ordering = ["indicator", "fiscal_year"]
        constraints = [
            Unique(
                fields=["indicator", "fiscal_year"],
                name="target_year_unique",
                field="fiscal_year",
                violation_error_message="この指標には同じ年度の目標が既にあります。",
            ),
            Check(
                condition=Q(status=TargetStatus.SET.value, value__isnull=False)
                | (~Q(status=TargetStatus.SET.value) & Q(value__isnull=True)),
                name="target_value_matches_status",
                field="value",
                violation_error_message=(
                    "状態が「設定」のときは目標値を入力し、「連動」「未設定」のときは目標値を空にしてください。"
                ),
            ),
            Check(
                condition=~Q(status=TargetStatus.LINKED.value) | ~Q(source=""),
                name="target_linked_has_source",
                field="source",
                violation_error_message="状態が「連動」のときは、根拠に計画の名前を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        shown = TargetStatus(self.status).label if self.value is None else plain(self.value)
        return f"{self.indicator.code} {fiscal_year_label(self.fiscal_year)} 目標 {shown}"

    def clean(self) -> None:
        """Raise ValidationError for a year outside the plan or too many decimals."""
        if not self.indicator_id:
            return
        faults: dict[str, str] = {}
        plan = self.indicator.plan
        if self.fiscal_year is not None and not (
            plan.baseline_year <= self.fiscal_year <= plan.end_year
        ):
            faults["fiscal_year"] = (
                f"計画の年度（{short_label(plan.baseline_year)}～{short_label(plan.end_year)}）の中で入力してください。"
            )
        if excess_decimals(self.value, self.indicator.decimals):
            faults["value"] = f"小数は{self.indicator.decimals}桁までで入力してください。"
        if faults:
            raise ValidationError(faults)
