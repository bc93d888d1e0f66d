"""Taking in a plan book: what is made, what changes, and what stays."""

import datetime as dt
from dataclasses import replace

import pytest

from actions.models import Action, Measure, Plan
from kpis.models import Actual, Indicator, JudgementBand, KgiValue, ReportingPeriod, Target
from kpis.selectors import plan_book
from kpis.services import import_book
from kpis.services.bookwriting import SHAPES
from tests.factories import make_meeting, make_plan
from tests.planbook_taking import (  # noqa: F401 (fixture)
    ACTUAL,
    AUDITED,
    FULL,
    TARGET,
    everything,
    histories,
    hoshi,
    refused,
    taken,
    told,
)
from tests.planbooks import INDICATOR, MEASURE, PLAN, sheets

pytestmark = pytest.mark.django_db


# --- a new plan -----------------------------------------------------------------------------------


def test_a_new_plan_is_made_with_everything(hoshi):
    assert (hoshi.name, hoshi.start_year, hoshi.is_current) == ("星野市観光計画", 2024, True)
    assert [one.code for one in Measure.objects.all()] == ["1-1", "1-2"]
    first, second = hoshi.indicators.all()
    assert (first.order, second.order, second.name) == (1, 2, "宿泊者")
    assert [one.code for one in first.measures.all()] == ["1-2"]
    assert [one.code for one in first.actions.all()] == ["1-1-1"]
    assert [one.period.code for one in hoshi.periods.all()] == ["2024-H1", "2024-FY"]
    assert {one.state for one in hoshi.periods.all()} == {"preparing"}
    assert sorted(Actual.objects.values_list("value", "cause", "version")) == [
        (2, "雨", 1), (5, "雨", 1), (5, "雨", 1),
    ]  # fmt: skip
    assert [one.label for one in hoshi.bands.filter(term="H1")] == ["よい", "わるい"]
    assert hoshi.publicity.filter(day=dt.date(2024, 7, 25)).count() == 1


def test_the_history_says_who_and_why(hoshi, administrator):
    assert histories() == {
        "Indicator": 2, "Target": 2, "TargetRevision": 1, "Actual": 3,
        "Kgi": 1, "KgiValue": 1, "KgiComparison": 1, "KgiRevision": 1,
        "Action": 2, "ActionYear": 1,
    }  # fmt: skip
    for model in AUDITED:
        for one in model.history.all():
            found = (one.history_type, one.history_user, one.history_change_reason)
            assert found == ("+", administrator, "初めて")
    assert {one.value for one in Actual.history.all()} == {2, 5}


def test_everything_that_was_made_keeps_the_rules_of_its_form(hoshi):
    for model in {shape.model for shape in SHAPES.values()} | {ReportingPeriod}:
        assert model.objects.exists(), model
        for record in model.objects.all():
            record.full_clean()


def test_a_plan_without_bands_gets_the_shipped_ones(administrator):
    taken(sheets(), administrator)
    assert list(JudgementBand.objects.filter(term="FY").values_list("label", flat=True)) == [
        "達成", "概ね達成", "やや遅れ", "遅れ",
    ]  # fmt: skip


def test_only_the_first_plan_becomes_current(hoshi, administrator):
    taken(sheets(計画=[PLAN | {"スラッグ": "tsuki"}]), administrator)
    assert dict(Plan.objects.values_list("slug", "is_current")) == {"hoshi": True, "tsuki": False}


def test_the_counts_are_told(administrator):
    imported = taken(FULL, administrator)
    counted = {one.sheet: (one.added, one.changed, one.removed) for one in imported.counts}
    assert counted == {
        "計画": (1, 0, 0), "戦略": (1, 0, 0), "体系": (2, 0, 0), "指標": (2, 0, 0),
        "目標": (2, 0, 0), "実績": (3, 0, 0), "KGI": (1, 0, 0), "KGI実績": (1, 0, 0),
        "アクション": (2, 0, 0), "アクション年度": (1, 0, 0), "判定基準": (4, 0, 0),
        "普及・周知": (2, 0, 0), "目標改定": (1, 0, 0), "KGI比較": (1, 0, 0), "KGI改定": (1, 0, 0),
    }  # fmt: skip
    assert (imported.is_new, imported.periods) == (True, ("令和6年度上半期", "令和6年度"))
    assert ("目標", "1-2 令和6年度", "", "", "（追加）") in told(imported)


def test_a_strategy_may_be_told_without_measures(administrator):
    taken(sheets(体系=[MEASURE, {"戦略番号": 2, "戦略名": "まち"}]), administrator)
    assert list(Plan.objects.get().strategies.values_list("number", "name")) == [
        (1, "ひと"), (2, "まち"),
    ]  # fmt: skip
    assert Measure.objects.count() == 1


# --- the same and other books over it -------------------------------------------------------------


def test_the_same_book_again_changes_nothing(hoshi, administrator):
    before = everything()
    imported = taken(FULL, administrator, reason="もう一度")
    assert (told(imported), imported.periods, imported.is_change) == ([], (), False)
    assert everything() == before


