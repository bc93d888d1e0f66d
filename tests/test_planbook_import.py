"""Taking in a plan book: what is made, what changes, what stays, and what is refused."""

import datetime as dt
from dataclasses import replace

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import CheckConstraint, UniqueConstraint

from actions.models import Action, Measure, Plan
from kpis.models import (
    Actual,
    Indicator,
    JudgementBand,
    Kgi,
    KgiComparison,
    KgiRevision,
    KgiValue,
    ReportingPeriod,
    Target,
    TargetRevision,
)
from kpis.planbook.parts import PARTS
from kpis.planbook.values import Code, Slug, Text
from kpis.rounds import Move
from kpis.selectors import plan_book
from kpis.services import BookError, import_book, move
from kpis.services.bookwriting import SHAPES
from tests.factories import make_meeting, make_plan
from tests.planbooks import (
    ACTION,
    BAND,
    INDICATOR,
    KGI,
    MEASURE,
    NEWS,
    PLAN,
    read,
    sheets,
    xlsx,
)
from tests.test_planbook_reading import WRONG

pytestmark = pytest.mark.django_db

AUDITED = (
    *(Indicator, Target, TargetRevision, Actual),
    *(Kgi, KgiValue, KgiComparison, KgiRevision),
)
TARGET = {"指標コード": "1-1", "年度": "R6", "目標値": 10, "根拠": "総合計画"}
ACTUAL = {"指標コード": "1-1", "年度": "R6", "期間": "年度", "実績値": 5, "要因": "雨"}
FULL = sheets(
    体系=[MEASURE, MEASURE | {"施策番号": 2, "施策名": "支える"}],
    指標=[
        INDICATOR | {"関連する施策": "1-2"},
        INDICATOR | {"指標コード": "1-2", "指標名": "宿泊者"},
    ],
    目標=[TARGET, TARGET | {"指標コード": "1-2"}],
    実績=[ACTUAL, ACTUAL | {"期間": "上半期", "実績値": 2}, ACTUAL | {"指標コード": "1-2"}],
    KGI=[KGI],
    KGI実績=[{"KGIコード": "kgi-1", "年": 2023, "値": 5}],
    アクション=[
        ACTION | {"指標コード": "1-1"},
        ACTION | {"アクションコード": "1-1-2", "主体": "支援機関"},
    ],
    アクション年度=[{"アクションコード": "1-1-1", "年度": "R6", "計画": "年4回"}],
    目標改定=[
        {
            "指標コード": "1-1",
            "年度": "R6",
            "改定日": "R7.4.1",
            "改定前の目標値": 8,
            "改定の理由": "増",
        }
    ],
    KGI比較=[{"KGIコード": "kgi-1", "参考の比較対象": "全国", "年": 2023, "伸び率": "1.2%"}],
    KGI改定=[{"KGIコード": "kgi-1", "年": 2023, "改定日": "R7.4.1", "改定の理由": "基準改定"}],
    判定基準=[
        {"期間": term, "下限": lower, "記号": sign, "判定": label}
        for term in ("年度", "上半期")
        for lower, sign, label in ((80, "○", "よい"), (None, "×", "わるい"))
    ],
    **{"普及・周知": [NEWS | {"日付": dt.date(2024, 7, 25)}, NEWS | {"内容": "放送"}]},
)


def taken(tables, by, **options):
    """Take in the workbook with these sheets, which has no faults of its own."""
    reading = read(tables)
    assert reading.faults == ()
    return import_book(book=reading.book, places=reading.places, by=by, **options)


def refused(tables, by, **options):
    """Return the (sheet, cell, reason) for which the workbook is not recorded."""
    before = everything()
    with pytest.raises(BookError) as error:
        taken(tables, by, **options)
    assert everything() == before
    return [(one.sheet, one.cell, one.reason) for one in error.value.faults]


