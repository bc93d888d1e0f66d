"""Judgement bands (判定基準) of a plan."""

from django.db import models
from django.db.models import F, Q

from actions.constraints import Unique
from actions.fiscal import Term
from actions.models import Plan
from kpis.judgement import Band
from kpis.models.indicators import Indicator
from kpis.vocabulary import Tone

HIGHEST_FIRST = ("-term", F("lower").desc(nulls_last=True))  # within one plan


def _constraints(owner: list[str], owned: Q, name: str) -> list[Unique]:
    """Return what no two bands of one owner, a plan or an indicator, may share."""
    return [
        Unique(
            fields=[*owner, "term", "lower"],
            condition=owned,
            name=f"{name}_lower_unique",
            field="lower",
            violation_error_message="同じ期間に同じ下限の区分が既にあります。",
        ),
        Unique(
            fields=[*owner, "term"],
            condition=owned & Q(lower__isnull=True),
            name=f"{name}_one_lowest",
            field="lower",
            violation_error_message="下限のない区分は、期間ごとに1つだけです。",
        ),
        Unique(
            fields=[*owner, "term", "label"],
            condition=owned,
            name=f"{name}_label_unique",
            field="label",
            violation_error_message="同じ期間に同じ判定の区分が既にあります。",
        ),
    ]


class JudgementBand(models.Model):
    """One class of 参考判定: from its lower bound up to the next class's."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="bands"
    )
    indicator = models.ForeignKey(
        Indicator,
        verbose_name="指標",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="bands",
        help_text="この指標だけの区分。空欄は計画全体の区分です。",
    )
    term = models.CharField("期間", max_length=2, choices=[(one.value, one.label) for one in Term])
    lower = models.DecimalField(
        "下限（%）",
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="この値以上で次の区分未満。最も低い区分は空欄にします。",
    )
    sign = models.CharField("記号", max_length=4)
    label = models.CharField("判定", max_length=20)
    tone = models.CharField(
        "配色", max_length=10, choices=Tone.choices(), default=Tone.NEUTRAL.value
    )

    class Meta:
        verbose_name = verbose_name_plural = "判定基準"
        ordering = ["plan", *HIGHEST_FIRST]
        constraints = [
            *_constraints(["plan"], Q(indicator__isnull=True), "band"),
            *_constraints(["indicator"], Q(indicator__isnull=False), "indicator_band"),
        ]

    def __str__(self) -> str:
        return self.band.words

    @property
    def band(self) -> Band:
        """Return the pure band."""
        return Band(Term(self.term), self.lower, self.sign, self.label, Tone(self.tone))
