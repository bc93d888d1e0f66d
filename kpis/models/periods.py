"""Reporting periods (報告期間) and the actuals (実績) entered for them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from actions.constraints import Check, Unique
from actions.fields import FiscalYearField
from actions.fiscal import Period, Term, short_label
from actions.models import Plan
from kpis.models.bands import JudgementBand
from kpis.models.fields import FigureField, excess_decimals, history
from kpis.models.indicators import Indicator
from kpis.numerals import DASH, plain
from kpis.rounds import Move, PeriodState
from kpis.vocabulary import ActualReason


class ReportingPeriodManager(models.Manager["ReportingPeriod"]):
    """Finds periods by plan, year and term, for fixtures."""

    def get_by_natural_key(self, slug: str, fiscal_year: int, term: str) -> "ReportingPeriod":
        """Return the period. Raises ReportingPeriod.DoesNotExist."""
        return self.get(plan__slug=slug, fiscal_year=fiscal_year, term=term)


class ReportingPeriod(models.Model):
    """A fiscal year and a term for which a plan's actuals are collected."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="periods"
    )
    fiscal_year = FiscalYearField("年度")
    term = models.CharField("期間", max_length=2, choices=[(one.value, one.label) for one in Term])
    state = models.CharField(
        "状態",
        max_length=12,
        choices=PeriodState.choices(),
        default=PeriodState.PREPARING.value,
        editable=False,
    )
    due = models.DateField(
        "入力期限",
        null=True,
        blank=True,
        help_text="所管課が実績を入力し終える日。例: 2026/04/20",
    )

    objects = ReportingPeriodManager()

    class Meta:
        verbose_name = verbose_name_plural = "報告期間"
        # Within a year H1 comes before FY, which the alphabet has the other way round.
        ordering = ["plan", "fiscal_year", "-term"]
        permissions = [
            ("enter_reportingperiod", "実績を入力し、提出できる"),
            ("manage_reportingperiod", "入力の開始・差戻し・公表・訂正ができる"),
            ("preview_reportingperiod", "公表前の内容を見られる"),
        ]
        constraints = [
            Unique(
                fields=["plan", "fiscal_year", "term"],
                name="period_unique",
                field="term",
                violation_error_message="この計画には同じ報告期間が既にあります。",
            ),
        ]

    def __str__(self) -> str:
        return self.period.label

    def clean(self) -> None:
        """Raise ValidationError for a year outside the plan."""
        if not self.plan_id or self.fiscal_year is None:
            return
        if not self.plan.baseline_year <= self.fiscal_year <= self.plan.end_year:
            years = f"{short_label(self.plan.baseline_year)}～{short_label(self.plan.end_year)}"
            raise ValidationError({"fiscal_year": f"計画の年度（{years}）の中で入力してください。"})

    def natural_key(self) -> tuple[str, int, str]:
        """Return the key that fixtures use."""
        return (self.plan.slug, self.fiscal_year, self.term)

    natural_key.dependencies = ["actions.plan"]  # type: ignore[attr-defined]

    @property
    def period(self) -> Period:
        """Return the pure period."""
        return Period(self.fiscal_year, Term(self.term))

    @property
    def stands(self) -> PeriodState:
        """Return the state as its word."""
        return PeriodState(self.state)


class PeriodMove(models.Model):
    """One step in a period's life: from which state to which, by whom, when and why."""

    period = models.ForeignKey(
        ReportingPeriod, verbose_name="報告期間", on_delete=models.PROTECT, related_name="moves"
    )
    move = models.CharField("操作", max_length=12, choices=Move.choices())
    before = models.CharField("操作前", max_length=12, choices=PeriodState.choices())
    after = models.CharField("操作後", max_length=12, choices=PeriodState.choices())
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="操作した人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    moved_at = models.DateTimeField("日時")
    reason = models.TextField("理由", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "報告期間の状態の記録"
        ordering = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.period} {Move(self.move).label}"


