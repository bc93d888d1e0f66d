"""The plan book as it leaves: Kadoma's sheets against the paper, and the command."""

import datetime as dt
import io
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from kpis.selectors import plan_book
from kpis.workbooks import plan_book_workbook
from tests.planbook_sheets import CONTRACT, MORE_SHEETS, kadomas, table  # noqa: F401 (fixture)

SLUG = "kadoma-monozukuri"
pytestmark = pytest.mark.django_db


# What our own book says besides the contract, so that a plan comes back whole.
BEYOND = {
    "計画": "会議体, 進捗管理",
    "体系": "戦略の備考, 施策の備考, 施策の内容",
    "指標": "関連する施策, 備考, 開始年度, 終了年度, 旧指標名, 改称年度, 後継の指標, 見直しの理由",
    "目標": "決定日, 目標の言葉",
    "実績": "確認した内容, 判定の変更, 変更の理由, 年度末見込, 調査年度, "
    "対応の担当, 対応の期限, 前回の対応の結果, 前回の対応の説明",
    "KGI": "小数桁, 出所, 備考",
    "KGI実績": "備考, 比較対象の値, 公表予定",
    "アクション": "重点の理由, 連携先, 例示",
    "アクション年度": "上半期の実施内容, 見直しの内容",
    "判定基準": "指標コード",
    "普及・周知": "対象",
}


def test_sheets_and_headings_are_those_of_the_contract(kadomas):
    assert kadomas.sheetnames == [*CONTRACT, *MORE_SHEETS]
    for title, headings in CONTRACT.items():
        first = [cell.value for cell in kadomas[title][1]]
        beyond = BEYOND[title].split(", ") if title in BEYOND else []
        assert first == headings.split(", ") + beyond, title


def test_the_plan_stands_in_one_row(kadomas):
    (row,) = table(kadomas, "計画")
    assert row.pop("進捗管理").startswith(
        "アクションプランは、１．PLAN（具体的な取組の設定）、２．DO"
    )
    assert row == {
        "スラッグ": SLUG,
        "計画名": "門真市ものづくり産業振興計画",
        "基本理念": "―門真全域―ものづくりのテーマパーク",
        "開始年度": "令和6年度",
        "終了年度": "令和10年度",
        "基準年度": "令和5年度",
        "所管課": "産業振興課",
        "上位計画": "門真市第6次総合計画",
        "会議体": "門真市ものづくり産業振興懇話会",
    }


PAGES = [[48, 50, 54, 55], [56, 57, 58, 59, 60], [61, 62, 64, 65, 66, 66]]


def test_measures_stand_in_the_papers_order_with_its_pages(kadomas):
    rows = table(kadomas, "体系")
    assert [(one["戦略番号"], one["施策番号"], one["計画頁"]) for one in rows] == [
        (strategy, number, page)
        for strategy, pages in enumerate(PAGES, start=1)
        for number, page in enumerate(pages, start=1)
    ]
    assert rows[4] == {
        "戦略番号": 2,
        "戦略名": "ネットワーク・連携",
        "英語表記": "Combination Chain Cross",
        "施策番号": 1,
        "施策名": "企業（支援機関）ネットワーク活動の拡大、推進",
        "計画頁": 56,
    }


# code, unit, base of R5, and what is unusual in its rule
INDICATORS = [
    ("1-1", "件", 1078), ("1-2", "件", 64), ("1-3", "件", 17), ("1-4", "件", 41), ("1-5", "件", 0),
    ("2-1", "件", 99), ("2-2", "%", 13.2), ("2-3", "回", 2), ("2-4", "社", 122),
    ("3-1", "件", 0), ("3-2", "件", 6), ("3-3", "人", 2), ("3-4", "社", 2), ("3-5", "人", 392),
    ("3-6", "件", 4),
]  # fmt: skip
USUAL = {
    "小数桁": 0,
    "種別": "累計",
    "方向": "増加",
    "算式": "単純比",
    "基準年度": "令和5年度",
    "上半期の達成率": "算定する",
    "見込割合": 0.5,
    "達成率の小数桁": 1,
    "端数処理": "四捨五入",
    "末尾の0": "省く",
}
UNUSUAL = {
    "1-1": {"端数処理": "切り捨て"},  # 704/1,200 is printed as 58.6%
    "2-1": {"種別": "時点"},
    "2-2": {"小数桁": 1, "種別": "割合", "上半期の達成率": "算定しない"},
    "2-3": {"達成率の小数桁": 0},  # 2/3 is printed as 67%
    "2-4": {"種別": "時点", "算式": "前年度比増分"},  # 137 of 150 after 136 is printed as 7.1%
}


def test_indicators_stand_in_the_papers_order_with_the_rules_that_reproduce_it(kadomas):
    rows = table(kadomas, "指標")
    assert [(one["指標コード"], one["単位"], one["基準値"]) for one in rows] == INDICATORS
    for row in rows:
        wanted = USUAL | UNUSUAL.get(row["指標コード"], {})
        assert {name: row[name] for name in USUAL} == wanted, row["指標コード"]
    assert rows[7]["指標名"] == "もりかど産業支援機関ネットワーク活動回数"
    assert rows[5]["関連する施策"] == "2-1"


