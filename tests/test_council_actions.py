"""アクション of the council's workbook: order, cards, marks, stages, pages, and what may be missing."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest
from openpyxl import Workbook

from actions.fiscal import Period, Term
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.papers import CouncilPapers
from kpis.progress import ActionYear, MeasureFacts
from kpis.workbooks.council import actions, council_workbook
from kpis.workbooks.council.styles import add_styles
from tests.builders import rich_actions, rich_progress
from tests.printed import opened, picture, seen

TITLE = "アクション"
SEMINAR, VISIT = rich_actions()
YEARS = ["R6年度", "R7年度", "R8年度", "R9年度", "R10年度"]


def book_of(*shown, **others):
    """Return the workbook of the rich plan with these actions."""
    progress = replace(rich_progress(), actions=shown, **others)
    return opened(council_workbook(CouncilPapers(progress, None, (), None)))


def page_of(*shown, **others):
    return book_of(*shown, **others)[TITLE]


def rows_of(page):
    return picture(page, page.dimensions)


def column(page, number=0):
    """Return what stands in a column, without what is merged or empty."""
    return [row[number] for row in rows_of(page) if row[number] not in ("", "<", "^")]


def card(page, code):
    """Return an action's labelled texts, its first row among them, up to the next code or band."""
    rows = rows_of(page)
    start = next(n for n, row in enumerate(rows) if row[0] == code)
    found = [(code, rows[start][1])]
    for row in rows[start + 1 :]:
        if row[1] == "<" or row[2] != "<":
            break
        found.append((row[0], row[1]))
    return found


def this_year(action, **fields):
    """Return the action with its year of R7 changed."""
    years = [replace(one, **fields) if one.fiscal_year == 2025 else one for one in action.years]
    return replace(action, years=tuple(years))


def breaks(page):
    return [one.id for one in page.row_breaks.brk]


# --- the whole sheet ------------------------------------------------------------------------------


def test_the_sheet_stands_where_there_are_actions_and_only_there():
    assert TITLE in book_of(SEMINAR).sheetnames
    assert TITLE not in book_of().sheetnames


def test_every_row_of_two_actions():
    """The whole sheet, typed by hand; | parts cells, < is merged with the cell to the left."""
    wall = "<|<|<|<|<|<"
    labelled = "<|<|<|<|<"
    assert ["|".join(row).replace("\n", "/") for row in rows_of(page_of(SEMINAR, VISIT))] == [
        f"アクション 2件（うち★重点 1件）　令和7年度の取組み|{wall}",
        f"【例示】の付いたものは記入の例であり、実際の取組みではありません。|{wall}",
        f"計画より遅れているもの 1件: 1-1-1（遅れ）|{wall}",
        "||||||",
        "番号|アクション|R6年度|R7年度|R8年度|R9年度|R10年度",
        f"○(1) イノベーション（Change・Chance・Challenge）|{wall}",
        f"施策1-1 デジタル化（計画P48）|{wall}",
        f"ものづくり事業者|{wall}",
        "1-1-2|【例示】工場見学の受入れ|||||",
        f"KPI・担当|KPI: 設定なし（市の事業ではないため）|{labelled}",
        f"令和7年度|計画・実施内容などの記入はありません。|{labelled}",
        f"行政|{wall}",
        "1-1-1|★重点 デジタル化セミナーの開催|準備|実施|||",
        f"内容|市内企業向けのセミナーを開き、/個別相談につなげる|{labelled}",
        f"重点の理由|人手不足への対応が急がれるため|{labelled}",
        "KPI・担当|KPI: 1-1 門真市中小企業サポートセンター相談件数/"
        f"所管課: 産業振興課　連携先: 門真市中小企業サポートセンター|{labelled}",
        f"計画 PLAN|年4回の開催|{labelled}",
        f"実施 DO|【上半期】1回開催した|{labelled}",
        f"評価 CHECK/■遅れ|【遅れ】申込みが少ない|{labelled}",
    ]


