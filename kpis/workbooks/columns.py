"""The columns of the entry sheet: what stands in each, how wide it is, what its heading explains."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.fiscal import Period, Term, date_label, short_label
from kpis.entry import FIELDS, LABELS, LONGEST_TEXT, EntryRow
from kpis.followups import OVERDUE
from kpis.numerals import format_exact
from kpis.progress import Actual
from kpis.vocabulary import Kind
from kpis.workbooks.cells import line_count, text_width
from kpis.workbooks.looks import HIGHEST_ROW, row_height

SHEET = "実績入力"
PLAN_ID, PERIOD_ID, SECTION_ID = "計画ID", "期間", "所管課"
CODE, NAME, VERSION = "指標コード", "指標名", "版"
PROMISE = "前回の今後の対応"
EVERY_SECTION = "すべて"

PROVISIONAL = "（速報）"  # beside a figure that stands beside
_LEAST_FIGURE = 11
_WIDER = (26, 36, 50, 70, 96, 128, 180)


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``name`` is a field of the entry or the name of a fact beside it."""

    name: str
    heading: str
    width: int
    comment: str = ""

    @property
    def is_input(self) -> bool:
        """Return whether sections fill it in."""
        return self.name in FIELDS


def columns(period: Period, rows: Sequence[EntryRow]) -> tuple[Column, ...]:
    """Return the columns from left to right; the last one, 版, is not shown."""
    half_year = rows[0].half_year_period if rows else period
    half = period.term is Term.H1
    year = short_label(period.fiscal_year)
    return (
        Column("code", CODE, 8),
        Column("name", NAME, 26),
        Column("unit", "単位", _unit(rows)),
        Column("kind", "種別", 7),
        Column("section", "所管課", 12),
        Column("target", f"{year}目標", _figures(row.target.value for row in rows)),
        Column(
            "previous",
            f"{short_label(period.fiscal_year - 1)}実績",
            _actuals(row.previous for row in rows),
        ),
        Column(
            "half_year",
            f"{short_label(half_year.fiscal_year)}上半期実績",
            _actuals(row.half_year for row in rows),
        ),
        Column("value", LABELS["value"], _values(rows), _value_comment(period)),
        Column("reason", LABELS["reason"], 14, _REASON),
        Column("provisional", LABELS["provisional"], 6, _PROVISIONAL),
        *([Column("forecast", LABELS["forecast"], _values(rows), _FORECAST)] if half else []),
        _texts("cause", rows),
        _texts("next_step", rows),
        Column("next_step_owner", LABELS["next_step_owner"], 16, _OWNER),
        Column("next_step_due", LABELS["next_step_due"], 12, _DUE),
        *(_promises(rows) if any(one.is_asked for one in rows) else []),
        _texts("confirmation", rows),
        Column("carried_from", LABELS["carried_from"], 13, _CARRIED_FROM),
        Column("version", VERSION, 6),
    )


def _unit(rows: Sequence[EntryRow]) -> int:
    """Return a width in which a long unit takes few lines."""
    longest = max((text_width(row.unit) for row in rows), default=0)
    return min(max(7, longest + 2), 16)


def _figures(figures: Iterable[Decimal | None], mark: str = "") -> int:
    """Return the width that shows every figure: one that does not fit is shown as ####."""
    texts = (format_exact(one) + mark for one in figures if one is not None)
    return max((_LEAST_FIGURE, *(text_width(one) + 2 for one in texts)))


def _actuals(actuals: Iterable[Actual | None]) -> int:
    known = [one for one in actuals if one is not None]
    return max(
        _figures(one.value for one in known if not one.provisional),
        _figures((one.value for one in known if one.provisional), PROVISIONAL),
    )


def _values(rows: Sequence[EntryRow]) -> int:
    """Return a width for what is recorded, and for what last year and the target let expect."""
    last_year = (row.previous for row in rows)
    return max(
        _figures(row.entry.value for row in rows),
        _figures(row.entry.forecast for row in rows),
        _figures(row.target.value for row in rows),
        _figures(one.value for one in last_year if one is not None),
    )


def _texts(name: str, rows: Sequence[EntryRow]) -> Column:
    """Return the column of a text of the entry."""
    texts = [str(getattr(row.entry, name)) for row in rows]
    return Column(name, LABELS[name], words_width(texts), _WORDS[name])


