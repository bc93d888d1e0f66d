"""Open data: one row per indicator, fiscal year and term, each column declared once.

The rows feed CSV, XLSX and JSON alike. Blank is "there is none", 0 is zero, and a figure that is
missing for a reason says so in its status column.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import Term
from kpis.numerals import json_number, plain, round_decimal
from kpis.progress import IndicatorProgress, PlanProgress, Result, StrategyProgress, YearProgress

Value = str | int | Decimal | bool | None

LICENSE = "公共データ利用規約（第1.0版）"
# Windows' code page 932 lacks these spellings of characters that it has.
_CP932 = str.maketrans({"—": "―", "−": "－", "〜": "～", "∥": "‖", "¥": "￥"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: Japanese heading, key in JSON, what it means, and its width in a workbook."""

    heading: str
    key: str
    kind: str
    meaning: str
    width: int = 12  # in the workbook, in characters


COLUMNS = (
    Column("計画ID", "plan", "文字列", "計画を表す半角英数字", 20),
    Column("指標コード", "code", "文字列", "戦略番号と表の中の順番（例: 1-1）"),
    Column("基本戦略番号", "strategy_number", "整数", "基本戦略の番号"),
    Column("基本戦略", "strategy", "文字列", "基本戦略の名称", 22),
    Column("指標名", "indicator", "文字列", "成果指標（KPI）の名称", 58),
    Column("単位", "unit", "文字列", "目標値と実績値の単位"),
    Column("年度", "fiscal_year", "整数", "年度が始まる年の西暦（令和7年度は2025）"),
    Column("年度表記", "fiscal_year_label", "文字列", "元号による年度"),
    Column("期間", "term", "コード", "H1: 上半期（4～9月）／FY: 年度（4～3月）"),
    Column("目標値", "target", "数値", "その年度の目標。空欄は目標の状態を参照"),
    Column(
        "目標の状態",
        "target_status",
        "コード",
        "set: 設定／linked: 他の計画で今後定める目標値と連動／unset: 未設定",
    ),
    Column("実績値", "actual", "数値", "期間の実績。空欄は実績の状態を参照"),
    Column(
        "実績の状態",
        "actual_status",
        "コード",
        "reported: 確定／provisional: 速報／missing: 未入力または期間未到来／"
        "not_yet_due: 集計時期未到来／not_at_half_year: 上半期は算定しない／not_conducted: 未実施／"
        "not_measurable: 測定不能／not_in_paper: 公表資料に記載なし",
    ),
    Column("達成率", "rate", "数値", "パーセント、小数第6位まで。空欄は算定なし"),
    Column("達成率表示", "rate_display", "文字列", "公表した表示（例: 58.6%）。「—」は算定なし"),
    Column(
        "算式",
        "formula",
        "コード",
        "ratio: 単純比／inverse_ratio: 逆比／from_baseline: 基準値比／"
        "from_previous: 前年度比増分／none: 算定しない",
    ),
    Column(
        "達成", "met", "真偽", "true: 目標に到達／false: 未達成／空欄: 判定時期でない、判定できない"
    ),
    Column(
        "参考判定",
        "judgement",
        "文字列",
        "計画の判定基準による参考判定（市の公表資料にはない）",
        15,
    ),
    Column("公表版", "version", "整数", "この期間の公表の版"),
    Column("基準日", "as_of", "日付", "実績の基準日（YYYY-MM-DD）。期間未到来は空欄"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One datum; the fields are the columns' keys in their order."""

    plan: str
    code: str
    strategy_number: int
    strategy: str
    indicator: str
    unit: str
    fiscal_year: int
    fiscal_year_label: str
    term: str
    target: Decimal | None
    target_status: str
    actual: Decimal | None
    actual_status: str
    rate: Decimal | None
    rate_display: str
    formula: str
    met: bool | None
    judgement: str
    version: int | None
    as_of: str

    def values(self) -> tuple[Value, ...]:
        """Return the cells in the columns' order."""
        return tuple(getattr(self, column.key) for column in COLUMNS)


def rows(progress: PlanProgress) -> Iterator[Row]:
    """Yield a row for every indicator, year and term that has come; other years get one for FY."""
    for strategy in progress.strategies:
        for indicator in strategy.indicators:
            for year in indicator.years:
                for result in year.results or (None,):
                    yield _row(progress, strategy, indicator, year, result)


def _row(
    progress: PlanProgress,
    strategy: StrategyProgress,
    indicator: IndicatorProgress,
    year: YearProgress,
    result: Result | None,
) -> Row:
    rate = None if result is None else result.attainment.rate
    return Row(
        plan=progress.plan.slug,
        code=indicator.code,
        strategy_number=strategy.number,
        strategy=strategy.name,
        indicator=indicator.name,
        unit=indicator.unit,
        fiscal_year=year.fiscal_year,
        fiscal_year_label=year.label,
        term=(Term.FY if result is None else result.period.term).value,
        target=year.target.value,
        target_status=year.target.status.value,
        actual=None if result is None else result.actual.value,
        actual_status="missing" if result is None else result.actual.status,
        rate=None if rate is None else round_decimal(rate, 6),
        rate_display="" if result is None else result.attainment.display,
        formula=indicator.rule.formula.value,
        met=None if result is None else result.attainment.met,
        judgement="" if result is None else result.verdict.words,
        version=None if progress.edition is None else progress.edition.version,
        as_of="" if result is None else result.period.as_of.isoformat(),
    )


def csv_text(progress: PlanProgress) -> Iterator[str]:
    """Yield the CSV line by line, headings first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(column.heading for column in COLUMNS)
    for row in rows(progress):
        writer.writerow(cell_text(value) for value in row.values())
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def csv_bytes(progress: PlanProgress, encoding: str = "utf-8") -> Iterator[bytes]:
    """Yield the CSV as UTF-8 with a byte order mark, or as CP932 with 〓 for what it lacks."""
    if encoding == "utf-8":
        yield b"\xef\xbb\xbf"
        yield from (text.encode() for text in csv_text(progress))
        return
    for text in csv_text(progress):
        yield cp932(text)


def cp932(text: str) -> bytes:
    """Return the text in Windows' Japanese code page; 〓 stands for characters that it lacks."""
    whole = text.translate(_CP932)
    return b"".join(_cp932_character(one) for one in whole)


def _cp932_character(character: str) -> bytes:
    try:
        return character.encode("cp932")
    except UnicodeEncodeError:
        return "〓".encode("cp932")


def json_text(progress: PlanProgress) -> str:
    """Return the rows as a JSON list of objects, numbers as numbers, blanks as null."""
    found = [
        {column.key: _json(value) for column, value in zip(COLUMNS, row.values(), strict=True)}
        for row in rows(progress)
    ]
    return json.dumps(found, ensure_ascii=False, indent=1)


def cell_text(value: Value) -> str:
    """Return a cell of the CSV: blank for none, true or false, a figure without separators."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"  # a spreadsheet would run it
    return plain(value) if isinstance(value, Decimal) else str(value)


def _json(value: Value) -> str | int | float | bool | None:
    if value == "":
        return None
    return json_number(value) if isinstance(value, Decimal) else value
