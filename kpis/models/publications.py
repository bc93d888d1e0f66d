"""Publications (公表): what was published, when, by whom and why; never changed afterwards."""

from django.conf import settings
from django.db import models

from kpis.models.periods import ReportingPeriod


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Publications in the order in which readers look for them."""

    def newest_first(self) -> "PublicationQuerySet":
        """Return the newest period's newest version first; one query, without the payloads."""
        return (
            self.select_related("period__plan")
            .defer("payload")
            # FY sorts before H1 in the alphabet and stands for the later day.
            .order_by("-period__fiscal_year", "period__term", "-version")
        )


class Publication(models.Model):
    """One frozen version of a period: the whole read model as text, with its SHA-256."""

    period = models.ForeignKey(
        ReportingPeriod,
        verbose_name="報告期間",
        on_delete=models.PROTECT,
        related_name="publications",
    )
    version = models.PositiveSmallIntegerField("版")
    published_at = models.DateTimeField("公表日時")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="公表者",
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField("理由", blank=True)
    # What the payload says of the plan, for lists that must not read every payload.
    plan_name = models.CharField("計画名", max_length=200, default="", editable=False)
    section = models.CharField("所管課", max_length=100, default="", editable=False)
    start_year = models.PositiveSmallIntegerField("開始年度", default=0, editable=False)
    end_year = models.PositiveSmallIntegerField("終了年度", default=0, editable=False)
    payload = models.TextField("公表データ")
    sha256 = models.CharField("SHA-256", max_length=64)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公表"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "version"],
                name="publication_version_unique",
                violation_error_message="この期間の同じ版は既に公表されています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} 第{self.version}版"
