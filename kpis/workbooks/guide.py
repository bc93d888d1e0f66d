"""The second sheet of the entry workbook: how to fill in the first."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from actions.fiscal import Period, Term
from kpis.entry import LABELS
from kpis.vocabulary import Kind
from kpis.workbooks.cells import line_count, put_text
from kpis.workbooks.columns import PROMISE, SHEET, kind_words
from kpis.workbooks.looks import body, cell_at, heading, letters, print_on_a4, protect, row_height

GUIDE = "記入のしかた"
_WIDTHS = (22, 88)
PASTING = (
    "貼り付け",
    "ほかのファイルから写すときは「値の貼り付け」を使ってください。"
    "数式、リンク、#N/A などのエラーは取り込めません。",
)
RETURNING = (
    "返すとき",
    "Excelブック（.xlsx）のまま保存し、シートの名前と見出しを変えずに返してください。"
    "パスワードは付けないでください。",
)


def where_to_fill(sheet: str, noun: str) -> tuple[str, str]:
    """Return the line about which cells are filled in; the rows are of ``noun``."""
    return (
        "入力するところ",
        f"シート「{sheet}」の色の付いたセルだけです。ほかのセルは変えられません。"
        f"入力しない{noun}の行は、そのままにしておいてください。",
    )


def add_guide(book: Workbook, plan: str, lines: Sequence[tuple[str, str]]) -> None:
    """Add the sheet with the lines: what each is about, and what is said of it."""
    page = book.create_sheet(GUIDE)
    for letter, width in zip("AB", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    title = cell_at(page, 1, 1)
    put_text(title, GUIDE)
    title.font = letters(14, bold=True)
    page.row_dimensions[1].height = 26
    _put_row(page, 2, ("こと", "説明"))
    for place in (1, 2):
        heading(cell_at(page, 2, place))
    for number, texts in enumerate(lines, start=3):
        _put_row(page, number, texts)
    page.print_title_rows = "2:2"
    print_on_a4(page, plan, GUIDE, landscape=False)
    protect(page)


def _put_row(page: Worksheet, number: int, texts: tuple[str, str]) -> None:
    for place, text in enumerate(texts, start=1):
        cell = cell_at(page, number, place)
        put_text(cell, text)
        body(cell)
    lines = max(line_count(text, width) for text, width in zip(texts, _WIDTHS, strict=True))
    page.row_dimensions[number].height = row_height(lines)


def guide_lines(period: Period) -> list[tuple[str, str]]:
    """Return the lines for figures."""
    return [
        where_to_fill(SHEET, "指標"),
        (
            "0 と「—」と空欄",
            "0: 実績が0だったとき。0 と入力します。\n"
            "「—」: 数値がないとき。実績値を空欄にして、隣の列で理由を一覧から選びます。\n"
            "空欄: まだ分からないとき。未入力として残ります。",
        ),
        *(
            (f"種別が「{one.label}」の指標", f"{kind_words(one, period)}。{_KIND[one]}")
            for one in Kind
        ),
        (
            LABELS["provisional"],
            "あとで変わるかもしれない数値のときに ○ を付けます。確定したら ○ を消します。",
        ),
        *_forecast(period),
        (
            LABELS["carried_from"],
            "毎年は調査しない指標で、前の調査の値を実績値に書いたときに、その調査の年度を書きます"
            "（例: 令和5年度）。「令和5年度調査の値」と添えて公表されます。",
        ),
        (
            "数値の書き方",
            "1200、1,200、１，２００、1,200件、▲5 のどれでも読み取れます。"
            "小数は指標ごとに決まった桁までです。",
        ),
        PASTING,
        (
            f"{LABELS['cause']}・{LABELS['next_step']}",
            "公表されます。セルの中の改行は Alt+Enter です。",
        ),
        (
            f"{LABELS['next_step_owner']}・{LABELS['next_step_due']}",
            "今後の対応を、誰が、いつまでに行うかを書きます。期限は 2026/3/31、R8.3.31、"
            "令和8年3月31日 のどの書き方でも読み取れます。令和8年3月末 は3月31日とします。"
            "次の期間に、行ったかどうかを尋ねます。",
        ),
        (
            f"{LABELS['follow_up']}・{LABELS['follow_up_note']}",
            f"列「{PROMISE}」に対応が書かれている指標だけに記入します（どの指標にもないときは、"
            "列がありません）。結果は一覧から選び、未実施・取りやめのときは理由も書きます。",
        ),
        (
            LABELS["confirmation"],
            "前年度から大きく変わったときなどに、確かめたことを書きます。公表されません。",
        ),
        RETURNING,
    ]


def _forecast(period: Period) -> list[tuple[str, str]]:
    if period.term is not Term.H1:
        return []
    told = (
        "年度末に見込まれる値です。分かるときだけ書きます。実績とは分けて「見込」として公表され、"
    )
    return [(LABELS["forecast"], f"{told}達成率や参考判定には使いません。")]


_KIND = {
    Kind.CUMULATIVE: "4月からの累計を入力します。下半期だけの数は入力しません。",
    Kind.LEVEL: "その日に数えた値を入力します。",
    Kind.RATIO: "%で入力します（7.2% は 7.2 と入力します）。",
    Kind.MILESTONE: "「達成」か「未達成」を一覧から選びます（○と×、1と0も読み取れます）。",
}
