"""Actuals (実績): what was measured of an indicator in a reporting period."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from actions.constraints import Check, Unique
from actions.fields import FiscalYearField, history
from actions.fiscal import Term
from kpis.milestones import ONLY_WORDS, shown_figure
from kpis.models.bands import JudgementBand
from kpis.models.fields import FigureField, excess_decimals
from kpis.models.indicators import Indicator
from kpis.models.periods import ReportingPeriod
from kpis.numerals import DASH
from kpis.vocabulary import ActualReason, FollowUp, Kind


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
    provisional = models.BooleanField(
        "速報値",
        default=False,
        help_text="確定していない値に付けます。公開ページに「速報」と出ます。",
    )
    forecast = FigureField(
        "年度末見込", help_text="上半期に見込む、年度末の値。実績とは分けて示します。"
    )
    carried_from = FiscalYearField(
        "調査年度",
        null=True,
        blank=True,
        help_text="その期間に調査がなく、前の調査の値を載せるとき、その調査の年度。",
    )
    cause = models.TextField(
        "要因", blank=True, help_text="目標に届かなかった（届いた）わけ。公開されます。"
    )
    next_step = models.TextField(
        "今後の対応",
        blank=True,
        help_text="次に何をするか。公開され、次の期間に、行ったかどうかを尋ねます。",
    )
    next_step_owner = models.CharField(
        "対応の担当", max_length=100, blank=True, help_text="今後の対応を、誰が行うか。"
    )
    next_step_due = models.DateField(
        "対応の期限", null=True, blank=True, help_text="今後の対応を、いつまでに行うか。"
    )
    follow_up = models.CharField(
        "前回の対応の結果",
        max_length=10,
        choices=FollowUp.choices(),
        blank=True,
        help_text="前回の期間に書いた「今後の対応」を行ったか。",
    )
    follow_up_note = models.TextField(
        "前回の対応の説明", blank=True, help_text="未実施・取りやめのときは理由を入力します。"
    )
    note = models.TextField("備考", blank=True, help_text="表の注に出す補足。公開されます。")
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
    override_reason = models.TextField(
        "判定変更の理由",
        blank=True,
        help_text="計算による判定を変えるときに、なぜ変えるか。公開されます。",
    )
    confirmation = models.TextField(
        "確認した内容",
        blank=True,
        help_text="前年度から大きく変わったなど、確認が必要な値について確かめたこと。公表されません。",
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
                condition=Q(carried_from__isnull=True) | Q(value__isnull=False),
                name="actual_carried_has_value",
                field="carried_from",
                violation_error_message="調査年度は、実績値を入力したときだけ入力できます。",
            ),
            Check(
                condition=Q(override__isnull=True, override_reason="")
                | (Q(override__isnull=False) & ~Q(override_reason="")),
                name="actual_override_has_reason",
                field="override_reason",
                violation_error_message="判定の変更には、判定と理由の両方が必要です。",
            ),
            Check(
                condition=~Q(follow_up__in=[FollowUp.NOT_DONE.value, FollowUp.DROPPED.value])
                | ~Q(follow_up_note=""),
                name="actual_follow_up_has_reason",
                field="follow_up_note",
                violation_error_message="前回の対応が未実施・取りやめのときは、その理由を入力してください。",
            ),
            Check(
                condition=Q(follow_up_note="") | ~Q(follow_up=""),
                name="actual_follow_up_note_has_result",
                field="follow_up",
                violation_error_message="前回の対応の説明を入力したときは、結果も選んでください。",
            ),
        ]

    def __str__(self) -> str:
        kind = Kind(self.indicator.kind)
        shown = shown_figure(kind, self.value) or (DASH if self.reason else "未入力")
        return f"{self.indicator.code} {self.period} 実績 {shown}"

    def clean(self) -> None:
        """Raise ValidationError where the actual contradicts its indicator, period or band."""
        if not self.indicator_id or not self.period_id:
            return
        faults = self._figure_faults()
        if self.period.plan_id != self.indicator.plan_id:
            faults["period"] = "指標と同じ計画の報告期間を選んでください。"
        if self.forecast is not None and self.period.term != Term.H1.value:
            faults["forecast"] = "年度末見込は、上半期だけに入力できます。"
        if self.carried_from is not None and self.carried_from >= self.period.fiscal_year:
            faults["carried_from"] = "調査年度は、この期間より前の年度にしてください。"
        if self.override is not None and not self._band_fits(self.override):
            faults["override"] = "この計画の、同じ期間（上半期・年度）の判定区分を選んでください。"
        if faults:
            raise ValidationError(faults)

    def _figure_faults(self) -> dict[str, str]:
        """Return what is wrong with the figures themselves."""
        indicator, faults = self.indicator, {}
        for name in ("value", "forecast"):
            figure = getattr(self, name)
            if excess_decimals(figure, indicator.decimals):
                faults[name] = f"小数は{indicator.decimals}桁までで入力してください。"
            elif indicator.kind == Kind.MILESTONE.value and figure not in (None, 0, 1):
                faults[name] = ONLY_WORDS
        return faults

    def _band_fits(self, band: JudgementBand) -> bool:
        """Return whether the band judges this indicator in this term."""
        if band.term != self.period.term or band.plan_id != self.indicator.plan_id:
            return False
        own = self.indicator.bands.filter(term=band.term).exists()
        return band.indicator_id == (self.indicator_id if own else None)
