"""What may not be stored, in words for the person at the form, and by the database for all others."""

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from actions.fiscal import Period, Term
from actions.models import Action, ActionYear, Measure, Plan, Strategy
from kpis.models import (
    Actual,
    Indicator,
    JudgementBand,
    Kgi,
    KgiComparison,
    KgiRevision,
    KgiValue,
    Meeting,
    MeetingMaterial,
    Opinion,
    Publication,
    Reminder,
    ReportingPeriod,
    SectionContact,
    Target,
    TargetRevision,
)
from tests.factories import YEARS, make_periods, make_places, new

pytestmark = pytest.mark.django_db
H1, FY = Term.H1, Term.FY
SANGYO = "sangyo@example.lg.jp"


@pytest.fixture(scope="module")
def places(undone):
    """Two plans and a person, stored once for all tests, each of which undoes its own writing."""
    with undone() as administrator:
        yield make_places(person=administrator)


@pytest.fixture
def at(places, db):
    return places


# Every database rule, the field where the form tells it (__all__: above the form), and the words.
RULES = """
plan_years_in_order | end_year | 終了年度は開始年度以後にしてください。
plan_baseline_not_after_start | baseline_year | 基準年度は開始年度以前にしてください。
plan_baseline_in_range | baseline_year | 年度は1989年度から2099年度までにしてください。
plan_end_in_range | end_year | 年度は1989年度から2099年度までにしてください。
plan_one_current | is_current | トップページに表示する計画は1つだけです。ほかの計画の印を外してください。
strategy_number_unique | number | この計画には同じ戦略番号が既にあります。
measure_number_unique | number | この戦略には同じ施策番号が既にあります。
band_lower_unique | lower | 同じ期間に同じ下限の区分が既にあります。
band_one_lowest | lower | 下限のない区分は、期間ごとに1つだけです。
band_label_unique | label | 同じ期間に同じ判定の区分が既にあります。
indicator_code_unique | code | この計画には同じ指標コードが既にあります。
indicator_decimals_range | decimals | 小数桁は0から4までにしてください。
indicator_rate_decimals_range | rate_decimals | 達成率の小数桁は0から2までにしてください。
indicator_expected_share_range | expected_share | 見込割合は0から1までにしてください。
indicator_baseline_has_year | baseline_year | 基準値を入力したときは、基準年度も入力してください。
indicator_from_baseline_has_value | baseline_value | 算式が基準値比のときは、基準値を入力してください。
target_year_unique | fiscal_year | この指標には同じ年度の目標が既にあります。
target_value_matches_status | value | 状態が「設定」のときは目標値を入力し、「連動」「未設定」のときは目標値を空にしてください。
target_linked_has_source | source | 状態が「連動」のときは、根拠に計画の名前を入力してください。
period_unique | term | この計画には同じ報告期間が既にあります。
actual_unique | period | この指標のこの期間の実績は既にあります。
actual_value_or_reason | reason | 実績値と理由は、どちらか一方だけを入力してください。
actual_provisional_has_value | provisional | 速報値の印は、実績値を入力したときだけ付けられます。
actual_carried_has_value | carried_from | 調査年度は、実績値を入力したときだけ入力できます。
actual_follow_up_has_reason | follow_up_note | 前回の対応が未実施・取りやめのときは、その理由を入力してください。
actual_follow_up_note_has_result | follow_up | 前回の対応の説明を入力したときは、結果も選んでください。
material_kept_once | sha256 | この会議には同じ内容の資料が既にあります。
actual_override_has_reason | override_reason | 判定の変更には、判定と理由の両方が必要です。
kgi_code_unique | code | この計画には同じKGIコードが既にあります。
kgi_years_in_order | target_year | 目標年は起点年より後にしてください。
kgi_decimals_range | decimals | 小数桁は0から4までにしてください。
kgi_value_year_unique | year | このKGIには同じ年の値が既にあります。
kgi_value_year_range | year | 年は西暦（1900～2099）で入力してください。
kgi_value_growth_or_value | comparator_value | 比較対象は、伸び率と値のどちらか一方だけを入力してください。
kgi_comparison_year_unique | year | この比較対象には同じ年の値が既にあります。
kgi_comparison_year_range | year | 年は西暦（1900～2099）で入力してください。
kgi_comparison_growth_or_value | value | 伸び率と値のどちらか一方を入力してください。
kgi_revision_day_unique | revised_on | この年の値には同じ日の改定が既にあります。
kgi_revision_has_reason | reason | 改定の理由を入力してください。
revision_day_unique | revised_on | この目標には同じ日の改定が既にあります。
revision_value_matches_status | value | 改定前の状態が「設定」のときは改定前の目標値を入力し、「連動」「未設定」のときは空にしてください。
revision_has_reason | reason | 改定の理由を入力してください。
indicator_years_in_order | end_year | 終了年度は開始年度以後にしてください。
indicator_former_name_has_year | renamed_year | 改称には、旧指標名と改称年度の両方が必要です。
indicator_successor_has_end | end_year | 後継の指標を選んだときは、終了年度も入力してください。
indicator_review_has_reason | review_reason | 開始・終了・改称の年度を入力したときは、見直しの理由も入力してください。
indicator_milestone_has_no_rate | formula | 種別が達成有無のときは、算式を「算定しない」、小数桁を0にしてください。
indicator_band_lower_unique | lower | 同じ期間に同じ下限の区分が既にあります。
indicator_band_one_lowest | lower | 下限のない区分は、期間ごとに1つだけです。
indicator_band_label_unique | label | 同じ期間に同じ判定の区分が既にあります。
action_code_unique | code | この計画には同じアクションコードが既にあります。
action_priority_reason_has_mark | is_priority | 重点とした理由を入力したときは、「重点アクション」に印を付けてください。
action_year_unique | fiscal_year | このアクションには同じ年度が既にあります。
meeting_name_unique | name | この計画には同じ名前の会議が既にあります。
opinion_number_unique | number | この会議には同じ番号の意見が既にあります。
opinion_difficult_has_reason | state_reason | 対応困難のときは、その理由を入力してください。
opinion_state_has_reply | reply | 対応状況を選んだときは、市の回答も入力してください。
contact_unique | email | この所管課には同じメールアドレスが既にあります。
reminder_once | kind | この所管課には同じ督促を既に送っています。
publication_version_unique | __all__ | この期間の同じ版は既に公表されています。
"""
RULES = {name: told for name, *told in (line.split(" | ") for line in RULES.strip().splitlines())}

