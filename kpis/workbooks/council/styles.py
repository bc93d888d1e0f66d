"""The named cell styles of the council's papers, which an office may change in one place."""

from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.writer.theme import theme_xml

from actions.vocabulary import Stage
from kpis.vocabulary import Tone
from kpis.workbooks.looks import FONT

FALLBACK = "游ゴシック"
INK = "1A1A1C"
_BLUE, _GREY, _LINE = "0017C1", "595959", "7F7F7F"
_SHIFT_JIS, _MODERN = 128, 3  # tell an office without the font to take another Japanese one
_OLD_FALLBACK = "&#xFF2D;&#xFF33; &#xFF30;&#x30B4;&#x30B7;&#x30C3;&#x30AF;"


@dataclass(frozen=True, slots=True)
class Style:
    """One named style; ``size`` is in points, ``fill`` and ``color`` are RRGGBB, blank for none.

    ``sides`` are the borders: left, right, top, bottom. What ``fits`` is drawn smaller where it
    would not go into its cell, instead of wrapping (a number that does not fit is shown as ###).
    """

    name: str
    size: float = 10
    bold: bool = False
    color: str = INK
    fill: str = ""
    across: str = "left"
    down: str = "top"
    sides: str = "lrtb"
    underline: bool = False
    fits: bool = False


TITLE = Style("資料 表題", 18, bold=True, sides="", down="center")
HEADING = Style("資料 見出し", 13, bold=True, color=_BLUE, sides="", down="center")
SUBHEADING = Style("資料 小見出し", 11, bold=True, sides="", down="center")
BODY = Style("資料 本文", sides="")
LARGE = Style("資料 本文（大）", 12, sides="", down="center")
POINT = Style("表 論点", 11, bold=True, down="center")
POINT_BODY = Style("表 論点（本文）", 11, down="center")
NOTE = Style("資料 注記", 9, color=_GREY, sides="")
NOTICE = Style("資料 ことわり", bold=True, sides="", down="center")
RIGHT = Style("資料 右寄せ", sides="", across="right")
NUMBER_BOX = Style("資料 番号", 12, bold=True, across="center", down="center")
LINK = Style("資料 リンク", color=_BLUE, underline=True, down="center")
HEAD = Style("表 見出し", bold=True, fill="DCE6F5", across="center", down="center")
BAND = Style("表 区分", bold=True, fill="EEF3FB", down="center")
LABEL = Style("表 行見出し", bold=True, down="center")
SMALL_LABEL = Style("表 行見出し（小）", 9, bold=True, down="center")
NAME = Style("表 指標名", down="center")
LARGE_NAME = Style("表 指標名（大）", 10.5, down="center")
TEXT = Style("表 文字")
SMALL = Style("表 文字（小）", 9)
CARD = Style("表 アクション名", 10.5, bold=True, fill="F5F5F5", down="center")
CARD_CODE = Style("表 番号", bold=True, fill="F5F5F5", across="center", down="center")
CARD_TEXT = Style("表 取組み", sides="lr")
CARD_END = Style("表 取組み（最後）", sides="lrb")
ASIDE = Style("表 項目", 9, fill="F5F8FD", across="center", down="center")
ALERT = Style("表 要注意", bold=True, fill="FCE5CD", across="center", down="center")
SETTLED = Style("表 対応済", fill="E6EEFC", across="center", down="center")
MIDDLE = Style("表 中央", across="center", down="center")
NUMBER = Style("表 数値", across="right", down="center")
CENTRED_NUMBER = Style("表 数値（中央）", across="center", down="center")
LARGE_NUMBER = Style("表 数値（大）", 11, across="center", down="center")
SUM = Style("表 合計", bold=True, fill="EEF3FB", across="center", down="center")
BLOCK = Style("表 指標見出し", 11, bold=True, fill="DCE6F5", down="center")
ABOVE_RATE = Style("表 実績（率の上）", 11, across="center", down="bottom", sides="lrt")
RATE_BELOW = Style("表 率（実績の下）", 11, across="center", sides="lrb")
_TINTS = {
    Tone.GOOD: ("判定 良い", "C9DAF8"),
    Tone.FAIR: ("判定 おおむね良い", "E6EEFC"),
    Tone.WEAK: ("判定 やや悪い", "FCE5CD"),
    Tone.BAD: ("判定 悪い", "F4C7C3"),
    Tone.NEUTRAL: ("判定 判定外", "EFEFEF"),
}
VERDICTS = {
    tone: Style(name, fill=fill, across="center", down="center")
    for tone, (name, fill) in _TINTS.items()
}
FITTED_VERDICTS = {
    tone: Style(f"{name}（縮小）", 9, fill=fill, across="center", down="center", fits=True)
    for tone, (name, fill) in _TINTS.items()
}
FITTED = Style("表 語（縮小）", 9, across="center", down="center", fits=True)
# Darker with more going on; told apart in a grey print too.
STAGES = {
    Stage.STUDY: Style("段階 検討", 9, fill="F7F9FC", across="center", down="center"),
    Stage.PREPARATION: Style("段階 準備", 9, fill="E1EAF6", across="center", down="center"),
    Stage.RUNNING: Style("段階 実施", 9, fill="BFD3EE", across="center", down="center"),
    Stage.EXPANSION: Style(
        "段階 拡充", 9, bold=True, fill="8FB3E0", across="center", down="center"
    ),
    Stage.DONE: Style(
        "段階 完了", 9, bold=True, color="FFFFFF", fill="44546A", across="center", down="center"
    ),
    Stage.PAUSED: Style("段階 休止", 9, color=_GREY, fill="D9D9D9", across="center", down="center"),
}
ALL = (
    *(TITLE, HEADING, SUBHEADING, BODY, LARGE, POINT, POINT_BODY, NOTE, NOTICE, RIGHT),
    *(NUMBER_BOX, LINK, HEAD, BAND, LABEL, SMALL_LABEL, NAME, TEXT, SMALL, MIDDLE),
    *(NUMBER, CENTRED_NUMBER, LARGE_NAME, LARGE_NUMBER, SUM, BLOCK, ABOVE_RATE, RATE_BELOW),
    *(CARD, CARD_CODE, CARD_TEXT, CARD_END, ASIDE, ALERT, SETTLED),
    *VERDICTS.values(),
    *FITTED_VERDICTS.values(),
    FITTED,
    *STAGES.values(),
)


