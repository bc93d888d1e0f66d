"""The table of corrections: no difference is missed, and each is told in the words of the pages."""

import dataclasses
import datetime as dt
import types
import typing
from dataclasses import replace
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.fiscal import Period, Term
from actions.vocabulary import Actor, Revision, Stage
from kpis.differences import Difference, differences
from kpis.differences.items import DERIVED, ITEMS, NO_ITEM
from kpis.judgement import DEFAULT_BANDS, Verdict, override_with
from kpis.progress import Edition, PlanProgress
from kpis.vocabulary import Rounding, TargetStatus, Tone
from tests.builders import JST, actual, facts, result, rich_progress
from tests.test_properties import progresses, unhurried

CONSULTATIONS = "1-1 門真市中小企業サポートセンター相談件数"
VISITORS = "3-5 オープンファクトリー参加者数"
SEMINAR = "アクション1-1-1 デジタル化セミナーの開催"
GROSS = "KGI 市内製造業粗付加価値額"
# Where they stand in the builders' read model.
INDICATOR = ("strategies", 0, "indicators", 0)
RESULT = (*INDICATOR, "years", 1, "results", 0)
WAITING = ("strategies", 1, "indicators", 0, "years", 0, "results", 0)


def read_model(kind=PlanProgress):
    """Return every dataclass of the read model, found by its fields' types."""
    found = {kind}
    for hint in typing.get_type_hints(kind).values():
        for one in typing.get_args(hint) or (hint,):
            if dataclasses.is_dataclass(one) and one not in found:
                found |= read_model(one)
    return found


@pytest.mark.parametrize("kind", sorted(read_model(), key=lambda kind: kind.__name__))
def test_every_field_of_the_read_model_is_named_or_left_out_on_purpose(kind):
    items = (*ITEMS.get(kind, ()), *DERIVED.get(kind, ()))
    told = {name for item in items for name in item.fields}
    silent = NO_ITEM.get(kind, ())
    assert told | set(silent) == {field.name for field in dataclasses.fields(kind)}
    assert not told & set(silent)


def test_the_search_finds_the_whole_read_model():
    names = {kind.__name__ for kind in read_model()}
    assert {"Rule", "Trace", "Verdict", "KgiYear", "Publicity", "Edition", "Period"} <= names
    assert set(ITEMS) | set(DERIVED) | set(NO_ITEM) == read_model()


# --- nothing is missed ----------------------------------------------------------------------------

EXAMPLES = {
    Decimal: Decimal(1),
    int: 1,
    bool: True,
    dt.date: dt.date(2025, 4, 1),
    Verdict: override_with(DEFAULT_BANDS[0], "理由"),
}


def leaves(value, path=(), hint=None):
    """Yield the path, type and value of everything that a read model holds."""
    if dataclasses.is_dataclass(value):
        hints = typing.get_type_hints(type(value))
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name), (*path, field.name), hints[field.name])
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from leaves(one, (*path, place), type(one))
    else:
        yield path, hint, value


