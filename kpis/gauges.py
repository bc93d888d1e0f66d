"""The rate as a small bar in a table's row, drawn on the server as SVG. Presentation."""

from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.fiscal import Term
from kpis.attainment import Rule
from kpis.judgement import accrues, pace
from kpis.numerals import format_exact, round_decimal
from kpis.progress import Result
from kpis.vocabulary import Formula

_WHOLE = Decimal(100)
# A percent is a pixel: where the track begins, and how far to both sides a rate is drawn.
_ZERO_AT, _LEAST, _MOST = 8, Decimal(-6), Decimal(120)
_GAUGE_WIDTH, _GAUGE_HEIGHT, _TRACK, _THICK = 132, 22, 7, 10


def gauge(result: Result, rule: Rule) -> SafeString:
    """Return the rate as a bar against 100%, with a mark for what is due by 30 September.

    Blank where there is no rate. A rate above 120% ends in a point: it goes on beyond the picture.
    """
    rate = result.attainment.rate
    if rate is None:
        return SafeString()
    parts = [_track(), _filled(rate), _goal()]
    expected = expected_share(result, rule)
    if expected is not None:
        parts.append(_expected(expected))
    return format_html(
        '<svg class="gauge tone-{}" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>',
        result.verdict.tone.value,
        gauge_words(result, rule),
        _GAUGE_WIDTH,
        _GAUGE_HEIGHT,
        _GAUGE_WIDTH,
        _GAUGE_HEIGHT,
        format_html_join("", "{}", ((one,) for one in parts)),
    )


def gauge_words(result: Result, rule: Rule) -> str:
    """Return the same in words: 達成率58.6%（9月末の目安50%以上）; blank without a rate."""
    rate, expected = result.attainment.rate, expected_share(result, rule)
    if rate is None:
        return ""
    told = f"達成率{result.attainment.display}"
    if expected is None:
        return told
    reached = "以上" if pace(rule, rate) >= _WHOLE else "に届かず"
    return f"{told}（9月末の目安{format_exact(expected)}%{reached}）"


def expected_share(result: Result, rule: Rule) -> Decimal | None:
    """Return the rate in percent that is expected by 30 September; None where none is.

    Only what accrues during the year is due by halves, and an inverse ratio falls as it accrues.
    """
    if result.period.term is not Term.H1 or not accrues(rule) or not rule.expected_share:
        return None
    return None if rule.formula is Formula.INVERSE_RATIO else rule.expected_share * _WHOLE


def _track() -> SafeString:
    return format_html(
        '<rect class="gauge-track" x="{}" y="{}" width="100" height="{}"/>',
        _ZERO_AT,
        _TRACK,
        _THICK,
    )


def _filled(rate: Decimal) -> SafeString:
    """Return the bar from zero, to the left for a negative rate."""
    end = _ZERO_AT + round_decimal(min(max(rate, _LEAST), _MOST), 1)
    tip = 6 if rate > _MOST else 0
    top, foot, start = _TRACK + 1, _TRACK + _THICK - 1, _ZERO_AT
    return format_html(
        '<path class="gauge-bar" d="M{0} {1}H{2}L{3} {4}L{2} {5}H{0}z"/>',
        start,
        top,
        end - tip,
        end,
        (top + foot) // 2,
        foot,
    )


def _goal() -> SafeString:
    at = _ZERO_AT + 100
    return format_html(
        '<line class="gauge-goal" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
        at,
        _TRACK - 3,
        _TRACK + _THICK + 3,
    )


def _expected(share: Decimal) -> SafeString:
    """Return a small triangle above the track."""
    at = _ZERO_AT + round_decimal(share, 1)
    return format_html(
        '<path class="gauge-due" d="M{} 0H{}L{} {}z"/>', at - 4, at + 4, at, _TRACK - 1
    )