def test_strategies_and_measures_stand_in_the_papers_order_and_empty_ones_are_left_out():
    progress = rich_progress()
    measures = tuple(MeasureFacts(f"3-{n}", n, f"施策{n}", None) for n in (1, 2, 3))
    third = replace(progress.strategies[1], measures=measures)
    shown = [replace(SEMINAR, code=f"{one}-1", measure_code=one) for one in ("3-3", "1-2", "3-1")]
    page = page_of(*shown, strategies=(progress.strategies[0], third))
    found = [text for text in column(page) if text[0] == "○" or "施策" in text]
    assert found == [
        "○(1) イノベーション（Change・Chance・Challenge）",
        "施策1-2 脱炭素",
        "○(3) 基盤・集積強化",
        "施策3-1 施策1",
        "施策3-3 施策3",
    ]


def test_each_strategy_begins_on_a_new_page():
    progress = rich_progress()
    third = replace(progress.strategies[1], measures=(MeasureFacts("3-1", 1, "人材", 61),))
    last = replace(SEMINAR, code="3-1-1", measure_code="3-1")
    page = page_of(SEMINAR, last, strategies=(progress.strategies[0], third))
    row = next(cell.row for cell in page["A"] if seen(cell) == "○(3) 基盤・集積強化")
    assert breaks(page) == [row - 1]


def test_an_action_of_an_unknown_measure_is_not_lost():
    page = page_of(SEMINAR, replace(VISIT, measure_code="9-9"))
    assert column(page)[-6:-3] == ["その他のアクション", "施策9-9", "ものづくり事業者"]
    assert "【例示】工場見学の受入れ" in column(page, 1)


def test_actors_stand_in_the_papers_order_within_a_measure():
    shown = [
        replace(VISIT, code=code, actor=actor)
        for code, actor in (("a", "support"), ("b", "city"), ("c", "business"), ("d", "support"))
        for actor in [Actor(actor)]
    ]
    order = ["ものづくり事業者", "c", "行政", "b", "支援機関", "a", "d"]
    assert [one for one in column(page_of(*shown)) if one in order] == order


# --- a card ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "words", "fill"),
    [
        (Stage.STUDY, "検討", "00F7F9FC"),
        (Stage.PREPARATION, "準備", "00E1EAF6"),
        (Stage.RUNNING, "実施", "00BFD3EE"),
        (Stage.EXPANSION, "拡充", "008FB3E0"),
        (Stage.DONE, "完了", "0044546A"),
        (Stage.PAUSED, "休止", "00D9D9D9"),
    ],
)
def test_a_stage_stands_in_words_and_a_tint_of_its_own(stage, words, fill):
    page = page_of(this_year(SEMINAR, stage=stage))
    cell = next(cell for row in page.rows for cell in row if seen(cell) == "1-1-1").offset(0, 3)
    assert (seen(cell), cell.fill.start_color.rgb) == (words, fill)
    assert seen(page.cell(4, 4)) == "R7年度"  # the column is that of the year


def test_the_tints_stay_apart_in_a_grey_print():
    """The luminance of neighbours in a plan's course differs by a twentieth at least."""
    tints = ["F7F9FC", "E1EAF6", "BFD3EE", "8FB3E0", "44546A"]
    grey = [
        sum(int(one[n : n + 2], 16) * part for n, part in ((0, 0.299), (2, 0.587), (4, 0.114)))
        for one in tints
    ]
    assert all(light - dark > 255 / 20 for light, dark in pairwise(grey))


def test_the_years_are_those_of_the_plan():
    plan = replace(rich_progress().plan, start_year=2025, end_year=2026)
    page = page_of(SEMINAR, plan=plan)
    heads = next(row for row in rows_of(page) if row[0] == "番号")
    assert heads == ["番号", "アクション", "R7年度", "R8年度"]
    first = next(row for row in rows_of(page) if row[0] == "1-1-1")
    assert first[2:] == ["実施", ""]


