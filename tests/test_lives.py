"""What became of targets and indicators, in words; no figure is asked for outside a life."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.fiscal import Period, Term
from kpis import lives
from kpis.assembly import Record, RecordedActual, RecordedRevision, RecordedTarget, years_of
from kpis.attainment import Rule
from kpis.changes import changes
from kpis.discussion import points
from kpis.judgement import DEFAULT_BANDS
from kpis.progress import StrategyProgress
from kpis.summary import counts
from kpis.vocabulary import TargetStatus
from tests.builders import rich_progress

SET, LINKED, UNSET = TargetStatus.SET, TargetStatus.LINKED, TargetStatus.UNSET
R6, R7 = Period(2024, Term.FY), Period(2025, Term.FY)
MARCH, APRIL = dt.date(2025, 3, 25), dt.date(2026, 4, 1)


def revision(day, value=None, status=SET, source=""):
    return RecordedRevision(day, status, value and Decimal(value), source, "見直し")


def goal(value, *revisions, status=SET, source=""):
    return RecordedTarget(status, value and Decimal(value), source, revisions=revisions)


def target_of(recorded):
    record = Record(Rule(), None, None, {2025: recorded}, {})
    return years_of(record, [2025], [], DEFAULT_BANDS)[0].target


def indicator(code="2-3", targets=None, actuals=None, name="活動回数", **life):
    """Return an indicator R5-R8 of strategy 2 with these targets and actuals."""
    span = {one: life.get(one) for one in ("start_year", "end_year")}
    goals = {year: RecordedTarget(SET, Decimal(value)) for year, value in (targets or {}).items()}
    figures = {one: RecordedActual(Decimal(value)) for one, value in (actuals or {}).items()}
    record = Record(Rule(), None, None, goals, figures, **span)
    years = years_of(record, range(2023, 2027), [R6, R7], DEFAULT_BANDS)
    blank = replace(rich_progress().strategies[0].indicators[0], definition="", note="")
    return replace(blank, code=code, strategy_number=2, name=name, years=years, **life)


def plan(*indicators, period=R7):
    strategy = StrategyProgress(2, "連携", "", (), indicators)
    return replace(rich_progress(), period=period, strategies=(strategy,))


# --- revised targets ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        (goal("160"), ""),
        (goal("160", revision(MARCH, "150")), "改定、改定前 150"),
        (goal("1600", revision(APRIL, "1550"), revision(MARCH, "1500")), "改定、改定前 1,550"),
        (goal("160", revision(MARCH, None, LINKED, "実施計画")), "改定、改定前 連動"),
        (goal("160", revision(MARCH, None, UNSET)), "改定、改定前 未設定"),
        (goal(None, revision(MARCH, "150"), status=UNSET), "改定、改定前 150"),
        (goal("0", revision(MARCH, "0")), "改定、改定前 0"),
    ],
    ids=["never", "once", "twice", "from-linked", "from-none", "to-none", "zero"],
)
def test_a_revised_target_says_what_it_was(recorded, words):
    assert lives.revised_words(target_of(recorded)) == words


def test_each_revision_has_its_value_before_and_after():
    record = Record(
        Rule(), None, None, {2025: goal("160", revision(APRIL, "155"), revision(MARCH))}, {}
    )
    years = years_of(
        replace(
            record, targets={2025: goal("160", revision(APRIL, "155"), revision(MARCH, "150"))}
        ),
        [2025],
        [],
        DEFAULT_BANDS,
    )
    found = lives.revisions(replace(indicator(), years=years))
    assert [one.words for one in found] == [
        "R7年度の目標: 改定前 150 → 改定後 155（令和7年3月25日改定、理由: 見直し）",
        "R7年度の目標: 改定前 155 → 改定後 160（令和8年4月1日改定、理由: 見直し）",
    ]


# --- lives ----------------------------------------------------------------------------------------


def test_years_outside_a_life_hold_neither_target_nor_result():
    one = indicator(targets={2024: 3, 2025: 3, 2026: 3}, actuals={R6: 2}, end_year=2024)
    shown = [(year.target.status, len(year.results)) for year in one.years]
    assert shown == [(UNSET, 0), (SET, 1), (UNSET, 0), (UNSET, 0)]
    assert [lives.is_outside(one, year) for year in one.years] == [False, False, True, True]


def test_a_figure_recorded_outside_a_life_stays_visible_with_its_target_and_is_not_counted():
    one = indicator(targets={2025: 4}, actuals={R7: 1}, end_year=2024)
    year = one.year(2025)
    assert (year.target.value, year.results[0].actual.value) == (4, 1)
    assert not lives.is_outside(one, year)
    progress = plan(one)
    assert [count.number for count in counts(progress)] == [0, 0, 0, 0]
    assert [point.codes for point in points(progress)][::2] == [(), ()]
    assert changes(plan(one, period=R6), progress) == ()
    still = replace(one, end_year=None)
    assert [count.number for count in counts(plan(still))] == [0, 0, 0, 1]  # the control


def test_an_entry_without_figure_and_reason_is_no_result_outside_a_life():
    record = Record(Rule(), None, None, {}, {R7: RecordedActual(cause="途中")}, end_year=2024)
    assert years_of(record, [2025], [R7], DEFAULT_BANDS)[0].results == ()
    assert len(years_of(replace(record, end_year=None), [2025], [R7], DEFAULT_BANDS)[0].results)


def test_a_life_is_told_with_what_came_before_and_after():
    old = indicator(end_year=2024, successor="2-5", review_reason="成果で測るため")
    new = indicator("2-5", name="支援件数", start_year=2025)
    short = indicator("2-6", start_year=2024, end_year=2025)
    progress = plan(old, new, short, indicator("2-7"))
    assert [lives.life_words(progress, one) for one in progress.indicators] == [
        "令和6年度で終了（後継: 2-5 支援件数）",
        "令和7年度から測定（前身: 2-3 活動回数）",
        "令和6年度から測定、令和7年度で終了",
        "",
    ]
    assert lives.with_reason("終了", old) == "終了（理由: 成果で測るため）"
    assert [lives.has_ended(old, year) for year in (2024, 2025)] == [False, True]


def test_a_former_name_is_told_with_the_year_of_the_new_one():
    one = indicator(former_name="会議回数", renamed_year=2025)
    assert lives.former_words(one) == "旧称: 会議回数、令和7年度に改称"
    assert lives.former_words(indicator()) == ""


# --- open targets ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ((2026,), "R8年度"),
        ((2026, 2027, 2028), "R8～R10年度"),
        ((2024, 2026, 2027), "R6年度、R8～R9年度"),
    ],
)
def test_years_beside_each_other_stand_together(years, words):
    assert lives.years_words(years) == words


def test_open_targets_stand_by_what_they_wait_for():
    goals = {
        2024: goal("3"),
        2025: goal(None, status=LINKED, source="実施計画"),
        2026: goal(None, status=LINKED, source="基本計画"),
    }
    years = years_of(Record(Rule(), None, None, goals, {}), range(2023, 2028), [], DEFAULT_BANDS)
    waiting = replace(indicator("2-1"), years=years)
    ended = indicator("2-2", targets={2024: 3}, end_year=2024)
    found = lives.open_targets(plan(waiting, ended))
    assert [(one.indicator.code, one.years, one.status.label, one.source) for one in found] == [
        ("2-1", (2025,), "連動", "実施計画"),
        ("2-1", (2026,), "連動", "基本計画"),
        ("2-1", (2027,), "未設定", ""),
    ]