def everything():
    """Return every row of the database's own tables, histories included."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values_list())
        for app in ("actions", "kpis")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


def told(imported):
    """Return the differences as (sheet, key, heading, before, after)."""
    return [(d.sheet, d.key, d.heading, d.before, d.after) for d in imported.differences]


def histories():
    return {model.__name__: model.history.count() for model in AUDITED}


@pytest.fixture
def hoshi(administrator):
    """The plan of the full book, taken in once."""
    taken(FULL, administrator, reason="初めて")
    return Plan.objects.get()


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


# --- what is refused ------------------------------------------------------------------------------


def citys(**own):
    """Return the smallest book about the city's plan."""
    plan = {"スラッグ": "kadoma-monozukuri", "計画名": "門真市ものづくり産業振興計画"}
    plan |= {"開始年度": "R6", "終了年度": "R10", "基準年度": "R5"}
    strategy = Plan.objects.get().strategies.get(number=1)
    measure = {"戦略番号": 1, "戦略名": strategy.name, "施策番号": 1}
    measure["施策名"] = strategy.measures.get(number=1).name
    first = Indicator.objects.get(code="1-1")
    indicator = {"指標コード": "1-1", "戦略番号": 1, "指標名": first.name, "単位": first.unit}
    return {"計画": [plan], "体系": [measure], "指標": [indicator], **own}


R7_H1 = {"指標コード": "1-1", "年度": "R7", "期間": "上半期", "実績値": 704}


def test_published_figures_are_not_touched(published, administrator):
    assert told(taken(citys(実績=[R7_H1]), administrator)) == []  # equal ones pass
    found = refused(
        citys(
            実績=[
                R7_H1 | {"実績値": 705},
                R7_H1 | {"期間": "年度"},
                R7_H1 | {"指標コード": "1-1", "年度": "R6", "期間": "年度"},
            ]
        ),
        administrator,
    )
    assert [one[:2] for one in found] == [("実績", "D2"), ("実績", "D4")]
    assert "公表済み" in found[0][2]
    period = published.periods.get(term="H1")
    move(period=period, move=Move.REOPEN, by=administrator, reason="誤り")
    assert len(told(taken(citys(実績=[R7_H1 | {"実績値": 705}]), administrator))) == 1
    assert Actual.objects.get(indicator__code="1-1", period=period).version == 2


def test_published_figures_are_not_deleted(published, administrator):
    found = refused(citys(実績=[R7_H1]), administrator, delete_missing=True)
    words = [said for sheet, _, said in found if sheet == "実績"]
    assert len(words) == 29  # thirty are published, one is in the book
    assert any("1-2 令和7年度 上半期 は削除できません" in one for one in words)


def test_rules_are_asked_of_what_stands_as_well(hoshi, administrator):
    taken(sheets(指標=[INDICATOR | {"小数桁": 2}], 実績=[ACTUAL | {"実績値": 5.25}]), administrator)
    # The book itself is sound; the actual that it does not mention has too many decimals for it.
    found = refused(sheets(指標=[INDICATOR | {"小数桁": 1}]), administrator)
    assert found == [("実績", "", "小数は1桁までで入力してください（小数桁 1）。")]
    shorter = PLAN | {"開始年度": "R7", "基準年度": "R7"}
    assert {one[0] for one in refused(sheets(計画=[shorter]), administrator)} == {"目標", "実績"}


def test_a_book_made_elsewhere_is_checked_as_well(administrator):
    book = read(sheets(目標=[TARGET])).book
    twice = replace(book, targets=book.targets * 2)
    with pytest.raises(BookError, match="の行が2つあります"):
        import_book(book=twice, by=administrator)
    late = replace(book, targets=(replace(book.targets[0], fiscal_year=2040),))
    with pytest.raises(BookError, match="R5～R10"):
        import_book(book=late, by=administrator)
    assert Plan.objects.count() == 0