@pytest.mark.parametrize("options", [{}, {"delete_missing": True}])
def test_the_citys_plan_goes_round(published, administrator, options):
    book, before = plan_book(published), everything()
    assert told(import_book(book=book, by=administrator, **options)) == []
    assert everything() == before
    import_book(book=replace(book, plan=replace(book.plan, slug="copy")), by=administrator)
    assert replace(plan_book(Plan.objects.get(slug="copy")), plan=book.plan) == book


def test_a_large_plan_with_actions_goes_round(administrator):
    plan = make_plan(indicators=40, actions=30)
    book, before = plan_book(plan), everything()
    assert told(import_book(book=book, by=administrator)) == []
    assert everything() == before
    import_book(book=replace(book, plan=replace(book.plan, slug="copy")), by=administrator)
    copy = Plan.objects.get(slug="copy")
    assert replace(plan_book(copy), plan=book.plan) == book
    assert told(import_book(book=plan_book(copy), by=administrator)) == []


def test_only_what_differs_is_changed_and_told(hoshi, administrator):
    untouched = Actual.objects.get(indicator__code="1-2")
    before = histories()
    tables = FULL | {
        "計画": [PLAN | {"計画名": "星野市観光振興計画"}],
        "体系": [one | {"戦略名": "人"} for one in FULL["体系"]],
        "目標": [TARGET | {"目標値": "1,200人"}, FULL["目標"][1]],
        "実績": [ACTUAL | {"実績値": "7人", "要因": None}, *FULL["実績"][1:]],
    }
    assert told(taken(tables, administrator, reason="見直し")) == [
        ("計画", "hoshi", "計画名", "星野市観光計画", "星野市観光振興計画"),
        ("体系", "1", "戦略名", "ひと", "人"),
        ("目標", "1-1 令和6年度", "目標値", "10", "1,200"),
        ("実績", "1-1 令和6年度 年度", "実績値", "5", "7"),
        ("実績", "1-1 令和6年度 年度", "要因", "雨", ""),
    ]
    assert histories() == before | {"Target": 3, "Actual": 4}
    changed = Actual.objects.get(indicator__code="1-1", period__term="FY")
    assert (changed.value, changed.cause, changed.version) == (7, "", 2)
    newest = changed.history.first()
    assert (newest.history_type, newest.history_change_reason) == ("~", "見直し")
    assert (newest.history_user, newest.version) == (administrator, 2)
    untouched.refresh_from_db()
    assert untouched.version == 1


def test_what_the_book_does_not_mention_stays(hoshi, administrator):
    before = everything()
    tables = sheets(
        指標=[INDICATOR],  # without 関連する施策 and without 1-2
        実績=[{"指標コード": "1-1", "年度": "R6", "期間": "年度", "実績値": 5}],  # without 要因
    )
    assert told(taken(tables, administrator)) == []
    assert everything() == before


def test_a_blank_cell_of_a_column_that_is_there_is_mentioned(hoshi, administrator):
    rows = [ACTUAL | {"要因": None}, ACTUAL | {"期間": "上半期", "実績値": 2}]
    assert told(taken(sheets(実績=rows), administrator)) == [
        ("実績", "1-1 令和6年度 年度", "要因", "雨", "")
    ]


def test_decimals_and_bases_that_stand_count_for_a_book_without_their_columns(hoshi, administrator):
    rule = {"小数桁": 2, "算式": "基準値比", "基準年度": "R5", "基準値": 1}
    taken(sheets(指標=[INDICATOR | rule]), administrator)
    rows = [INDICATOR | {"算式": "基準値比"}]
    tables = sheets(指標=rows, 目標=[TARGET | {"目標値": 10.25}])
    assert told(taken(tables, administrator)) == [
        ("目標", "1-1 令和6年度", "目標値", "10", "10.25")
    ]
    # A new plan has neither; both are told at once.
    new = tables | {"計画": [PLAN | {"スラッグ": "tsuki"}]}
    assert [one[:2] for one in refused(new, administrator)] == [("指標", ""), ("目標", "C2")]


def test_a_linked_target_stays_linked_without_the_column(hoshi, administrator):
    linked = {"指標コード": "1-1", "年度": "R7", "状態": "連動", "根拠": "実施計画"}
    taken(sheets(目標=[linked]), administrator)
    row = {"指標コード": "1-1", "年度": "R7", "目標値": None, "備考": "後日"}
    assert told(taken(sheets(目標=[row]), administrator)) == [
        ("目標", "1-1 令和7年度", "備考", "", "後日")
    ]
    assert told(taken(sheets(目標=[row | {"目標値": 30}]), administrator))
    target = Target.objects.get(fiscal_year=2025)
    assert (target.status, target.value, target.source) == ("set", 30, "実施計画")


def test_rows_to_be_filled_in_make_the_period_but_no_actual(hoshi, administrator):
    rows = [{"指標コード": "1-1", "年度": "R7", "期間": "上半期", "実績値": None}]
    imported = taken(sheets(実績=rows), administrator)
    assert (told(imported), imported.periods) == ([], ("令和7年度上半期",))
    assert Actual.objects.count() == 3


