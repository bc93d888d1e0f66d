"""KGIs (重要目標達成指標) and their yearly figures, in calendar years as the statistics are."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from actions.constraints import Check, Unique
from actions.fields import code_validator, history
from actions.models import Plan
from kpis.models.fields import FigureField, excess_decimals

CALENDAR_YEARS = (MinValueValidator(1900), MaxValueValidator(2099))


class KgiManager(models.Manager["Kgi"]):
    """Finds KGIs by plan and code, for fixtures."""

    def get_by_natural_key(self, slug: str, code: str) -> "Kgi":
        """Return the KGI. Raises Kgi.DoesNotExist."""
        return self.get(plan__slug=slug, code=code)


class Kgi(models.Model):
    """A statistic whose growth from the base year is compared with a comparator's."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="kgis"
    )
    code = models.CharField(
        "KGIコード",
        max_length=20,
        validators=[code_validator("kgi-1")],
        help_text="例: kgi-1。公表後は変えません。",
    )
    name = models.CharField("指標名", max_length=200, help_text="計画本編のとおりの名前。")
    unit = models.CharField("単位", max_length=20, help_text="例: 億円、人")
    decimals = models.PositiveSmallIntegerField(
        "小数桁", default=0, help_text="値を小数第何位まで記録するか（0～4）。"
    )
    comparator = models.CharField(
        "比較対象", max_length=100, help_text="目標で伸びを比べる相手（例: 大阪府全体）。"
    )
    base_year = models.PositiveSmallIntegerField(
        "起点年", validators=CALENDAR_YEARS, help_text="西暦の暦年で入力します。"
    )
    target_year = models.PositiveSmallIntegerField(
        "目標年", validators=CALENDAR_YEARS, help_text="西暦の暦年で入力します。"
    )
    target = models.CharField(
        "目標",
        max_length=300,
        help_text="計画本編の言葉のとおり（例: 大阪府全体の伸び率を上回る）。",
    )
    source = models.CharField(
        "出所",
        max_length=300,
        blank=True,
        help_text="値の出所となる統計（例: 経済構造実態調査）。図の下に出ます。",
    )
    note = models.TextField("備考", blank=True, help_text="補足。公開されます。")
    history = history("KGI")

    objects = KgiManager()

    class Meta:
        verbose_name = verbose_name_plural = "KGI"
        ordering = ["plan", "code"]
        constraints = [
            Unique(
                fields=["plan", "code"],
                name="kgi_code_unique",
                field="code",
                violation_error_message="この計画には同じKGIコードが既にあります。",
            ),
            Check(
                condition=Q(base_year__lt=F("target_year")),
                name="kgi_years_in_order",
                field="target_year",
                violation_error_message="目標年は起点年より後にしてください。",
            ),
            Check(
                condition=Q(decimals__lte=4),
                name="kgi_decimals_range",
                field="decimals",
                violation_error_message="小数桁は0から4までにしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        """Return the key that fixtures use."""
        return (self.plan.slug, self.code)

    natural_key.dependencies = ["actions.plan"]  # type: ignore[attr-defined]


def growth_field(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    """Return a field for a growth since the base year, in percent."""
    return models.DecimalField(
        label,
        max_digits=9,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="起点年からの伸び率。起点年までの年は空欄にします。",
    )


class KgiValue(models.Model):
    """One calendar year's figure of a KGI, with the comparator's growth or its value.

    A year whose statistic is not out yet has no value, and may say when it is expected.
    """

    kgi = models.ForeignKey(
        Kgi, verbose_name="KGI", on_delete=models.CASCADE, related_name="values"
    )
    year = models.PositiveSmallIntegerField("年", help_text="西暦の暦年で入力します。")
    value = FigureField(
        "値", help_text="統計に載っている値。改められたときは「統計の改定」を使います。"
    )
    expected = models.CharField(
        "公表予定",
        max_length=100,
        blank=True,
        help_text="まだ値がない年の、統計の公表予定（例: 令和9年3月）。",
    )
    comparator_growth = growth_field("比較対象の伸び率（%）")
    comparator_value = FigureField(
        "比較対象の値", help_text="伸び率の代わりに値を入力すると、起点年からの伸び率を計算します。"
    )
    note = models.TextField("備考", blank=True, help_text="補足。公開されます。")
    history = history("KGIの値")

    class Meta:
        verbose_name = verbose_name_plural = "KGIの値"
        ordering = ["kgi", "year"]
        constraints = [
            Unique(
                fields=["kgi", "year"],
                name="kgi_value_year_unique",
                field="year",
                violation_error_message="このKGIには同じ年の値が既にあります。",
            ),
            Check(
                condition=Q(year__gte=1900, year__lte=2099),
                name="kgi_value_year_range",
                field="year",
                violation_error_message="年は西暦（1900～2099）で入力してください。",
            ),
            Check(
                condition=Q(comparator_growth__isnull=True) | Q(comparator_value__isnull=True),
                name="kgi_value_growth_or_value",
                field="comparator_value",
                violation_error_message="比較対象は、伸び率と値のどちらか一方だけを入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kgi} {self.year}年"

    def clean(self) -> None:
        """Raise ValidationError for more decimals than the KGI is recorded with."""
        if self.kgi_id and excess_decimals(self.value, self.kgi.decimals):
            raise ValidationError({"value": f"小数は{self.kgi.decimals}桁までで入力してください。"})


class KgiComparison(models.Model):
    """One year of a further statistic beside the KGI, for reference: its growth, or its value."""

    kgi = models.ForeignKey(
        Kgi, verbose_name="KGI", on_delete=models.CASCADE, related_name="comparisons"
    )
    name = models.CharField("参考の比較対象", max_length=100, help_text="比べる相手（例: 全国）。")
    year = models.PositiveSmallIntegerField("年", help_text="西暦の暦年で入力します。")
    growth = growth_field("伸び率（%）")
    value = FigureField("値", help_text="比べる相手の同じ年の値。伸び率だけが分かるときは空欄。")
    history = history("KGIの参考の比較対象")

    class Meta:
        verbose_name = verbose_name_plural = "KGIの参考の比較対象"
        ordering = ["kgi", "name", "year"]
        constraints = [
            Unique(
                fields=["kgi", "name", "year"],
                name="kgi_comparison_year_unique",
                field="year",
                violation_error_message="この比較対象には同じ年の値が既にあります。",
            ),
            Check(
                condition=Q(year__gte=1900, year__lte=2099),
                name="kgi_comparison_year_range",
                field="year",
                violation_error_message="年は西暦（1900～2099）で入力してください。",
            ),
            Check(
                condition=Q(growth__isnull=True, value__isnull=False)
                | Q(growth__isnull=False, value__isnull=True),
                name="kgi_comparison_growth_or_value",
                field="value",
                violation_error_message="伸び率と値のどちらか一方を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kgi} {self.name} {self.year}年"


class KgiRevision(models.Model):
    """What a KGI's year said until the statistic was revised (遡及改定、基準改定), and why."""

    kgi_value = models.ForeignKey(
        KgiValue, verbose_name="KGIの値", on_delete=models.CASCADE, related_name="revisions"
    )
    revised_on = models.DateField("改定日")
    value = FigureField("改定前の値")
    comparator_growth = growth_field("改定前の比較対象の伸び率（%）")
    reason = models.TextField(
        "改定の理由", blank=True, help_text="例: 令和2年基準への改定による遡及改定。"
    )
    history = history("KGIの値の改定")

    class Meta:
        verbose_name = verbose_name_plural = "KGIの値の改定"
        ordering = ["kgi_value", "revised_on"]
        constraints = [
            Unique(
                fields=["kgi_value", "revised_on"],
                name="kgi_revision_day_unique",
                field="revised_on",
                violation_error_message="この年の値には同じ日の改定が既にあります。",
            ),
            Check(
                condition=~Q(reason=""),
                name="kgi_revision_has_reason",
                field="reason",
                violation_error_message="改定の理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kgi_value} の改定（{self.revised_on:%Y/%m/%d}）"

    def clean(self) -> None:
        """Raise ValidationError for more decimals than the KGI is recorded with."""
        if self.kgi_value_id and excess_decimals(self.value, self.kgi_value.kgi.decimals):
            decimals = self.kgi_value.kgi.decimals
            raise ValidationError({"value": f"小数は{decimals}桁までで入力してください。"})
