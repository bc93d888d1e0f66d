"""Charts of KGIs: index lines, labelled at their ends."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from actions.fiscal import calendar_year_label, short_label
from kpis.figures.base import (
    COMPARATOR,
    YEAR,
    Figure,
    base_layout,
    level_line,
    number,
)
from kpis.kgiwords import comparison_names
from kpis.numerals import round_decimal
from kpis.progress import (
    KgiProgress,
    KgiYear,
)
from kpis.projection import (
    comparator_indexes,
    kgi_projection,
    kgi_words,
    own_indexes,
)
from kpis.sentences import kgi_sentence

# Of lines for reference: colour, mark and dash; none means good or bad.
_THIN = (
    ("#6b4e9b", "triangle-up", "dot"),
    ("#7a5230", "diamond", "dashdot"),
    ("#00607a", "x", "longdash"),
)
_NAMED = 5  # years whose names stand beside each other on a phone
_LONGEST = 7  # full-width letters of a label's line
_PLOT = Decimal(230)  # pixels between the lowest and the highest point of a chart of lines, about
_LINE_HEIGHT = Decimal(18)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of indexes: its points as (label, index), how it is drawn, and its projection."""

    name: str
    points: tuple[tuple[str, Decimal], ...]
    colour: str
    symbol: str
    dash: str
    width: float = 3
    ahead: tuple[tuple[str, Decimal], ...] = ()
    mark: str = ""  # before the last index: what kind of figure it is

    @property
    def drawn_on(self) -> "_Line":
        """Return the projection as a thin dotted line from the last point on."""
        points = (self.points[-1], *self.ahead)
        return replace(
            self, points=points, mark="推計", symbol="circle-open", dash="dot", width=1.5
        )

    @property
    def label(self) -> str:
        """Return what stands at its end: the name, broken into short lines, and the last index."""
        pieces = [self.name[at : at + _LONGEST] for at in range(0, len(self.name), _LONGEST)]
        value = f"{self.mark}{number(round_decimal(self.points[-1][1], 1))}"
        short = not self.mark and len(pieces[-1]) + len(value) / 2 <= _LONGEST + 1
        return "<br>".join([*pieces[:-1], f"{pieces[-1]} {value}"] if short else [*pieces, value])


def kgi_index(kgi: KgiProgress) -> Figure:
    """Return the KGI and its comparators as indexes, the base year at 100, labelled at their ends.

    Further comparators, for reference, are thinner.
    """
    # Lines show change, not amounts: their axis need not begin at zero.
    layout = base_layout(
        f"{kgi.name}（指数、{calendar_year_label(kgi.base_year)}＝100）",
        y_title="",
        lead=kgi_sentence(kgi),
    )
    layout["yaxis"]["rangemode"] = "normal"
    layout["shapes"] = [level_line(100)]
    layout["showlegend"] = False
    layout["margin"]["r"] = 118
    lines = [one for one in _kgi_lines(kgi) if one.points]
    layout["xaxis"]["categoryarray"] = years = _year_labels(kgi, lines)
    shown = [one.drawn_on if one.ahead else one for one in lines]
    # Fixed, or the labels' width would be taken from the lines; later years have no point yet.
    ends = [years.index(one.points[-1][0]) for one in shown]
    layout["xaxis"] |= {"tickangle": 0, "tickvals": _ticks(kgi, years, lines)}
    layout["xaxis"]["range"] = [-0.25, max(ends, default=0) + 0.25]
    layout["annotations"] = [*_end_labels(shown), *_last_known(lines)]
    known = [_index_line(one) for one in lines]
    return {
        "data": [*known, *(_index_line(one.drawn_on) for one in lines if one.ahead)],
        "layout": layout,
    }


def _year_labels(kgi: KgiProgress, lines: Sequence[_Line]) -> list[str]:
    """Return the years of the KGI, and those that a projection goes on to."""
    known = [_year_label(one.year) for one in kgi.years]
    return list(dict.fromkeys([*known, *(label for one in lines for label, _ in one.ahead)]))


def _ticks(kgi: KgiProgress, years: Sequence[str], lines: Sequence[_Line]) -> list[str]:
    """Return the years that are named: where they are many, the base, the newest and the last."""
    if len(years) <= _NAMED:
        return list(years)
    newest = [years.index(one.points[-1][0]) for one in lines]
    named = {_year_label(kgi.base_year), *(years[place] for place in newest), years[-1]}
    return [one for one in years if one in named]


def _last_known(lines: Sequence[_Line]) -> list[Figure]:
    """Return the last index of each line that goes on as a projection, above or below its point."""
    drawn = sorted((one for one in lines if one.ahead), key=lambda one: one.points[-1][1])
    return [
        _end_label(one, Decimal(0))
        | {"text": str(number(round_decimal(one.points[-1][1], 1)))}
        | _beside(above=place == len(drawn) - 1)
        for place, one in enumerate(drawn)
    ]