def test_delete_missing_deletes_from_the_sheets_that_are_there(hoshi, administrator):
    tables = sheets(体系=FULL["体系"], 目標=[TARGET], アクション=[FULL["アクション"][0]])
    imported = taken(tables, administrator, delete_missing=True, reason="整理")
    assert told(imported) == [
        ("指標", "1-2", "", "（削除）", ""),
        ("目標", "1-2 令和6年度", "", "（削除）", ""),
        ("実績", "1-2 令和6年度 年度", "", "（削除）", ""),
        ("アクション", "1-1-2", "", "（削除）", ""),
    ]
    assert list(Indicator.objects.values_list("code", flat=True)) == ["1-1"]
    assert (Actual.objects.count(), KgiValue.objects.count(), Action.objects.count()) == (2, 1, 1)
    gone = Indicator.history.first()
    assert (gone.code, gone.history_type, gone.history_user) == ("1-2", "-", administrator)
    assert gone.history_change_reason == "整理"


def test_what_others_still_name_is_not_deleted(hoshi, administrator):
    ((sheet, cell, said),) = refused(sheets(), administrator, delete_missing=True)[:1]
    assert (sheet, cell) == ("指標", "")  # 1-1 still names the measure 1-2, which would go
    assert "施策「1-2」は「体系」にありません" in said


def test_what_a_council_spoke_of_is_not_deleted(hoshi, administrator):
    make_meeting(plan=hoshi)  # its opinions are about 1-1
    tables = FULL | {"指標": FULL["指標"][1:]}
    for name in ("目標", "実績"):
        tables[name] = FULL[name][-1:]
    del tables["目標改定"]
    tables["アクション"] = [one | {"指標コード": None} for one in FULL["アクション"]]
    found = refused(tables, administrator, delete_missing=True)
    assert [(sheet, "会議の意見" in said) for sheet, _, said in found] == [("指標", True)]


def test_a_dry_run_tells_the_same_and_writes_nothing(hoshi, administrator):
    tables = FULL | {
        "実績": [ACTUAL | {"実績値": 9, "年度": "R7"}],
        "目標": [TARGET | {"備考": "済"}],
    }
    before = everything()
    trial = taken(tables, administrator, dry_run=True)
    assert everything() == before
    real = taken(tables, administrator)
    assert (trial.differences, trial.periods) == (real.differences, real.periods)
    assert (trial.dry_run, real.dry_run) == (True, False)
    assert everything() != before


def test_bands_may_swap_their_bounds(hoshi, administrator):
    rows = [dict(one) for one in FULL["判定基準"]]
    rows[0]["下限"], rows[1]["下限"] = None, 80
    assert len(told(taken(sheets(判定基準=rows), administrator))) == 2
    bounds = JudgementBand.objects.filter(term="FY").values_list("label", "lower")
    assert dict(bounds) == {"よい": None, "わるい": 80}


def test_a_new_indicator_in_the_middle_takes_its_place(hoshi, administrator):
    rows = [INDICATOR, INDICATOR | {"指標コード": "1-9"}, INDICATOR | {"指標コード": "1-2"}]
    rows[2]["指標名"] = "宿泊者"
    assert told(taken(sheets(指標=rows), administrator)) == [
        ("指標", "1-9", "", "", "（追加）"),
        ("指標", "1-2", "表示順", "2", "3"),
    ]
    assert list(Indicator.objects.values_list("code", "order")) == [
        ("1-1", 1), ("1-9", 2), ("1-2", 3),
    ]  # fmt: skip
    assert Indicator.history.filter(code="1-2").count() == 2


def test_an_indicator_may_move_to_another_strategy(hoshi, administrator):
    tables = sheets(
        体系=[MEASURE, {"戦略番号": 2, "戦略名": "まち"}],
        指標=[INDICATOR | {"戦略番号": 2}],
    )
    assert told(taken(tables, administrator)) == [
        ("体系", "2", "", "", "（追加）"),
        ("指標", "1-1", "戦略番号", "1", "2"),
    ]
    moved = Indicator.objects.get(code="1-1")
    assert (moved.strategy.name, moved.order) == ("まち", 1)


def test_a_judgement_is_overridden_by_the_label_of_the_shipped_bands(administrator):
    row = ACTUAL | {"判定の変更": "概ね達成", "変更の理由": "改修のため"}
    taken(sheets(実績=[row]), administrator)
    assert Actual.objects.get().override.label == "概ね達成"
    found = refused(sheets(実績=[row | {"判定の変更": "概ね順調"}]), administrator)
    assert [one[:2] for one in found] == [("実績", "F2")]


def test_a_confirmation_answers_the_doubts_of_its_figure(administrator):
    rows = [
        ACTUAL | {"年度": "R5", "実績値": 10},
        ACTUAL | {"実績値": 100, "確認した内容": "確認済"},
    ]
    taken(sheets(実績=rows), administrator)
    doubtful, plain = Actual.objects.get(value=100), Actual.objects.get(value=10)
    assert doubtful.confirmed_cautions
    assert plain.confirmed_cautions == ""
    assert doubtful.history.get().confirmed_cautions == doubtful.confirmed_cautions
