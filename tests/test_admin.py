"""The staff pages: who may enter, what they cost, what they refuse and in which words."""

import datetime as dt

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from actions.models import Plan, Strategy
from kpis.models import Actual, Indicator, Kgi, KgiValue, Publication, Target
from kpis.services import record_first_entries
from tests.factories import make_plan

LISTS = [
    "actions_plan",
    "actions_strategy",
    "actions_publicityrecord",
    "kpis_indicator",
    "kpis_target",
    "kpis_reportingperiod",
    "kpis_actual",
    "kpis_kgi",
    "kpis_kgivalue",
    "kpis_judgementband",
    "kpis_bandchange",
    "kpis_meeting",
    "kpis_meetingmaterial",
    "kpis_opinion",
    "kpis_publication",
    "kpis_sectioncontact",
    "kpis_reminder",
    "kpis_upload",
]


def changelist(name):
    return reverse(f"admin:{name}_changelist")


def form_of(client, record):
    """Return the page's address and what its form would send unchanged."""
    meta = record._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
    context = client.get(address).context
    fields = {}
    for form in [
        context["adminform"].form,
        *[
            one
            for s in context["inline_admin_formsets"]
            for one in [s.formset.management_form, *s.formset.forms]
        ],
    ]:
        for bound in form:
            value = (
                bound.field.prepare_value(bound.value())
                if hasattr(bound.field, "prepare_value")
                else bound.value()
            )
            if value is not None and value is not False:
                fields[bound.html_name] = value
    return address, fields