# Every rule of the database, and the case by which reading finds it first; "" where the sheets
# cannot say it at all.
RULES = {
    "plan_years_in_order": "end before start",
    "plan_baseline_not_after_start": "base after start",
    "plan_baseline_in_range": "year of no era",
    "plan_end_in_range": "year of no era",
    "plan_one_current": "",
    "strategy_number_unique": "strategy of two names",
    "measure_number_unique": "measure twice",
    "indicator_code_unique": "indicator twice",
    "indicator_decimals_range": "decimals",
    "indicator_rate_decimals_range": "rate decimals",
    "indicator_expected_share_range": "share",
    "indicator_baseline_has_year": "base value without year",
    "indicator_from_baseline_has_value": "from base without base",
    "target_year_unique": "target twice",
    "target_value_matches_status": "set without value",
    "target_linked_has_source": "linked without plan",
    "actual_unique": "actual twice",
    "actual_value_or_reason": "value and reason",
    "actual_provisional_has_value": "provisional nothing",
    "actual_override_has_reason": "override alone",
    "band_lower_unique": "band bounds",
    "band_one_lowest": "band bounds",
    "band_label_unique": "band twice",
    "kgi_code_unique": "KGI twice",
    "kgi_years_in_order": "KGI years",
    "kgi_decimals_range": "KGI decimals",
    "kgi_value_year_unique": "KGI value twice",
    "kgi_value_year_range": "KGI year",
    "kgi_value_growth_or_value": "comparator twice",
    "kgi_comparison_year_unique": "comparison twice",
    "kgi_comparison_year_range": "comparison year",
    "kgi_comparison_growth_or_value": "comparison of nothing",
    "kgi_revision_day_unique": "KGI revision twice",
    "kgi_revision_has_reason": "KGI revision unexplained",
    "revision_day_unique": "revision twice",
    "revision_value_matches_status": "revision linked with value",
    "revision_has_reason": "revision unexplained",
    "indicator_years_in_order": "end before its start",
    "indicator_former_name_has_year": "former name alone",
    "indicator_successor_has_end": "successor alone",
    "indicator_review_has_reason": "start unexplained",
    "indicator_milestone_has_no_rate": "milestone with ratio",
    "indicator_band_lower_unique": "own band bounds",
    "indicator_band_one_lowest": "own band bounds",
    "indicator_band_label_unique": "own band twice",
    "actual_carried_has_value": "carried nothing",
    "action_code_unique": "action twice",
    "action_priority_reason_has_mark": "reason without mark",
    "action_year_unique": "action year twice",
}
YEAR = {"アクションコード": "1-1-1", "年度": "R6"}
REVISION = FULL["目標改定"][0]
COMPARISON, REVISED = FULL["KGI比較"][0], FULL["KGI改定"][0]
KGIS = {"KGI": [KGI], "KGI実績": FULL["KGI実績"]}
MORE_WRONG = {
    "comparator twice": {
        "KGI": [KGI],
        "KGI実績": [{"KGIコード": "kgi-1", "年": 2023, "比較対象の伸び率": 1, "比較対象の値": 1}],
    },
    "comparison twice": KGIS | {"KGI比較": [COMPARISON] * 2},
    "comparison year": KGIS | {"KGI比較": [COMPARISON | {"年": 1899}]},
    "comparison of nothing": KGIS | {"KGI比較": [COMPARISON | {"伸び率": None, "値": None}]},
    "KGI revision twice": KGIS | {"KGI改定": [REVISED] * 2},
    "KGI revision unexplained": KGIS | {"KGI改定": [REVISED | {"改定の理由": None}]},
    "revision twice": {"目標": [TARGET], "目標改定": [REVISION] * 2},
    "revision linked with value": {
        "目標": [TARGET],
        "目標改定": [REVISION | {"改定前の状態": "連動"}],
    },
    "revision unexplained": {"目標": [TARGET], "目標改定": [REVISION | {"改定の理由": None}]},
    "end before its start": {
        "指標": [INDICATOR | {"開始年度": "R8", "終了年度": "R7", "見直しの理由": "変"}]
    },
    "former name alone": {"指標": [INDICATOR | {"旧指標名": "旧", "改称年度": None}]},
    "successor alone": {
        "指標": [
            INDICATOR | {"後継の指標": "1-2", "終了年度": None},
            INDICATOR | {"指標コード": "1-2"},
        ]
    },
    "start unexplained": {"指標": [INDICATOR | {"開始年度": "R8", "見直しの理由": None}]},
    "milestone with ratio": {"指標": [INDICATOR | {"種別": "達成有無", "算式": None}]},
    "own band bounds": {
        "判定基準": [
            BAND | {"指標コード": "1-1", "下限": lower, "判定": label}
            for lower, label in ((5, "よい"), (5, "わるい"), (None, "不明"), (None, "なし"))
        ]
    },
    "own band twice": {
        "判定基準": [BAND | {"指標コード": "1-1", "下限": lower} for lower in (5, 6)]
    },
    "carried nothing": {"実績": [ACTUAL | {"実績値": None, "調査年度": "R5"}]},
    "actual twice": {"実績": [ACTUAL, ACTUAL]},
    "band bounds": {"判定基準": [BAND | {"下限": None}, BAND | {"判定": "わるい"}]},
    "KGI twice": {"KGI": [KGI, KGI]},
    "KGI decimals": {"KGI": [KGI | {"小数桁": 5}]},
    "KGI value twice": {"KGI": [KGI], "KGI実績": [{"KGIコード": "kgi-1", "年": 2023}] * 2},
    "action twice": {"アクション": [ACTION, ACTION]},
    "action year twice": {"アクション": [ACTION], "アクション年度": [YEAR, YEAR]},
}


