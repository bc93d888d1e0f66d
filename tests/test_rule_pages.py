"""Changing the rules of one or several indicators: the preview, the reason, and what stays."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from kpis.models import Actual, Indicator, Publication, Target
from kpis.services import record_first_entries
from tests.factories import make_plan

pytestmark = pytest.mark.django_db
REASON = "端数処理の統一"


@pytest.fixture
def staff(client, publisher):
    client.force_login(publisher)
    return client


def one(plan, code="1-1"):
    return plan.indicators.get(code=code)


def address(*indicators):
    keys = ",".join(str(each.pk) for each in indicators)
    return reverse("admin:kpis_indicator_rules", args=[keys])


def fields_of(client, where, **own):
    """Return what the form would send, with these fields changed."""
    form = client.get(where).context["form"]
    values = {bound.html_name: bound.field.prepare_value(bound.value()) for bound in form}
    values = {name: "" if value is None else value for name, value in values.items()}
    return values | {"reason": REASON, "step": "preview"} | own


def confirmed(page, fields):
    return fields | {"step": "write", "seen": page.context["fingerprint"]}


def told(page):
    """Return the rows of the table of differences as a reader sees them."""
    text = page.content.decode()
    table = text[text.index('<table class="list trial"') :].split("</table>")[0]
    return [
        " ".join(strip_tags(row.replace("</t", " </t")).split()) for row in table.split("<tr>")[2:]
    ]


def frozen():
    return [hashlib.sha256(row.payload.encode()).hexdigest() for row in Publication.objects.all()]


def test_the_preview_shows_exactly_the_figures_that_change(staff, published):
    where = address(one(published))
    page = staff.post(where, fields_of(staff, where, rounding="half_up"))
    assert told(page) == [
        "1-1 門真市中小企業サポートセンター相談件数 令和6年度 93.6% → 93.7% 未達成 ○概ね達成",
        "1-1 門真市中小企業サポートセンター相談件数 令和7年度上半期 58.6% → 58.7% ◎順調",
    ]
    text = page.content.decode()
    assert "ほかの43件の数値は変わりません。" in text
    assert "公表済みの版は変わりません。新しい内容は、次の公表または訂正から表示されます。" in text
    assert one(published).rounding == "truncate"


def test_a_judgement_that_changes_is_shown_before_and_after(staff, published):
    where = address(one(published))
    page = staff.post(where, fields_of(staff, where, expected_share="０．８"))
    assert told(page) == [
        "1-1 門真市中小企業サポートセンター相談件数 令和7年度上半期 58.6% ◎順調 → △やや遅れ"
    ]


def test_a_change_keeps_who_and_why_and_leaves_publications_alone(staff, published, publisher):
    record_first_entries(plan=published, by=publisher, reason="公表資料による")
    before, where = frozen(), address(one(published))
    fields = fields_of(staff, where, rounding="half_up")
    answer = staff.post(where, confirmed(staff.post(where, fields), fields))
    assert answer["Location"] == reverse("admin:kpis_indicator_change", args=[one(published).pk])
    newest = one(published).history.latest()
    assert (newest.history_user, newest.history_change_reason) == (publisher, REASON)
    assert (newest.history_type, newest.rounding, one(published).rounding) == (
        "~",
        "half_up",
        "half_up",
    )
    assert frozen() == before
    assert "58.6%" in staff.get(f"/{published.slug}/kpis/1-1/").content.decode()
    page = staff.get(reverse("admin:kpis_indicator_history", args=[one(published).pk]))
    assert "切り捨て → 四捨五入" in " ".join(strip_tags(page.content.decode()).split())


def test_a_change_without_effect_says_so(staff, published):
    where = address(one(published, "2-3"))
    page = staff.post(where, fields_of(staff, where, keep_zeros="1"))
    assert "変わる数値はありません（入力済みの45件は、いまと同じです）。" in page.content.decode()


def test_all_faults_are_told_at_once_and_what_was_typed_stays(staff, published):
    where = address(one(published))
    typed = {"formula": "from_baseline", "baseline_value": "", "expected_share": "1.5"}
    page = staff.post(where, fields_of(staff, where, reason=" ", **typed))
    errors = page.context["form"].errors
    assert errors["expected_share"] == ["見込割合は0から1までにしてください。"]
    assert errors["baseline_value"] == ["算式が基準値比のときは、基準値を入力してください。"]
    assert errors["reason"] == ["このフィールドは必須です。"]
    assert 'value="1.5"' in page.content.decode()
    page = staff.post(where, fields_of(staff, where, expected_share="半分", baseline_year="ゼロ"))
    errors = page.context["form"].errors
    assert errors["expected_share"][0].startswith("「半分」は数値として読み取れません。")
    assert errors["baseline_year"][0].startswith("「ゼロ」は年度として読み取れません。")


def test_the_same_rule_is_no_change(staff, published):
    where = address(one(published))
    page = staff.post(where, fields_of(staff, where))
    assert page.context["form"].non_field_errors() == [
        "いまの算定ルールと同じです。変える項目を選んでください。"
    ]


def test_several_indicators_change_only_what_was_chosen(staff, published, publisher):
    rows = [one(published, code) for code in ("1-1", "1-2", "2-2", "2-4")]
    where = address(*rows)
    fields = fields_of(staff, where)
    assert {fields[name] for name in ("kind", "direction", "formula", "rounding")} == {""}
    assert "baseline_value" not in fields
    fields |= {"rate_decimals": "0"}
    page = staff.post(where, fields)
    assert [row.split(" ")[0] for row in told(page)] == ["1-1", "1-1", "1-2", "2-4", "2-4"]
    assert "57.4% → 57%" in told(page)[2]
    assert ("達成率の小数桁", "小数第1位まで", "整数", 4) in page.context["changes"]
    staff.post(where, confirmed(page, fields))
    after = [one(published, row.code) for row in rows]
    assert [row.rate_decimals for row in after] == [0, 0, 0, 0]
    assert [row.rounding for row in after] == [row.rounding for row in rows]
    reasons = {row.history.latest().history_change_reason for row in after}
    assert reasons == {REASON}


def test_several_indicators_name_those_that_a_rule_does_not_fit(staff, published):
    Indicator.objects.filter(plan=published, code__in=("1-2", "1-3")).update(baseline_value=None)
    where = address(*(one(published, code) for code in ("1-1", "1-2", "1-3")))
    page = staff.post(where, fields_of(staff, where, formula="from_baseline"))
    told_ = "算式が基準値比のときは、基準値を入力してください。（1-2、1-3）"
    assert page.context["form"].errors["formula"] == [told_]


def test_measured_figures_make_no_milestone(staff, published):
    where = address(one(published))
    page = staff.post(where, fields_of(staff, where, kind="milestone", formula="none"))
    said = "種別を達成有無にできるのは、実績と目標がすべて0か1の指標だけです。"
    assert page.context["form"].errors["kind"][-1] == said


def test_another_change_in_between_is_told_and_shown_again(staff, published):
    where = address(one(published))
    fields = fields_of(staff, where, rounding="half_up")
    page = staff.post(where, fields)
    Actual.objects.filter(
        indicator=one(published), period__fiscal_year=2025, period__term="H1"
    ).update(value=600)
    again = staff.post(where, confirmed(page, fields))
    assert "確かめている間に、ほかの人が内容を変更しました。" in again.content.decode()
    assert ["令和6年度" in row for row in told(again)] == [True]  # 600/1,200 is 50% either way
    assert one(published).rounding == "truncate"
    assert staff.post(where, confirmed(again, fields)).status_code == 302


def test_a_rule_that_another_person_changed_since_is_not_overwritten_unseen(staff, published):
    where = address(one(published))
    fields = fields_of(staff, where, rounding="half_up")
    Indicator.objects.filter(pk=one(published).pk).update(rate_decimals=2)
    page = staff.post(where, fields)
    assert "ほかの人が算定ルールを変更しました。" in page.context["form"].non_field_errors()[0]
    assert "いまの値: 小数第2位まで" in page.content.decode()
    fields["base"] = page.context["form"]["base"].value()
    page = staff.post(where, fields)
    assert ("達成率の小数桁", "小数第2位まで", "小数第1位まで", 1) in page.context["changes"]


def test_going_back_keeps_what_was_typed(staff, published):
    where = address(one(published))
    page = staff.post(where, fields_of(staff, where, rounding="half_up", step="edit"))
    form = page.context["form"]
    assert (form["rounding"].value(), form["reason"].value()) == ("half_up", REASON)
    assert 'class="fault"' not in page.content.decode()


def test_the_list_leads_ticked_rows_of_one_plan_to_the_page(staff, published):
    other = make_plan(slug="other", indicators=2)
    rows = list(published.indicators.all()[:3])
    where = reverse("admin:kpis_indicator_changelist")
    sent = {"action": "change_rules", "_selected_action": [row.pk for row in rows]}
    assert staff.post(where, sent)["Location"] == address(*rows)
    sent["_selected_action"].append(other.indicators.first().pk)
    page = staff.post(where, sent, follow=True)
    assert "1つの計画の指標だけを選んでください。" in page.content.decode()
    assert staff.get(address(rows[0], other.indicators.first())).status_code == 404
    for keys in ("x", "1,,2", "999999", "9" * 40):
        where = reverse("admin:kpis_indicator_rules", args=[keys])
        assert staff.get(where).status_code == 404


def test_the_form_of_an_indicator_shows_its_rule_and_does_not_change_it(staff, published):
    where = reverse("admin:kpis_indicator_change", args=[one(published, "2-4").pk])
    page = staff.get(where)
    text = " ".join(strip_tags(page.content.decode()).split())
    assert "算式: 前年度比増分" in text
    assert "基準年度: 令和5年度" in text
    assert address(one(published, "2-4")) in page.content.decode()
    assert "formula" not in page.context["adminform"].form.fields


def test_the_pages_cost_as_many_queries_for_150_indicators_as_for_15(staff):
    costs = {}
    for number in (15, 150):
        plan = make_plan(slug=f"p{number}", indicators=number)
        where = address(*plan.indicators.all())
        fields = fields_of(staff, where, rounding="truncate")
        staff.get(where)
        for name, work in {
            "form": lambda where=where: staff.get(where),
            "preview": lambda where=where, fields=fields: staff.post(where, fields),
        }.items():
            with CaptureQueriesContext(connection) as captured:
                page = work()
            assert page.status_code == 200
            costs.setdefault(name, []).append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            assert staff.post(where, confirmed(page, fields)).status_code == 302
        costs.setdefault("write", []).append(len(captured))
        assert plan.indicators.filter(rounding="truncate").count() == number
    assert {name: cost for name, cost in costs.items() if cost[0] != cost[1]} == {}


def test_targets_stay_as_they_are(staff, published):
    before = list(Target.objects.values_list())
    where = address(one(published))
    fields = fields_of(staff, where, formula="none")
    staff.post(where, confirmed(staff.post(where, fields), fields))
    assert list(Target.objects.values_list()) == before
