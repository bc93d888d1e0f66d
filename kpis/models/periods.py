"""Reporting periods (報告期間) and the steps of their life."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from actions.constraints import Unique
from actions.fields import FiscalYearField
from actions.fiscal import Period, Term, short_label
from actions.models import Plan
from kpis.rounds import Move, PeriodState


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
    term = models.CharField(
        "期間",
        max_length=2,
        choices=[(one.value, one.label) for one in Term],
        help_text="上半期は9月30日現在、年度は3月31日現在の実績です。",
    )
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