def _beside(above: bool) -> Figure:
    """Return where a label clears a line that rises: above and before its point, or below."""
    if above:
        return {"xanchor": "right", "xshift": -2, "yanchor": "bottom", "yshift": 4}
    return {"xanchor": "left", "xshift": 0, "yanchor": "top", "yshift": -6}


def kgi_key(kgi: KgiProgress) -> str:
    """Return how the lines of the KGI's figure are told apart."""
    more = "、細い線は参考の比較対象" if comparison_names(kgi) else ""
    ahead = "、丸のある細い点線は推計（参考）" if kgi_words(kgi) and not more else ""
    return f"実線は市、破線は{kgi.comparator}{more}、点線は起点（100）{ahead}"


def _kgi_lines(kgi: KgiProgress) -> Iterator[_Line]:
    own, theirs = own_indexes(kgi), comparator_indexes(kgi)
    look: tuple[str, str, str] = (YEAR, "circle", "solid")
    yield _Line("市", _labelled(own), *look, ahead=_ahead(kgi, own))
    look = (COMPARATOR, "square", "dash")
    yield _Line(kgi.comparator, _labelled(theirs), *look, ahead=_ahead(kgi, theirs))
    for place, name in enumerate(comparison_names(kgi)):
        points = _points(kgi, partial(_index_of, name))
        yield _Line(name, points, *_THIN[place % len(_THIN)], width=1.5)


def _index_of(name: str, year: KgiYear) -> Decimal | None:
    return next((one.index for one in year.comparisons if one.name == name), None)


def _points(
    kgi: KgiProgress, index: Callable[[KgiYear], Decimal | None]
) -> tuple[tuple[str, Decimal], ...]:
    found = ((one.year, index(one)) for one in kgi.years)
    return _labelled([(year, value) for year, value in found if value is not None])


def _labelled(indexes: Sequence[tuple[int, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((_year_label(year), index) for year, index in indexes)


def _ahead(
    kgi: KgiProgress, indexes: Sequence[tuple[int, Decimal]]
) -> tuple[tuple[str, Decimal], ...]:
    """Return the projection; none beside further comparators, whose labels need its room."""
    found = None if comparison_names(kgi) else kgi_projection(kgi, indexes)
    return () if found is None else _labelled(found.points)


def _year_label(year: int) -> str:
    return f"{short_label(year)}<br>({year})"


def _index_line(line: _Line) -> Figure:
    return {
        "type": "scatter",
        "name": f"{line.name}{line.mark}",
        "mode": "lines+markers",
        "x": [label for label, _ in line.points],
        "y": [number(round_decimal(value, 1)) for _, value in line.points],
        "cliponaxis": False,
        "line": {"color": line.colour, "width": line.width, "dash": line.dash},
        "marker": {"symbol": line.symbol, "size": 9 if line.width > 2 else 7},
        "hovertemplate": f"%{{x}} {line.name}<br>{line.mark}指数 %{{y}}<extra></extra>",
    }


def _end_labels(lines: Sequence[_Line]) -> list[Figure]:
    """Return a label at each line's end; those that would lie on each other are moved apart."""
    values = [value for one in lines for _, value in one.points]
    scale = _PLOT / max(max(values) - min(values), Decimal(1)) if values else Decimal(0)
    ends: dict[str, list[_Line]] = {}
    for one in sorted(lines, key=lambda one: one.points[-1][1], reverse=True):
        ends.setdefault(one.points[-1][0], []).append(one)
    return [
        _end_label(one, shift)
        for group in ends.values()
        for one, shift in zip(group, _shifts(group, scale), strict=True)
    ]


def _shifts(group: Sequence[_Line], scale: Decimal) -> list[Decimal]:
    """Return by how many pixels each label moves up, from the highest to the lowest."""
    wanted = [one.points[-1][1] * scale for one in group]
    high = [_LINE_HEIGHT * (1 + one.label.count("<br>")) for one in group]
    placed: list[Decimal] = []
    for place, middle in enumerate(wanted):
        least = (high[place] + high[place - 1]) / 2
        placed.append(middle if not placed else min(middle, placed[-1] - least))
    moved = [now - before for now, before in zip(placed, wanted, strict=True)]
    middle = sum(moved, Decimal(0)) / len(moved)
    return [one - middle for one in moved]


def _end_label(line: _Line, shift: Decimal) -> Figure:
    label, value = line.points[-1]
    return {
        "x": label,
        "y": number(round_decimal(value, 1)),
        "text": line.label,
        "font": {"color": line.colour},
        "showarrow": False,
        "align": "left",
        "xanchor": "left",
        "xshift": 8,
        "bgcolor": "#ffffff",
        "yshift": float(round(shift, 1)),
    }
