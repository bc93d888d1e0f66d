"""One row of a round: what is typed for an indicator, what it means, and what it gives. Pure.

The entry screen, the Excel file and the single record's form all read typed texts here, so that a
figure means the same whichever way it came in.
"""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from actions.fiscal import FiscalYearError, Period, Term, fiscal_year_label, parse_fiscal_year
from kpis.assembly import Record, RecordedActual, RecordedTarget, years_of
from kpis.judgement import Band
from kpis.milestones import parse_milestone, shown_figure
from kpis.numerals import FigureError, check_digits, parse_figure
from kpis.plausibility import Caution, CautionCode, Comparison, cautions
from kpis.progress import Actual, Result, Target, YearProgress
from kpis.vocabulary import ActualReason, Kind

FIELDS = (
    *("value", "reason", "provisional", "cause", "next_step", "confirmation"),
    *("forecast", "carried_from"),
)
LABELS = {
    "value": "実績値",
    "reason": "「—」の理由",
    "provisional": "速報",
    "cause": "要因",
    "next_step": "今後の対応",
    "confirmation": "確認した内容",
    "forecast": "年度末見込",
    "carried_from": "調査年度",
}
PROVISIONAL_MARKS = ("○", "〇", "◯", "1", "TRUE", "true", "True", "on", "速報")
NOT_PROVISIONAL_MARKS = ("", "0", "FALSE", "false", "False", "off")
LONGEST_TEXT = 2000
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

Faults = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """A row's cells as they were typed; blank where nothing was."""

    value: str = ""
    reason: str = ""
    provisional: str = ""
    cause: str = ""
    next_step: str = ""
    confirmation: str = ""
    forecast: str = ""
    carried_from: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as it is recorded: a figure, or a reason for having none, or nothing yet.

    ``forecast`` is the year's end as foreseen at half-year; ``carried_from`` is the fiscal year of
    the earlier survey that the figure comes from, None for its own.
    """

    value: Decimal | None = None
    reason: ActualReason | None = None
    provisional: bool = False
    cause: str = ""
    next_step: str = ""
    confirmation: str = ""  # the word of reason for figures that needed a look
    forecast: Decimal | None = None
    carried_from: int | None = None

    @property
    def is_entered(self) -> bool:
        """Return whether there is a figure or a reason for having none."""
        return self.value is not None or self.reason is not None

    def typed(self, kind: Kind) -> Typed:
        """Return the cells that show this entry of an indicator of this kind."""
        carried = self.carried_from
        return Typed(
            value=shown_figure(kind, self.value),
            reason="" if self.reason is None else self.reason.value,
            provisional="on" if self.provisional else "",
            forecast=shown_figure(kind, self.forecast),
            cause=self.cause,
            next_step=self.next_step,
            confirmation=self.confirmation,
            carried_from="" if carried is None else fiscal_year_label(carried),
        )

    def shown(self, name: str, kind: Kind) -> str:
        """Return one field as people read it; blank for nothing."""
        if name == "reason":
            return "" if self.reason is None else f"—（{self.reason.label}）"
        if name == "provisional":
            return "速報" if self.provisional else ""
        return str(getattr(self.typed(kind), name))


# What one person fills in as one thing: a figure is a number, or a reason, its 速報 mark, and the
# survey that it comes from.
_CELLS = (
    ("value", "reason", "provisional", "carried_from"),
    *(("forecast",), ("cause",), ("next_step",), ("confirmation",)),
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a row becomes when two people changed it; ``contested`` names the cells of both."""

    mine: Entry  # with my values in the contested cells
    contested: tuple[str, ...] = ()


def merge(seen: Entry | None, mine: Entry, theirs: Entry) -> Merged:
    """Return both people's changes together.

    ``seen`` is what I had before me. A cell that only one of us changed stands as it was changed;
    a cell that both changed differently is contested. Without ``seen`` (not known any more) every
    difference is.
    """
    merged = theirs
    contested: list[str] = []
    for names in _CELLS:
        wanted = {name: getattr(mine, name) for name in names}
        standing = {name: getattr(theirs, name) for name in names}
        before = None if seen is None else {name: getattr(seen, name) for name in names}
        if wanted in (standing, before):
            continue
        if standing != before:
            contested.extend(names)
        merged = replace(merged, **wanted)
    return Merged(merged, tuple(contested))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an indicator's row asks for in a period; ``words`` are what its target stands for."""

    period: Period
    unit: str
    decimals: int
    kind: Kind = Kind.CUMULATIVE
    words: str = ""

    @property
    def takes_forecast(self) -> bool:
        """Return whether the year's end may be foreseen: at half-year only."""
        return self.period.term is Term.H1