def _promises(rows: Sequence[EntryRow]) -> list[Column]:
    """Return what was promised before, and the columns for what became of it."""
    return [
        Column("promise", PROMISE, words_width([promise_words(one) for one in rows]), _PROMISE),
        Column("follow_up", LABELS["follow_up"], 12, _FOLLOW_UP),
        _texts("follow_up_note", rows),
    ]


def promise_words(row: EntryRow) -> str:
    """Return the earlier counter-measure that the row is asked about; blank for none."""
    asked = row.promise
    if asked is None:
        return ""
    late = f"（{OVERDUE}）" if asked.is_overdue(row.period.as_of, row.entry.follow_up) else ""
    return "\n".join(filter(None, (f"【{asked.period.label}】{asked.step}", asked.words + late)))


def words_width(texts: Sequence[str]) -> int:
    """Return the least width at which the longest text still fits into a row."""
    for width in _WIDER[:-1]:
        if all(row_height(line_count(text, width)) < HIGHEST_ROW for text in texts):
            return width
    return _WIDER[-1]


def kind_words(kind: Kind, period: Period) -> str:
    """Return what a figure of this kind covers in this period, as in 4～9月の合計."""
    if kind is Kind.CUMULATIVE:
        return f"{period.span}の合計"
    if kind is Kind.LEVEL:
        return f"{date_label(period.as_of)}時点の値"
    if kind is Kind.MILESTONE:
        return f"{date_label(period.as_of)}までの達成・未達成"
    return f"{period.span}の割合"


def prompt(row: EntryRow) -> str:
    """Return what Excel says when the row's figure is about to be typed."""
    if row.kind is Kind.MILESTONE:
        goal = f"（{row.asked.words}）" if row.asked.words else ""
        return f"{kind_words(row.kind, row.period)}{goal}を、「達成」か「未達成」で入力します。"
    decimals = f"小数第{row.decimals}位まで" if row.decimals else "整数"
    return (
        f"{kind_words(row.kind, row.period)}を「{row.unit}」で入力します（{decimals}）。"
        "0 は実績が0のとき。数値がないときは空欄にして、右の列で理由を選びます。"
    )


def _value_comment(period: Period) -> str:
    kinds = "\n".join(f"{one.label}: {kind_words(one, period)}" for one in Kind)
    return (
        f"単位と種別に合わせて数値を入力します。\n{kinds}\n"
        "0 は実績が0のとき、空欄はまだ分からないときです。"
        "1200、1,200、１，２００、1,200件、▲5 のどの書き方でも読み取れます。"
    )


_REASON = "数値がないときだけ、一覧から理由を選びます。実績値は空欄にします。"
_PROVISIONAL = "あとで変わるかもしれない数値（速報値）のときだけ ○ を付けます。"
_FORECAST = (
    "年度末に見込まれる値を、分かるときだけ書きます。実績とは分けて「見込」として公表され、"
    "達成率や参考判定には使いません。"
)
_CARRIED_FROM = (
    "この期間に調査がなく、前の調査の値を実績値に書いたときだけ、その調査の年度を書きます。"
    "例: 令和5年度"
)
_OWNER = "今後の対応を、誰が（どの課が）行うかを書きます。公表されます。"
_DUE = (
    "今後の対応を、いつまでに行うかを書きます。公表されます。"
    "2026/3/31、R8.3.31、令和8年3月31日 のどの書き方でも読み取れます。"
    "令和8年3月末 は、その月の最後の日とします。"
)
_PROMISE = "前の期間に書かれた今後の対応です。行ったかどうかを、右の列に書きます。"
_FOLLOW_UP = (
    "左の対応を行ったかを、一覧から選びます。未実施・取りやめのときは、右の列に理由を書きます。"
    "公表されます。"
)
_LIMIT = f"{LONGEST_TEXT:,}字まで。セルの中の改行は Alt+Enter です。"
_WORDS = {
    "cause": f"増減や、目標に届かなかった要因を書きます。公表されます。{_LIMIT}",
    "next_step": f"目標に向けて今後行うことを書きます。公表されます。{_LIMIT}",
    "follow_up_note": f"行ったことや、行わなかった理由を書きます。公表されます。{_LIMIT}",
    "confirmation": f"前年度から大きく変わったときなどに、確かめたことを書きます。公表されません。{_LIMIT}",
}


def round_name(period: Period) -> str:
    """Return the round in the words of the title: 令和7年度（上半期）実績入力."""
    whole = Period(period.fiscal_year, Term.FY)
    return f"{whole.label}（{period.term.label}）実績入力"
