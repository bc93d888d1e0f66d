"""意見と対応 of the council's workbook: which meetings, in which order, and what became of opinions."""

import datetime as dt
from dataclasses import replace

import pytest

from kpis.papers import CouncilPapers
from kpis.progress import MeetingProgress, Opinion
from kpis.vocabulary import OpinionState
from kpis.workbooks.council import council_workbook
from tests.builders import rich_meetings, rich_progress
from tests.printed import opened, picture, seen

TITLE = "意見と対応"
NEWEST, EARLIER = rich_meetings()
ANSWERED, WAITING = NEWEST.opinions
HEADINGS = "No.|発言者|意見|対象|市の回答|対応状況"
WALL = "<|<|<|<|<"


def book_of(*meetings, **others):
    progress = replace(rich_progress(), meetings=meetings, **others)
    return opened(council_workbook(CouncilPapers(progress, None, (), None)))


def page_of(*meetings, **others):
    return book_of(*meetings, **others)[TITLE]


def rows_of(page):
    """Return each row in one text; | parts cells, / is a new line, < is merged with the left."""
    return ["|".join(row).replace("\n", "/") for row in picture(page, page.dimensions)]


def meeting(*opinions, **others):
    return replace(NEWEST, opinions=opinions, **others)


def one_row(opinion):
    return rows_of(page_of(meeting(opinion)))[3]


def test_the_sheet_stands_where_there_are_opinions_and_only_there():
    assert TITLE in book_of(NEWEST).sheetnames
    assert TITLE not in book_of().sheetnames
    assert TITLE not in book_of(meeting()).sheetnames


def test_every_row_of_two_meetings():
    """The whole sheet, typed by hand."""
    assert rows_of(page_of(NEWEST, EARLIER)) == [
        f"門真市ものづくり産業振興懇話会の意見と対応|{WALL}",
        f"【例示】の付いたものは記入の例であり、実際の意見や取組みではありません。|{WALL}",
        HEADINGS,
        f"令和7年度第1回懇話会（令和7年7月30日、市役所）　意見2件|{WALL}",
        "1|委員A|相談が増えた理由は何か|指標1-1 門真市中小企業サポートセンター相談件数"
        "|広報を改めた|対応済",
        "2||若手にも声を掛けてほしい|施策1-1 デジタル化||未回答",
        f"前回までの会議で出され、対応が続いている意見|{WALL}",
        f"【例示】令和6年度第2回懇話会　意見1件|{WALL}",
        "1||夜にも開いてほしい|アクション1-1-1 デジタル化セミナーの開催|職員の確保が難しい"
        "|今後検討/（予算がないため）",
    ]


def test_the_numbers_are_numbers():
    cells = [row[0] for row in page_of(NEWEST).rows if isinstance(row[0].value, int)]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in cells] == [
        (1, "n", "#,##0"),
        (2, "n", "#,##0"),
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (OpinionState.SETTLED, "対応済"),
        (OpinionState.IN_HAND, "対応中"),
        (OpinionState.LATER, "今後検討"),
        (OpinionState.DIFFICULT, "対応困難"),
        (None, "未回答"),
    ],
)
def test_every_state_stands_in_words(state, words):
    assert one_row(replace(ANSWERED, state=state)).endswith(f"|{words}")


def test_what_waits_for_an_answer_stands_out():
    page = page_of(meeting(ANSWERED, WAITING))
    assert [seen(row[5]) for row in page.rows if row[5].style == "表 要注意"] == ["未回答"]


def test_an_opinion_about_nothing_in_particular_leaves_its_target_empty():
    row = one_row(replace(ANSWERED, indicator_code=""))
    assert row == "1|委員A|相談が増えた理由は何か||広報を改めた|対応済"


def test_an_opinion_about_several_things_names_each_and_codes_nobody_knows_too():
    row = one_row(replace(ANSWERED, indicator_code="9-9", measure_code="1-2", action_code="1-1-2"))
    assert row.split("|")[3] == "指標9-9/施策1-2 脱炭素/アクション1-1-2 【例示】工場見学の受入れ"