WHY = {"review_reason": "見直しのため"}
# Constraint, what is wrong, and the record that breaks it and nothing else.
BROKEN = [
    ("plan_years_in_order", "ends-first", Plan, {"start_year": 2028, "end_year": 2027}),
    ("plan_baseline_not_after_start", "later", Plan, {"baseline_year": 2025}),
    ("plan_baseline_in_range", "too-early", Plan, {"baseline_year": 1988}),
    ("plan_end_in_range", "too-late", Plan, {"end_year": 2100}),
    ("plan_baseline_in_range", "era-year", Plan, {"baseline_year": 5}),
    ("plan_one_current", "two", Plan, {"is_current": True}),
    ("strategy_number_unique", "twice", Strategy, {"number": 2}),
    ("measure_number_unique", "twice", Measure, {"number": 5}),
    ("band_lower_unique", "twice", JudgementBand, {"lower": Decimal("80.00")}),
    ("band_one_lowest", "two", JudgementBand, {"lower": None}),
    ("band_label_unique", "twice", JudgementBand, {"label": "概ね達成"}),
    ("indicator_code_unique", "twice", Indicator, {"code": "1-1", "strategy": "@second"}),
    ("indicator_decimals_range", "five", Indicator, {"decimals": 5}),
    ("indicator_rate_decimals_range", "three", Indicator, {"rate_decimals": 3}),
    ("indicator_expected_share_range", "above", Indicator, {"expected_share": Decimal("1.0001")}),
    ("indicator_expected_share_range", "below", Indicator, {"expected_share": Decimal("-0.0001")}),
    ("indicator_baseline_has_year", "no-year", Indicator, {"baseline_value": 0}),
    ("indicator_from_baseline_has_value", "no-value", Indicator, {"formula": "from_baseline"}),
    ("target_year_unique", "twice", Target, {"indicator": "@taken"}),
    ("target_value_matches_status", "set-without", Target, {"value": None}),
    ("target_value_matches_status", "unset-with-zero", Target, {"status": "unset", "value": 0}),
    ("target_value_matches_status", "linked-with", Target, {"status": "linked", "source": "計画"}),
    ("target_linked_has_source", "no-source", Target, {"status": "linked", "value": None}),
    ("period_unique", "twice", ReportingPeriod, {"fiscal_year": 2024}),
    ("actual_unique", "twice", Actual, {"indicator": "@taken"}),
    ("actual_value_or_reason", "zero-and-reason", Actual, {"value": 0, "reason": "not_conducted"}),
    ("actual_provisional_has_value", "missing", Actual, {"value": None, "provisional": True}),
    (
        "actual_provisional_has_value",
        "reason",
        Actual,
        {"value": None, "provisional": True, "reason": "not_conducted"},
    ),
    ("actual_override_has_reason", "no-reason", Actual, {"override": "@band"}),
    ("actual_override_has_reason", "no-band", Actual, {"override_reason": "特別な事情"}),
    ("kgi_code_unique", "twice", Kgi, {"code": "kgi-1"}),
    ("kgi_years_in_order", "same-year", Kgi, {"target_year": 2022}),
    ("kgi_decimals_range", "five", Kgi, {"decimals": 5}),
    ("kgi_value_year_unique", "twice", KgiValue, {"year": 2022}),
    ("kgi_value_year_range", "too-early", KgiValue, {"year": 1899}),
    ("kgi_value_year_range", "too-late", KgiValue, {"year": 2100}),
    (
        "kgi_value_growth_or_value",
        "both",
        KgiValue,
        {"comparator_growth": 1, "comparator_value": 5},
    ),
    ("kgi_comparison_year_unique", "twice", KgiComparison, {"year": 2023}),
    ("kgi_comparison_year_range", "too-early", KgiComparison, {"year": 1899}),
    ("kgi_comparison_growth_or_value", "both", KgiComparison, {"growth": 1}),
    ("kgi_comparison_growth_or_value", "neither", KgiComparison, {"value": None}),
    ("kgi_revision_day_unique", "twice", KgiRevision, {"revised_on": dt.date(2026, 3, 1)}),
    ("kgi_revision_has_reason", "no-reason", KgiRevision, {"reason": ""}),
    ("revision_day_unique", "twice", TargetRevision, {"revised_on": dt.date(2025, 4, 1)}),
    ("revision_value_matches_status", "set-without", TargetRevision, {"value": None}),
    ("revision_value_matches_status", "linked-with", TargetRevision, {"status": "linked"}),
    ("revision_has_reason", "no-reason", TargetRevision, {"reason": ""}),
    (
        "indicator_years_in_order",
        "ends-first",
        Indicator,
        {"start_year": 2026, "end_year": 2025, **WHY},
    ),
    ("indicator_former_name_has_year", "no-year", Indicator, {"former_name": "旧"}),
    ("indicator_former_name_has_year", "no-name", Indicator, {"renamed_year": 2025, **WHY}),
    ("indicator_successor_has_end", "no-end", Indicator, {"successor": "@taken"}),
    ("indicator_review_has_reason", "no-reason", Indicator, {"start_year": 2025}),
    ("indicator_milestone_has_no_rate", "ratio", Indicator, {"kind": "milestone"}),
    (
        "indicator_milestone_has_no_rate",
        "decimals",
        Indicator,
        {"kind": "milestone", "formula": "none", "decimals": 1},
    ),
    (
        "actual_follow_up_has_reason",
        "not-done",
        Actual,
        {"follow_up": "not_done", "follow_up_note": ""},
    ),
    ("actual_follow_up_has_reason", "dropped", Actual, {"follow_up": "dropped"}),
    ("actual_follow_up_note_has_result", "note", Actual, {"follow_up_note": "済んだ"}),
    ("material_kept_once", "twice", MeetingMaterial, {}),
    ("actual_carried_has_value", "no-value", Actual, {"value": None, "carried_from": 2023}),
    ("indicator_band_lower_unique", "twice", JudgementBand, {"indicator": "@taken", "lower": 70}),
    ("indicator_band_one_lowest", "two", JudgementBand, {"indicator": "@taken", "lower": None}),
    (
        "indicator_band_label_unique",
        "twice",
        JudgementBand,
        {"indicator": "@taken", "label": "良"},
    ),
    ("action_code_unique", "twice", Action, {"code": "A-1"}),
    ("action_priority_reason_has_mark", "no-mark", Action, {"priority_reason": "急ぐため"}),
    ("action_year_unique", "twice", ActionYear, {"fiscal_year": 2027}),
    ("meeting_name_unique", "twice", Meeting, {"name": "第1回懇話会"}),
    ("opinion_number_unique", "twice", Opinion, {"number": 3}),
    ("opinion_difficult_has_reason", "no-reason", Opinion, {"reply": "無理", "state": "difficult"}),
    ("opinion_state_has_reply", "no-reply", Opinion, {"state": "settled"}),
    ("contact_unique", "twice", SectionContact, {"email": SANGYO}),
    ("reminder_once", "twice", Reminder, {"kind": "opened"}),
    ("publication_version_unique", "twice", Publication, {"version": 1}),
]
broken = pytest.mark.parametrize(
    ("constraint", "model", "own"), [pytest.param(a, *c, id=f"{a}-{b}") for a, b, *c in BROKEN]
)


