"""The city's paper of 令和7年12月2日, typed in again from the paper itself, held against the product."""

import csv
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

from actions.fiscal import Period, Term
from actions.models import Plan, Strategy
from kpis.models import Target
from kpis.numerals import round_decimal
from kpis.opendata import csv_bytes
from kpis.selectors import live_progress, shown
from kpis.services import publish_outright
from kpis.vocabulary import ActualReason, TargetStatus

R5, R6, R7_H1 = Period(2023, Term.FY), Period(2024, Term.FY), Period(2025, Term.H1)

# Per line: code, name, unit, R5 actual, R6 target and actual, R7 target and first half with its
# rate (blank where none is printed), targets of R8, R9, R10. 連動1 and 連動2: the two plans below.
TABLES = """
1-1|門真市中小企業サポートセンター相談件数|件|1,078|1,200|1,124|1,200|704|58.6%|連動1|連動1|連動1
1-2|創業支援件数|件|64|136|78|136|—||連動1|連動1|連動1
1-3|先端設備等導入計画認定件数|件|17|20|13|20|3|15%|20|連動2|連動2
1-4|特定創業支援を受けた市内創業数|件|41|37|44|37|—||37|空欄|空欄
1-5|地域未来法による地域経済牽引事業計画新規認定件数|件|0|1|0|1|1|100%|1|1|1
2-1|門真市ものづくり企業ネットワーク参加社数|件|99|101|101|103|103|100%|連動1|連動1|連動1
2-2|門真市ものづくり企業ネットワーク会員大会・定例会参加率|%|13.2|9.7|9.7|14|7.2|—|16|18|20
2-3|もりかど産業支援機関ネットワーク活動回数|回|2|2|2|3|2|67%|3|3|3
2-4|「ものづくりタウンかどま」掲載企業数|社|122|140|136|150|137|7.1%|160|170|180
3-1|産業誘導区域への移転等件数|件|0|2|1|2|0|0%|連動1|連動1|連動1
3-2|学校等教育機関、職業訓練機関等との連携数|件|6|8|8|10|9|90%|12|14|16
3-3|「合同企業就職説明会・面接会」マッチング数|人|2|8|8|10|—||10|10|10
3-4|カドマイスター認定企業数|社|2|4|4|4|0|0%|4|4|4
3-5|オープンファクトリー参加者数|人|392|401|401|405|—||415|430|450
3-6|門真市中小企業サポートセンターによる事業承継相談・支援数|件|4|17|18|30|12|40%|40|50|60
"""
LINKED = {
    "連動1": "毎年度策定（前年度の3月策定）を行う「門真市第6次総合計画 実施計画」",
    "連動2": "門真市導入促進基本計画",
}


class Line(NamedTuple):
    code: str
    name: str
    unit: str
    r5: str
    r6_target: str
    r6: str
    r7_target: str
    r7: str
    rate: str
    r8_target: str
    r9_target: str
    r10_target: str

    @property
    def targets(self):
        """Return the printed target of every year of the plan."""
        later = (self.r8_target, self.r9_target, self.r10_target)
        return dict(enumerate((self.r6_target, self.r7_target, *later), start=2024))


LINES = [Line(*line.split("|")) for line in TABLES.strip().splitlines()]
lines = pytest.mark.parametrize("line", LINES, ids=lambda line: line.code)


