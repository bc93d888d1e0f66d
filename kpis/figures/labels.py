"""Where the figures stand in a trend: beside what they tell, and never on each other.

Heights are compared as shares of the axis; the figure's height in pixels is fixed for that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import east_asian_width

from actions.fiscal import Term, short_label
from kpis.figures.base import INK, MUTED, PAPER, YEAR, Figure, number
from kpis.numerals import format_exact, format_number
from kpis.progress import IndicatorProgress, Result, YearProgress
from kpis.projection import Projection

NARROW = 7  # years that have room for every label on a phone
REVISED = "改定"  # in place of 目標 above the step of a target that was revised
_LINE, _EDGE = Decimal("0.075"), Decimal("0.025")  # of a label, as shares of the axis
_LETTERS = 42  # half-width letters beside each other on a phone
_ZERO = Decimal(0)
_BOLD = "bold"


@dataclass(frozen=True, slots=True)
class Scale:
    """The figures between which an axis runs; zero is always in it."""

    low: Decimal
    high: Decimal
    is_whole: bool

    @property
    def span(self) -> Decimal:
        """Return from the lowest to the highest figure; one where there are only zeros."""
        return self.high - self.low or Decimal(1)

    def holds(self, gap: Decimal, *labels: Sequence[str]) -> bool:
        """Return whether labels of so many lines fit above each other between two figures."""
        lines = sum(len(one) for one in labels)
        return gap >= self.span * (_LINE * lines + _EDGE * len(labels))


@dataclass(frozen=True, slots=True)
class _Label:
    """Lines above a figure or below it; ``ground`` is what they stand on."""

    year: int
    at: Decimal
    lines: tuple[str, ...]
    ink: str
    above: bool = True
    ground: str = PAPER
    away: int = 3
    weight: str = "normal"

    @property
    def width(self) -> int:
        """Return how many half-width letters its longest line has."""
        return max(sum(1 + (east_asian_width(one) in "FWA") for one in line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Column:
    """What is drawn in one year, and the labels that it needs."""

    year: YearProgress
    scale: Scale
    decimals: int
    foreseen: Decimal | None
    ahead: Decimal | None
    ends: bool  # the projection ends here

    @property
    def result(self) -> Result | None:
        """Return the result whose bar has the label: the whole year's, else the half-year's."""
        whole = self.year.at(Term.FY)
        if whole is not None and whole.actual.value is not None:
            return whole
        return self.year.latest

    @property
    def actual(self) -> Decimal | None:
        return None if self.result is None else self.result.actual.value

    @property
    def goal(self) -> Decimal | None:
        return self.year.target.value

    @property
    def actual_lines(self) -> tuple[str, ...]:
        if self.result is None:
            return ()
        actual = self.result.actual
        survey = actual.carried_from
        notes = (
            "速報" if actual.provisional else "",
            f"{short_label(survey)}調査" if survey else "",
        )
        return (actual.display, *(one for one in notes if one))

    @property
    def goal_lines(self) -> tuple[str, ...]:
        return (REVISED if self.year.target.is_revised else "目標", self.year.target.display)

    @property
    def ahead_lines(self) -> tuple[str, ...]:
        return ("推計", format_number(self.ahead or _ZERO, self.decimals)) if self.ends else ()


def labels(
    indicator: IndicatorProgress,
    years: Sequence[YearProgress],
    foreseen: Sequence[Decimal | None],
    ahead: Projection | None,
    scale: Scale,
) -> list[Figure]:
    """Return the labels of all years; of very many, only those of the newest and the last ones."""
    points = dict(ahead.points) if ahead else {}
    columns = [
        _Column(
            year,
            scale,
            indicator.decimals,
            one,
            points.get(year.fiscal_year),
            bool(points) and year.fiscal_year == max(points),
        )
        for year, one in zip(years, foreseen, strict=True)
    ]
    found = [label for one in columns for label in _column(one)]
    count = len(indicator.years)
    if count > NARROW:
        keys = _keys(columns)
        found = [one for one in found if one.year in keys or one.width <= _LETTERS // count]
    edges = (indicator.years[0].fiscal_year, indicator.years[-1].fiscal_year) if count else (0, 0)
    return [_annotation(one, edges, _LETTERS // max(count, 1)) for one in found]


def _keys(columns: Sequence[_Column]) -> set[int]:
    """Return the years whose labels tell most: the first and newest actual, and the last year."""
    known = [one.year.fiscal_year for one in columns if one.actual is not None]
    return {*known[:1], *known[-1:], *[one.year.fiscal_year for one in columns][-1:]}


def _column(column: _Column) -> Iterator[_Label]:
    year, actual, goal = column.year.fiscal_year, column.actual, column.goal
    if actual is None:
        if column.result is not None:
            yield _Label(year, _ZERO, (column.result.actual.display or "未入力",), INK)
        yield from _ahead_of_time(column)
    elif actual < 0:
        yield _Label(year, actual, column.actual_lines, YEAR, above=False, weight=_BOLD)
        if goal is not None:
            yield _Label(year, max(goal, _ZERO), column.goal_lines, INK)
    elif goal is None:
        yield _Label(year, actual, column.actual_lines, YEAR, weight=_BOLD)
    elif goal >= actual:
        yield from _below_goal(column, actual, goal)
    else:
        yield from _beyond_goal(column, actual, goal)
    if actual is not None and column.foreseen is not None:
        yield from _foreseen(column, column.foreseen)


def _below_goal(column: _Column, actual: Decimal, goal: Decimal) -> Iterator[_Label]:
    """Yield the actual above its bar, or within it where the step is near; the goal on its step."""
    year, lines = column.year.fiscal_year, column.actual_lines
    if column.scale.holds(goal - actual, lines):
        yield _Label(year, actual, lines, YEAR, weight=_BOLD)
    elif column.scale.holds(actual, lines):
        yield _within(column, actual, lines)
    else:
        yield _joined(column, goal)
        return
    above = column.foreseen is None or column.foreseen < goal
    if above or not column.scale.holds(goal - actual, lines, column.goal_lines):
        yield _Label(year, goal, column.goal_lines, INK)
    else:
        yield _Label(year, goal, column.goal_lines, INK, above=False)


def _beyond_goal(column: _Column, actual: Decimal, goal: Decimal) -> Iterator[_Label]:
    """Yield the actual above its bar, and the goal within the bar, below its step."""
    if not column.scale.holds(goal, column.goal_lines):
        yield _joined(column, actual)
        return
    yield _Label(column.year.fiscal_year, actual, column.actual_lines, YEAR, weight=_BOLD)
    yield _within(column, goal, column.goal_lines)


def _within(column: _Column, at: Decimal, lines: tuple[str, ...]) -> _Label:
    """Return a label within a bar: white on a whole year's, on white in a half-year's pattern."""
    half = column.result is not None and column.result.period.term is Term.H1
    faded = column.result is not None and column.result.actual.carried_from is not None
    ink, ground = (YEAR, PAPER) if half or faded else (PAPER, YEAR)
    return _Label(column.year.fiscal_year, at, lines, ink, above=False, ground=ground, away=4)


def _joined(column: _Column, at: Decimal) -> _Label:
    """Return actual and goal as one label, as the paper prints them: 9／10."""
    lines = (*column.actual_lines, f"／{column.year.target.display}")
    return _Label(column.year.fiscal_year, at, lines, YEAR, weight=_BOLD)


def _ahead_of_time(column: _Column) -> Iterator[_Label]:
    """Yield the goal of a year without a bar, and the projection on the other side of it."""
    year, goal, ahead = column.year.fiscal_year, column.goal, column.ahead
    over = goal is not None and ahead is not None and ahead >= goal
    if (
        goal is not None
        and over
        and column.ends
        and not column.scale.holds(goal, column.goal_lines)
    ):
        lines = (*column.ahead_lines, f"／{column.year.target.display}")
        yield _Label(year, ahead or _ZERO, lines, MUTED, away=6)
        return
    if goal is not None:
        below = over and column.scale.holds(goal, column.goal_lines)
        yield _Label(year, goal, column.goal_lines, INK, above=not below)
    if ahead is None or not column.ends:
        return
    if goal is None or over:
        yield _Label(year, ahead, column.ahead_lines, MUTED, away=6)
    elif column.scale.holds(ahead, column.ahead_lines):
        yield _Label(year, ahead, column.ahead_lines, MUTED, above=False, away=6)
    elif column.scale.holds(goal - ahead, column.ahead_lines):
        yield _Label(year, ahead, column.ahead_lines, MUTED, away=6)


def _foreseen(column: _Column, value: Decimal) -> Iterator[_Label]:
    """Yield what is foreseen above its mark; where a step is in the way, pointing tells it."""
    lines = ("見込", format_exact(value))
    goal = column.goal
    if goal is None or value >= goal or column.scale.holds(goal - value, lines):
        yield _Label(column.year.fiscal_year, value, lines, INK, away=9)


def _annotation(label: _Label, edges: tuple[int, int], room: int) -> Figure:
    """Return the label for Plotly; a wide one at an edge of the chart goes inwards from it."""
    x, anchor = float(label.year), "center"
    if label.width > 2 * room and label.year in edges:
        first = label.year == edges[0]
        x, anchor = label.year + (-0.45 if first else 0.45), "left" if first else "right"
    return {
        "x": x,
        "xanchor": anchor,
        "y": number(label.at),
        "yanchor": "bottom" if label.above else "top",
        "yshift": label.away if label.above else -label.away,
        "text": "<br>".join(label.lines),
        # Not as <b>, which Plotly turns into a style that a strict policy blocks.
        "font": {"size": 12, "color": label.ink, "weight": label.weight},
        "bgcolor": label.ground,
        "borderpad": 0,
        "showarrow": False,
    }
