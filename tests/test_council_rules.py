"""算定ルール・注記 of the council's workbook: each of its tables, and what is said where there is none."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis.differences import Difference
from kpis.papers import CouncilPapers
from kpis.selectors import shown
from kpis.vocabulary import ActualReason
from kpis.workbooks.council import council_workbook
from tests.builders import rich_progress
from tests.printed import opened, picture, seen
from tests.test_council_tables import papers_of

TITLE = "算定ルール・注記"
CHANGE = Difference("指標1-1 相談件数", "令和7年度上半期 実績", "703", "704")


def papers(*corrections, **others):
    return CouncilPapers(replace(rich_progress(), **others), None, corrections, None)


def page_of(made):
    return opened(council_workbook(made))[TITLE]


def table(page, title):
    """Return the rows below a title up to the next one: | parts cells, / is a new line.

    Merged and empty rows are left out.
    """
    rows = [[one for one in row if one not in ("<", "^")] for row in picture(page, page.dimensions)]
    start = next(n for n, row in enumerate(rows) if row[0] == title) + 1
    ends = [n for n in range(start, len(rows)) if re.match(r"\d　", rows[n][0])]
    below = rows[start : ends[0] if ends else None]
    return ["|".join(row).replace("\n", "/") for row in below if any(row)]


def of(title, *corrections, **others):
    return table(page_of(papers(*corrections, **others)), title)


@pytest.fixture
def page(published):
    """The sheet for the city's plan at R7 上半期."""
    return page_of(papers_of(published))


# --- formulas and rules ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_formulas_in_use_stand_in_words_with_their_indicators_and_an_example(page):
    assert table(page, "1　達成率の算式") == [
        "達成率は、指標ごとに決めた算式と端数処理で、記録した数値から毎回計算します。"
        "達成率は100%を超えることもあり、基準より後退した場合は負（▲）になります。",
        "算式|この計画で使う指標|数値による例",
        "単純比: 実績 ÷ 目標"
        "|1-1、1-2、1-3、1-4、1-5、2-1、2-2、2-3、3-1、3-2、3-3、3-4、3-5、3-6"
        "|1-1 令和7年度上半期: 704 ÷ 1,200 × 100 = 58.666666… → 58.6%",
        "前年度比増分: （実績 − 前年度実績）÷（目標 − 前年度実績）|2-4"
        "|2-4 令和7年度上半期: （137 − 136）÷（150 − 136） × 100 = 7.142857… → 7.1%",
    ]


def test_a_formula_without_a_rate_yet_has_no_example():
    assert of("1　達成率の算式")[3].endswith("|3-5|—")


@pytest.mark.django_db
def test_every_indicators_rule_stands_in_one_row(page):
    found = table(page, "2　指標ごとの算定ルール")
    assert found[0] == (
        "コード|指標名|種別|方向|算式|上半期の達成率|見込割合|小数桁|端数処理|末尾の0"
    )
    assert (
        found[1]
        == "1-1|門真市中小企業サポートセンター相談件数|累計|増加|単純比|算定する|0.5|1|切り捨て|省く"
    )
    rows = [row for row in found if row[1:2] == "-"] + [
        row for row in table(page, "2　指標ごとの算定ルール（続き）") if row[1:2] == "-"
    ]
    assert len(rows) == 15
    assert (
        rows[6] == "2-2|門真市ものづくり企業ネットワーク会員大会・定例会参加率"
        "|割合|増加|単純比|算定しない|—|1|四捨五入|省く"
    )
    assert (
        rows[7] == "2-3|もりかど産業支援機関ネットワーク活動回数"
        "|累計|増加|単純比|算定する|0.5|0|四捨五入|省く"
    )
    assert (
        rows[8] == "2-4|「ものづくりタウンかどま」掲載企業数"
        "|時点|増加|前年度比増分|算定する|0.5|1|四捨五入|省く"
    )


def test_an_odd_rule_shows_each_of_its_properties():
    row = of("2　指標ごとの算定ルール")[2]
    assert (
        row
        == "3-5|オープンファクトリー参加者数|時点|維持|前年度比増分|算定しない|—|2|切り捨て|残す"
    )


def test_the_share_and_the_decimals_are_numbers():
    progress = rich_progress()
    one = next(progress.indicators)
    odd = replace(one, rule=replace(one.rule, expected_share=Decimal("0.25"), rate_decimals=2))
    strategy = replace(progress.strategies[0], indicators=(odd,))
    page = page_of(papers(strategies=(strategy,)))
    row = next(row for row in page.rows if seen(row[0]) == "1-1")
    figures = [
        (cell.value, cell.number_format) for cell in row if isinstance(cell.value, int | float)
    ]
    assert figures == [(0.25, '#,##0.00;"▲"#,##0.00'), (2, "#,##0")]


