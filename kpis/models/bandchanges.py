"""Who changed the judgement bands, when, why, and from what to what."""

from django.conf import settings
from django.db import models

from actions.models import Plan
from kpis.models.indicators import Indicator


class BandChange(models.Model):
    """One change of a plan's bands, or of one indicator's own; the bands stand in words."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="band_changes"
    )
    indicator = models.ForeignKey(
        Indicator,
        verbose_name="指標",
        on_delete=models.CASCADE,
        null=True,
        related_name="band_changes",
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="変更した人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    changed_at = models.DateTimeField("変更日時")
    reason = models.TextField("変更理由", blank=True)
    before = models.TextField("変更前", blank=True)
    after = models.TextField("変更後", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "判定基準の変更の記録"
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.indicator or self.plan} 判定基準の変更"
