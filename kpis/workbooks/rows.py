"""The rows of the entry sheet: native numbers, texts that stay texts, and lists to choose from."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kpis.entry import LABELS, EntryRow
from kpis.milestones import shown_figure
from kpis.numerals import DASH, json_number
from kpis.progress import Actual
from kpis.vocabulary import MILESTONE_WORDS, ActualReason, FollowUp, Kind
from kpis.workbooks.cells import clean_text, line_count, put_text
from kpis.workbooks.columns import PROVISIONAL, Column, promise_words, prompt
from kpis.workbooks.formats import figure_format, number_format
from kpis.workbooks.looks import TEXT, body, cell_at, comment, fillable, row_height

MARK = "○"
ANSWERS = ("follow_up", "follow_up_note")
_MOST = 10**15  # beyond what is recorded
_LONGEST_PROMPT = 255
_NUMBERS = ("target", "previous", "half_year", "value", "forecast", "version")
_CENTRED = ("unit", "kind", "provisional", "next_step_due", "follow_up", "carried_from")

Filler = Callable[[Cell, EntryRow], None]


def put_row(page: Worksheet, number: int, row: EntryRow, across: Sequence[Column]) -> None:
    """Write one indicator into the sheet's row, high enough for its longest text."""
    lines = 1
    for place, column in enumerate(across, start=1):
        cell = cell_at(page, number, place)
        body(cell, number=column.name in _NUMBERS, centred=column.name in _CENTRED)
        if column.is_input and _takes(row, column.name):
            fillable(cell)
        _FILLERS.get(column.name, _words(column.name))(cell, row)
        if isinstance(cell.value, str):
            lines = max(lines, line_count(cell.value, column.width))
    page.row_dimensions[number].height = row_height(lines)


def _takes(row: EntryRow, name: str) -> bool:
    """Return whether the row's cell is to be filled in: an answer only where one is asked for."""
    return row.is_asked or name not in ANSWERS


def _words(name: str) -> Filler:
    """Return the filler for a text of the entry."""

    def fill(cell: Cell, row: EntryRow) -> None:
        put_kept_text(cell, str(getattr(row.entry, name)))

    return fill


def put_kept_text(cell: Cell, text: str) -> None:
    """Write a text into a cell in which whatever is typed stays text: 1-1 would become a date."""
    cell.number_format = TEXT
    put_text(cell, text)


def _put_name(cell: Cell, row: EntryRow) -> None:
    put_text(cell, row.name)
    if row.definition:
        cell.comment = comment(row.definition)


def _put_target(cell: Cell, row: EntryRow) -> None:
    if row.target.value is None or row.kind is Kind.MILESTONE:
        put_text(cell, row.target.display)
    else:
        _put_figure(cell, row.target.value)


def _put_actual(cell: Cell, actual: Actual | None, kind: Kind) -> None:
    """Write a figure that stands beside, 「—」 with its reason, or nothing."""
    if actual is None:
        return
    if actual.value is None:
        put_text(cell, f"{DASH}（{actual.reason_words}）")
    elif kind is Kind.MILESTONE:
        put_text(cell, actual.display)
    else:
        _put_figure(cell, actual.value, PROVISIONAL if actual.provisional else "")


def _put_figure(cell: Cell, figure: Decimal, mark: str = "") -> None:
    """Write a number, shown with the decimals that it has."""
    cell.value = json_number(figure)
    cell.number_format = figure_format(figure, mark)


def _put_value(cell: Cell, row: EntryRow) -> None:
    _put_typed_figure(cell, row, row.entry.value)


def _put_forecast(cell: Cell, row: EntryRow) -> None:
    _put_typed_figure(cell, row, row.entry.forecast)


def _put_typed_figure(cell: Cell, row: EntryRow, figure: Decimal | None) -> None:
    """Write a figure that people fill in, a milestone's in words."""
    if row.kind is Kind.MILESTONE:
        put_kept_text(cell, shown_figure(row.kind, figure))
        return
    # A percentage typed as 7.2% keeps its sign only in a cell without a format of its own, and
    # could otherwise come back as 0.072.
    if row.unit not in ("%", "％"):
        cell.number_format = number_format(row.decimals)
    if figure is not None:
        cell.value = json_number(figure)


