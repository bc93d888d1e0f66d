"""What other rules or bands would make of the recorded figures, before anything is written. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from actions.fiscal import Period, Term
from kpis.assembly import Record, RecordedActual, known_at, years_of
from kpis.judgement import Band, Verdict, bands_of, sorted_bands
from kpis.progress import Result
from kpis.summary import JudgementClass

Places = dict[tuple[str, Period], Result]


@dataclass(frozen=True, slots=True)
class Case:
    """One indicator with all that its results are worked out from."""

    code: str
    name: str
    record: Record


@dataclass(frozen=True, slots=True)
class Ground:
    """One plan's indicators, its reporting periods and its bands."""

    years: range
    periods: tuple[Period, ...]
    bands: tuple[Band, ...]
    cases: tuple[Case, ...]

    @property
    def results(self) -> Places:
        """Return every result by indicator code and period; none before the first period."""
        if not self.periods:
            return {}
        newest = max(self.periods)
        return {
            (case.code, result.period): result
            for case in self.cases
            for year in years_of(
                known_at(case.record, newest), self.years, self.periods, self.bands
            )
            for result in year.results
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that would be shown otherwise; None on a side where there is none."""

    code: str
    name: str
    period: Period
    before: Result | None
    after: Result | None


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many indicators have a judgement, before and after."""

    judgement: JudgementClass
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one period."""

    period: Period
    rows: tuple[ClassCount, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What would be shown otherwise; ``unchanged`` counts the entered figures that stay."""

    differences: tuple[Difference, ...]
    unchanged: int
    tallies: tuple[Tally, ...]


def trial(before: Ground, after: Ground) -> Trial:
    """Return what the change would make of every period that has results."""
    old, new = before.results, after.results
    names = {case.code: case.name for case in before.cases}
    keys = list(dict.fromkeys([*old, *new]))
    found = tuple(
        Difference(code, names[code], period, old.get((code, period)), new.get((code, period)))
        for code, period in keys
        if _shown(old.get((code, period))) != _shown(new.get((code, period)))
    )
    entered = sum(one.actual.status != "missing" for one in new.values())
    differing = sum(_shown(one.after) is not None for one in found)
    tallies = tuple(_tally(period, before, after, old, new) for period in _newest(before.periods))
    return Trial(found, entered - differing, tallies)


def fingerprint(*shown: object) -> str:
    """Return a name for exactly what is shown: whatever another person changes gives another.

    Whoever confirms sends it back, so that nothing is written but what they saw.
    """
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def with_records(ground: Ground, records: Mapping[str, Record]) -> Ground:
    """Return the ground with other records for some indicators, by code."""
    cases = tuple(replace(one, record=records.get(one.code, one.record)) for one in ground.cases)
    return replace(ground, cases=cases)


def with_plan_bands(ground: Ground, bands: Iterable[Band], kept: Mapping[Band, Band]) -> Ground:
    """Return the ground with other bands of the plan; ``kept`` says what became of the old ones.

    A judgement that a person chose follows its band, where the indicator has none of its own.
    """
    new = {
        one.code: _follow(
            one.record,
            kept,
            {term for term in Term if not any(own.term is term for own in one.record.bands)},
        )
        for one in ground.cases
    }
    return replace(with_records(ground, new), bands=tuple(bands))


def with_own_bands(
    ground: Ground, code: str, bands: Iterable[Band], kept: Mapping[Band, Band]
) -> Ground:
    """Return the ground with other bands of one indicator's own."""
    (record,) = (one.record for one in ground.cases if one.code == code)
    terms = {one.term for one in record.bands}
    new = replace(_follow(record, kept, terms), bands=tuple(bands))
    return with_records(ground, {code: new})


def _follow(record: Record, kept: Mapping[Band, Band], terms: set[Term]) -> Record:
    def followed(period: Period, actual: RecordedActual) -> RecordedActual:
        if actual.override is None or period.term not in terms:
            return actual
        return replace(actual, override=kept.get(actual.override, actual.override))

    return replace(record, actuals={at: followed(at, one) for at, one in record.actuals.items()})


def _shown(result: Result | None) -> object:
    """Return what a reader sees of a result; what no one entered shows nothing."""
    if result is None or result.actual.status == "missing":
        return None
    one, judgement = result.attainment, result.judgement
    verdicts = [judgement.shown, judgement.computed]
    words = [(verdict.sign, verdict.label, verdict.tone) for verdict in verdicts]
    return (result.actual.display, one.display, one.reason, one.met, *words)


def _newest(periods: Iterable[Period]) -> Iterator[Period]:
    """Yield the newest period of each term, the half-year first."""
    for term in (Term.H1, Term.FY):
        mine = [one for one in periods if one.term is term]
        if mine:
            yield max(mine)


def _tally(period: Period, before: Ground, after: Ground, old: Places, new: Places) -> Tally:
    first, last = _counted(period, old), _counted(period, new)
    classes = [
        JudgementClass(one.sign, one.label, one.tone)
        for ground in (after, before)
        for case in ground.cases
        for one in sorted_bands(period.term, bands_of(case.record.bands, ground.bands))
    ]
    rows = [one for one in dict.fromkeys([*classes, *last, *first]) if first[one] or last[one]]
    return Tally(period, tuple(ClassCount(one, first[one], last[one]) for one in rows))


def _counted(period: Period, results: Places) -> Counter[JudgementClass]:
    return Counter(_class_of(result.verdict) for (_, at), result in results.items() if at == period)


def _class_of(verdict: Verdict) -> JudgementClass:
    return JudgementClass(verdict.sign, verdict.label, verdict.tone)
