"""An indicator's yearly targets (目標) and what they were before they were revised (改定)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from actions.constraints import Check, Unique
from actions.fields import FiscalYearField, history
from actions.fiscal import fiscal_year_label, short_label
from kpis.milestones import TARGET_IS_DONE, shown_figure
from kpis.models.fields import FigureField, excess_decimals
from kpis.models.indicators import Indicator
from kpis.vocabulary import Kind, TargetStatus


class Target(models.Model):
    """An indicator's target for one fiscal year."""

    indicator = models.ForeignKey(
        Indicator, verbose_name="指標", on_delete=models.CASCADE, related_name="targets"
    )
    fiscal_year = FiscalYearField("年度")
    status = models.CharField(
        "状態",
        max_length=10,
        choices=TargetStatus.choices(),
        default=TargetStatus.SET.value,
        help_text="目標値があれば「設定」、ほかの計画が定めるのを待つなら「連動」、決まっていなければ「未設定」。",
    )
    value = FigureField(
        "目標値", help_text="年度末までに届かせる値（例: 1,200）。「設定」のときだけ入力します。"
    )
    source = models.CharField(
        "根拠", max_length=300, blank=True, help_text="「連動」のときは、目標を定める計画の名前。"
    )
    decided_on = models.DateField(
        "決定日", null=True, blank=True, help_text="根拠の資料で目標が決まった日。例: 2026/03/25"
    )
    words = models.CharField(
        "目標の言葉",
        max_length=50,
        blank=True,
        help_text="達成有無の指標で、何をしたら達成か（例: 設置、策定）。",
    )
    note = models.TextField("備考", blank=True, help_text="補足。公開されます。")
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
        kind = Kind(self.indicator.kind)
        shown = self.words or shown_figure(kind, self.value) or TargetStatus(self.status).label
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
        elif self.indicator.kind == Kind.MILESTONE.value and self.value not in (None, 1):
            faults["value"] = TARGET_IS_DONE
        if self.words and self.indicator.kind != Kind.MILESTONE.value:
            faults["words"] = "目標の言葉は、種別が達成有無の指標だけに入力します。"
        if faults:
            raise ValidationError(faults)


class TargetRevision(models.Model):
    """What a target was until it was revised (改定) on a day, and why it was."""

    target = models.ForeignKey(
        Target, verbose_name="目標", on_delete=models.CASCADE, related_name="revisions"
    )
    revised_on = models.DateField("改定日")
    status = models.CharField(
        "改定前の状態",
        max_length=10,
        choices=TargetStatus.choices(),
        default=TargetStatus.SET.value,
    )
    value = FigureField("改定前の目標値")
    source = models.CharField("改定前の根拠", max_length=300, blank=True)
    reason = models.TextField("改定の理由", blank=True)
    history = history("目標の改定")

    class Meta:
        verbose_name = verbose_name_plural = "目標の改定"
        ordering = ["target", "revised_on"]
        constraints = [
            Unique(
                fields=["target", "revised_on"],
                name="revision_day_unique",
                field="revised_on",
                violation_error_message="この目標には同じ日の改定が既にあります。",
            ),
            Check(
                condition=Q(status=TargetStatus.SET.value, value__isnull=False)
                | (~Q(status=TargetStatus.SET.value) & Q(value__isnull=True)),
                name="revision_value_matches_status",
                field="value",
                violation_error_message=(
                    "改定前の状態が「設定」のときは改定前の目標値を入力し、「連動」「未設定」のときは空にしてください。"
                ),
            ),
            Check(
                condition=~Q(reason=""),
                name="revision_has_reason",
                field="reason",
                violation_error_message="改定の理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} の改定（{self.revised_on:%Y/%m/%d}）"

    def clean(self) -> None:
        """Raise ValidationError for more decimals than the indicator is recorded with."""
        if self.target_id and excess_decimals(self.value, self.target.indicator.decimals):
            decimals = self.target.indicator.decimals
            raise ValidationError({"value": f"小数は{decimals}桁までで入力してください。"})