def put(whole, path, new):
    """Return the read model with another value at the path."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    if isinstance(whole, tuple):
        return (*whole[:first], put(whole[first], rest, new), *whole[first + 1 :])
    return replace(whole, **{first: put(getattr(whole, first), rest, new)})


def other(hint, value):
    """Return another value of the same type."""
    if value is None:
        (kind,) = (one for one in typing.get_args(hint) if one is not types.NoneType)
        return next(iter(kind)) if issubclass(kind, Enum) else EXAMPLES[kind]
    if isinstance(value, Enum):
        members = list(type(value))
        return members[(members.index(value) + 1) % len(members)]
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"{value}改"
    return value + (dt.timedelta(1) if isinstance(value, dt.date) else 1)


# A newer publication is one by its edition, and opinions are no corrections.
SILENT = ("edition", "meetings")
LEAVES = [leaf for leaf in leaves(rich_progress()) if leaf[0][0] not in SILENT]


@pytest.mark.parametrize(
    ("path", "hint", "value"), LEAVES, ids=[".".join(map(str, leaf[0])) for leaf in LEAVES]
)
def test_any_single_change_is_told(path, hint, value):
    before = rich_progress()
    after = put(before, path, other(hint, value))
    for told in (differences(before, after), differences(after, before)):
        assert told
        assert len(set(told)) == len(told)
        assert all(row.place and row.item and row.before and row.after for row in told)


def held(whole, path):
    """Return what a read model holds at the path."""
    for step in path:
        whole = whole[step] if isinstance(step, int) else getattr(whole, step)
    return whole


LISTS = sorted({path[:place] for path, _, _ in LEAVES for place in range(1, len(path))}, key=str)
# The sums of a rate are pairs of a name and a figure, not lists.
LISTS = [path for path in LISTS if isinstance(held(rich_progress(), path), tuple)]
LISTS = [path for path in LISTS if "inputs" not in path[:-1]]


@pytest.mark.parametrize("path", LISTS, ids=[".".join(map(str, path)) for path in LISTS])
def test_any_record_that_goes_or_comes_is_told(path):
    whole = rich_progress()
    fewer = put(whole, path, held(whole, path)[1:])
    assert differences(whole, fewer)
    assert differences(fewer, whole)


@unhurried
@given(progresses, st.data())
def test_any_single_change_of_any_read_model_is_told(before, data):
    found = [leaf for leaf in leaves(before) if leaf[0][0] not in SILENT]
    path, hint, value = data.draw(st.sampled_from(found))
    assert differences(before, put(before, path, other(hint, value)))


@unhurried
@given(progresses)
def test_equal_contents_give_no_row_whichever_publication_they_are(progress):
    edition = Edition(7, dt.datetime(2026, 1, 1, tzinfo=JST), "訂正")
    assert differences(progress, replace(progress, edition=edition)) == ()


def test_an_example_says_so_where_it_is_told():
    before = rich_progress()
    (gone,) = differences(before, replace(before, actions=before.actions[:1]))
    assert gone.place == "アクション1-1-2 工場見学の受入れ（例示）"


def test_opinions_and_replies_are_no_corrections():
    before = rich_progress()
    assert differences(before, replace(before, meetings=())) == ()


# --- how it is told -------------------------------------------------------------------------------


def test_a_corrected_figure_is_told_with_its_rate_and_judgement_but_not_its_sums():
    before = rich_progress()
    (strategy, _) = before.strategies
    rule = strategy.indicators[0].rule
    corrected = result(
        Period(2025, Term.H1),
        rule,
        actual("1200", display="1,200", printed_rate="58.6%", cause="相談増", provisional=True),
        facts("1200", "1200", Term.H1),
    )
    assert differences(before, put(before, RESULT, corrected)) == (
        Difference(CONSULTATIONS, "令和7年度上半期 実績", "704", "1,200（速報）"),
        Difference(CONSULTATIONS, "令和7年度上半期 達成率", "58.6%", "100%"),
        Difference(CONSULTATIONS, "令和7年度上半期 目標への到達", "（空欄）", "到達"),
        Difference(
            CONSULTATIONS,
            "令和7年度上半期 参考判定",
            "○概ね順調（計算では◎順調、変更の理由: 下期に減る見込みのため）",
            "◎順調",
        ),
    )


@pytest.mark.parametrize(
    ("path", "new", "place", "item", "old_words", "new_words"),
    [
        (("plan", "end_year"), 2030, "計画", "終了年度", "令和10年度", "令和12年度"),
        (("plan", "council"), "", "計画", "会議体", "門真市ものづくり産業振興懇話会", "（空欄）"),
        (
            ("period",),
            Period(2025, Term.FY),
            "計画",
            "報告期間",
            "令和7年度上半期",
            "令和7年度",
        ),
        (
            ("strategies", 0, "name"),
            "革新",
            "基本戦略1",
            "戦略名",
            "イノベーション",
            "革新",
        ),
        (
            ("strategies", 0, "measures", 1, "page"),
            52,
            "基本戦略1",
            "施策1-2 計画頁",
            "（空欄）",
            "P52",
        ),
        (
            (*INDICATOR, "name"),
            "相談件数",
            "1-1 相談件数",
            "指標名",
            "門真市中小企業サポートセンター相談件数",
            "相談件数",
        ),
        ((*INDICATOR, "baseline_value"), None, CONSULTATIONS, "基準値", "1,078", "（空欄）"),
        ((*INDICATOR, "measure_codes"), ("1-1",), CONSULTATIONS, "関連する施策", "1-1、1-2", "1-1"),
        (
            (*INDICATOR, "rule", "rounding"),
            Rounding.HALF_UP,
            CONSULTATIONS,
            "端数処理",
            "切り捨て",
            "四捨五入",
        ),
        (
            (*INDICATOR, "rule", "rated_at_half_year"),
            False,
            CONSULTATIONS,
            "上半期の達成率",
            "算定する",
            "算定しない",
        ),
        (
            (*INDICATOR, "years", 2, "target", "status"),
            TargetStatus.UNSET,
            CONSULTATIONS,
            "令和8年度 目標",
            "連動（実施計画で定める目標値と連動）",
            "未設定",
        ),
        ((*RESULT, "actual", "cause"), "", CONSULTATIONS, "令和7年度上半期 要因", "相談増", "（空欄）"),
        (
            (*RESULT, "actual", "next_step"),
            "訪問を増やす",
            CONSULTATIONS,
            "令和7年度上半期 今後の対応",
            "（空欄）",
            "訪問を増やす",
        ),
        ((*RESULT, "actual", "provisional"), True, CONSULTATIONS, "令和7年度上半期 実績", "704", "704（速報）"),
        ((*RESULT, "judgement", "override", "basis"), "別の理由", CONSULTATIONS, "令和7年度上半期 参考判定", "○概ね順調（計算では◎順調、変更の理由: 下期に減る見込みのため）", "○概ね順調（計算では◎順調、変更の理由: 別の理由）"),
        ((*RESULT, "judgement", "computed", "basis"), "別の根拠", CONSULTATIONS, "令和7年度上半期 判定の理由", "達成率 ÷ 見込割合0.5 が「100%以上」の区分", "別の根拠"),
        (
            (*WAITING, "actual"),
            actual(),
            VISITORS,
            "令和7年度上半期 実績",
            "—（集計時期未到来）",
            "未入力",
        ),
        (("kgis", 0, "base_year"), 2021, GROSS, "起点年", "令和4(2022)年", "令和3(2021)年"),
        (("kgis", 0, "years", 1, "comparator_growth"), Decimal("2.5"), GROSS, "令和5(2023)年 比較対象の伸び率", "1.9%", "2.5%"),
        (("kgis", 0, "years", 1, "difference"), Decimal("-1"), GROSS, "令和5(2023)年 差", "+3.3ポイント", "▲1.0ポイント"),
        (("kgis", 0, "years", 1, "index"), Decimal(105), GROSS, "令和5(2023)年 指数", "105.171634", "105"),
        (("bands", 1, "lower"), Decimal(75), "判定基準", "年度 ○概ね達成 下限", "80%以上", "75%以上"),
        (("bands", 3, "lower"), Decimal(0), "判定基準", "年度 ×遅れ 下限", "下限なし", "0%以上"),
        (("bands", 1, "label"), "ほぼ達成", "判定基準", "年度 ○ほぼ達成 判定", "概ね達成", "ほぼ達成"),
        (("publicity", 0, "day"), None, "普及・周知", "「日刊工業新聞」の日付", "令和6年7月25日", "（空欄）"),
        (("publicity", 1, "quantity"), Decimal(1500), "普及・周知", "「本編」の数量", "374部", "1,500部"),
        (("publicity", 1, "content"), "概要版", "普及・周知", "「概要版」の内容", "本編", "概要版"),
        (("actions", 0, "actor"), Actor.SUPPORT, SEMINAR, "主体", "行政", "支援機関"),
        (("actions", 0, "is_priority"), False, SEMINAR, "重点アクション", "重点", "重点ではない"),
        (("actions", 0, "years", 1, "stage"), Stage.PAUSED, SEMINAR, "令和7年度 段階", "実施", "休止"),
        (("actions", 0, "years", 1, "revision"), Revision.EXPAND, SEMINAR, "令和7年度 見直し", "（空欄）", "拡充"),
        (("actions", 0, "years", 0, "done"), "", SEMINAR, "令和6年度 年度の実施内容", "講師を決めた", "（空欄）"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_the_words_of_the_pages(path, new, place, item, old_words, new_words):
    before = rich_progress()
    told = differences(before, put(before, path, new))
    assert Difference(place, item, old_words, new_words) in told


@pytest.mark.parametrize(
    ("path", "row"),
    [
        (("strategies",), Difference("基本戦略1", "基本戦略", "（なし）", "イノベーション")),
        (
            ("strategies", 0, "measures"),
            Difference("基本戦略1", "施策1-1", "（なし）", "デジタル化"),
        ),
        (
            ("strategies", 0, "indicators"),
            Difference(
                CONSULTATIONS, "指標", "（なし）", "門真市中小企業サポートセンター相談件数（件）"
            ),
        ),
        (
            (*INDICATOR, "years", 0, "results"),
            Difference(
                CONSULTATIONS,
                "令和6年度",
                "（なし）",
                "実績 1,124（速報）、達成率 93.6%、参考判定 ○概ね達成",
            ),
        ),
        ((*INDICATOR, "years"), Difference(CONSULTATIONS, "令和6年度 目標", "（なし）", "1,200")),
        (("kgis",), Difference(GROSS, "KGI", "（なし）", "市内製造業粗付加価値額（万円）")),
        (("kgis", 0, "years"), Difference(GROSS, "令和3(2021)年", "（なし）", "（空欄）")),
        (("bands",), Difference("判定基準", "年度の区分", "（なし）", "◎達成（100%以上）")),
        (
            ("publicity",),
            Difference(
                "普及・周知", "記録", "（なし）", "令和6年7月25日、新聞、日刊工業新聞、第19面"
            ),
        ),
        (
            ("actions",),
            Difference(SEMINAR, "アクション", "（なし）", "デジタル化セミナーの開催"),
        ),
        (
            ("actions", 0, "years"),
            Difference(SEMINAR, "令和6年度", "（なし）", "準備、内容の検討"),
        ),
    ],
)
def test_what_came_or_went_is_one_row(path, row):
    whole = rich_progress()
    fewer = put(whole, path, held(whole, path)[1:])
    assert row in differences(fewer, whole)
    gone = replace(row, before=row.after, after=row.before)
    told = differences(whole, fewer)
    assert gone in told
    if path != ("strategies",) and path != (*INDICATOR, "years"):  # they held more than themselves
        assert told == (gone,)


def test_another_order_of_indicators_is_told():
    before = rich_progress()
    strategy = before.strategies[0]
    second = replace(strategy.indicators[0], code="1-2")
    both = put(before, ("strategies", 0, "indicators"), (*strategy.indicators, second))
    turned = put(both, ("strategies", 0, "indicators"), (second, *strategy.indicators))
    assert differences(both, turned) == (
        Difference("基本戦略1", "指標の並び", "1-1、1-2", "1-2、1-1"),
    )


def test_a_new_target_explains_the_sums_behind_an_unchanged_rate():
    """The rate's many digits follow from the target: a row for them would say it twice."""
    before = rich_progress()
    year = before.strategies[0].indicators[0].years[1]
    rule = before.strategies[0].indicators[0].rule
    target = replace(year.target, value=Decimal("1200.1"), display="1,200.1")
    rated = result(
        Period(2025, Term.H1), rule, year.results[0].actual, facts("704", "1200.1", Term.H1)
    )
    rated = replace(rated, judgement=year.results[0].judgement)
    after = put(before, (*INDICATOR, "years", 1), replace(year, target=target, results=(rated,)))
    assert differences(before, after) == (
        Difference(CONSULTATIONS, "令和7年度 目標", "1,200", "1,200.1"),
    )


def test_another_band_explains_the_basis_of_an_unchanged_judgement():
    before = rich_progress()
    after = put(before, ("bands", 4, "lower"), Decimal(95))
    after = put(after, (*RESULT, "judgement", "computed", "basis"), "「95%以上」の区分")
    assert [row.place for row in differences(before, after)] == ["判定基準"]


def test_rows_follow_the_paper_and_what_went_stands_where_it_stood():
    before = rich_progress()
    after = put(before, ("publicity",), ())
    after = put(after, ("kgis",), ())
    after = put(after, ("strategies", 1, "indicators", 0, "unit"), "名")
    after = put(after, ("strategies", 0, "indicators"), ())
    after = put(after, ("plan", "section"), "商工課")
    after = put(after, ("bands", 0, "tone"), Tone.FAIR)
    assert [row.place for row in differences(before, after)] == [
        "計画",
        CONSULTATIONS,
        VISITORS,
        GROSS,
        "判定基準",
        "普及・周知",
        "普及・周知",
    ]
