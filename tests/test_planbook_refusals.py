"""Taking in a plan book: what is refused."""

from dataclasses import replace

import pytest
from django.db.models import CheckConstraint, UniqueConstraint

from actions.models import Plan
from kpis.models import Actual
from kpis.planbook.parts import PARTS
from kpis.planbook.values import Code, Slug, Text
from kpis.rounds import Move
from kpis.services import BookError, import_book, move
from kpis.services.bookwriting import SHAPES
from tests.planbook_taking import ACTUAL, FULL, R7_H1, TARGET, citys, hoshi, refused, taken, told  # noqa: F401 (fixture)
from tests.planbooks import ACTION, BAND, INDICATOR, KGI, PLAN, read, sheets
from tests.test_planbook_faults import WRONG

pytestmark = pytest.mark.django_db


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
    "actual_follow_up_has_reason": "not done without reason",
    "actual_follow_up_note_has_result": "explained without result",
    "action_code_unique": "action twice",
    "action_priority_reason_has_mark": "reason without mark",
    "action_year_unique": "action year twice",
}
FOLLOW_UP = {"前回の対応の結果": None, "前回の対応の説明": None}
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
    "not done without reason": {"実績": [ACTUAL | FOLLOW_UP | {"前回の対応の結果": "未実施"}]},
    "explained without result": {"実績": [ACTUAL | FOLLOW_UP | {"前回の対応の説明": "済"}]},
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