def _put_reason(cell: Cell, row: EntryRow) -> None:
    put_kept_text(cell, "" if row.entry.reason is None else row.entry.reason.label)


def _put_version(cell: Cell, row: EntryRow) -> None:
    cell.value = row.version


_FILLERS: dict[str, Filler] = {
    "code": lambda cell, row: put_kept_text(cell, row.code),
    "name": _put_name,
    "unit": lambda cell, row: put_text(cell, row.unit),
    "kind": lambda cell, row: put_text(cell, row.kind.label),
    "section": lambda cell, row: put_text(cell, row.section),
    "target": _put_target,
    "previous": lambda cell, row: _put_actual(cell, row.previous, row.kind),
    "half_year": lambda cell, row: _put_actual(cell, row.half_year, row.kind),
    "value": _put_value,
    "forecast": _put_forecast,
    "carried_from": lambda cell, row: put_kept_text(cell, row.typed.carried_from),
    "reason": _put_reason,
    "provisional": lambda cell, row: put_kept_text(cell, MARK if row.entry.provisional else ""),
    "next_step_due": lambda cell, row: put_kept_text(cell, row.typed.next_step_due),
    "promise": lambda cell, row: put_kept_text(cell, promise_words(row)),
    "follow_up": lambda cell, row: put_kept_text(cell, row.shown(row.entry, "follow_up")),
    "version": _put_version,
}


def offer_choices(
    page: Worksheet, first: int, rows: Sequence[EntryRow], across: Sequence[Column]
) -> None:
    """Offer the reasons, the mark and the answers in lists, and say at each figure what is asked for.

    No spelling of a figure is refused here: the upload reads １，２００件 and ▲5 as well.
    """
    if not rows:
        return
    letter = {one.name: get_column_letter(place) for place, one in enumerate(across, start=1)}
    last = first + len(rows) - 1
    reasons = choice_list(",".join(one.label for one in ActualReason), refuses=True)
    reasons.add(f"{letter['reason']}{first}:{letter['reason']}{last}")
    answers = choice_list(",".join(one.label for one in FollowUp), refuses=True)
    for number, row in enumerate(rows, start=first):
        if row.is_asked:
            answers.add(f"{letter['follow_up']}{number}")
    marks = choice_list(MARK, refuses=False)
    marks.add(f"{letter['provisional']}{first}:{letter['provisional']}{last}")
    figures: dict[str, DataValidation] = {}
    for number, row in enumerate(rows, start=first):
        words = clean_text(prompt(row), _LONGEST_PROMPT)
        if words not in figures:
            figures[words] = _milestone() if row.kind is Kind.MILESTONE else _any_number()
            _prompt(figures[words], words)
        figures[words].add(f"{letter['value']}{number}")
    for one in (reasons, marks, answers, *figures.values()):
        if one.sqref:
            page.add_data_validation(one)


def choice_list(choices: str, *, refuses: bool) -> DataValidation:
    """Return a list to choose from, its words parted by commas; other words may be refused."""
    rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
    rule.showErrorMessage = refuses
    rule.errorTitle, rule.error = "一覧にありません", "一覧から選んでください。"
    return rule


def _milestone() -> DataValidation:
    return choice_list(",".join(MILESTONE_WORDS[one] for one in (True, False)), refuses=False)


def _any_number() -> DataValidation:
    rule = DataValidation(
        type="decimal",
        operator="between",
        formula1=str(-_MOST),
        formula2=str(_MOST),
        allow_blank=True,
    )
    rule.showErrorMessage = False
    return rule


def _prompt(rule: DataValidation, words: str) -> None:
    rule.showInputMessage = True
    rule.promptTitle, rule.prompt = LABELS["value"], words