def constraints():
    """Return every constraint of our own records, by name."""
    configs = [apps.get_app_config(label) for label in ("actions", "kpis")]
    found = [one for app in configs for kind in app.get_models() for one in kind._meta.constraints]
    return {one.name: one for one in found}


def test_every_constraint_is_in_the_table():
    assert set(constraints()) == set(RULES) == {name for name, *_ in BROKEN}


@broken
def test_the_form_says_at_the_field_what_is_wrong(at, constraint, model, own):
    field, message = RULES[constraint]
    with pytest.raises(ValidationError) as caught:
        new(at, model, **own).full_clean()
    assert caught.value.message_dict == {field: [message]}


@broken
def test_the_database_refuses_it_too(at, constraint, model, own):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        new(at, model, **own).save()
    check = isinstance(constraints()[constraint], models.CheckConstraint)
    if check or connection.vendor == "postgresql":  # SQLite names columns for a unique constraint
        assert constraint in str(caught.value)


RESERVED = ["accessibility", "accounts", "admin", "api", "guide"]
RESERVED += ["healthz", "plans", "readyz", "static"]


@pytest.mark.parametrize("slug", RESERVED)
def test_a_slug_that_the_site_needs_is_refused(slug):
    with pytest.raises(ValidationError) as caught:
        Plan(name="新しい計画", slug=slug, **YEARS).full_clean()
    message = f"「{slug}」はこのシステムが使うため、指定できません。"
    assert caught.value.message_dict == {"slug": [message]}