def number(printed):
    return Decimal(printed.replace(",", ""))


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker):
    """The plan at R7 上半期, live and as published: frozen, so that one reading serves all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "kadoma-monozukuri", verbosity=0)
        plan = Plan.objects.get()
        person = User.objects.create_superuser("kanri")
        for period in (R6, R7_H1):
            publish_outright(plan=plan, period=period, by=person, reason="公表資料による")
        read = {"live": live_progress(plan, R7_H1), "published": shown(plan.slug).progress}
        transaction.set_rollback(True)
    return read


@pytest.fixture(params=["live", "published"])
def progress(request, both):
    """What staff preview, and what everyone reads, of 令和7年度上半期."""
    return both[request.param]


@pytest.fixture(scope="module")
def rows(both):
    """The CSV of the newest publication, by code, year and term."""
    text = b"".join(csv_bytes(both["published"])).decode("utf-8-sig")
    found = list(csv.DictReader(text.splitlines()))
    assert len(found) == 15 * 6  # R5 to R10; of R7 only the first half has come
    return {(row["指標コード"], row["年度"], row["期間"]): row for row in found}


def test_the_tables_hold_these_indicators_in_this_order(progress):
    found = [(one.code, one.name, one.unit) for one in progress.indicators]
    assert found == [(line.code, line.name, line.unit) for line in LINES]


@lines
def test_every_target_is_the_printed_one(progress, line):
    found = progress.indicator(line.code)
    assert found.year(2023).target.status is TargetStatus.UNSET
    for year, printed in line.targets.items():
        target = found.year(year).target
        if printed == "空欄":
            assert (target.status, target.value, target.display) == (TargetStatus.UNSET, None, "")
        elif printed in LINKED:
            assert (target.status, target.value) == (TargetStatus.LINKED, None)
            assert target.display == f"{LINKED[printed]}で定める目標値と連動"
        else:
            assert (target.status, target.value) == (TargetStatus.SET, number(printed))
            assert target.display == printed


@lines
def test_every_actual_and_rate_is_the_printed_one(progress, line):
    found = progress.indicator(line.code)
    for period, printed in ((R5, line.r5), (R6, line.r6)):
        actual = found.at(period).actual
        assert (actual.value, actual.display) == (number(printed), printed)
        assert actual.status == "reported"
    half = found.at(R7_H1)
    assert half.actual.display == line.r7
    if line.r7 == "—":
        assert (half.actual.value, half.actual.reason) == (None, ActualReason.NOT_IN_PAPER)
        assert (half.attainment.rate, half.attainment.display) == (None, "—")
    else:
        assert half.actual.value == number(line.r7)
        assert half.attainment.display == line.rate
    assert half.actual.printed_rate == line.rate
    assert [one.period for one in found.results] == [R5, R6, R7_H1]


@lines
def test_the_open_data_has_the_printed_figures(rows, line):
    cells = {}
    for year, printed in line.targets.items():
        row = rows[line.code, str(year), "H1" if year == 2025 else "FY"]
        status = {"空欄": "unset", "連動1": "linked", "連動2": "linked"}.get(printed, "set")
        value = str(number(printed)) if status == "set" else ""
        assert (row["目標値"], row["目標の状態"]) == (value, status)
        assert (row["指標名"], row["単位"], row["公表版"]) == (line.name, line.unit, "1")
        cells[year] = (row["実績値"], row["実績の状態"], row["基準日"])
    absent = ("", "missing", "")
    half = ("", "not_in_paper") if line.r7 == "—" else (str(number(line.r7)), "reported")
    assert cells == {
        2024: (str(number(line.r6)), "reported", "2025-03-31"),
        2025: (*half, "2025-09-30"),
        2026: absent,
        2027: absent,
        2028: absent,
    }
    baseline, first_half = rows[line.code, "2023", "FY"], rows[line.code, "2025", "H1"]
    assert (baseline["実績値"], baseline["目標の状態"]) == (str(number(line.r5)), "unset")
    assert first_half["達成率表示"] == (line.rate or "—")


NOTES = {
    "1-2": "※特定創業支援事業による支援件数",
    "1-3": "※新規申請・変更申請の合計",
    "1-5": "※門真市基本計画で定める目標値",
    "3-2": "※連携して実施した「取組み」ごとに計上",
    "3-6": "※大阪府事業承継ネットワーク報告「事業承継診断」件数",
}


def test_the_notes_below_the_names_are_the_printed_ones(progress):
    assert {one.code: one.definition for one in progress.indicators if one.definition} == NOTES


TREE = [
    (
        "イノベーション",
        "Change Chance Challenge",
        "デジタル化（DX）への対応・活用 48",
        "脱炭素（GX）/SDGs への対応・活用 50",
        "スタートアップ、プロジェクト創出 54",
        "次世代ものづくり支援拠点の整備 55",
    ),
    (
        "ネットワーク・連携",
        "Combination Chain Cross",
        "企業（支援機関）ネットワーク活動の拡大、推進 56",
        "域内受発注の促進（地域内経済循環促進） 57",
        "連携・共創を通じた高付加価値化 58",
        "域外との連携 59",
        "ロールモデル集約・展開 60",
    ),
    (
        "基盤・集積強化",
        "Conditioning Cluster Convene",
        "人材確保・育成 61",
        "ものづくりブランドの確立 62",
        "操業環境の維持と新たな産業用地の確保 64",
        "事業承継 65",
        "市民等の理解促進 66",
        "BCP（災害、感染症等） 66",
    ),
]


def test_the_tree_of_strategies_and_measures_has_the_plans_pages(progress):
    found = [
        (one.name, one.tag, *(f"{measure.name} {measure.page}" for measure in one.measures))
        for one in progress.strategies
    ]
    assert found == TREE
    codes = " ".join(measure.code for _, measure in progress.measures)
    assert codes == "1-1 1-2 1-3 1-4 2-1 2-2 2-3 2-4 2-5 3-1 3-2 3-3 3-4 3-5 3-6"


def test_the_plan_says_of_itself_what_the_paper_says(progress):
    plan = progress.plan
    assert plan.name == "門真市ものづくり産業振興計画"
    assert plan.principle == "―門真全域―ものづくりのテーマパーク"
    assert (plan.section, plan.parent_plan) == ("産業振興課", "門真市第6次総合計画")
    assert plan.council == "門真市ものづくり産業振興懇話会"
    assert [plan.baseline_year, plan.start_year, plan.end_year] == [2023, 2024, 2028]
    for words in (
        "１．PLAN（具体的な取組の設定）",
        "２．DO（取組実施）",
        "３．CHECK（取組成果・課題、経済情勢の変化等を把握）",
        "４．ACTION（取組の評価・見直し）",
        "達成に向けた必要な取組・軌道修正のあり方について検討し",
    ):
        assert words in plan.management


# Name, three years' figures, and for 令和5(2023)年 growth and growth of the whole prefecture.
KGIS = [
    ("市内製造業粗付加価値額", "23,139,459", "26,214,886", "27,570,624", "5.2", "1.9"),
    ("市内製造業従事者一人当たりの付加価値生産性", "1,756", "1,904", "2,101", "10.3", "2.5"),
]


def test_the_kgis_grow_as_printed_against_all_of_osaka(progress):
    assert [one.name for one in progress.kgis] == [name for name, *_ in KGIS]
    for found, (_, *figures, growth, theirs) in zip(progress.kgis, KGIS, strict=True):
        assert [(year.year, year.display) for year in found.years] == list(
            zip((2021, 2022, 2023), figures, strict=True)
        )
        assert (found.unit, found.comparator) == ("万円", "大阪府全体")
        assert (found.base_year, found.target_year) == (2022, 2028)
        assert found.target == "令和4(2022)年～令和10(2028)年の大阪府全体の伸びを上回る"
        assert found.source == "経済産業省「経済構造実態調査」"
        assert round_decimal(found.latest.growth, 1) == Decimal(growth)
        assert found.latest.comparator_growth == Decimal(theirs)
        base, newest = (int(figure.replace(",", "")) for figure in figures[1:])
        exact = Fraction(newest, base) * 100 - 100 - Fraction(theirs)
        assert abs(Fraction(found.latest.difference) - exact) < Fraction(1, 10**30)


def test_the_publicity_is_the_printed_record(progress):
    found = [(one.day, one.quantity, one.unit) for one in progress.publicity]
    assert found == [
        (None, None, ""),
        (None, 500, "部"),
        (None, 1000, "部"),
        (dt.date(2024, 7, 25), None, ""),
        (dt.date(2024, 11, 25), 374, "部"),
        (dt.date(2025, 11, 10), None, ""),
    ]
    words = [
        "ホームページ",
        "本編",
        "概要版",
        "日刊工業新聞",
        "学生、会議等に配付",
        "綾瀬市議会視察",
    ]
    for one, word in zip(progress.publicity, words, strict=True):
        assert word in one.content
    assert "第19面" in progress.publicity[3].content


@pytest.mark.parametrize(
    ("code", "years", "words"),
    [
        ("1-2", [2026, 2027, 2028], "「毎年度策定…と連動」の欄と結合されていると判断しました"),
        ("1-4", [2027, 2028], "令和9・10年度の欄が空白です"),
    ],
)
def test_what_the_paper_leaves_open_is_noted_at_the_targets(kadoma, code, years, words):
    noted = Target.objects.filter(indicator__code=code, note__contains=words)
    assert list(noted.values_list("fiscal_year", flat=True)) == years
    assert words in noted[0].indicator.note


def test_the_other_spelling_of_a_tag_is_noted(kadoma):
    assert "Convener" in Strategy.objects.get(number=3).note


def test_what_was_read_otherwise_or_added_is_noted(progress):
    assert "読み取り誤り" in progress.indicator("2-2").note
    assert "オープンファクトリートリー参加者数" in progress.indicator("3-5").note
    for one in progress.indicators:  # the paper ties no indicator to a measure
        assert bool(one.measure_codes) == ("公表資料に記載はありません" in one.note)
