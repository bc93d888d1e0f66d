"""Taking in a plan book: the full one, and what became of it."""

import datetime as dt

import pytest
from django.apps import apps

from actions.models import Action, ActionYear, Plan
from kpis.models import (
    Actual,
    Indicator,
    Kgi,
    KgiComparison,
    KgiRevision,
    KgiValue,
    Target,
    TargetRevision,
)
from kpis.services import BookError, import_book
from tests.planbooks import ACTION, INDICATOR, KGI, MEASURE, NEWS, read, sheets

AUDITED = (
    *(Indicator, Target, TargetRevision, Actual),
    *(Kgi, KgiValue, KgiComparison, KgiRevision),
    *(Action, ActionYear),
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