OUTSIDE = "計画の年度（R5～R10）の中で入力してください。"
ONE_DECIMAL = "小数は1桁までで入力してください。"
CODE = "半角の英数字とハイフンで入力してください（例: 1-1）。"
OTHER_BAND = "この計画の、同じ期間（上半期・年度）の判定区分を選んでください。"
HALF = {"baseline_year": 2023, "baseline_value": Decimal("0.5")}
CHANGED = {"override_reason": "特別な事情"}
TAKEN = "この スラッグ を持った 計画 が既に存在します。"
OTHER_STRATEGY = "この計画の基本戦略を選んでください。"
OTHER_PERIOD = "指標と同じ計画の報告期間を選んでください。"
OTHER_MEASURE = "この計画の施策を選んでください。"
OTHER_PUBLICATION = "この計画の公表を選んでください。"
OTHER_SUBJECT = "この計画のものを選んでください。"
ACTION_CODE = "半角の英数字とハイフンで入力してください（例: 1-1-1）。"
CHOICE = "'H2' は有効な選択肢ではありません。"
# What is wrong, the field, its message, the record.
FAULTS = [
    ("slug-taken", "slug", TAKEN, Plan, {"slug": "here"}),
    ("foreign-strategy", "strategy", OTHER_STRATEGY, Indicator, {"strategy": "@foreign_strategy"}),
    ("code-full-width", "code", CODE, Indicator, {"code": "１-１"}),
    ("code-underscore", "code", CODE, Indicator, {"code": "1_1"}),
    ("code-two-hyphens", "code", CODE, Indicator, {"code": "1--1"}),
    ("code-hyphen-last", "code", CODE, Indicator, {"code": "1-"}),
    ("code-newline-last", "code", CODE, Indicator, {"code": "1-8\n"}),
    ("baseline", "baseline_value", "小数は0桁までで入力してください。", Indicator, HALF),
    ("target-before-the-plan", "fiscal_year", OUTSIDE, Target, {"fiscal_year": 2022}),
    ("target-after-the-plan", "fiscal_year", OUTSIDE, Target, {"fiscal_year": 2029}),
    ("target-decimals", "value", ONE_DECIMAL, Target, {"value": Decimal("9.75")}),
    ("period-before-the-plan", "fiscal_year", OUTSIDE, ReportingPeriod, {"fiscal_year": 2022}),
    ("period-after-the-plan", "fiscal_year", OUTSIDE, ReportingPeriod, {"fiscal_year": 2029}),
    ("actual-decimals", "value", ONE_DECIMAL, Actual, {"value": Decimal("7.25")}),
    ("foreign-period", "period", OTHER_PERIOD, Actual, {"period": "@foreign_r6"}),
    ("foreign-band", "override", OTHER_BAND, Actual, {"override": "@foreign_band", **CHANGED}),
    ("half-year-band", "override", OTHER_BAND, Actual, {"override": "@half_band", **CHANGED}),
    ("foreign-measure", "measure", OTHER_MEASURE, Action, {"measure": "@foreign_measure"}),
    ("action-code", "code", ACTION_CODE, Action, {"code": "１-１-１"}),
    ("actor", "actor", CHOICE, Action, {"actor": "H2"}),
    ("stage", "stage", CHOICE, ActionYear, {"stage": "H2"}),
    (
        "foreign-publication",
        "publication",
        OTHER_PUBLICATION,
        Meeting,
        {"publication": "@foreign_publication"},
    ),
    ("about-indicator", "indicator", OTHER_SUBJECT, Opinion, {"indicator": "@foreign_indicator"}),
    ("about-measure", "measure", OTHER_SUBJECT, Opinion, {"measure": "@foreign_measure"}),
    ("about-action", "action", OTHER_SUBJECT, Opinion, {"action": "@foreign_action"}),
    ("term", "term", CHOICE, ReportingPeriod, {"term": "H2"}),
    ("reason", "reason", CHOICE, Actual, {"reason": "H2", "value": None}),
]