# R6 to R10 as the paper prints them: L 連動, U blank.
TARGETS = {
    "1-1": "1200 1200 L L L", "1-2": "136 136 L L L", "1-3": "20 20 20 L L",
    "1-4": "37 37 37 U U", "1-5": "1 1 1 1 1", "2-1": "101 103 L L L",
    "2-2": "9.7 14 16 18 20", "2-3": "2 3 3 3 3", "2-4": "140 150 160 170 180",
    "3-1": "2 2 L L L", "3-2": "8 10 12 14 16", "3-3": "8 10 10 10 10", "3-4": "4 4 4 4 4",
    "3-5": "401 405 415 430 450", "3-6": "17 30 40 50 60",
}  # fmt: skip
YEARS = ("令和6年度", "令和7年度", "令和8年度", "令和9年度", "令和10年度")


def test_targets_are_the_papers(kadomas):
    wanted = []
    for code, printed in TARGETS.items():
        for year, one in zip(YEARS, printed.split(), strict=True):
            status = {"L": "連動", "U": "未設定"}.get(one, "設定")
            wanted.append((code, year, float(one) if status == "設定" else None, status))
    rows = table(kadomas, "目標")
    names = ("指標コード", "年度", "目標値", "状態")
    assert [tuple(one.get(name) for name in names) for one in rows] == wanted
    assert rows[2]["根拠"] == "毎年度策定（前年度の3月策定）を行う「門真市第6次総合計画 実施計画」"
    assert rows[13]["根拠"] == "門真市導入促進基本計画"


# R6, then R7 上半期 with the rate that the paper prints; — for none.
ACTUALS = {
    "1-1": (1124, 704, "58.6%"), "1-2": (78, "—", None), "1-3": (13, 3, "15%"),
    "1-4": (44, "—", None), "1-5": (0, 1, "100%"), "2-1": (101, 103, "100%"),
    "2-2": (9.7, 7.2, "—"), "2-3": (2, 2, "67%"), "2-4": (136, 137, "7.1%"),
    "3-1": (1, 0, "0%"), "3-2": (8, 9, "90%"), "3-3": (8, "—", None), "3-4": (4, 0, "0%"),
    "3-5": (401, "—", None), "3-6": (18, 12, "40%"),
}  # fmt: skip


def test_actuals_are_the_papers(kadomas):
    wanted = []
    for code, (r6, r7, rate) in ACTUALS.items():
        wanted.append({"指標コード": code, "年度": "令和6年度", "期間": "年度", "実績値": r6})
        half = {"指標コード": code, "年度": "令和7年度", "期間": "上半期"}
        half |= {"理由": "公表資料に記載なし"} if r7 == "—" else {"実績値": r7}
        wanted.append(half | ({"公表達成率": rate} if rate else {}))
    assert table(kadomas, "実績") == wanted


def test_kgis_are_the_papers(kadomas):
    first, second = table(kadomas, "KGI")
    assert (first["指標名"], first["起点年"], first["目標年"]) == (
        "市内製造業粗付加価値額",
        2022,
        2028,
    )
    assert second["目標"] == "令和4(2022)年～令和10(2028)年の大阪府全体の伸びを上回る"
    assert [tuple(one.values()) for one in table(kadomas, "KGI実績")] == [
        ("kgi-1", 2021, 23139459),
        ("kgi-1", 2022, 26214886),
        ("kgi-1", 2023, 27570624, 1.9),
        ("kgi-2", 2021, 1756),
        ("kgi-2", 2022, 1904),
        ("kgi-2", 2023, 2101, 2.5),
    ]


def test_bands_and_publicity(kadomas):
    bands = [tuple(one.values()) for one in table(kadomas, "判定基準")]
    assert bands[0] == ("上半期", 100, "◎", "順調", "良い（濃い青）")
    assert bands[7] == ("年度", "×", "遅れ", "悪い（赤）")
    rows = table(kadomas, "普及・周知")
    assert rows[1] == {
        "種別": "製作",
        "内容": "計画製本版（本編）の製作",
        "数量": 500,
        "単位": "部",
        "対象": "本編",
    }
    assert [one.get("日付") for one in rows] == [
        *[None] * 3,
        dt.datetime(2024, 7, 25),
        dt.datetime(2024, 11, 25),
        dt.datetime(2025, 11, 10),
    ]
    assert table(kadomas, "アクション") == table(kadomas, "アクション年度") == []


# --- the command ----------------------------------------------------------------------------------


def test_the_command_writes_the_book(kadoma, tmp_path):
    file = tmp_path / "計画.xlsx"
    call_command("export_plan", SLUG, "-o", str(file))
    assert file.read_bytes() == plan_book_workbook(plan_book(kadoma))


def test_a_dash_is_standard_output(kadoma, monkeypatch):
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    call_command("export_plan", SLUG, "-o", "-")
    assert out.getvalue() == plan_book_workbook(plan_book(kadoma))


def test_the_command_says_in_japanese_what_it_cannot_do(kadoma, tmp_path):
    file = tmp_path / "out.xlsx"
    with pytest.raises(CommandError) as caught:
        call_command("export_plan", "nai", "-o", str(file))
    assert str(caught.value) == f"計画「nai」がありません（登録されている計画: {SLUG}）。"
    assert not file.exists()
    with pytest.raises(CommandError, match="に書き込めません（"):
        call_command("export_plan", SLUG, "-o", str(tmp_path))
