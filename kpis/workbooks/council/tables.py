"""A table among others on a sheet, which has its headings again on every page that it reaches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kpis.workbooks.council.items import Item
from kpis.workbooks.council.sheet import Row, Sheet
from kpis.workbooks.council.styles import BAND, BODY, HEAD, SUBHEADING, Style

_SHORT = 0.45  # of a page: a table up to this height is not divided


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its title and its columns' headings, each over so many of the sheet's columns."""

    title: str
    headings: tuple[str, ...]
    spans: tuple[int, ...]

    def write(
        self,
        sheet: Sheet,
        rows: Iterable[Sequence[Item]],
        *,
        before: Sequence[str] = (),
        nothing: str = "",
    ) -> None:
        """Write title, the texts before the table, and the table; or what is said of no rows."""
        laid = [sheet.laid(one, 20) for one in rows]
        above = [*_across(sheet, self.title, SUBHEADING)]
        for text in before:
            above += _across(sheet, text, BODY)
        if not laid:
            laid = [_across(sheet, nothing, BODY)]
        else:
            above += self._head(sheet)
        whole = _height(above) + sum(map(_height, laid))
        short = whole <= sheet.whole_page * _SHORT
        sheet.keep(whole if short else _height((*above, *laid[0])))
        _write(sheet, above)
        for group in laid:
            for row in group:
                self._go_on(sheet, row)
        sheet.gap(10)

    def _go_on(self, sheet: Sheet, row: Row) -> None:
        """Write the row, on a new page below the title and the headings again."""
        if not sheet.fits(row.height):
            sheet.break_page()
            _write(sheet, _across(sheet, f"{self.title}（続き）", SUBHEADING) + self._head(sheet))
        sheet.write_laid(row)

    def _head(self, sheet: Sheet) -> list[Row]:
        items = [
            Item(text, HEAD, span=span)
            for text, span in zip(self.headings, self.spans, strict=True)
        ]
        return sheet.laid(items, 20)

    def band(self, text: str) -> list[Item]:
        """Return a row that heads the rows below it."""
        return [Item(text, BAND, span=sum(self.spans))]


def _across(sheet: Sheet, text: str, style: Style) -> list[Row]:
    return sheet.laid([Item(text, style, span=len(sheet.widths))])


def _height(rows: Iterable[Row]) -> float:
    return sum(one.height for one in rows)


def _write(sheet: Sheet, rows: Iterable[Row]) -> None:
    for row in rows:
        sheet.write_laid(row)