@pytest.mark.parametrize(
    ("field", "message", "model", "own"), [pytest.param(*c, id=a) for a, *c in FAULTS]
)
def test_a_fault_stands_at_its_field(at, field, message, model, own):
    with pytest.raises(ValidationError) as caught:
        new(at, model, **own).full_clean()
    assert caught.value.message_dict == {field: [message]}


@pytest.mark.parametrize(
    ("model", "own"),
    [
        pytest.param(Target, {"fiscal_year": 0}, id="target"),
        pytest.param(ReportingPeriod, {"fiscal_year": 0}, id="period"),
    ],
)
def test_the_year_zero_is_refused_twice_over(at, model, own):
    with pytest.raises(ValidationError) as caught:
        new(at, model, **own).full_clean()
    whole = "年度は1989年度から2099年度までにしてください。"
    assert caught.value.message_dict == {"fiscal_year": [whole, OUTSIDE]}


def test_all_faults_are_told_at_once(at):
    with pytest.raises(ValidationError) as caught:
        new(at, Target, fiscal_year=2029, value=Decimal("9.75")).full_clean()
    assert caught.value.message_dict == {"fiscal_year": [OUTSIDE], "value": [ONE_DECIMAL]}


NO_NUMBER = "“{}” は10進浮動小数値にしなければなりません。"
LONG = "この値は合計 19 桁以内でなければなりません。"
WHOLE = "この値は小数点より前が合計 15 桁以内でなければなりません。"
FINE = {"indicator": "@fine"}
FINE_BASELINE = {"baseline_year": 2023, "decimals": 4}
figures = pytest.mark.parametrize(
    ("model", "field", "own"),
    [
        pytest.param(Target, "value", FINE, id="target"),
        pytest.param(Actual, "value", FINE, id="actual"),
        pytest.param(Indicator, "baseline_value", FINE_BASELINE, id="baseline"),
        pytest.param(KgiValue, "value", {"kgi": "@fine_kgi"}, id="kgi"),
    ],
)


