"""Workbooks that sections sent back: which file changed which figures, and by whom."""

from django.conf import settings
from django.db import models

from kpis.models.periods import ReportingPeriod


class Upload(models.Model):
    """One uploaded entry workbook, kept as it came; applied once, or never."""

    period = models.ForeignKey(
        ReportingPeriod, verbose_name="報告期間", on_delete=models.CASCADE, related_name="uploads"
    )
    name = models.CharField("ファイル名", max_length=200)
    content = models.BinaryField("内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="取り込んだ人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField("アップロード日時")
    applied_at = models.DateTimeField("取込日時", null=True, blank=True)
    changes = models.PositiveIntegerField("変更した指標数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "取り込んだExcelファイル"
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}（取込番号{self.pk}）"
