"""Small in-row pictures, drawn on the server as SVG without styles or scripts. Presentation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.fiscal import Term
from kpis.lives import revised_words
from kpis.numerals import round_decimal
from kpis.progress import IndicatorProgress, YearProgress
from kpis.vocabulary import Kind

_SLOT, _BAR, _HEIGHT = 18, 12, 32
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From figures to heights in the picture; zero is always in it."""

    low: Decimal
    high: Decimal

    def y(self, value: Decimal) -> Decimal:
        span = self.high - self.low or Decimal(1)
        return round_decimal((self.high - value) * _HEIGHT / span, 1)


def way(indicator: IndicatorProgress) -> SafeString:
    """Return the way since the baseline year: a bar a year, striped while the year is running.

    A short line across a year is its target. Blank where no year has a figure. A milestone has
    dots in place of bars, hollow where it is not reached.
    """
    years = [year for year in indicator.years if year.results]
    figures = [value for year in years for value in _figures(year)]
    if not any(_shown(year) is not None for year in years):
        return SafeString()
    if indicator.rule.kind is Kind.MILESTONE:
        return _drawn(indicator, years, [_dot(slot, year) for slot, year in enumerate(years)])
    scale = _Scale(min(_ZERO, *figures), max(_ZERO, *figures))
    marks = [mark for slot, year in enumerate(years) for mark in _marks(slot, year, scale)]
    return _drawn(indicator, years, marks)


def _drawn(
    indicator: IndicatorProgress, years: Sequence[YearProgress], marks: Iterable[SafeString]
) -> SafeString:
    return format_html(
        '<svg class="way" role="img" aria-label="{}" viewBox="0 -1 {} {}" width="{}" height="{}">{}</svg>',
        describe(indicator),
        len(years) * _SLOT,
        _HEIGHT + 2,
        len(years) * _SLOT,
        _HEIGHT + 2,
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def _dot(slot: int, year: YearProgress) -> SafeString:
    """Return a year's dot on the line through all years; no dot without a figure."""
    x, y = slot * _SLOT + _SLOT // 2, _HEIGHT // 2
    value = _shown(year)
    line = format_html(
        '<line class="way-line" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        x - _SLOT // 2,
        x + _SLOT // 2,
        y,
        y,
    )
    if value is None:
        return line
    look = "way-year" if value else "way-open"
    return format_html('{}<circle class="{}" cx="{}" cy="{}" r="5"/>', line, look, x, y)


def describe(indicator: IndicatorProgress) -> str:
    """Return the same way in words, for those who do not see it."""
    return "、".join(_words(indicator, year) for year in indicator.years if year.results)


def _shown(year: YearProgress) -> Decimal | None:
    return None if year.latest is None else year.latest.actual.value


def _figures(year: YearProgress) -> Iterable[Decimal]:
    return (value for value in (_shown(year), year.target.value) if value is not None)


def _marks(slot: int, year: YearProgress, scale: _Scale) -> Iterable[SafeString]:
    left = slot * _SLOT + (_SLOT - _BAR) // 2
    value, target = _shown(year), year.target.value
    if value is not None:
        running = year.latest is not None and year.latest.period.term is Term.H1
        top, foot = scale.y(max(value, _ZERO)), scale.y(min(value, _ZERO))
        yield format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
            "way-half" if running else "way-year",
            left,
            top,
            _BAR,
            max(foot - top, Decimal("0.6")),
        )
    if target is not None:
        yield format_html(
            '<line class="way-target" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            slot * _SLOT,
            (slot + 1) * _SLOT,
            scale.y(target),
            scale.y(target),
        )


def _words(indicator: IndicatorProgress, year: YearProgress) -> str:
    result = year.latest
    half = "上半期" if result is not None and result.period.term is Term.H1 else ""
    actual = "未入力" if result is None or not result.actual.display else result.actual.display
    if (
        result is not None
        and result.actual.value is not None
        and indicator.rule.kind is not Kind.MILESTONE
    ):
        actual += indicator.unit
    revised = f"、{revised_words(year.target)}" if year.target.is_revised else ""
    goal = f"（目標{year.target.display}{revised}）" if year.target.value is not None else ""
    return f"{year.short_label}{half} {actual}{goal}"
