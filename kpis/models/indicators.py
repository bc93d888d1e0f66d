"""Indicators (指標): what is measured, by which rule, and in which years of the plan."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from actions.constraints import Check, Unique
from actions.fields import FiscalYearField, code_validator, history
from actions.fiscal import is_within, short_label
from actions.models import Action, Measure, Plan, Strategy
from kpis.attainment import Rule
from kpis.milestones import ONLY_WORDS
from kpis.models.fields import FigureField, excess_decimals
from kpis.vocabulary import Direction, Formula, Kind, Rounding

# Within one plan. A query of one plan's rows names such an order: the model's own begins with that
# of the plans, for which Django joins their tables and words a dozen terms.
PAPER_ORDER = ("strategy__number", "order", "code")


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
    code = models.CharField(
        "指標コード",
        max_length=20,
        validators=[code_validator("1-1")],
        help_text="戦略番号と順番（例: 1-1）。ページのアドレスとデータに使うので、公表後は変えません。",
    )
    order = models.PositiveSmallIntegerField("表示順", default=1, help_text="戦略の中での順番。")
    name = models.CharField(
        "指標名",
        max_length=200,
        help_text="計画本編のとおりの名前。年度の途中で改めるときは「見直し」に書きます。",
    )
    unit = models.CharField("単位", max_length=20, help_text="例: 件、人、社、%、件/社")
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
        "方向",
        max_length=12,
        choices=Direction.choices(),
        default=Direction.UP.value,
        help_text="どちらが良いか。「維持」は目標以上を保つこと、「上限」は目標を超えないこと。",
    )
    formula = models.CharField(
        "算式",
        max_length=20,
        choices=Formula.choices(),
        default=Formula.RATIO.value,
        help_text="達成率の計算のしかた。意味は用語の説明にあります。",
    )
    baseline_year = FiscalYearField("基準年度", null=True, blank=True)
    baseline_value = FigureField(
        "基準値", help_text="計画を始める前の実績。「基準値比」の指標では達成率の計算に使います。"
    )
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
        "端数処理",
        max_length=12,
        choices=Rounding.choices(),
        default=Rounding.HALF_UP.value,
        help_text="達成率の、表示しない桁の扱い。",
    )
    keep_zeros = models.BooleanField(
        "末尾の0を残す", default=False, help_text="印を付けると 15% を 15.0% と表示します。"
    )
    definition = models.TextField(
        "定義・注記",
        blank=True,
        help_text="何を、どこから、どう数えるか。公開ページと入力画面に出ます。",
    )
    target_source = models.CharField(
        "目標の根拠",
        max_length=300,
        blank=True,
        help_text="目標をどの資料で決めたか（例: 総合計画 実施計画）。",
    )
    section = models.CharField(
        "所管課",
        max_length=100,
        blank=True,
        help_text="実績を入力する課。入力画面とExcelと督促文が、この課ごとに分かれます。",
    )
    measures = models.ManyToManyField(
        Measure, verbose_name="関連する施策", blank=True, related_name="indicators"
    )
    actions = models.ManyToManyField(
        Action, verbose_name="関連するアクション", blank=True, related_name="indicators"
    )
    note = models.TextField("備考", blank=True, help_text="読み取りの疑問点など。公表されます。")
    start_year = FiscalYearField(
        "開始年度", null=True, blank=True, help_text="計画の途中から測る指標だけに入力します。"
    )
    end_year = FiscalYearField(
        "終了年度", null=True, blank=True, help_text="測るのをやめた指標の、最後の年度。"
    )
    former_name = models.CharField(
        "旧指標名", max_length=200, blank=True, help_text="改称する前の名前。"
    )
    renamed_year = FiscalYearField(
        "改称年度", null=True, blank=True, help_text="今の指標名になった年度。"
    )
    successor = models.ForeignKey(
        "self",
        verbose_name="後継の指標",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text="終了した指標に代わる指標。",
    )
    review_reason = models.TextField(
        "見直しの理由", blank=True, help_text="開始・終了・改称・置換えの理由。公表されます。"
    )
    history = history("指標")

    objects = IndicatorManager()

    class Meta:
        verbose_name = verbose_name_plural = "指標（KPI）"
        ordering = ["plan", *PAPER_ORDER]
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
            Check(
                condition=Q(start_year__isnull=True)
                | Q(end_year__isnull=True)
                | Q(start_year__lte=F("end_year")),
                name="indicator_years_in_order",
                field="end_year",
                violation_error_message="終了年度は開始年度以後にしてください。",
            ),
            Check(
                condition=Q(former_name="", renamed_year__isnull=True)
                | (~Q(former_name="") & Q(renamed_year__isnull=False)),
                name="indicator_former_name_has_year",
                field="renamed_year",
                violation_error_message="改称には、旧指標名と改称年度の両方が必要です。",
            ),
            Check(
                condition=Q(successor__isnull=True) | Q(end_year__isnull=False),
                name="indicator_successor_has_end",
                field="end_year",
                violation_error_message="後継の指標を選んだときは、終了年度も入力してください。",
            ),
            Check(
                condition=(
                    Q(start_year__isnull=True, end_year__isnull=True, renamed_year__isnull=True)
                    | ~Q(review_reason="")
                ),
                name="indicator_review_has_reason",
                field="review_reason",
                violation_error_message="開始・終了・改称の年度を入力したときは、見直しの理由も入力してください。",
            ),
            Check(
                condition=~Q(kind=Kind.MILESTONE.value) | Q(formula=Formula.NONE.value, decimals=0),
                name="indicator_milestone_has_no_rate",
                field="formula",
                violation_error_message="種別が達成有無のときは、算式を「算定しない」、小数桁を0にしてください。",
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
        elif self.kind == Kind.MILESTONE.value and self.baseline_value not in (None, 0, 1):
            faults["baseline_value"] = ONLY_WORDS
        if self.plan_id:
            faults |= self._year_faults()
        if faults:
            raise ValidationError(faults)

    def _year_faults(self) -> dict[str, str]:
        """Return what is wrong with the years of start, end and renaming, and with the successor."""
        plan = self.plan
        span = f"{short_label(plan.baseline_year)}～{short_label(plan.end_year)}"
        faults = {
            name: f"計画の年度（{span}）の中で入力してください。"
            for name in ("start_year", "end_year", "renamed_year")
            if (year := getattr(self, name)) is not None
            and not plan.baseline_year <= year <= plan.end_year
        }
        if self.successor is not None and (
            self.successor.plan_id != self.plan_id or self.successor_id == self.pk
        ):
            faults["successor"] = "この計画の、ほかの指標を選んでください。"
        return faults

    def natural_key(self) -> tuple[str, str]:
        """Return the key that fixtures use."""
        return (self.plan.slug, self.code)

    natural_key.dependencies = ["actions.plan", "actions.strategy", "actions.measure"]  # type: ignore[attr-defined]

    def is_measured_in(self, fiscal_year: int) -> bool:
        """Return whether the year lies between the indicator's start and its end."""
        return is_within(fiscal_year, self.start_year, self.end_year)

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
