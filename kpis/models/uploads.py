"""Workbooks that were sent in: which file changed what, and by whom."""

from django.conf import settings
from django.db import models

from actions.models import Plan
from kpis.models.periods import ReportingPeriod


class UploadedFile(models.Model):
    """One uploaded workbook, kept as it came; applied once, or never."""

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

    class Meta:
        abstract = True
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}（取込番号{self.pk}）"


class Upload(UploadedFile):
    """An entry workbook that a section sent back for a period."""

    period = models.ForeignKey(
        ReportingPeriod, verbose_name="報告期間", on_delete=models.CASCADE, related_name="uploads"
    )
    changes = models.PositiveIntegerField("変更した指標数", default=0)

    class Meta(UploadedFile.Meta):
        verbose_name = verbose_name_plural = "取り込んだExcelファイル"


class ActionUpload(UploadedFile):
    """A workbook of actions' PDCA that a section sent back for a period."""

    period = models.ForeignKey(
        ReportingPeriod,
        verbose_name="報告期間",
        on_delete=models.CASCADE,
        related_name="action_uploads",
    )
    changes = models.PositiveIntegerField("変更したアクション数", default=0)

    class Meta(UploadedFile.Meta):
        verbose_name = verbose_name_plural = "取り込んだアクションのExcelファイル"


class PlanBookUpload(UploadedFile):
    """A plan book; which plan it is about stands in the file, and here once it was applied."""

    plan = models.ForeignKey(
        Plan,
        verbose_name="計画",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    delete_missing = models.BooleanField("ブックにない行を削除する", default=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="取込を確定した人",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField("変更の理由", blank=True)
    changes = models.PositiveIntegerField("変更した箇所の数", default=0)

    class Meta(UploadedFile.Meta):
        verbose_name = verbose_name_plural = "取り込んだ計画ブック"
