"""What the page of the new fiscal year sends: targets row by row, and the periods' due dates."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actions.fiscal import Period, Term, short_label
from kpis.days import parse_day
from kpis.entry import Faults, clean_text
from kpis.newyear import suggested_due
from kpis.services import NewTarget
from kpis.targetcells import attempt, read_day, read_new, read_source
from kpis.targets import BLANK, FIELDS, LABELS, Content, OpenTarget, Typed
from kpis.vocabulary import TargetStatus

COMMON = "common"
_FOR_ALL = {
    "source": "根拠の資料を入力してください。行ごとに違うときは、その行の欄に入力します。",
    "decided_on": "決定日を入力してください。行ごとに違うときは、その行の欄に入力します。",
}


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One open target on the screen: what was typed, and what is wrong with it."""

    one: OpenTarget
    typed: Typed = BLANK
    content: Content | None = None
    faults: Faults = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """Return what the names of the row's fields begin with."""
        return f"t{self.one.indicator}-{self.one.fiscal_year}"


@dataclass(frozen=True, slots=True)
class TargetSheet:
    """The whole grid with what stands for all of its rows."""

    lines: tuple[TargetLine, ...]
    typed: Typed = BLANK  # source and day for all rows
    faults: Faults = field(default_factory=dict)  # of these two
    reason: str = ""

    @property
    def years(self) -> list[tuple[int, list[TargetLine]]]:
        """Return the rows year by year."""
        groups: dict[int, list[TargetLine]] = {}
        for line in self.lines:
            groups.setdefault(line.one.fiscal_year, []).append(line)
        return list(groups.items())

    @property
    def every_fault(self) -> list[tuple[str, str, str]]:
        """Return what is wrong: the field's key, whose it is, and why."""
        found = [
            (f"{COMMON}-{one}", LABELS[one], _joined(said)) for one, said in self.faults.items()
        ]
        for line in self.lines:
            one = line.one
            whose = f"{one.code} {one.name}（{short_label(one.fiscal_year)}）"
            found += [
                (f"{line.prefix}-{name}", f"{whose} {LABELS[name]}", _joined(said))
                for name, said in line.faults.items()
            ]
        return found

    @property
    def new_targets(self) -> list[NewTarget]:
        """Return what is to be set; rows left empty stay open."""
        return [
            NewTarget(line.one.indicator, line.one.fiscal_year, line.content)
            for line in self.lines
            if line.content is not None
        ]


def _joined(said: Iterable[str]) -> str:
    return " ".join(said)


def blank_sheet(targets: Iterable[OpenTarget]) -> TargetSheet:
    """Return the grid before anybody types."""
    return TargetSheet(tuple(TargetLine(one) for one in targets))


def sent_sheet(
    targets: Iterable[OpenTarget], data: Mapping[str, str], today: dt.date
) -> TargetSheet:
    """Return the grid as it was sent, with every fault in it."""
    faults: Faults = {}
    typed = _typed(data, COMMON)
    source = attempt(faults, "source", lambda: read_source(typed.source), "")
    day = attempt(faults, "decided_on", lambda: read_day(typed.decided_on, today), None)
    common = Content(TargetStatus.SET, source=source, decided_on=day)
    lines = tuple(_line(one, data, common, today) for one in targets)
    for name in _missing(lines):
        faults.setdefault(name, [_FOR_ALL[name]])
    return TargetSheet(lines, typed, faults, clean_text(data.get("reason", "")))


def _typed(data: Mapping[str, str], prefix: str) -> Typed:
    return Typed(**{name: data.get(f"{prefix}-{name}", "") for name in FIELDS})


def _line(one: OpenTarget, data: Mapping[str, str], common: Content, today: dt.date) -> TargetLine:
    typed = _typed(data, TargetLine(one).prefix)
    content, faults = read_new(typed, one, common, today)
    return TargetLine(one, typed, content, faults)


def _missing(lines: Sequence[TargetLine]) -> Iterator[str]:
    """Yield what a row needs and has neither of its own nor for all."""
    filled = [one for one in lines if one.content is not None]
    if any(one.content and not one.content.source for one in filled if "source" not in one.faults):
        yield "source"
    if any(
        one.content and one.content.decided_on is None
        for one in filled
        if "decided_on" not in one.faults
    ):
        yield "decided_on"


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period that the year lacks, whether it is to be made, and its due date as typed."""

    period: Period
    is_chosen: bool
    typed: str
    due: dt.date | None
    fault: str = ""

    @property
    def prefix(self) -> str:
        """Return what the names of its fields begin with."""
        return f"period-{self.period.term.value}"


def suggested_periods(fiscal_year: int, terms: Iterable[Term]) -> list[PeriodLine]:
    """Return the missing periods with the usual due dates."""
    periods = [Period(fiscal_year, one) for one in terms]
    return [
        PeriodLine(one, True, f"{suggested_due(one):%Y/%m/%d}", suggested_due(one))
        for one in periods
    ]


def sent_periods(
    fiscal_year: int, terms: Iterable[Term], data: Mapping[str, str]
) -> list[PeriodLine]:
    """Return the periods as they were sent."""
    return [_period(Period(fiscal_year, one), data) for one in terms]


def _period(period: Period, data: Mapping[str, str]) -> PeriodLine:
    prefix = f"period-{period.term.value}"
    typed = data.get(f"{prefix}-due", "")
    if f"{prefix}-make" not in data:
        return PeriodLine(period, False, typed, None)
    if not typed.strip():
        return PeriodLine(period, True, typed, None, "入力期限を入力してください。")
    try:
        return PeriodLine(period, True, typed, parse_day(typed))
    except ValueError as error:
        return PeriodLine(period, True, typed, None, str(error))
