"""Days as staff type them, which counter-measure a period is asked about, and how it stands."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from actions.fiscal import Period, Term
from kpis.assembly import RecordedActual
from kpis.days import parse_day, parse_due, short_day
from kpis.entry import Asked, Entry, Typed, merge, read
from kpis.followups import Promise, account, in_charge, promise, standing
from kpis.merging import Merged
from kpis.vocabulary import FollowUp, Tone
from tests.builders import actual, facts, result, rich_progress

R6, R7_H1, R7 = Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.FY)
R8_H1 = Period(2026, Term.H1)
MARCH = dt.date(2026, 3, 31)

# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *("2026/3/31", "2026-03-31", "2026.3.31", "2026年3月31日", "２０２６／３／３１"),
        *(
            "R8.3.31",
            "r8.3.31",
            "Ｒ８．３．３１",
            "R8/3/31",
            "令和8年3月31日",
            "令和 ８年 ３月３１日",
        ),
    ],
)
def test_a_day_is_read_as_staff_type_it(typed):
    assert parse_day(typed) == parse_due(typed) == MARCH


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("令和8年3月", "2026-03-31"),
        ("令和8年3月末", "2026-03-31"),
        ("令和8年3月末日", "2026-03-31"),
        ("R8.3末", "2026-03-31"),
        ("Ｒ８．３", "2026-03-31"),
        ("2026/2", "2026-02-28"),
        ("2028年2月末", "2028-02-29"),
        ("令和10年12月", "2028-12-31"),
        ("平成31年4月末", "2019-04-30"),
        ("令和元年5月", "2019-05-31"),
    ],
)
def test_a_month_stands_for_its_last_day(typed, day):
    assert parse_due(typed) == dt.date.fromisoformat(day)
    with pytest.raises(ValueError, match="日付として読み取れません"):
        parse_day(typed)  # elsewhere a day is a day


@pytest.mark.parametrize(
    ("typed", "period", "day"),
    [
        ("3月末", R7_H1, "2026-03-31"),
        ("３月末", R7_H1, "2026-03-31"),
        ("12月", R7_H1, "2025-12-31"),
        ("9月末", R7_H1, "2026-09-30"),  # the half-year's own end is past
        ("3月末", R7, "2027-03-31"),
        ("6月末", R7, "2026-06-30"),
    ],
)
def test_a_month_without_its_year_is_the_next_after_the_period(typed, period, day):
    assert parse_due(typed, period.as_of) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("来年度中", "「来年度中」は日付として読み取れません。2026/3/31、R8.3.31、令和8年3月末"),
        ("2026", "「2026」は日付として読み取れません。"),
        ("3月末", "「3月末」は日付として読み取れません。"),  # of which year nobody knows here
        ("2026/2/30", "「2026/2/30」という日付はありません。"),
        ("R8.13末", "「R8.13末」という日付はありません。"),
        ("8/3/31", "「8/3/31」の年が読み取れません。"),
        ("26.3.31", "「26.3.31」の年が読み取れません。"),
        ("3/31", "「3/31」の年が読み取れません。"),
        ("9026/3/31", "「9026/3/31」の年が読み取れません。"),
    ],
)
def test_what_is_no_day_is_refused_in_words(typed, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}"):
        parse_due(typed)


@pytest.mark.parametrize("typed", ["R8.3.31", "R1.5.1", "H31.4.30", "R81.12.31"])
def test_the_short_form_reads_back(typed):
    day = parse_day(typed)
    assert parse_day(short_day(day)) == day
    assert short_day(MARCH) == "R8.3.31"
    assert short_day(None) == ""


# --- which one is asked about ---------------------------------------------------------------------


def told(**periods):
    """Return what was recorded by period code: a step, or a step and an answer."""
    codes = {"R6": R6, "H1": R7_H1, "R7": R7, "R8H1": R8_H1}
    return [
        (codes[code], RecordedActual(next_step=step, follow_up=answer))
        for code, (step, answer) in periods.items()
    ]


DONE, PARTLY, NOT_DONE, DROPPED = FollowUp
ASKED = [
    ("nothing before", {}, R7, None),
    ("the round before", {"H1": ("周知", None)}, R7, (R7_H1, "周知")),
    ("never its own", {"R7": ("周知", None)}, R7, None),
    ("never a later one", {"R8H1": ("周知", None)}, R7, None),
    ("the newest", {"R6": ("古い", None), "H1": ("新しい", None)}, R7, (R7_H1, "新しい")),
    ("a step of last year", {"R6": ("周知", None)}, R7_H1, (R6, "周知")),
    ("not done, asked again", {"R6": ("周知", None), "H1": ("", NOT_DONE)}, R7, (R6, "周知")),
    ("half done, asked again", {"R6": ("周知", None), "H1": ("", PARTLY)}, R7, (R6, "周知")),
    ("nobody answered", {"R6": ("周知", None), "H1": ("", None)}, R7, (R6, "周知")),
    ("done", {"R6": ("周知", None), "H1": ("", DONE)}, R7, None),
    ("dropped", {"R6": ("周知", None), "H1": ("", DROPPED)}, R7, None),
    ("done, and another step", {"R6": ("周知", None), "H1": ("次", DONE)}, R7, (R7_H1, "次")),
    (
        "not done, and another step",
        {"R6": ("周知", None), "H1": ("次", NOT_DONE)},
        R7,
        (R7_H1, "次"),
    ),
    (
        "over two rounds",
        {"R6": ("周知", None), "H1": ("", NOT_DONE), "R7": ("", PARTLY)},
        R8_H1,
        (R6, "周知"),
    ),
    ("done a round ago", {"R6": ("周知", None), "H1": ("", DONE), "R7": ("", None)}, R8_H1, None),
]


@pytest.mark.parametrize(
    ("recorded", "period", "expected"), [one[1:] for one in ASKED], ids=[one[0] for one in ASKED]
)
def test_which_earlier_counter_measure_a_period_is_asked_about(recorded, period, expected):
    for rows in (told(**recorded), told(**recorded)[::-1]):  # in whatever order they come
        found = promise(rows, period)
        assert (None if found is None else (found.period, found.step)) == expected


# --- how it stands --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "answer", "words"),
    [
        ("2026-03-30", None, "結果の記載なし（期限超過）"),
        ("2026-03-31", None, "結果の記載なし"),  # the day itself is not past
        ("2026-04-01", None, "結果の記載なし"),
        (None, None, "結果の記載なし"),
        ("2026-03-30", NOT_DONE, "未実施（期限超過）"),
        ("2026-03-30", PARTLY, "一部実施（期限超過）"),
        ("2026-03-31", PARTLY, "一部実施"),
        ("2026-03-30", DONE, "実施済"),
        ("2026-03-30", DROPPED, "取りやめ"),
        (None, NOT_DONE, "未実施"),
    ],
)
def test_overdue_is_what_was_due_before_the_periods_end_and_is_not_done(due, answer, words):
    one = Promise(R7_H1, "周知", due=None if due is None else dt.date.fromisoformat(due))
    assert standing(one, R7.as_of, answer) == words


@pytest.mark.parametrize(
    ("owner", "due", "words"),
    [
        ("産業振興課", MARCH, "担当: 産業振興課、期限: 令和8年3月31日"),
        ("産業振興課", None, "担当: 産業振興課"),
        ("", MARCH, "期限: 令和8年3月31日"),
        ("", None, ""),
    ],
)
def test_who_does_it_until_when(owner, due, words):
    assert in_charge(owner, due) == words


def with_promise(answer=None, note="", **promised):
    """Return an indicator that promised something at R7 上半期 and answers in R7."""
    one = rich_progress().strategies[0].indicators[0]
    the_facts = facts("704", "1200")
    before = result(R7_H1, one.rule, actual("704", **promised), the_facts)
    now = result(R7, one.rule, actual("1100", follow_up=answer, follow_up_note=note), the_facts)
    years = (*one.years[:1], replace(one.years[1], results=(before, now)), *one.years[2:])
    return replace(one, years=years)


LATE = {"next_step": "周知", "next_step_owner": "産業振興課", "next_step_due": dt.date(2026, 1, 31)}


@pytest.mark.parametrize(
    ("answer", "words", "tone"),
    [
        (DONE, "✓実施済", Tone.GOOD),
        (PARTLY, "△一部実施（期限超過）", Tone.WEAK),
        (NOT_DONE, "×未実施（期限超過）", Tone.BAD),
        (DROPPED, "－取りやめ", Tone.NEUTRAL),
        (None, "？結果の記載なし（期限超過）", Tone.WEAK),
    ],
)
def test_papers_tell_how_it_stands_by_sign_words_and_colour(answer, words, tone):
    found = account(with_promise(answer, "説明", **LATE), R7)
    assert (found.words, found.tone, found.note) == (words, tone, "説明")
    assert (found.promise.step, found.promise.words) == (
        "周知",
        "担当: 産業振興課、期限: 令和8年1月31日",
    )


def test_papers_of_earlier_releases_which_asked_nobody_tell_nothing():
    assert account(with_promise(next_step="周知"), R7) is None
    assert account(with_promise(DONE, next_step="周知"), R7).label == "実施済"
    assert account(with_promise(next_step="周知", next_step_owner="商工課"), R7) is not None
    assert account(with_promise(**LATE), R7_H1) is None  # it was promised then
    assert account(with_promise(**LATE), R8_H1) is None  # not reported yet


# --- a row's cells --------------------------------------------------------------------------------


def faults(takes_answer=True, **typed):
    return read(Typed(**typed), Asked(R7_H1, "件", 0, takes_answer=takes_answer))[1]


def entry(**typed):
    found, wrong = read(Typed(**typed), Asked(R7_H1, "件", 0))
    assert wrong == {}
    return found


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("not_done", NOT_DONE), ("未実施", NOT_DONE), (" 一部実施 ", PARTLY), ("", None)],
)
def test_an_answer_is_read_by_code_or_words(typed, answer):
    note = "人手が足りない" if answer is NOT_DONE else ""
    assert entry(follow_up=typed, follow_up_note=note).follow_up is answer


def test_who_and_until_when_are_read():
    found = entry(next_step_owner=" 産業振興課\r\n企業支援グループ ", next_step_due=" 3月末 ")
    assert found.next_step_owner == "産業振興課 企業支援グループ"
    assert found.next_step_due == MARCH


REASON = "前回の対応が未実施・取りやめのときは、その理由を入力してください。"
ANSWER = "前回の対応の説明を入力したときは、結果も選んでください。"
NOT_ASKED = "前の期間に「今後の対応」がない指標のため、結果は入力できません。"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"follow_up": "未実施"}, {"follow_up_note": [REASON]}),
        ({"follow_up": "取りやめ", "follow_up_note": " \n"}, {"follow_up_note": [REASON]}),
        ({"follow_up_note": "済んだ"}, {"follow_up": [ANSWER]}),
        ({"follow_up": "一部実施"}, {}),
        ({"follow_up": "実施済"}, {}),
        (
            {"follow_up": "済み"},
            {
                "follow_up": [
                    "「済み」は選べません。次から選んでください: 実施済、一部実施、未実施、取りやめ"
                ]
            },
        ),
        (
            {"next_step_owner": "課" * 101},
            {"next_step_owner": ["100字までで入力してください（現在101字）。"]},
        ),
    ],
)
def test_faults_of_answers_and_of_who_are_told_at_their_cells(typed, expected):
    assert faults(**typed) == expected


def test_a_date_that_cannot_be_read_is_told_at_the_date():
    found = faults(next_step_due="年度内", follow_up="未実施", cause="あ" * 2001)
    assert sorted(found) == ["cause", "follow_up_note", "next_step_due"]
    assert found["next_step_due"][0].startswith("「年度内」は日付として読み取れません。")


def test_an_answer_to_nothing_is_refused():
    assert faults(takes_answer=False, follow_up="実施済") == {"follow_up": [NOT_ASKED]}
    assert faults(takes_answer=False, follow_up_note="済") == {"follow_up": [NOT_ASKED]}
    assert faults(takes_answer=False, next_step_owner="産業振興課") == {}


# --- two people -----------------------------------------------------------------------------------

SEEN = Entry(next_step="周知", follow_up=PARTLY, follow_up_note="半分")


def test_who_and_until_when_are_cells_of_their_own():
    mine = replace(SEEN, next_step_owner="産業振興課")
    theirs = replace(SEEN, next_step_due=MARCH, next_step="説明会")
    both = replace(theirs, next_step_owner="産業振興課")
    assert merge(SEEN, mine, theirs) == Merged(both)
    other = replace(SEEN, next_step_owner="商工課")
    assert merge(SEEN, mine, other) == Merged(mine, ("next_step_owner",))


def test_an_answer_and_its_explanation_are_one_cell():
    # Put together cell by cell, 未実施 would lose the explanation that it needs.
    mine, theirs = replace(SEEN, follow_up=NOT_DONE), replace(SEEN, follow_up_note="")
    assert merge(SEEN, mine, theirs) == Merged(mine, ("follow_up", "follow_up_note"))