def test_a_whole_year_is_told_with_its_evaluation_and_revision():
    page = page_of(SEMINAR, period=Period(2024, Term.FY))
    assert card(page, "1-1-1")[4:] == [
        ("計画 PLAN", "内容の検討"),
        ("実施 DO", "【年度】講師を決めた"),
        ("評価 CHECK", "【計画どおり】会場が足りない"),
        ("見直し ACTION", "【改善】会場を増やす"),
    ]


def test_both_halves_stand_in_do():
    page = page_of(this_year(SEMINAR, done="4回開催した"))
    assert ("実施 DO", "【上半期】1回開催した\n【年度】4回開催した") in card(page, "1-1-1")


@pytest.mark.parametrize("words", ["やや遅れ", "遅れ", "未着手"])
def test_what_is_late_stands_out_in_words_and_on_top(words):
    late = next(one for one in Evaluation if one.label == words)
    page = page_of(this_year(SEMINAR, evaluation=late, results=""))
    assert (f"評価 CHECK\n■{words}", f"【{words}】") in card(page, "1-1-1")
    assert f"計画より遅れているもの 1件: 1-1-1（{words}）" in column(page)
    label = next(cell for cell in page["A"] if seen(cell).startswith("評価"))
    assert label.style == "表 要注意"


@pytest.mark.parametrize("evaluation", [Evaluation.AHEAD, Evaluation.ON_PLAN, None])
def test_what_is_not_late_does_not_stand_out(evaluation):
    page = page_of(this_year(SEMINAR, evaluation=evaluation))
    assert not [one for one in column(page) if "遅れて" in one or "■" in one]
    assert "表 要注意" not in {cell.style for row in page.rows for cell in row}


def test_what_is_not_written_has_no_row():
    year = ActionYear(2025, Stage.RUNNING, "", "", "", "", None, Revision.CONTINUE, "")
    bare = replace(SEMINAR, content="", is_priority=False, years=(year,))
    assert [label for label, _ in card(page_of(bare), "1-1-1")] == [
        "1-1-1",
        "KPI・担当",
        "見直し ACTION",
    ]


def test_an_action_without_the_periods_year_says_so():
    page = page_of(replace(SEMINAR, years=SEMINAR.years[:1]))
    assert card(page, "1-1-1")[-1] == ("令和7年度", "計画・実施内容などの記入はありません。")


@pytest.mark.parametrize(
    ("codes", "reason", "words"),
    [
        ((), "", "KPI: 設定なし"),
        ((), "測れないため", "KPI: 設定なし（測れないため）"),
        (("9-9",), "", "KPI: 9-9"),
        (
            ("1-1", "3-5"),
            "",
            "KPI: 1-1 門真市中小企業サポートセンター相談件数、3-5 オープンファクトリー参加者数",
        ),
    ],
)
def test_the_indicators_are_named_or_why_there_are_none(codes, reason, words):
    one = replace(SEMINAR, indicator_codes=codes, no_indicator_reason=reason, section="")
    texts = dict(card(page_of(replace(one, partners="")), "1-1-1"))
    assert texts["KPI・担当"] == words


def test_examples_are_announced_only_where_there_are_any():
    notice = "【例示】の付いたものは記入の例であり、実際の取組みではありません。"
    assert notice in column(page_of(SEMINAR, VISIT))
    assert notice not in column(page_of(SEMINAR))
    both = page_of(replace(SEMINAR, is_example=True))
    assert "★重点 【例示】デジタル化セミナーの開催" in column(both, 1)


def test_a_text_like_a_formula_stays_text():
    hostile = '=HYPERLINK("http://example.com")'
    page = page_of(replace(SEMINAR, name=hostile, content=hostile, code="=1", is_priority=False))
    found = [cell for row in page.rows for cell in row if cell.value in (hostile, "=1")]
    assert len(found) == 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)


# --- pages ----------------------------------------------------------------------------------------


