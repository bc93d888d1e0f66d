"""What the rows of the open data do not tell of a figure: their columns stay as they are agreed.

A milestone's words, values of an earlier survey, and the year's end as it was foreseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from actions.fiscal import Term
from kpis.numerals import plain
from kpis.progress import IndicatorProgress, PlanProgress, Result, YearProgress
from kpis.remarks import carried_words

WORDS, CARRIED, FORECAST = "目標の言葉", "前の調査の値", "年度末の見込み"


@dataclass(frozen=True, slots=True)
class Note:
    """One note on an indicator's year and term, by the codes of the rows."""

    code: str
    fiscal_year: int
    term: str
    kind: str
    text: str


def notes(progress: PlanProgress) -> Iterator[Note]:
    """Yield the notes in the order of the rows."""
    for indicator in progress.indicators:
        for year in indicator.years:
            if year.target.words:
                yield _note(indicator, year, Term.FY, WORDS, year.target.words)
            for result in year.results:
                yield from _beside(indicator, year, result)


def _beside(indicator: IndicatorProgress, year: YearProgress, result: Result) -> Iterator[Note]:
    actual, term = result.actual, result.period.term
    if actual.carried_from is not None:
        yield _note(indicator, year, term, CARRIED, carried_words(actual.carried_from))
    if actual.forecast is not None:
        yield _note(indicator, year, term, FORECAST, plain(actual.forecast))


def _note(
    indicator: IndicatorProgress, year: YearProgress, term: Term, kind: str, text: str
) -> Note:
    return Note(indicator.code, year.fiscal_year, term.value, kind, text)
