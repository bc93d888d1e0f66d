"""What every table shares: a caption, a heading column, and cells that tell nothing from zero."""

import re
from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kpis.attainment import Rule
from kpis.changes import Change
from kpis.followups import Account
from kpis.judgement import Band, Verdict
from kpis.links import Links
from kpis.lives import revised_words
from kpis.opinions import Standing
from kpis.progress import Actual, IndicatorProgress, Result, Target
from kpis.remarks import bound_words, carried_words
from kpis.summary import JudgementClass
from kpis.vocabulary import TargetStatus

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
TEXT = {"td": {"class": "text"}}
_CODE = re.compile(r"(\d+-\d+)")
WORD = {"td": {"class": "word"}, "th": {"class": "word"}}


class Table(tables.Table):  # type: ignore[misc]  # the package ships no types
    """A table with a caption; ``heading`` names the column whose cells head their rows.

    ``look`` is a class of its own for the stylesheet, for tables whose columns stand in line.
    ``key`` names the table in addresses and file names; no other table of the plan has it.
    ``address``, where it can be saved as CSV, is set by the page that shows it.
    """

    heading = ""
    look = ""
    address = ""

    class Meta:
        orderable = False

    def __init__(self, key: str, rows: Sequence[Any], caption: str, **options: Any) -> None:
        """Make the table of the rows under the caption."""
        super().__init__(rows, **options)
        self.key = key
        self.caption = caption


def number_column(label: str, **options: Any) -> tables.Column:
    """Return a column of figures, set to the right; an empty cell is blank, never a dash."""
    return tables.Column(verbose_name=label, attrs=NUMBER, default="", **options)


def text_column(label: str, **options: Any) -> tables.Column:
    """Return a column of words."""
    return tables.Column(verbose_name=label, attrs=TEXT, default="", **options)


def word_column(label: str, **options: Any) -> tables.Column:
    """Return a column of single words, which never break."""
    return tables.Column(verbose_name=label, attrs=WORD, default="", **options)


def indicator_link(indicator: IndicatorProgress, links: Links) -> SafeString:
    """Return code and name of an indicator, leading to its page."""
    address = links.indicator(indicator.code)
    return format_html('<a href="{}">{} {}</a>', address, indicator.code, indicator.name)


def remark(words: str) -> SafeString:
    """Return words that the page sets below what they are about; nothing for blank ones.

    No indicator's code breaks at its hyphen.
    """
    if not words:
        return SafeString()
    found = (
        (format_html('<span class="word">{}</span>', one) if _CODE.fullmatch(one) else one,)
        for one in _CODE.split(words)
    )
    return format_html('<span class="remark">{}</span>', format_html_join("", "{}", found))


_LONG = 12  # letters of a figure that may break behind its separators


def printed(display: str) -> str | SafeString:
    """Return a figure as printed; a long one may go on in a second line."""
    if len(display) <= _LONG or not display[-1].isdigit():
        return display
    first, *rest = display.split(",")
    parts = format_html_join("", ",<wbr>{}", ((one,) for one in rest))
    return format_html('<span class="long">{}{}</span>', first, parts)


def actual_cell(actual: Actual) -> str | SafeString:
    """Return a figure; 「—」 with its reason; or 未入力 for what has not been entered."""
    if actual.value is not None:
        survey = "" if actual.carried_from is None else carried_words(actual.carried_from)
        words = filter(None, ("速報" if actual.provisional else "", survey))
        marks = format_html_join("", '<span class="remark">{}</span>', ((one,) for one in words))
        return format_html("{}{}", printed(actual.display), marks)
    if actual.reason is not None:
        return format_html('{}<span class="remark">{}</span>', actual.display, actual.reason_words)
    return format_html('<span class="missing">{}</span>', "未入力")


def target_cell(target: Target, rule: Rule | None = None) -> str | SafeString:
    """Return a target; 連動 with the plan that will set it; or 未設定.

    With the indicator's rule, a figure that is not simply to be reached says which side is good. A
    revised one has its value before the last revision beside it.
    """
    shown = _target_words(target, rule)
    if not target.is_revised:
        return shown
    return format_html('{}<span class="remark revised">{}</span>', shown, revised_words(target))


def _target_words(target: Target, rule: Rule | None) -> str | SafeString:
    if target.status is TargetStatus.LINKED:
        return format_html('連動<span class="remark">{}</span>', target.display)
    if target.status is TargetStatus.UNSET:
        return format_html('<span class="missing">{}</span>', "未設定")
    bound = bound_words(rule)
    if not bound:
        return printed(target.display)
    return format_html('{}<span class="bound">{}</span>', printed(target.display), bound)


def rate_cell(result: Result) -> str | SafeString:
    """Return the rate as printed, or 「—」 with the reason where a figure has none."""
    attainment = result.attainment
    if attainment.rate is None and result.actual.value is not None:
        return format_html(
            '{}<span class="remark">{}</span>', attainment.display, attainment.reason_words
        )
    return attainment.display


def met_words(result: Result) -> str:
    """Return whether the target is met, in words; blank while that is not known or not due."""
    return {True: "到達", False: "未達成", None: ""}[result.attainment.met]


def badge(verdict: Verdict | JudgementClass | Band | Account | Standing) -> SafeString:
    """Return a judgement, or what became of a counter-measure, as sign, words and colour."""
    return format_html(
        '<span class="badge tone-{}"><span class="sign">{}</span>{}</span>',
        verdict.tone.value,
        verdict.sign,
        verdict.label,
    )


def change_cell(change: Change | None) -> str | SafeString:
    """Return how a judgement has moved, and below it what it is compared with; blank for None."""
    if change is None:
        return ""
    return format_html(
        '<span class="move tone-{}"><span class="sign">{}</span>{}</span>{}',
        change.move.tone.value,
        change.move.sign,
        change.move.label,
        remark(change.before_words),
    )


def verdict_cell(result: Result) -> SafeString:
    """Return the judgement that counts, and the computed one beside it where a person changed it."""
    judgement = result.judgement
    if judgement.override is None:
        return badge(judgement.computed)
    return format_html(
        '{}<span class="remark">計算では {}（変更の理由: {}）</span>',
        badge(judgement.override),
        judgement.computed.words,
        judgement.override.basis,
    )