def many(count):
    text = "市内企業の人手不足に対応するため、専門家による個別の相談につなげる。"
    years = tuple(
        ActionYear(year, Stage.RUNNING, text, text, text, text * 2, Evaluation.ON_PLAN, None, text)
        for year in range(2024, 2029)
    )
    return [
        replace(SEMINAR, code=f"1-1-{n}", actor=list(Actor)[n % 3], years=years)
        for n in range(count)
    ]


def height_of(page, first, last):
    return sum(page.row_dimensions[row].height for row in range(first, last + 1))


def pages_of(page):
    """Return the first and the last row of each printed page."""
    ends = [*breaks(page), page.max_row]
    return list(zip([1, *(one + 1 for one in ends)], ends, strict=False))


def test_two_hundred_actions_fill_many_pages_each_whole_and_headed():
    page = page_of(*many(200))
    assert page.print_title_rows == "$3:$3"
    assert [seen(cell) for cell in page[3]] == ["番号", "アクション", *YEARS]
    found = pages_of(page)
    assert 60 < len(found) < 150
    repeated = page.row_dimensions[3].height
    printed_height = 595.2 - (0.7 + 0.6) * 72  # A4 landscape within our margins
    for first, last in found:
        assert height_of(page, first, last) + repeated < printed_height
    for first, _ in found[1:]:
        top = seen(page.cell(first, 1))
        assert top == "施策1-1 デジタル化（計画P48）（続き）" or top.endswith("開催（続き）")
    codes = [cell for cell in column(page) if cell.startswith("1-1-") and "続き" not in cell]
    assert len(codes) == 200


def test_only_what_goes_on_overleaf_says_so():
    """Three measures of seven actions, of all actors: their first headings say nothing."""
    first = rich_progress().strategies[0]
    measures = tuple(MeasureFacts(f"1-{n}", n, "名", None) for n in (1, 2, 3))
    shown = [
        replace(one, code=f"{measure.code}-{n}", measure_code=measure.code)
        for measure in measures
        for n, one in enumerate(many(7), start=1)
    ]
    page = page_of(*shown, strategies=(replace(first, measures=measures),))
    found = [text for text in column(page) if text.startswith("施策")]
    assert len(found) > 3
    for measure in measures:
        own = [text for text in found if text.startswith(f"施策{measure.code}")]
        assert own[0] == f"施策{measure.code} 名"
        assert set(own[1:]) <= {f"施策{measure.code} 名（続き）"}


def test_no_heading_is_left_alone_at_the_foot_of_a_page():
    page = page_of(*many(200))
    for _, last in pages_of(page):
        assert seen(page.cell(last, 1)) in ("見直し ACTION", "計画 PLAN", "実施 DO", "評価 CHECK")


def test_a_card_that_goes_on_overleaf_is_closed_and_named_again():
    page = page_of(this_year(SEMINAR, results="長い成果と課題。" * 700))
    assert len(breaks(page)) >= 1
    for end in breaks(page):
        assert page.cell(end, 2).border.bottom.style == "thin"
        assert seen(page.cell(end + 1, 1)) == "1-1-1 ★重点 デジタル化セミナーの開催（続き）"
    texts = "".join(seen(cell) for cell in page["B"])
    assert f"【遅れ】{'長い成果と課題。' * 700}" in texts
    assert max(one.height for one in page.row_dimensions.values()) <= 409


def test_a_text_of_32768_characters_arrives_whole():
    text = "".join(f"{n:07d}。" for n in range(4096))
    page = page_of(this_year(SEMINAR, results=text))
    assert f"【遅れ】{text}" in "".join(seen(cell) for cell in page["B"])
    for first, last in pages_of(page):
        assert height_of(page, first, last) < 500


def test_a_thousand_actions_are_written_quickly():
    progress = replace(rich_progress(), actions=tuple(many(1000)))
    book = Workbook()
    add_styles(book)
    begun = time.process_time()
    actions.add(book, CouncilPapers(progress, None, (), None))
    assert time.process_time() - begun < 3  # half of it on a machine that does nothing else