class Actual(models.Model):
    """What was measured of one indicator in one period: a figure, or a reason for having none."""

    indicator = models.ForeignKey(
        Indicator, verbose_name="指標", on_delete=models.PROTECT, related_name="actuals"
    )
    period = models.ForeignKey(
        ReportingPeriod, verbose_name="報告期間", on_delete=models.PROTECT, related_name="actuals"
    )
    value = FigureField(
        "実績値", help_text="4月からの累計、その日の値、または割合（指標の種別による）。"
    )
    reason = models.CharField(
        "理由",
        max_length=20,
        choices=ActualReason.choices(),
        blank=True,
        help_text="数値がなく「—」と表示するときに選びます。",
    )
    provisional = models.BooleanField("速報値", default=False)
    cause = models.TextField("要因", blank=True)
    next_step = models.TextField("今後の対応", blank=True)
    note = models.TextField("備考", blank=True)
    printed_rate = models.CharField(
        "公表達成率",
        max_length=20,
        blank=True,
        help_text="公表済みの資料に印刷された達成率（例: 58.6%、—）。計算結果との照合に使います。",
    )
    override = models.ForeignKey(
        JudgementBand,
        verbose_name="判定の変更",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="計算による参考判定に代えて示す判定。計算による判定も並べて表示されます。",
    )
    override_reason = models.TextField("判定変更の理由", blank=True)
    confirmation = models.TextField(
        "確認した内容",
        blank=True,
        help_text="前年から大きく変わったなど、確認が必要な値について確かめたこと。公表されません。",
    )
    # Which doubts the confirmation answers; another kind of doubt must be answered anew.
    confirmed_cautions = models.CharField(max_length=200, blank=True, editable=False)
    # Counts the changes: whoever saves says which version they saw, so nobody overwrites unseen.
    version = models.PositiveIntegerField("変更回数", default=1, editable=False)
    history = history("実績")

    class Meta:
        verbose_name = verbose_name_plural = "実績"
        ordering = ["period", "indicator"]
        constraints = [
            Unique(
                fields=["indicator", "period"],
                name="actual_unique",
                field="period",
                violation_error_message="この指標のこの期間の実績は既にあります。",
            ),
            Check(
                condition=Q(value__isnull=True) | Q(reason=""),
                name="actual_value_or_reason",
                field="reason",
                violation_error_message="実績値と理由は、どちらか一方だけを入力してください。",
            ),
            Check(
                condition=Q(provisional=False) | Q(value__isnull=False),
                name="actual_provisional_has_value",
                field="provisional",
                violation_error_message="速報値の印は、実績値を入力したときだけ付けられます。",
            ),
            Check(
                condition=Q(override__isnull=True, override_reason="")
                | (Q(override__isnull=False) & ~Q(override_reason="")),
                name="actual_override_has_reason",
                field="override_reason",
                violation_error_message="判定の変更には、判定と理由の両方が必要です。",
            ),
        ]

    def __str__(self) -> str:
        shown = plain(self.value) if self.value is not None else DASH if self.reason else "未入力"
        return f"{self.indicator.code} {self.period} 実績 {shown}"

    def clean(self) -> None:
        """Raise ValidationError where the actual contradicts its indicator, period or band."""
        if not self.indicator_id or not self.period_id:
            return
        faults: dict[str, str] = {}
        if self.period.plan_id != self.indicator.plan_id:
            faults["period"] = "指標と同じ計画の報告期間を選んでください。"
        if excess_decimals(self.value, self.indicator.decimals):
            faults["value"] = f"小数は{self.indicator.decimals}桁までで入力してください。"
        if self.override is not None and not self._band_fits(self.override):
            faults["override"] = "この計画の、同じ期間（上半期・年度）の判定区分を選んでください。"
        if faults:
            raise ValidationError(faults)

    def _band_fits(self, band: JudgementBand) -> bool:
        return (band.plan_id, band.term) == (self.indicator.plan_id, self.period.term)