def read(typed: Typed, asked: Asked) -> tuple[Entry, Faults]:
    """Return the entry and every fault by field; a faulty field is left as "nothing".

    A figure and a reason together are a fault of the reason, 速報 without a figure one of 速報,
    and a survey's year without a figure one of that year.
    """
    faults: Faults = {}
    entry = Entry(
        value=_figure(typed.value, "value", asked, faults),
        reason=_reason(typed.reason, faults),
        provisional=_provisional(typed.provisional, faults),
        forecast=_figure(typed.forecast, "forecast", asked, faults),
        carried_from=_survey(typed.carried_from, asked.period, faults),
        cause=_text(typed.cause, "cause", faults),
        next_step=_text(typed.next_step, "next_step", faults),
        confirmation=_text(typed.confirmation, "confirmation", faults),
    )
    has_figure = bool(typed.value.strip())
    if has_figure and entry.reason is not None:
        faults["reason"] = ["実績値と「—」の理由は、どちらか一方だけを入力してください。"]
    if entry.provisional and not has_figure:
        faults["provisional"] = ["速報の印は、実績値を入力したときだけ付けられます。"]
    if entry.carried_from is not None and not has_figure:
        faults["carried_from"] = ["調査年度は、実績値を入力したときだけ入力できます。"]
    if entry.forecast is not None and not asked.takes_forecast:
        faults["forecast"] = ["年度末見込は、上半期だけに入力できます。"]
    return entry, faults


def _figure(text: str, name: str, asked: Asked, faults: Faults) -> Decimal | None:
    try:
        if asked.kind is Kind.MILESTONE:
            return parse_milestone(text, asked.words)
        figure = parse_figure(text, asked.unit)
        if figure is not None:
            check_digits(figure, asked.decimals)
    except FigureError as error:
        faults[name] = [str(error)]
        return None
    return figure


def _survey(text: str, period: Period, faults: Faults) -> int | None:
    """Return the fiscal year of an earlier survey, None for blank."""
    if not text.strip():
        return None
    try:
        year = parse_fiscal_year(text)
    except FiscalYearError as error:
        faults["carried_from"] = [str(error)]
        return None
    if year >= period.fiscal_year:
        faults["carried_from"] = ["調査年度は、この期間より前の年度にしてください。"]
    return year


def _reason(text: str, faults: Faults) -> ActualReason | None:
    word = text.strip().removeprefix("—（").removesuffix("）")
    if not word:
        return None
    for one in ActualReason:
        if word in (one.value, one.label):
            return one
    labels = "、".join(one.label for one in ActualReason)
    faults["reason"] = [f"「{text}」は選べません。次から選んでください: {labels}"]
    return None


def _provisional(text: str, faults: Faults) -> bool:
    if text.strip() in PROVISIONAL_MARKS:
        return True
    if text.strip() not in NOT_PROVISIONAL_MARKS:
        faults["provisional"] = [f"「{text}」は読み取れません。速報値のときだけ「○」を付けます。"]
    return False