@figures
@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param("1000000000000000", WHOLE, id="sixteen-digits-before-the-point"),
        pytest.param("1e400", LONG, id="1e400"),
        pytest.param("-1e400", LONG, id="minus-1e400"),
        pytest.param("9" * 30 + ".5", LONG, id="thirty-digits"),
        pytest.param("NaN", NO_NUMBER.format("NaN"), id="nan"),
        pytest.param("Infinity", NO_NUMBER.format("Infinity"), id="infinity"),
    ],
)
def test_a_figure_that_no_column_holds_is_refused(at, model, field, own, written, message):
    with pytest.raises(ValidationError) as caught:
        new(at, model, **own, **{field: Decimal(written)}).full_clean()
    assert list(caught.value.message_dict) == [field]
    assert message in caught.value.message_dict[field]


def stored(record):
    record.full_clean()
    record.save()
    return type(record).objects.get(pk=record.pk)


@figures
@pytest.mark.parametrize(
    "written", ["999999999999999", "-999999999999999", "99999999999.9999", "0.0001", "0"]
)
def test_a_figure_of_fifteen_digits_comes_back_exactly(at, model, field, own, written):
    record = new(at, model, **own, **{field: Decimal(written)})
    assert getattr(stored(record), field) == Decimal(written)


@figures
@pytest.mark.parametrize("written", ["123456789012345.6789", "999999999999999.9999"])
def test_a_longer_figure_is_refused_or_comes_back_exactly(at, model, field, own, written):
    # SQLite keeps 15 digits: it would read the first back as another figure, the second not at all.
    record = new(at, model, **own, **{field: Decimal(written)})
    try:
        record.full_clean()
    except ValidationError:
        return
    assert getattr(stored(record), field) == Decimal(written)


