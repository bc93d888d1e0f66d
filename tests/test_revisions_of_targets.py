"""A target that is set changes by revision, which keeps what it was, or by correction."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.models import Indicator, Publication, Target
from kpis.selectors.targets import content_of, periods_showing
from kpis.services import correct_target, revise_target, set_targets
from kpis.services.targets import NewTarget
from kpis.targets import Content, TargetError
from kpis.vocabulary import TargetStatus
from tests.conftest import R6, R7_H1
from tests.factories import make_plan
from tests.test_admin import form_of

pytestmark = pytest.mark.django_db
DAY, DECIDED = dt.date(2025, 10, 1), dt.date(2025, 9, 20)
NEW = Content(TargetStatus.SET, Decimal(1300), "実施計画（改訂版）", DECIDED)
FORM = {
    "what": "revision",
    "status": "set",
    "value": "1,300件",
    "source": "実施計画（改訂版）",
    "decided_on": "令和7年9月20日",
    "revised_on": "2025/10/1",
    "reason": "相談窓口を増やしたため",
    "seen": "set 1200",
}


@pytest.fixture
def target(published):
    """The R7 target of 1-1: 1,200件."""
    return Target.objects.get(indicator__code="1-1", fiscal_year=2025)


@pytest.fixture
def office(client, publisher):
    client.force_login(publisher)
    return client


def page(target):
    return reverse("admin:kpis_target_revise", args=[target.pk])


def revise(target, by, content=NEW, revised_on=DAY, reason="増", seen="set 1200"):
    return revise_target(
        target=target, content=content, seen=seen, revised_on=revised_on, reason=reason, by=by
    )


def refused(work):
    with pytest.raises(TargetError) as told:
        work()
    return told.value.faults


def test_a_revision_keeps_the_old_value_the_day_and_the_reason(office, target, publisher):
    assert office.post(page(target), FORM).status_code == 302
    target.refresh_from_db()
    assert content_of(target) == NEW
    (kept,) = target.revisions.all()
    assert (kept.value, kept.status, kept.source) == (1200, "set", "門真市第6次総合計画 実施計画")
    assert (kept.revised_on, kept.reason) == (DAY, "相談窓口を増やしたため")
    told = target.history.latest()
    assert told.history_user == kept.history.latest().history_user == publisher
    assert told.history_change_reason == "改定（2025/10/01）: 相談窓口を増やしたため"
    shown = office.get(reverse("admin:kpis_target_change", args=[target.pk])).content.decode()
    assert "令和7年10月1日に改定。改定前: 1,200件（理由: 相談窓口を増やしたため）" in shown


def test_a_correction_keeps_no_revision_but_the_history_tells(office, target):
    sent = FORM | {"what": "correction", "revised_on": "", "reason": "転記の誤り"}
    assert office.post(page(target), sent).status_code == 302
    target.refresh_from_db()
    assert (target.value, target.revisions.count()) == (1300, 0)
    assert target.history.latest().history_change_reason == "誤りの訂正: 転記の誤り"


def test_neither_touches_what_was_published_and_the_page_says_where_it_stands(office, target):
    before = list(Publication.objects.values_list("sha256", "payload"))
    assert periods_showing(target) == (R6, R7_H1)
    words = office.get(page(target)).content.decode()
    assert "令和6年度、令和7年度上半期" in words
    assert "公表済みの内容は変わりません" in words
    office.post(page(target), FORM)
    assert list(Publication.objects.values_list("sha256", "payload")) == before
    target.refresh_from_db()
    assert periods_showing(target) == ()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"value": "1,200"}, "value", "今の目標と同じです。"),
        ({"value": ""}, "value", "目標値を入力してください。"),
        ({"value": "千三百"}, "value", "「千三百」は数値として読み取れません。"),
        ({"value": "1300.5"}, "value", "小数は0桁までで入力してください。"),
        ({"source": ""}, "source", "根拠の資料を入力してください。"),
        ({"decided_on": ""}, "decided_on", "決定日を入力してください。"),
        ({"decided_on": "2025/13/1"}, "decided_on", "「2025/13/1」という日付はありません。"),
        ({"revised_on": ""}, "revised_on", "改定日を入力してください。"),
        ({"revised_on": "2090/4/1"}, "revised_on", "今日"),
        ({"reason": " "}, "reason", "改定の理由を入力してください。"),
        ({"status": "linked"}, "value", "状態が「連動」のときは、目標値を空にしてください。"),
        (
            {"status": "linked", "value": "", "source": ""},
            "source",
            "状態が「連動」のときは、目標を定める計画の名前を入力してください。",
        ),
        ({"what": "correction"}, "revised_on", "誤りの訂正には改定日がありません。"),
        ({"seen": "set 1100"}, "__all__", "ほかの人がこの目標を変更しました（現在: 1,200件）。"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_stays_typed(office, target, typed, field, words):
    answer = office.post(page(target), FORM | typed)
    (said,) = answer.context["form"].errors[field]
    assert said.startswith(words)
    assert [*answer.context["form"].errors] == [field]
    assert (FORM | typed)["reason"] in answer.content.decode()
    target.refresh_from_db()
    assert (target.value, target.revisions.count()) == (1200, 0)


def test_all_faults_come_at_once(target, publisher):
    nothing = Content(TargetStatus.SET)
    told = refused(lambda: revise(target, publisher, nothing, None, ""))
    assert [*told] == ["value", "source", "decided_on", "reason", "revised_on"]


def test_what_cannot_be_read_and_what_is_missing_come_together(office, target):
    typed = {"value": "千三百", "decided_on": "2025/13/1", "reason": "", "revised_on": ""}
    errors = office.post(page(target), FORM | typed).context["form"].errors
    assert {*errors} == {"value", "decided_on", "reason", "revised_on"}


def test_revisions_follow_each_other_in_time(target, publisher):
    revise(target, publisher)
    later = Content(TargetStatus.SET, Decimal(1400), "第2次改訂版", DECIDED)

    def again(day):
        return refused(lambda: revise(target, publisher, later, day, seen="set 1300"))

    assert again(DAY) == {"revised_on": "この目標には同じ日の改定が既にあります。"}
    assert again(dt.date(2025, 8, 1)) == {
        "revised_on": "前回の改定日（2025/10/01）より後の日を入力してください。"
    }
    same_paper = Content(TargetStatus.SET, Decimal(1400), NEW.source, DECIDED)
    day = dt.date(2025, 11, 1)
    told = refused(lambda: revise(target, publisher, same_paper, day, seen="set 1300"))
    assert [*told] == ["decided_on"]
    revise(target, publisher, later, day, seen="set 1300")
    assert [one.value for one in target.revisions.all()] == [1200, 1300]


def test_a_target_may_be_given_back_to_another_plan_and_set_anew(target, publisher):
    waiting = Content(TargetStatus.LINKED, source="次期実施計画")
    revise(target, publisher, waiting)
    target.refresh_from_db()
    assert content_of(target) == waiting
    assert refused(lambda: revise(target, publisher, seen="linked")) == {
        "": "設定されていない目標は、改定も訂正もできません。"
    }
    new = NewTarget(target.indicator_id, 2025, NEW)
    set_targets(plan=target.indicator.plan, targets=[new], by=publisher, reason="策定")
    assert Target.objects.get(pk=target.pk).value == 1300


def test_a_correction_of_nothing_is_refused(target, publisher):
    stands = content_of(target)
    told = refused(
        lambda: correct_target(
            target=target, content=stands, seen="set 1200", reason="", by=publisher
        )
    )
    assert told == {
        "reason": "訂正の理由を入力してください。",
        "value": "今の目標と同じです。変わるところがありません。",
    }


def test_setting_is_all_or_nothing_and_never_over_another_persons_value(target, publisher):
    plan, one = target.indicator.plan, target.indicator_id
    fresh = NewTarget(one, 2026, NEW)

    def given(*targets):
        return set_targets(plan=plan, targets=targets, by=publisher, reason="策定")

    told = refused(lambda: given(fresh, NewTarget(one, 2025, NEW)))
    assert told[""].startswith("1-1の令和7年度の目標は、ほかの人が先に設定しました。")
    other = make_plan(slug="another", indicators=1).indicators.get()
    assert (
        "この計画で測る指標ではありません。"
        in refused(lambda: given(fresh, NewTarget(other.pk, 2026, NEW)))[""]
    )
    finer = Content(TargetStatus.SET, Decimal("1.5"), "計画", DECIDED)
    assert "value" in refused(lambda: given(fresh, NewTarget(one, 2027, finer)))
    assert not Target.objects.filter(indicator=one, fiscal_year=2026, status="set").exists()


def test_a_set_target_is_read_only_elsewhere(office, target):
    address, fields = form_of(office, target)
    changed = fields | {"value": "9", "status": "unset", "fiscal_year": "R9", "note": "備考"}
    assert office.post(address, changed).status_code == 302
    target.refresh_from_db()
    assert (target.value, target.status, target.fiscal_year) == (1200, "set", 2025)
    assert target.note == "備考"
    address, fields = form_of(office, target.indicator)
    office.post(address, fields | {"targets-1-value": "9", "change_reason": "試み"})
    target.refresh_from_db()
    assert target.value == 1200
    words = office.get(address).content.decode()
    assert page(target) in words


def test_a_revised_target_is_not_deleted(office, target, publisher):
    delete = reverse("admin:kpis_target_delete", args=[target.pk])
    assert office.get(delete).status_code == 200
    revise(target, publisher)
    assert office.post(delete, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [target.pk], "post": "yes"}
    office.post(reverse("admin:kpis_target_changelist"), chosen)
    assert Target.objects.filter(pk=target.pk).exists()


def test_an_open_target_leads_to_where_it_is_set(office, published):
    target = Target.objects.get(indicator__code="1-1", fiscal_year=2026)
    words = office.get(page(target)).content.decode()
    assert "この目標はまだ設定されていないため" in words
    assert office.post(page(target), FORM).status_code == 200
    assert not target.revisions.exists()


# --- an indicator's life ------------------------------------------------------------------------


def test_an_indicator_ends_with_its_successor_and_the_reason(office, kadoma):
    make_plan(slug="another", indicators=1)
    indicator, next_one = (Indicator.objects.get(plan=kadoma, code=one) for one in ("2-3", "2-4"))
    address, fields = form_of(office, indicator)
    form = office.get(address).context["adminform"].form
    assert form.fields["successor"].queryset.count() == 14  # of the same plan, without itself
    sent = fields | {"successor": next_one.pk, "end_year": "", "review_reason": ""}
    errors = office.post(address, sent).context["adminform"].form.errors
    assert errors["end_year"] == ["後継の指標を選んだときは、終了年度も入力してください。"]
    sent |= {"end_year": "R8", "former_name": "旧称", "renamed_year": "R7"}
    errors = office.post(address, sent).context["adminform"].form.errors
    assert "見直しの理由も入力してください" in errors["review_reason"][0]
    sent |= {"review_reason": "統合のため", "change_reason": "懇話会の意見"}
    assert office.post(address, sent).status_code == 302
    indicator.refresh_from_db()
    assert (indicator.end_year, indicator.successor) == (2026, next_one)
    assert (indicator.former_name, indicator.renamed_year) == ("旧称", 2025)
    assert indicator.review_reason == "統合のため"
    assert indicator.history.latest().history_change_reason == "懇話会の意見"