@pytest.fixture
def staff(client, administrator):
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("name", LISTS)
def test_the_administrator_sees_every_list(staff, published, name):
    page = staff.get(changelist(name))
    assert page.status_code == 200
    assert "None" not in page.content.decode()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_staff_pages_cost_as_many_queries_for_60_indicators_as_for_15(staff, db):
    costs = {}
    for slug, number in (("small", 15), ("large", 60)):
        plan = make_plan(slug=slug, indicators=number, measures=number // 3)
        addresses = {name: changelist(name) for name in LISTS}
        for model in (Plan, Strategy, Indicator, Target, Actual, Kgi, KgiValue):
            meta = model._meta
            newest = model.objects.order_by("-pk").first()
            view = f"admin:{meta.app_label}_{meta.model_name}_change"
            addresses[view] = reverse(view, args=[newest.pk])
        for name, address in addresses.items():
            costs.setdefault(name, []).append(queries_of(staff, address))
        assert plan.indicators.count() == number
    assert {name: cost for name, cost in costs.items() if cost[1] > cost[0] + 2} == {}


def test_a_contradiction_is_told_at_its_field_in_japanese(staff, kadoma):
    address, fields = form_of(staff, Indicator.objects.get(code="1-1"))
    wrong = {"decimals": "5", "targets-2-status": "set", "targets-2-value": ""}
    page = staff.post(address, fields | wrong | {"targets-3-value": "千二百"})
    form = page.context["adminform"].form
    assert form.errors["decimals"] == ["小数桁は0から4までにしてください。"]
    targets = page.context["inline_admin_formsets"][0].formset
    assert targets.errors[2]["value"][0].startswith("状態が「設定」のときは目標値を入力し")
    assert targets.errors[3]["value"][0].startswith("「千二百」は数値として読み取れません。")
    assert "千二百" in page.content.decode()
    assert Indicator.objects.get(code="1-1").decimals == 0


def test_a_new_indicator_gets_its_rule_in_the_form(staff, kadoma):
    strategy = kadoma.strategies.get(number=1)
    typed = {"plan": kadoma.pk, "strategy": strategy.pk, "code": "1-9", "order": "9", "name": "新"}
    typed |= {"unit": "件", "decimals": "0", "kind": "cumulative", "direction": "up"}
    typed |= {"rate_decimals": "1", "rounding": "half_up", "baseline_year": "令和ゼロ年"}
    typed |= {"formula": "from_baseline", "expected_share": "1.5", **NO_TARGETS}
    address = reverse("admin:kpis_indicator_add")
    errors = staff.post(address, typed).context["adminform"].form.errors
    assert errors["expected_share"] == ["見込割合は0から1までにしてください。"]
    assert errors["baseline_value"] == ["算式が基準値比のときは、基準値を入力してください。"]
    assert errors["baseline_year"][0].startswith("「令和ゼロ年」は年度として読み取れません。")
    right = {"expected_share": "0.4", "baseline_year": "R5", "baseline_value": "1,000"}
    assert staff.post(address, typed | right).status_code == 302
    made = Indicator.objects.get(code="1-9")
    assert (made.formula, made.baseline_value) == ("from_baseline", 1000)


NO_TARGETS = {"targets-TOTAL_FORMS": "0", "targets-INITIAL_FORMS": "0"}


def test_what_an_indicator_only_shows_is_told_above_its_form(staff, kadoma):
    one = Indicator.objects.get(code="2-2")
    Indicator.objects.filter(pk=one.pk).update(baseline_value="7.5", baseline_year=2023)
    address, fields = form_of(staff, one)
    page = staff.post(address, fields | {"decimals": "0"})
    errors = page.context["adminform"].form.errors
    assert "基準値: 小数は0桁までで入力してください。" in errors["__all__"]
    Indicator.objects.filter(pk=one.pk).update(
        kind="milestone", formula="none", baseline_value=None, decimals=0
    )
    page = staff.post(address, fields | {"decimals": "1"})
    errors = page.context["adminform"].form.errors
    assert errors["decimals"] == ["種別が達成有無の指標の小数桁は0にしてください。"]


@pytest.mark.parametrize("typed", ["１，２０１", "1,201", "1201", " 1201 "])
def test_figures_may_be_typed_as_staff_type_them(staff, kadoma, typed):
    target = Target.objects.get(indicator__code="1-1", fiscal_year=2026)  # still 連動
    address, fields = form_of(staff, target)
    changes = {"status": "set", "value": typed, "fiscal_year": "Ｒ８"}
    assert staff.post(address, fields | changes).status_code == 302
    target.refresh_from_db()
    assert (target.value, target.fiscal_year) == (1201, 2026)


def test_a_save_without_a_change_leaves_no_history(staff, kadoma):
    target = Target.objects.get(indicator__code="1-1", fiscal_year=2025)
    address, fields = form_of(staff, target)
    assert staff.post(address, fields | {"change_reason": "念のため"}).status_code == 302
    assert target.history.count() == 0


@pytest.mark.parametrize("model", [Indicator, Target, Actual, KgiValue])
def test_a_change_keeps_who_and_why_and_its_history_page_tells(staff, kadoma, administrator, model):
    record_first_entries(plan=kadoma, by=administrator, reason="公表資料による")
    kadoma.periods.update(state="entering")
    record = model.objects.order_by("pk").first()
    address, fields = form_of(staff, record)
    assert (
        staff.post(
            address, fields | {"note": "改めた", "change_reason": "実施計画の改定"}
        ).status_code
        == 302
    )
    newest = record.history.latest()
    assert (newest.history_user, newest.history_change_reason) == (administrator, "実施計画の改定")
    page = staff.get(address.replace("/change/", "/history/")).content.decode()
    for words in ("実施計画の改定", "改めた", "変更理由", "kanri"):
        assert words in page
    assert " style=" not in page


def test_setting_a_target_below_its_indicator_is_recorded_with_the_reason(staff, kadoma):
    address, fields = form_of(staff, Indicator.objects.get(code="1-1"))
    changes = {"targets-2-status": "set", "targets-2-value": "1,300"}  # R8, until now 連動
    changes["change_reason"] = "実施計画の策定"
    assert staff.post(address, fields | changes).status_code == 302
    changed = Target.objects.get(indicator__code="1-1", fiscal_year=2026)
    assert (changed.status, changed.value) == ("set", 1300)
    assert changed.history.latest().history_change_reason == "実施計画の策定"


def test_the_first_period_gives_a_plan_the_shipped_bands(staff, kadoma):
    kadoma.bands.all().delete()
    data = {"plan": kadoma.pk, "fiscal_year": "R8", "term": "H1"}
    assert staff.post(reverse("admin:kpis_reportingperiod_add"), data).status_code == 302
    labels = [one.sign + one.label for one in kadoma.bands.filter(term="H1")]
    assert labels == ["◎順調", "○概ね順調", "△やや遅れ", "×遅れ"]


def test_nobody_changes_or_deletes_a_publication(staff, published):
    publication = Publication.objects.first()
    address = reverse("admin:kpis_publication_change", args=[publication.pk])
    page = staff.get(address)
    assert "公表時の内容と一致しています。" in page.content.decode()
    assert staff.post(address, {"reason": "書き換え"}).status_code == 403
    delete = reverse("admin:kpis_publication_delete", args=[publication.pk])
    assert staff.post(delete, {"post": "yes"}).status_code == 403
    assert staff.get(reverse("admin:kpis_publication_add")).status_code == 403


def test_five_wrong_passwords_lock_the_name_from_that_address_only(client, administrator, settings):
    address = reverse("admin:login")
    for _ in range(5):
        page = client.post(address, {"username": "kanri", "password": "chigau"})
    assert "ログインを一時停止しています" in page.content.decode()
    right = {"username": "kanri", "password": "himitsu"}
    assert client.post(address, right).status_code == 429
    elsewhere = client.post(address, right, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302


def test_the_history_of_a_figure_begins_with_its_first_value(staff, entering, enter, entry_clerk):
    enter(entering, entry_clerk, {"1-1": "1210"}, next_step="", confirmation="")
    enter(entering, entry_clerk, {"1-1": "1211"}, next_step="", confirmation="")
    actual = Actual.objects.get(period=entering, indicator__code="1-1")
    page = staff.get(reverse("admin:kpis_actual_history", args=[actual.pk])).content.decode()
    rows = [" ".join(strip_tags(one).split()) for one in page.split("<tr>")[2:4]]
    assert rows[0].endswith("実績値: 1,210 → 1,211")
    assert "実績値: （なし） → 1,210要因: （なし） → 要因" in rows[1]


def test_the_system_administrator_rises_no_higher(client, with_role, administrator):
    person = with_role("shisukan", "システム管理者", is_staff=True)
    client.force_login(person)
    address = reverse("admin:auth_user_change", args=[person.pk])
    joined = {"date_joined_0": "2026/04/01", "date_joined_1": "9:00"}
    typed = {"username": "shisukan", "is_active": "on", "is_staff": "on", **joined}
    typed["groups"] = [one.pk for one in person.groups.all()]
    assert client.post(address, typed | {"is_superuser": "on"}).status_code == 302
    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff) == (False, True)
    above = reverse("admin:auth_user_change", args=[administrator.pk])
    assert client.post(above, {"username": "kanri", "is_active": ""}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[administrator.pk])
    passwords = {"password1": "atarashii-1", "password2": "atarashii-1"}
    assert client.post(password, passwords).status_code == 403
    administrator.refresh_from_db()
    assert administrator.check_password("himitsu")


def test_an_indicator_stays_in_its_plan(staff, kadoma):
    other = make_plan(slug="another", indicators=1)
    address, fields = form_of(staff, Indicator.objects.get(plan=kadoma, code="1-1"))
    moved = {"plan": other.pk, "name": "改名"}
    assert staff.post(address, fields | moved).status_code == 302
    assert Indicator.objects.get(plan=kadoma, code="1-1").name == "改名"


def test_a_sign_in_leads_to_the_staff_pages(client, administrator):
    typed = {"username": "kanri", "password": "himitsu", "next": "//evil.example/"}
    assert client.post(reverse("admin:login"), typed).headers["Location"] == "/admin/"


@pytest.mark.parametrize("typed", ["2026/05/08", "2026/5/8", "2026-05-08", "2026年5月8日"])
def test_a_due_date_may_be_typed_as_offices_type_dates(staff, entering, typed):
    address = reverse("admin:kpis_reportingperiod_change", args=[entering.pk])
    assert 'value="2026/04/20"' in staff.get(address).content.decode()
    rows = {"moves-TOTAL_FORMS": "0", "moves-INITIAL_FORMS": "0"}
    assert staff.post(address, {"due": typed, **rows}).status_code == 302
    entering.refresh_from_db()
    assert entering.due == dt.date(2026, 5, 8)


# Fields whose name says all there is to say: which record another one belongs to.
SELF_EXPLAINING = {"計画", "基本戦略", "指標", "報告期間", "KGI", "アクション"}


def test_every_field_of_the_forms_says_what_to_write(rf, administrator):
    request = rf.get("/")
    request.user = administrator
    silent = set()
    for model, page in site._registry.items():
        forms = [page.get_form(request)] if page.has_add_permission(request) else []
        forms += [
            one.get_formset(request).form
            for one in page.get_inline_instances(request)
            if one.has_add_permission(request, None)
        ]
        for form in forms:
            fields = form.base_fields.values()
            told = {one.label for one in fields if one.help_text or one.widget.is_hidden}
            silent |= {(model._meta.label, one.label) for one in fields} - {
                (model._meta.label, one) for one in told | SELF_EXPLAINING
            }
    assert silent == {("auth.Group", "名前")}