@pytest.mark.parametrize(
    ("day", "place", "words"),
    [
        (dt.date(2025, 7, 30), "市役所", "（令和7年7月30日、市役所）"),
        (dt.date(2019, 4, 30), "", "（平成31年4月30日）"),
        (None, "市役所", "（市役所）"),
        (None, "", ""),
    ],
)
def test_a_meeting_is_named_with_what_is_known_of_it(day, place, words):
    page = page_of(meeting(ANSWERED, day=day, place=place))
    assert rows_of(page)[2] == f"令和7年度第1回懇話会{words}　意見1件|{WALL}"


def test_examples_are_announced_only_where_there_are_any():
    assert not [one for one in rows_of(page_of(NEWEST)) if "例示" in one]


def test_a_meeting_without_opinions_leaves_its_place_to_the_one_before():
    found = [one.split("|")[0] for one in rows_of(page_of(meeting(), meeting(WAITING)))]
    assert found[2:] == ["令和7年度第1回懇話会（令和7年7月30日、市役所）　意見1件", "2"]


def test_earlier_meetings_stand_below_one_heading_and_settled_ones_not_at_all():
    other = MeetingProgress("令和6年度第1回懇話会", None, "", False, (WAITING,))
    empty = replace(other, name="令和5年度第1回懇話会", opinions=())
    found = [one.split("|")[0] for one in rows_of(page_of(NEWEST, EARLIER, empty, other))]
    assert found.count("前回までの会議で出され、対応が続いている意見") == 1
    assert [one for one in found if "懇話会" in one][1:] == [
        "令和7年度第1回懇話会（令和7年7月30日、市役所）　意見2件",
        "【例示】令和6年度第2回懇話会　意見1件",
        "令和6年度第1回懇話会　意見1件",
    ]


def test_a_plan_without_a_councils_name_has_a_heading_too():
    plan = replace(rich_progress().plan, council="")
    assert rows_of(page_of(NEWEST, plan=plan))[0].split("|")[0] == "会議の意見と対応"


# --- pages and texts ------------------------------------------------------------------------------


def many(count):
    opinion = replace(ANSWERED, text="夜間や土日にも相談できるようにしてほしい。" * 6)
    return [replace(opinion, number=n) for n in range(1, count + 1)]


def test_the_headings_stand_on_every_page():
    page = page_of(meeting(*many(60)), EARLIER)
    assert page.print_title_rows == "$3:$3"
    assert rows_of(page)[2] == HEADINGS


def test_a_heading_stays_with_the_first_opinion_below_it():
    """Sixty opinions and thirty meetings of one: every page ends with an opinion."""
    others = [meeting(WAITING, name=f"第{n}回") for n in range(30)]
    page = page_of(meeting(*many(60)), *others)
    ends = [one.id for one in page.row_breaks.brk]
    assert len(ends) > 10
    for end in ends:
        assert isinstance(page.cell(end, 1).value, int)
    printed_height = 595.2 - (0.7 + 0.6) * 72  # A4 landscape within our margins
    repeated = page.row_dimensions[3].height
    for first, last in zip([0, *ends], [*ends, page.max_row], strict=True):
        heights = [page.row_dimensions[row].height for row in range(first + 1, last + 1)]
        assert sum(heights) + repeated < printed_height


def test_a_long_opinion_goes_on_below_and_its_number_stands_once():
    text = "".join(f"{n:07d}。" for n in range(4096))
    page = page_of(meeting(replace(ANSWERED, text=text), WAITING))
    assert text in "".join(seen(cell) for cell in page["C"])
    assert [cell.value for cell in page["A"] if isinstance(cell.value, int)] == [1, 2]
    assert max(one.height for one in page.row_dimensions.values()) <= 409


@pytest.mark.parametrize("text", ['=HYPERLINK("http://example.com")', "+1", "-1+2", "@SUM(A1)"])
def test_a_text_like_a_formula_stays_text(text):
    hostile = Opinion(1, text, text, "", text, "", text, OpinionState.DIFFICULT, text)
    page = page_of(meeting(hostile, name=text))
    found = [cell for row in page.rows for cell in row if cell.value == text]
    assert len(found) == 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    assert not [cell for row in page.rows for cell in row if cell.data_type == "f"]