def add_styles(book: Workbook) -> None:
    """Give the book our styles; whatever somebody types later stands in the fallback font."""
    # openpyxl has no public way to the standard font.
    standard = book._named_styles["Normal"]  # type: ignore[attr-defined]
    standard.font = Font(name=FALLBACK, size=11, charset=_SHIFT_JIS, family=_MODERN)
    standard.bind(book)
    book.loaded_theme = theme_xml.replace(_OLD_FALLBACK, FALLBACK).encode()
    for style in ALL:
        book.add_named_style(_named(style))


def _named(style: Style) -> NamedStyle:
    line, none = Side(style="thin", color=_LINE), Side()
    left, right, top, bottom = (line if one in style.sides else none for one in "lrtb")
    return NamedStyle(
        name=style.name,
        font=Font(
            name=FONT,
            size=style.size,
            bold=style.bold,
            color=style.color,
            underline="single" if style.underline else None,
            charset=_SHIFT_JIS,
            family=_MODERN,
        ),
        fill=PatternFill("solid", start_color=style.fill) if style.fill else PatternFill(),
        border=Border(left=left, right=right, top=top, bottom=bottom),
        alignment=Alignment(
            horizontal=style.across,
            vertical=style.down,
            wrap_text=not style.fits,
            shrink_to_fit=style.fits,
        ),
    )