BASED_ON_ZERO = {"formula": "from_baseline", "baseline_year": 2023, "baseline_value": Decimal(0)}
ALLOWED = [
    ("one-year", Plan, {"start_year": 2024, "end_year": 2024, "baseline_year": 2024}),
    ("first-years", Plan, {"start_year": 1989, "end_year": 1990, "baseline_year": 1989}),
    ("last-year", Plan, {"end_year": 2099}),
    ("number-of-another-plan", Strategy, {"plan": "@other", "number": 3}),
    ("number-of-another-strategy", Measure, {"strategy": "@second", "number": 6}),
    ("bound-of-zero", JudgementBand, {"lower": 0}),
    ("bound-and-label-of-the-other-term", JudgementBand, {"term": "H1", "label": "概ね達成"}),
    ("most-decimals", Indicator, {"decimals": 4, "rate_decimals": 2}),
    ("nothing-expected", Indicator, {"expected_share": Decimal(0)}),
    ("all-expected", Indicator, {"expected_share": Decimal(1)}),
    ("baseline-not-known", Indicator, {"baseline_year": 2023}),
    ("based-on-zero", Indicator, BASED_ON_ZERO),
    ("code-in-three-parts", Indicator, {"code": "3-10-b"}),
    ("code-of-another-plan", Indicator, {"plan": "@other", "strategy": "@foreign_strategy"}),
    ("target-of-zero", Target, {"value": Decimal(0)}),
    ("target-below-zero", Target, {"value": Decimal(-5)}),
    ("target-with-zeros-behind-the-point", Target, {"value": Decimal("9.7000")}),
    ("target-in-the-baseline-year", Target, {"fiscal_year": 2023}),
    ("target-in-the-last-year", Target, {"fiscal_year": 2028}),
    ("target-unset", Target, {"status": "unset", "value": None}),
    ("target-linked", Target, {"status": "linked", "value": None, "source": "実施計画"}),
    ("half-of-an-open-year", ReportingPeriod, {"fiscal_year": 2024, "term": "H1"}),
    ("actual-of-zero", Actual, {"value": Decimal(0)}),
    ("provisional-zero", Actual, {"value": Decimal(0), "provisional": True}),
    ("reason-alone", Actual, {"value": None, "reason": "not_yet_due"}),
    ("not-entered", Actual, {"value": None}),
    ("overridden", Actual, {"override": "@band", **CHANGED}),
    ("next-year", Kgi, {"base_year": 2022, "target_year": 2023}),
    ("first-statistics", KgiValue, {"year": 1900}),
    ("action-of-another-plan", Action, {"plan": "@other", "measure": "@foreign_measure"}),
    ("priority-with-reason", Action, {"is_priority": True, "priority_reason": "急ぐため"}),
    ("nothing-written-yet", ActionYear, {}),
    ("day-not-fixed", Meeting, {}),
    ("name-of-another-plan", Meeting, {"plan": "@other", "name": "第1回懇話会"}),
    ("opinion-about-nothing", Opinion, {}),
    ("opinion-about-all", Opinion, {"measure": "@measure", "action": "@action"}),
    (
        "difficult-with-reason",
        Opinion,
        {"reply": "無理", "state": "difficult", "state_reason": "予算がない"},
    ),
    ("second-address", SectionContact, {}),
    ("address-of-another-section", SectionContact, {"section": "乙課", "email": SANGYO}),
    ("address-of-another-plan", SectionContact, {"plan": "@other", "email": SANGYO}),
    ("reminder-of-another-kind", Reminder, {}),
    ("reminder-of-another-due-date", Reminder, {"kind": "opened", "due": dt.date(2025, 5, 1)}),
    ("reminder-to-another-section", Reminder, {"kind": "opened", "section": "乙課"}),
    ("reminder-of-another-period", Reminder, {"kind": "opened", "period": "@foreign_r6"}),
    ("next-version", Publication, {"version": 2}),
]


@pytest.mark.parametrize(("model", "own"), [pytest.param(*c, id=a) for a, *c in ALLOWED])
def test_what_is_allowed_is_stored(at, model, own):
    record = new(at, model, **own)
    found = stored(record)
    fields = [field.attname for field in model._meta.concrete_fields]
    assert all(getattr(found, name) == getattr(record, name) for name in fields)


KEYS = [
    pytest.param(Plan, ("here",), id="plan"),
    pytest.param(Strategy, ("here", 2), id="strategy"),
    pytest.param(Measure, ("here", 2, 5), id="measure"),
    pytest.param(Indicator, ("here", "2-1"), id="indicator"),
    pytest.param(ReportingPeriod, ("here", 2025, "H1"), id="period"),
    pytest.param(Kgi, ("here", "kgi-2"), id="kgi"),
    pytest.param(Action, ("here", "A-1"), id="action"),
]


@pytest.mark.parametrize(("model", "key"), KEYS)
def test_a_natural_key_finds_its_record_in_its_own_plan(at, model, key):
    assert model.objects.get_by_natural_key(*key).natural_key() == key
    for one in model.objects.all():
        assert model.objects.get_by_natural_key(*one.natural_key()) == one
    with pytest.raises(model.DoesNotExist):
        model.objects.get_by_natural_key("nowhere", *key[1:])


def test_periods_stand_in_the_order_of_time(at):
    make_periods(plan=at.plan, periods=[Period(2025, FY), Period(2024, H1)])
    found = [one.period.code for one in at.plan.periods.all()]
    assert found == ["2024-H1", "2024-FY", "2025-H1", "2025-FY"]
