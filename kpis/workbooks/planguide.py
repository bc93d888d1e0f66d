"""The first sheet of an empty plan book: how a newcomer fills in the others."""

from collections.abc import Callable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from kpis.planbook import REQUIRED, SHEETS, Column
from kpis.planbook.values import (
    Choice,
    Code,
    Codes,
    Day,
    Due,
    Figure,
    FiscalYear,
    Mark,
    Measured,
    Slug,
    Text,
    Whole,
)
from kpis.workbooks.cells import line_count, put_text
from kpis.workbooks.looks import body, heading, letters, line, print_on_a4, row_height

TITLE, GUIDE = "計画ブック", "はじめに"
REQUIRED_MARK = "※"
_WIDTHS = (16, 20, 6, 80)
_ALL = sum(_WIDTHS)
_LETTERS = 10  # points


def about_column(column: Column) -> str:
    """Return what is to be typed into the column, and what an empty cell means."""
    told = [column.about, _KINDS[type(column.value)](column.value), _empty(column)]
    return "\n".join(f"{one}。" for one in told if one)


_KINDS: dict[type, Callable[[Any], str]] = {
    Text: lambda value: (
        f"{value.longest:,}字まで" + ("" if value.one_line else "。セルの中の改行は Alt+Enter")
    ),
    Code: lambda value: f"半角の英数字とハイフン（{value.longest}字まで）",
    Slug: lambda value: f"半角の英数字、ハイフン、下線（{value.longest}字まで）",
    Codes: lambda value: "",
    Whole: lambda value: "整数",
    Figure: lambda value: f"数値（小数第{value.decimals}位まで）",
    Measured: lambda value: (
        f"数値（小数第{value.decimals}位まで）。種別が達成有無の指標は「達成」か「未達成」"
    ),
    FiscalYear: lambda value: "令和7年度、R7、2025、FY2025 のどの書き方でも読み取れます",
    Choice: lambda value: f"一覧から選びます: {'、'.join(value.words)}",
    Mark: lambda value: "当てはまるときだけ ○ を付けます",
    Day: lambda value: "2024/7/25、令和6年7月25日 のどちらの書き方でも読み取れます",
    Due: lambda value: "2026/3/31、R8.3.31 のほか、令和8年3月末 は月の最後の日として読み取れます",
}


def _empty(column: Column) -> str:
    """Return what an empty cell means where that is not simply nothing."""
    if column.empty is REQUIRED:
        return ""
    shown = column.value.shown(column.empty)
    return "" if shown is None else f"空欄のときは「{shown}」とします"


def add_plan_guide(made: Workbook) -> None:
    """Add the sheet: the steps, what goes for every sheet, then sheet by sheet what it holds."""
    page: Any = made.create_sheet(GUIDE)
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    print_on_a4(page, TITLE, GUIDE, landscape=False)
    guide = _Guide(page)
    guide.line("計画ブックの書き方", size=16)
    guide.line("計画1つを、このExcelブック1冊にまとめて書き、まとめて登録します。")
    guide.line("書く順番", size=12)
    for number, text in enumerate(_STEPS, start=1):
        guide.line(f"{number}. {text}")
    guide.line("どのシートにも共通すること", size=12)
    for text in _COMMON:
        guide.line(f"・{text}")
    guide.line("シートと見出し", size=12)
    guide.row(("シート", "見出し", "必須", "書き方"), is_heading=True)
    page.print_title_rows = f"{guide.number}:{guide.number}"
    for texts in _table():
        guide.row(texts)


def _table() -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each sheet, followed by one for each of its columns."""
    for sheet in SHEETS:
        yield sheet.title, "", REQUIRED_MARK if sheet.required else "", sheet.about
        for column in sheet.columns:
            mark = REQUIRED_MARK if column.empty is REQUIRED else ""
            yield "", column.heading, mark, about_column(column)


class _Guide:
    """Writes the sheet line by line, each as high as its text needs; ``number`` is the last one."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.number = 0

    def line(self, text: str, *, size: float = _LETTERS) -> None:
        """Write a line over the whole width; a larger one is a title."""
        cell = self._cell(text)
        line(cell, letters(size, bold=size > _LETTERS))
        lines = line_count(text, _ALL * _LETTERS / size)
        self._put([cell], row_height(lines) * size / _LETTERS)
        self._page.merged_cells.add(f"A{self.number}:D{self.number}")

    def row(self, texts: tuple[str, str, str, str], *, is_heading: bool = False) -> None:
        """Write a row of the table; one that begins with a sheet's name stands out."""
        cells = [self._cell(text) for text in texts]
        for place, cell in enumerate(cells):
            if is_heading:
                heading(cell)
            else:
                body(cell, centred=place == _MARKS)
                cell.font = letters(bold=bool(texts[0]))
        pairs = zip(texts, _WIDTHS, strict=True)
        self._put(cells, row_height(max(line_count(text, width) for text, width in pairs)))

    def _cell(self, text: str) -> Any:
        cell = WriteOnlyCell(self._page)
        put_text(cell, text)
        return cell

    def _put(self, cells: list[Any], height: float) -> None:
        self.number += 1
        self._page.row_dimensions[self.number].height = height
        self._page.append(cells)


_MARKS = 2  # the place of the column of marks

_STEPS = (
    "シート「計画」に、計画の名前と期間を1行で書きます。",
    "シート「体系」に、基本戦略と具体的施策を書きます。",
    "シート「指標」に、KPI（成果指標）とその計算のしかたを書きます。"
    "ここまでが必須です。あとのシートは空のままでもかまいません。",
    "シート「目標」に年度ごとの目標を、シート「実績」にこれまでの実績を書きます。",
    "KGI、アクション、判定基準、普及・周知は、計画にあるものだけを書きます。",
    "Excelブック（.xlsx）のまま保存し、管理画面の「計画」の一覧にある「計画ブックを取り込む」で取り込みます。"
    "新しい計画を登録できるのはシステム管理者です。"
    "登録する前に、何が変わるかを確かめる画面が出ます。直すところがあれば、シートとセルの番号がまとめて表示されます。"
    "直すところがなくなるまで、何も登録されません。",
)
_COMMON = (
    f"見出しの色が濃い黄色の列（下の表の {REQUIRED_MARK}）は、行を書くときに必ず入力します。ほかの列は空欄でもかまいません。",
    "見出しにマウスを合わせると、書き方が表示されます。",
    "シートの名前と見出しは変えないでください。列の順番は変えてもかまいません。使わない列とシートは消してもかまいません。",
    "コードは、指標やアクションを見分けるための番号です。目標や実績は、指標と同じコードを書いて結び付けます。",
    "0 と空欄は違います。0 は実績が0だったとき、空欄はまだ分からないときです。"
    "数値が出ない事情があるときは、実績値を空欄にして理由を選びます。",
    "数値は 1200、1,200、１，２００、▲5 のどの書き方でも読み取れます。",
    "ほかのファイルから写すときは「値の貼り付け」を使ってください。数式は取り込めません。",
)
