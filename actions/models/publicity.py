"""The record of a plan's publicity (普及・周知)."""

from django.db import models
from django.db.models import F

from actions.models.plans import Plan


class PublicityRecord(models.Model):
    """One piece of publicity for the plan (普及・周知)."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="publicity"
    )
    day = models.DateField("日付", null=True, blank=True, help_text="分からない場合は空欄。")
    kind = models.CharField(
        "種別",
        max_length=50,
        help_text="どのような知らせ方か（例: 配布、説明会、広報紙）。同じものは同じ言葉で書きます。",
    )
    item = models.CharField(
        "対象",
        max_length=50,
        blank=True,
        help_text="何の数量か（例: 本編）。種別・対象・単位が同じ記録の累計を示します。",
    )
    content = models.CharField(
        "内容",
        max_length=500,
        help_text="何をしたか（例: 商工会議所の総会で概要版を配布）。公開されます。",
    )
    quantity = models.DecimalField(
        "数量",
        max_digits=15,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="数えられるときだけ入力します（例: 200）。",
    )
    unit = models.CharField(
        "単位", max_length=20, blank=True, help_text="数量の単位（例: 部、人、回）。"
    )
    note = models.TextField("備考", blank=True, help_text="補足。公開されます。")

    class Meta:
        verbose_name = verbose_name_plural = "普及・周知の記録"
        ordering = ["plan", F("day").asc(nulls_first=True), "pk"]

    def __str__(self) -> str:
        return self.content