def test_every_rule_of_the_database_is_found_by_reading():
    models = {shape.model for shape in SHAPES.values()}
    names = {
        one.name
        for model in models
        for one in model._meta.constraints
        if isinstance(one, CheckConstraint | UniqueConstraint)
    }
    assert names == set(RULES)
    for case in filter(None, RULES.values()):
        tables = MORE_WRONG[case] if case in MORE_WRONG else WRONG[case][0]
        assert read(sheets(**tables)).faults, case


def test_a_slug_may_have_an_underscore(administrator):
    taken(sheets(計画=[PLAN | {"スラッグ": "ｈｏｓｈｉ_2"}]), administrator)
    assert Plan.objects.get().slug == "hoshi_2"


def test_no_text_is_longer_than_its_field():
    for part in PARTS:
        shape = SHAPES[part.name]
        keys = [one for one in part.sheet.columns if one.field in part.key]
        for column in (*keys, *part.columns):
            if column.field in shape.tied or not isinstance(column.value, Text | Code | Slug):
                continue
            model_field = shape.model._meta.get_field(shape.names.get(column.field, column.field))
            longest = model_field.max_length
            assert longest is None or column.value.longest <= longest, column.heading


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def command(tmp_path, capsys):
    """Return a function that runs import_plan on a book and returns what it prints."""

    def run(tables, *options):
        file = tmp_path / "book.xlsx"
        file.write_bytes(xlsx(tables))
        call_command("import_plan", str(file), *options)
        return capsys.readouterr().out

    return run


def test_the_command_tells_what_was_added_and_changed(command, administrator):
    out = command(FULL, "--reason", "初回")
    assert out.startswith("星野市観光計画（hoshi）を新しく登録しました。\n")
    assert "実績: 追加3、変更0、削除0\n" in out
    assert "新しい報告期間: 令和6年度上半期、令和6年度\n" in out
    assert Target.history.first().history_user == administrator
    assert Target.history.first().history_change_reason == "初回"
    out = command(FULL | {"目標": [TARGET | {"目標値": 12}]}, "--dry-run")
    assert "  目標 1-1 令和6年度 目標値: 10 → 12\n" in out
    assert "登録していません" in out
    assert Target.objects.filter(value=12).count() == 0
    assert command(FULL) == "変更はありません。\n"
    out = command(FULL | {"目標": [TARGET]}, "--delete-missing")
    assert "目標: 追加0、変更0、削除1\n  目標 1-2 令和6年度 （削除）\n" in out


def test_the_command_lists_every_fault_and_writes_nothing(command, published, administrator):
    before = everything()
    tables = citys(
        目標=[TARGET | {"年度": "いつか"}],
        実績=[R7_H1 | {"実績値": 705}, R7_H1 | {"指標コード": "9-9", "年度": "R8"}],
    )
    with pytest.raises(CommandError) as error:
        command(tables)
    assert error.value.returncode == 1
    lines = str(error.value).split("\n")
    assert lines[0] == "取り込めません。直すところが3件あります。"
    assert lines[1].startswith("目標 B2: 年度: 「いつか」は年度として")
    assert lines[2].startswith("実績 D2: この報告期間は公表済みです。")
    assert lines[3] == "実績 A3: 指標コード「9-9」は「指標」にありません。"
    assert everything() == before


@pytest.mark.parametrize(
    ("people", "options", "words"),
    [
        ((), (), "システム管理者がいません。--by"),
        (("a", "b"), (), "システム管理者が2人以上います。--by"),
        (("a",), ("--by", "c"), "利用者「c」がいません"),
    ],
)
def test_the_command_asks_who_where_it_is_not_clear(
    command, django_user_model, people, options, words
):
    for name in people:
        django_user_model.objects.create_superuser(name)
    with pytest.raises(CommandError, match=words):
        command(sheets(), *options)
    assert Plan.objects.count() == 0


def test_the_command_takes_the_person_that_is_named(command, django_user_model):
    for name in ("a", "b"):
        django_user_model.objects.create_superuser(name)
    command(sheets(), "--by", "b")
    assert Indicator.history.get().history_user.username == "b"


def test_the_command_refuses_what_is_no_workbook(tmp_path, administrator):
    with pytest.raises(CommandError, match="を読めません"):
        call_command("import_plan", str(tmp_path / "none.xlsx"))
    (tmp_path / "a.xlsx").write_text("スラッグ,計画名")
    with pytest.raises(CommandError, match="CSVなど"):
        call_command("import_plan", str(tmp_path / "a.xlsx"))