def clean_text(text: str) -> str:
    """Return a typed text as it is stored: one kind of line end, and nothing that no paper shows.

    Control characters come along unseen when a cell is copied; neither every database nor Excel
    takes them.
    """
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _text(text: str, name: str, faults: Faults) -> str:
    clean = clean_text(text)
    if len(clean) > LONGEST_TEXT:
        faults[name] = [f"{LONGEST_TEXT:,}字までで入力してください（現在{len(clean):,}字）。"]
    return clean


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One indicator in the round: what it is, what stands beside it, and what is recorded."""

    indicator: int  # the record's key
    code: str
    name: str
    unit: str
    kind: Kind
    decimals: int
    definition: str
    section: str  # 所管課; the plan's own where the indicator names none
    strategy: str
    record: Record
    period: Period
    bands: tuple[Band, ...]
    entry: Entry = field(default_factory=Entry)
    version: int = 0  # 0: nothing has been recorded yet
    confirmed: frozenset[CautionCode] = frozenset()
    changed_by: str = ""
    changed_at: str = ""
    actual: int | None = None  # the record's key, for its history; None: not recorded yet

    @property
    def is_measured(self) -> bool:
        """Return whether the indicator is measured in the period's year: else nobody owes it."""
        return self.record.is_measured_in(self.period.fiscal_year)

    @property
    def target(self) -> Target:
        """Return the year's target."""
        return self._year(self.entry).target

    @property
    def asked(self) -> Asked:
        """Return what the row asks for."""
        target = self.record.targets.get(self.period.fiscal_year, RecordedTarget())
        return Asked(self.period, self.unit, self.decimals, self.kind, target.words)

    @property
    def typed(self) -> Typed:
        """Return the cells that show what is recorded."""
        return self.entry.typed(self.kind)

    def shown(self, entry: Entry, name: str) -> str:
        """Return one field of an entry of this row as people read it; blank for nothing."""
        return entry.shown(name, self.kind)

    @property
    def previous(self) -> Actual | None:
        """Return last year's actual, or None where no figure of that year is known."""
        return self._actual(self.period.previous_year)

    @property
    def half_year_period(self) -> Period:
        """Return the half-year shown beside: this year's for 年度, last year's for 上半期."""
        back = 1 if self.period.term is Term.H1 else 0
        return Period(self.period.fiscal_year - back, Term.H1)

    @property
    def half_year(self) -> Actual | None:
        """Return the last half-year's actual, or None."""
        return self._actual(self.half_year_period)

    def _actual(self, period: Period) -> Actual | None:
        year = years_of(self.record, [period.fiscal_year], [period], self.bands)[0]
        result = year.at(period.term)
        entered = result is not None and result.actual.status != "missing"
        return result.actual if result is not None and entered else None

    def _year(self, entry: Entry) -> YearProgress:
        recorded = self.record.actuals.get(self.period, RecordedActual())
        changed = replace(
            recorded,
            value=entry.value,
            reason=entry.reason,
            provisional=entry.provisional,
            cause=entry.cause,
            next_step=entry.next_step,
            forecast=entry.forecast,
            carried_from=entry.carried_from,
        )
        actuals = {**self.record.actuals, self.period: changed}
        # The row is there to be filled in, whatever the indicator's life.
        record = replace(self.record, actuals=actuals, start_year=None, end_year=None)
        return years_of(record, [self.period.fiscal_year], [self.period], self.bands)[0]

    def result(self, entry: Entry) -> Result:
        """Return the attainment and judgement that the entry gives, by the indicator's rule."""
        result = self._year(entry).at(self.period.term)
        assert result is not None  # noqa: S101 (the period was asked for)
        return result

    def cautions(self, entry: Entry) -> tuple[Caution, ...]:
        """Return what needs a look in the entry."""
        attainment = self.result(entry).attainment
        return cautions(self.record.rule, self.unit, entry.value, attainment, self._comparison())

    def open_cautions(self, entry: Entry) -> tuple[Caution, ...]:
        """Return the doubts about the entry that nobody has answered.

        A word of reason answers those that stood when it was given, about the figure that stood
        then; another figure, or a doubt of another kind, needs the reason to be written anew.
        """
        found = self.cautions(entry)
        if not entry.confirmation:
            return found
        if entry.confirmation != self.entry.confirmation:
            return ()
        if entry.value != self.entry.value:
            return found
        return tuple(one for one in found if one.code not in self.confirmed)

    def _comparison(self) -> Comparison:
        same_term = self._figure(Period(self.period.fiscal_year - 1, self.period.term))
        year_end = self._figure(self.period.previous_year)
        is_level = self.kind is Kind.LEVEL
        half = self._figure(Period(self.period.fiscal_year, Term.H1))
        return Comparison(
            last_year=year_end if same_term is None and is_level else same_term,
            half_year=half if self.period.term is Term.FY else None,
        )

    def _figure(self, period: Period) -> Decimal | None:
        return self.record.actual(period).value