def test_a_plan_without_indicators_says_so_in_each_table():
    page = page_of(papers(strategies=()))
    assert table(page, "2　指標ごとの算定ルール") == ["指標はありません。"]
    assert table(page, "4　「—」の理由") == ["「—」で示した値はありません。"]
    assert table(page, "5　参考判定を変更した指標") == ["変更した判定はありません。"]
    assert table(page, "6　指標の定義・注記") == ["定義・注記のある指標はありません。"]


# --- judgement ------------------------------------------------------------------------------------


def test_the_bands_stand_half_open_with_what_they_rest_on():
    found = of("3　参考判定の基準")
    assert found[0] == (
        "参考判定は本システムの基準によるもので、市の公表資料にはありません。"
        "区分は端数処理をする前の率で決めます。"
    )
    assert "・" in found[1]
    assert any("見込割合" in one and "割った率" in one for one in found[1:6])
    assert found[6:] == [
        "記号|判定|範囲（端数処理前の率）",
        "年度（年度の実績の達成率に当てはめる）",
        "◎|達成|100%以上",
        "○|概ね達成|80%以上 100%未満",
        "△|やや遅れ|50%以上 80%未満",
        "×|遅れ|50%未満",
        "上半期（年度中に積み上がる指標は、達成率を見込割合で割った率に当てはめる）",
        "◎|順調|100%以上",
        "○|概ね順調|80%以上 100%未満",
        "△|やや遅れ|50%以上 80%未満",
        "×|遅れ|50%未満",
    ]


def test_a_band_has_the_tint_of_its_judgement():
    page = page_of(papers())
    tints = {seen(row[0]): row[0].fill.start_color.rgb[2:] for row in page.rows}
    assert [tints[sign] for sign in "◎○△×"] == ["C9DAF8", "E6EEFC", "FCE5CD", "F4C7C3"]


def test_a_plan_without_bands_says_so():
    assert of("3　参考判定の基準", bands=())[-1] == "判定基準は設定されていません。"


def test_bands_of_one_term_alone_leave_the_other_out():
    bands = tuple(one for one in rich_progress().bands if one.term is Term.FY)
    found = of("3　参考判定の基準", bands=bands)
    assert found[-5].startswith("年度（")
    assert not [one for one in found if one.startswith("上半期（")]


def test_a_changed_judgement_stands_beside_the_computed_one_with_its_reason():
    assert of("5　参考判定を変更した指標") == [
        "コード|指標名|計算による判定|変更後の判定|変更の理由",
        "1-1|門真市中小企業サポートセンター相談件数|◎順調|○概ね順調|下期に減る見込みのため",
    ]


def test_a_judgement_changed_in_another_period_is_not_told():
    found = of("5　参考判定を変更した指標", period=Period(2024, Term.FY))
    assert found == ["変更した判定はありません。"]


# --- notes ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_reason_stands_with_its_indicators(page):
    assert table(page, "4　「—」の理由") == [
        "理由|期間|欄|指標",
        "公表資料に記載なし|令和7年度上半期|実績|1-2、1-4、3-3、3-5",
        "上半期は達成率を算定しない|令和7年度上半期|達成率|2-2",
    ]


@pytest.mark.parametrize("reason", ActualReason)
def test_every_reason_for_having_no_figure_can_stand(reason):
    progress = rich_progress()
    third = progress.strategies[1].indicators[0]
    first, whole = third.years[0].results
    changed = replace(first, actual=replace(first.actual, reason=reason, reason_words=reason.label))
    years = (replace(third.years[0], results=(changed, whole)), third.years[1])
    strategy = replace(progress.strategies[1], indicators=(replace(third, years=years),))
    found = of("4　「—」の理由", strategies=(strategy,))
    assert f"{reason.label}|令和7年度上半期|実績|3-5" in found


def test_years_before_the_plan_are_left_out():
    plan = replace(rich_progress().plan, start_year=2026)
    assert of("4　「—」の理由", plan=plan) == ["「—」で示した値はありません。"]


@pytest.mark.django_db
def test_definitions_and_notes_stand_where_there_are_any(page):
    first = table(page, "6　指標の定義・注記")
    found = first + table(page, "6　指標の定義・注記（続き）")
    assert first[0] == "コード|指標名|定義|注記"
    assert "1-3|先端設備等導入計画認定件数|※新規申請・変更申請の合計|" in found


def test_a_note_keeps_its_lines_and_quotes():
    assert of("6　指標の定義・注記")[1:] == [
        '1-1|門真市中小企業サポートセンター相談件数||※引用符 " と/改行を含む注記',
        "3-5|オープンファクトリー参加者数|定義|",
    ]


