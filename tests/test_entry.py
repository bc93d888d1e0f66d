"""Reading a typed row, and putting two people's changes together."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis.entry import FIELDS, Asked, Entry, Typed, merge, read
from kpis.merging import Merged
from kpis.vocabulary import ActualReason, FollowUp, Kind

R7_H1, R7 = Period(2025, Term.H1), Period(2025, Term.FY)


def faults(decimals=0, kind=Kind.CUMULATIVE, period=R7_H1, words="", **typed):
    return read(Typed(**typed), Asked(period, "件", decimals, kind, words))[1]


def entry(decimals=0, kind=Kind.CUMULATIVE, period=R7_H1, words="", **typed):
    found, wrong = read(Typed(**typed), Asked(period, "件", decimals, kind, words))
    assert wrong == {}
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1200", "1200"),
        ("１，２００", "1200"),
        ("1,200件", "1200"),
        (" 1200 ", "1200"),
        ("▲5", "-5"),
        ("△5", "-5"),
        ("－5", "-5"),
        ("0", "0"),
        ("０", "0"),
        ("5.0", "5"),
    ],
)
def test_a_figure_is_read_as_staff_type_it(typed, expected):
    assert entry(value=typed).value == Decimal(expected)


def test_blank_is_nothing_and_zero_is_zero():
    assert entry(value="").value is None
    assert not entry(value="").is_entered
    assert entry(value="0").is_entered


@pytest.mark.parametrize(
    ("typed", "decimals", "words"),
    [
        ("—", 0, "「—」は数値として読み取れません。"),
        ("千二百", 0, "「千二百」は数値として読み取れません。"),
        ("1.5", 0, "小数は0桁までで入力してください。"),
        ("1.55", 1, "小数は1桁までで入力してください。"),
        ("1234567890123456", 0, "整数部分は15桁までで入力してください。"),
        ("123456789012.3456", 4, "有効数字は15桁までで入力してください。"),
        ("1e400", 0, "「1e400」は数値として読み取れません。"),
    ],
)
def test_an_unreadable_figure_is_told_at_the_figure(typed, decimals, words):
    found = faults(value=typed, decimals=decimals)
    assert list(found) == ["value"]
    assert found["value"][0].startswith(words)


@pytest.mark.parametrize("typed", ["not_conducted", "未実施", "—（未実施）", " 未実施 "])
def test_a_reason_is_read_by_code_or_words(typed):
    found = entry(reason=typed)
    assert found.reason is ActualReason.NOT_CONDUCTED
    assert found.value is None
    assert found.is_entered


def test_all_faults_of_a_row_are_told_at_once():
    found = faults(
        value="abc", reason="忘れた", provisional="はい", cause="あ" * 2001, next_step="い" * 2000
    )
    assert sorted(found) == ["cause", "provisional", "reason", "value"]
    assert found["reason"][0].startswith("「忘れた」は選べません。")
    assert found["cause"] == ["2,000字までで入力してください（現在2,001字）。"]


def test_a_figure_and_a_reason_exclude_each_other():
    found = faults(value="5", reason="未実施")
    assert found == {"reason": ["実績値と「—」の理由は、どちらか一方だけを入力してください。"]}


def test_provisional_needs_a_figure():
    assert faults(provisional="○") == {
        "provisional": ["速報の印は、実績値を入力したときだけ付けられます。"]
    }
    assert entry(value="5", provisional="○").provisional


def test_what_is_shown_reads_back_as_the_same_entry():
    full = Entry(
        value=Decimal("-1234.5"),
        provisional=True,
        cause="要因\n二行目",
        next_step="対応",
        next_step_owner="産業振興課",
        next_step_due=dt.date(2026, 3, 31),
        follow_up=FollowUp.NOT_DONE,
        follow_up_note="人手が足りず",
        confirmation="確認",
        forecast=Decimal("0.5"),
        carried_from=2023,
    )
    dash = Entry(reason=ActualReason.NOT_YET_DUE)
    for one in (Entry(), full, dash):
        assert read(one.typed(Kind.LEVEL), Asked(R7_H1, "件", 1, Kind.LEVEL)) == (one, {})
    assert full.typed(Kind.LEVEL).value == "▲1,234.5"


# Two people: what I saw, what I want, what stands meanwhile.
SEEN = Entry(value=Decimal(5), cause="当初")


def test_changes_of_different_cells_stand_together():
    mine, theirs = replace(SEEN, value=Decimal(6)), replace(SEEN, cause="追記")
    assert merge(SEEN, mine, theirs) == Merged(Entry(value=Decimal(6), cause="追記"))


def test_the_same_change_twice_is_no_conflict():
    both = replace(SEEN, value=Decimal(6))
    assert merge(SEEN, both, both) == Merged(both)


def test_two_values_for_one_cell_are_contested():
    mine, theirs = replace(SEEN, value=Decimal(6)), replace(SEEN, value=Decimal(7))
    assert merge(SEEN, mine, theirs) == Merged(
        mine, ("value", "reason", "provisional", "carried_from")
    )


def test_a_figure_against_a_reason_is_contested_as_one_cell():
    mine = replace(SEEN, value=None, reason=ActualReason.NOT_CONDUCTED)
    theirs = replace(SEEN, provisional=True)
    found = merge(SEEN, mine, theirs)
    assert found.contested == ("value", "reason", "provisional", "carried_from")
    assert found.mine == mine


def test_what_i_did_not_touch_is_never_contested():
    words = dict.fromkeys(("cause", "next_step", "next_step_owner", "confirmation"), "別")
    theirs = Entry(value=Decimal(9), provisional=True, next_step_due=dt.date(2026, 3, 31), **words)
    assert merge(SEEN, SEEN, theirs) == Merged(theirs)


def test_without_knowing_what_was_seen_every_difference_is_contested():
    theirs = replace(SEEN, next_step="別")
    assert merge(None, SEEN, theirs).contested == ("next_step",)
    assert merge(None, SEEN, SEEN) == Merged(SEEN)


def test_the_fields_of_a_row_are_the_fields_of_its_entry():
    assert tuple(Entry.__dataclass_fields__) == FIELDS == tuple(Typed.__dataclass_fields__)
