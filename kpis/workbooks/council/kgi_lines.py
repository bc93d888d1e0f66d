"""Each KGI in one line: its newest value, its growth beside the comparator's, and the target."""

from collections.abc import Sequence
from dataclasses import replace

from actions.fiscal import calendar_year_label
from kpis.kgiwords import REVISED, is_value_revised, late_years, shown_year
from kpis.progress import KgiProgress
from kpis.workbooks.council.items import Item, figure, growth, points
from kpis.workbooks.council.kgi import NONE
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import MIDDLE, NAME, NOTE, SMALL

_SPANS = (2, 3, 5, 3, 3, 3, 6)


def put_kgis(sheet: Sheet, kgis: Sequence[KgiProgress]) -> None:
    """Write the table, or that the plan has no KGI."""
    if not kgis:
        sheet.line(NONE)
        return
    comparators = {one.comparator for one in kgis}
    other = comparators.pop() if len(comparators) == 1 else "比較対象"
    headings = ("指標", "年", "値", "伸び率", f"{other}の伸び率", "差（ポイント）", "目標")
    sheet.head(headings, _SPANS)
    for one in kgis:
        sheet.write(_line(one))
    for one in kgis:
        if late := late_years(one):
            sheet.line(f"{one.name}: {'、'.join(late)}", NOTE)


def _line(kgi: KgiProgress) -> list[Item]:
    year = shown_year(kgi)
    items = [Item(f"{kgi.name}（{kgi.unit}）", NAME)]
    if year is None:
        items += [Item("", MIDDLE)] * 5
    else:
        items += [
            Item(calendar_year_label(year.year), MIDDLE),
            figure(year.value, mark=REVISED if is_value_revised(year) else ""),
            growth(year.growth),
            growth(year.comparator_growth),
            points(year.difference),
        ]
    items.append(Item(kgi.target, SMALL))
    return [replace(one, span=span) for one, span in zip(items, _SPANS, strict=True)]