# --- corrections and terms ------------------------------------------------------------------------


def test_a_correction_stands_with_what_it_said_before():
    assert of("8　訂正", CHANGE) == [
        "第1版を次のとおり訂正しました。",
        "訂正の理由: 誤記の訂正",
        "箇所|項目|訂正前|訂正後",
        "指標1-1 相談件数|令和7年度上半期 実績|703|704",
    ]


def test_a_correction_without_a_reason_has_no_line_for_it():
    edition = replace(rich_progress().edition, reason="", version=3)
    assert of("8　訂正", CHANGE, edition=edition)[:2] == [
        "第2版を次のとおり訂正しました。",
        "箇所|項目|訂正前|訂正後",
    ]


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (1, "この期間の最初の公表であり、訂正はありません。"),
        (2, "この版に訂正はありません。"),
    ],
)
def test_a_version_without_corrections_says_so(version, words):
    edition = replace(rich_progress().edition, version=version)
    assert of("8　訂正", edition=edition) == [words]


def test_many_corrections_have_their_headings_on_every_page():
    changes = [
        replace(CHANGE, place=f"指標{n}", before="旧" * 50, after="新" * 50) for n in range(90)
    ]
    page = page_of(papers(*changes))
    tops = [one.id + 1 for one in page.row_breaks.brk]
    again = [row for row in tops if seen(page.cell(row, 1)) == "8　訂正（続き）"]
    assert len(again) >= 5
    for row in again:
        heads = picture(page, f"A{row + 1}:K{row + 1}")[0]
        assert [one for one in heads if one != "<"] == ["箇所", "項目", "訂正前", "訂正後"]
    found = [seen(cell) for cell in page["A"] if seen(cell).startswith("指標")]
    assert found == [f"指標{n}" for n in range(90)]


def test_the_data_and_its_terms_are_named_in_plain_text():
    page = page_of(papers())
    assert table(page, "9　オープンデータと利用条件") == [
        "項目|内容",
        "データのありか|公開ページの「オープンデータ」（/kadoma-monozukuri/data/）で"
        "CSV・XLSX・JSONを提供しています。",
        "この版の変わらないアドレス|/kadoma-monozukuri/data/2025-H1/v2-2025-12-02/kpis.csv",
        "利用条件|公共データ利用規約（第1.0版）により、出典を記載すれば自由に利用できます。/"
        "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
        "出典の記載例|「門真市ものづくり産業振興計画 令和7年度上半期（第2版）」",
    ]
    assert not [cell for row in page.rows for cell in row if cell.hyperlink]


def test_live_records_offer_nothing_to_be_passed_on():
    page = page_of(papers(edition=None))
    assert table(page, "8　訂正") == ["公表前のため、訂正はありません。"]
    assert table(page, "9　オープンデータと利用条件")[1:] == [
        "利用条件|公表前のデータです。庁内での確認にだけ使ってください。"
    ]


# --- pages and texts ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_page_is_higher_than_paper_and_none_ends_with_a_heading(published):
    progress = shown(published.slug).progress
    strategies = [replace(one, indicators=one.indicators * 4) for one in progress.strategies]
    page = page_of(papers_of(published, progress=replace(progress, strategies=tuple(strategies))))
    ends = [one.id for one in page.row_breaks.brk]
    assert len(ends) > 6
    printed_height = 595.2 - (0.7 + 0.6) * 72  # A4 landscape within our margins
    for first, last in zip([0, *ends], [*ends, page.max_row], strict=True):
        heights = [page.row_dimensions[row].height for row in range(first + 1, last + 1)]
        assert sum(heights) < printed_height
        assert not page.cell(last, 1).style.startswith(("資料 小見出し", "表 見出し", "表 区分"))


def test_long_texts_go_on_in_further_rows():
    text = "".join(f"{n:07d}。" for n in range(4096))
    page = page_of(papers(replace(CHANGE, before=text, after=text[::-1])))
    columns = ([seen(row[n]) for row in page.rows] for n in (3, 7))
    joined = ["".join(one for one in column if "訂正" not in one) for column in columns]
    assert text in joined[0]
    assert text[::-1] in joined[1]
    assert max(one.height for one in page.row_dimensions.values()) <= 409


@pytest.mark.parametrize("text", ['=HYPERLINK("http://example.com")', "+1", "-1+2", "@SUM(A1)"])
def test_a_text_like_a_formula_stays_text(text):
    page = page_of(papers(Difference(text, text, text, text)))
    found = [cell for row in page.rows for cell in row if cell.value == text]
    assert len(found) == 4
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)
