"""The staff's front page and the page of reminders: who sees what, in words, at what cost."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.fiscal import Period, Term
from kadoma_plan.admin import front_page
from kpis.models import Actual, Indicator, Reminder, ReportingPeriod, SectionContact
from kpis.rounds import Move, PeriodState
from kpis.services import move, open_round, publish_outright, submit
from kpis.services.reminders import NO_MAIL
from kpis.turns import due_label
from tests.factories import make_plan

R6, R7, R7_H1 = Period(2024, Term.FY), Period(2025, Term.FY), Period(2025, Term.H1)
TODAY = timezone.localdate()
DUE = TODAY + dt.timedelta(days=3)
NOTHING_OPEN = "現在、入力中の報告期間はありません。"
INDEX = "/admin/"


@pytest.fixture
def newcomer(django_user_model):
    """Staff who was given no role yet."""
    return django_user_model.objects.create_user("shinjin", password="himitsu", is_staff=True)


@pytest.fixture
def opened(published, administrator):
    """R7's round of the city's plan, with the second strategy in 商工課's charge."""
    Indicator.objects.filter(plan=published, code__startswith="2").update(section="商工課")
    return open_round(plan=published, period=R7, due=DUE, by=administrator)


def words(page):
    """Return the page's text as a person reads it, on one line."""
    return unescape(re.sub(r"(<[^>]*>|\s)+", " ", page.content.decode()))


def seen_by(client, person, address=INDEX):
    client.force_login(person)
    page = client.get(address)
    assert page.status_code == 200
    return page


def enter(period, **rows):
    for one in Indicator.objects.filter(plan=period.plan, **rows):
        Actual.objects.create(indicator=one, period=period, reason="not_conducted")


def page_of(name, period):
    return reverse(f"admin:kpis_reportingperiod_{name}", args=[period.pk])


# --- the front page --------------------------------------------------------------------------------


def test_an_open_round_shows_whose_turn_it_is(client, entry_clerk, opened):
    enter(opened, code="2-1")
    page = seen_by(client, entry_clerk)
    text = words(page)
    assert "令和7年度（年度）の実績入力" in text
    assert "状態 入力中" in text
    assert f"入力期限 {due_label(DUE)} 期限まであと3日" in text
    assert "次に動く人 所管課・入力担当（実績を入力する番です）" in text
    own = opened.plan.section
    assert f"{own} 0/11 11 0 ！ 期限まであと3日" in text
    assert "商工課 1/4 3 0 ！ 期限まであと3日" in text
    assert "合計 1/15 14 0" in text
    assert NOTHING_OPEN not in text
    html = page.content.decode()
    entry = page_of("entry", opened)
    for address in (
        f"{entry}?section=%E5%95%86%E5%B7%A5%E8%AA%B2",
        entry,
        page_of("readiness", opened),
        page_of("workbook", opened),
        page_of("reminders", opened),
    ):
        assert f'href="{address}"' in html
    assert "の入力を始める" not in text


def test_a_late_section_and_one_that_is_done_differ_in_sign_and_words(client, entry_clerk, opened):
    enter(opened, section="商工課")
    opened.due = TODAY - dt.timedelta(days=2)
    opened.save()
    text = words(seen_by(client, entry_clerk))
    assert "商工課 4/4 0 0 ✓ 完了" in text
    assert f"{opened.plan.section} 0/11 11 0 ！！ 期限を2日過ぎています" in text


def test_a_doubtful_figure_is_counted(client, entry_clerk, opened):
    enter(opened, section="商工課")
    Actual.objects.filter(period=opened, indicator__code="2-4").update(reason="", value=99999)
    assert "商工課 4/4 0 1 ？ 確認した内容が未記入" in words(seen_by(client, entry_clerk))


def test_a_round_without_a_due_date_says_so(client, entry_clerk, opened):
    ReportingPeriod.objects.filter(pk=opened.pk).update(due=None)
    text = words(seen_by(client, entry_clerk))
    assert "入力期限 未設定" in text
    assert "商工課 0/4 4 0 ・ 未入力あり" in text


@pytest.mark.parametrize(
    ("steps", "state", "who"),
    [
        ([Move.SUBMIT], "確認中", "公表担当（確認して公表するか、差し戻す番です）"),
        (
            [Move.SUBMIT, Move.PUBLISH, Move.REOPEN],
            "訂正中",
            "入力担当と公表担当（数値を直し、理由を付けて公表する番です）",
        ),
    ],
)
def test_after_entry_it_is_another_turn_and_nobody_is_late(
    client, entry_clerk, opened, administrator, steps, state, who
):
    for step in steps:
        if step is Move.SUBMIT:
            submit(period=opened, by=administrator, reason="年度末に集計")
        elif step is Move.PUBLISH:
            publish_outright(plan=opened.plan, period=R7, by=administrator, reason="試験")
        else:
            move(period=opened, move=step, by=administrator, reason="誤記")
    text = words(seen_by(client, entry_clerk))
    assert f"状態 {state}" in text
    assert f"次に動く人 {who}" in text
    assert "期限まで" not in text
    assert "商工課 0/4 4 0 ・ 未入力あり" in text


def test_without_a_round_a_manager_may_begin_the_next(client, publisher, published):
    page = seen_by(client, publisher)
    assert NOTHING_OPEN in words(page)
    address = f"{reverse('admin:kpis_reportingperiod_begin')}?plan={published.pk}"
    link = f'<a class="turn-begin" href="{address}">令和7年度（年度）の入力を始める</a>'
    assert link in page.content.decode()


def test_without_a_round_a_clerk_is_told_so_and_no_more(client, entry_clerk, published):
    text = words(seen_by(client, entry_clerk))
    assert NOTHING_OPEN in text
    assert "の入力を始める" not in text


def test_a_period_being_prepared_is_named(client, entry_clerk, published):
    published.periods.create(fiscal_year=2025, term=Term.FY)
    assert "準備中の報告期間: 令和7年度（年度）" in words(seen_by(client, entry_clerk))


def test_after_the_plans_end_nothing_can_begin(client, publisher, published):
    published.periods.create(fiscal_year=2028, term=Term.FY, state=PeriodState.PUBLISHED)
    assert "の入力を始める" not in words(seen_by(client, publisher))


def test_with_several_plans_each_is_named(client, publisher, opened):
    other = make_plan(slug="other", name="観光計画", indicators=1, periods=[])
    text = words(seen_by(client, publisher))
    assert f"令和7年度（年度）の実績入力 {opened.plan.name}" in text
    assert f"令和6年度上半期の入力を始める （{other.name}）" in text


def test_a_plan_without_indicators_has_an_empty_round(client, publisher, administrator):
    plan = make_plan(indicators=0, periods=[])
    open_round(plan=plan, period=R7, due=DUE, by=administrator)
    assert "指標がまだ登録されていません" in words(seen_by(client, publisher))


def test_staff_without_the_permission_see_the_ordinary_front_page(client, newcomer, opened):
    page = seen_by(client, newcomer)
    assert page.context["front"] is None
    assert "実績入力" not in words(page)


def test_nobody_else_sees_it(client, opened, council_member):
    assert client.get(INDEX).status_code == 302
    client.force_login(council_member)
    assert client.get(INDEX).status_code == 302


def test_the_page_of_one_app_still_works(client, administrator, opened):
    assert "実績入力" not in words(seen_by(client, administrator, "/admin/kpis/"))


def test_the_front_page_costs_as_many_queries_for_300_indicators_as_for_15(client, administrator):
    costs = []
    for slug, number in (("small", 15), ("large", 300)):
        ReportingPeriod.objects.update(state=PeriodState.PUBLISHED)
        plan = make_plan(slug=slug, indicators=number, periods=[R6])
        for one in plan.strategies.all():
            plan.indicators.filter(strategy=one).update(section=f"{one.number}課")
        open_round(plan=plan, period=R7, due=DUE, by=administrator)
        client.force_login(administrator)
        with CaptureQueriesContext(connection) as captured:
            front = front_page(TODAY, may_begin=False)
        assert (front.rounds[0].number, front.rounds[0].missing) == (number, number)
        with CaptureQueriesContext(connection) as whole:
            assert client.get(INDEX).status_code == 200
        costs.append((len(captured), len(whole)))
    assert costs[0][0] == costs[1][0] == 11
    assert costs[1][1] <= costs[0][1] + 6  # the other plan's next period and new fiscal year


# --- the page of reminders -------------------------------------------------------------------------


@pytest.fixture
def reminders(opened):
    """Return the page's address; 商工課 can be reached, the plan's own section cannot."""
    SectionContact.objects.create(plan=opened.plan, section="商工課", email="a@example.lg.jp")
    return page_of("reminders", opened)


def test_the_messages_stand_there_to_be_copied(client, entry_clerk, opened, reminders):
    page = seen_by(client, entry_clerk, reminders)
    text, html = words(page), page.content.decode()
    assert "本日の督促文（2件）" in text
    assert f"{opened.plan.section} 期限間近 宛先なし" in text
    assert "商工課 期限間近 送信予定" in text
    assert "件名" in text
    assert 'value="a@example.lg.jp" readonly' in html
    assert "【入力期限が近づいています】" in html
    assert re.search(r'<textarea id="body-2" rows="14" readonly>\n商工課 ご担当者様', html)
    buttons = re.findall(r'data-copy="([a-z]+-\d)"', html)
    assert buttons == ["subject-1", "body-1", "to-2", "subject-2", "body-2"]
    assert set(buttons) <= set(re.findall(r' id="([a-z]+-\d)"', html))
    assert 'aria-live="polite" data-copy-live' in html
    assert "この報告期間のメールは、まだ送っていません。" in text
    assert "メールを送る" not in text  # a clerk only copies


def test_a_manager_sends_and_sees_what_was_sent(client, publisher, reminders, mailoutbox):
    assert "メールを送る" in words(seen_by(client, publisher, reminders))
    page = client.post(reminders, follow=True)
    assert "1件のメールを送りました（商工課）。" in words(page)
    assert [one.to for one in mailoutbox] == [["a@example.lg.jp"]]
    row = Reminder.objects.get()
    sent = timezone.localtime(row.sent_at)
    shown = f"商工課 期限間近 {DUE.year}年{DUE.month}月{DUE.day}日 a@example.lg.jp {sent.year}年"
    assert shown in words(page)
    assert "メールを送る" not in words(page)  # only a section without an address is left
    assert "送るメールはありませんでした。" in words(client.post(reminders, follow=True))
    assert len(mailoutbox) == 1


def test_a_failure_is_told(client, publisher, reminders, monkeypatch, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client.force_login(publisher)
    text = words(client.post(reminders, follow=True))
    assert (
        "商工課: 送信できませんでした。メールサーバーに接続できません（ConnectionRefusedError: "
        in text
    )
    assert Reminder.objects.count() == 0


def test_a_message_with_an_unknown_end_is_named(client, publisher, opened, reminders):
    Reminder.objects.create(
        period=opened,
        section="商工課",
        kind="due_soon",
        due=DUE,
        recipients="a@example.lg.jp",
        subject="件名",
        body="止まった本文\n",
        created_at=timezone.now(),
    )
    text = words(seen_by(client, publisher, reminders))
    assert "商工課 期限間近 送信結果が不明" in text
    assert "届いたか分かりません" in text
    assert "止まった本文" in text


def test_without_a_mail_server_there_is_nothing_to_press(client, publisher, reminders, settings):
    settings.EMAIL_BACKEND = NO_MAIL
    text = words(seen_by(client, publisher, reminders))
    assert "KADOMA_EMAIL_URL" in text
    assert "メールを送る" not in text
    assert "メールの設定がないため、送信していません。" in words(
        client.post(reminders, follow=True)
    )
    assert Reminder.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "due", "reason"),
    [
        (PeriodState.CHECKING, DUE, "（この報告期間は確認中です）"),
        (PeriodState.PREPARING, DUE, "（この報告期間は準備中です）"),
        (PeriodState.PUBLISHED, None, "（この報告期間は公表済です）"),
        (PeriodState.CORRECTING, DUE, "（この報告期間は訂正中です）"),
        (PeriodState.ENTERING, None, "入力期限が設定されていないため"),
    ],
)
def test_with_nothing_to_send_the_page_says_why(
    client, publisher, opened, reminders, state, due, reason
):
    ReportingPeriod.objects.filter(pk=opened.pk).update(state=state, due=due)
    text = words(seen_by(client, publisher, reminders))
    assert "本日の督促文（0件）" in text
    assert reason in text


def test_when_all_is_entered_and_told_there_is_nothing_to_send(
    client, publisher, opened, reminders
):
    enter(opened)
    opened.due = TODAY - dt.timedelta(days=1)
    opened.save()
    assert "本日、送るものはありません" in words(seen_by(client, publisher, reminders))


def test_only_those_with_the_permission_see_or_send(
    client, newcomer, council_member, opened, reminders, mailoutbox
):
    assert client.get(reminders).status_code == 302
    client.force_login(council_member)
    assert client.get(reminders).status_code == 302
    client.force_login(newcomer)
    assert client.get(reminders).status_code == 403
    assert client.post(reminders).status_code == 403
    assert mailoutbox == []


def test_a_clerk_cannot_send(client, entry_clerk, reminders, mailoutbox):
    client.force_login(entry_clerk)
    assert client.post(reminders).status_code == 403
    assert (mailoutbox, Reminder.objects.count()) == ([], 0)


def test_a_period_that_does_not_exist_has_no_page(client, publisher, opened):
    client.force_login(publisher)
    address = reverse("admin:kpis_reportingperiod_reminders", args=[opened.pk + 1000])
    assert client.get(address).status_code == 404


# --- addresses and the record ----------------------------------------------------------------------


def test_a_misspelt_section_is_pointed_out_when_its_address_is_saved(client, publisher, opened):
    client.force_login(publisher)
    address = reverse("admin:kpis_sectioncontact_add")
    for section, number in (("商工課", 0), ("商業課", 1)):
        data = {"plan": opened.plan.pk, "section": section, "email": "a@example.lg.jp"}
        page = client.post(address, data, follow=True)
        assert words(page).count(f"「{section}」が担当する指標はありません。") == number
    assert f"（指標の所管課: {opened.plan.section}、商工課）" in words(page)
    assert SectionContact.objects.count() == 2


def test_the_record_of_reminders_can_be_read_and_not_written(client, administrator, reminders):
    client.force_login(administrator)
    client.post(reminders)
    row = Reminder.objects.get()
    assert "商工課 期限間近" in words(client.get(reverse("admin:kpis_reminder_changelist")))
    change = reverse("admin:kpis_reminder_change", args=[row.pk])
    assert "商工課 ご担当者様" in words(client.get(change))
    assert client.post(change, {"body": "書き換え"}).status_code == 403
    assert client.get(reverse("admin:kpis_reminder_add")).status_code == 403
    delete = reverse("admin:kpis_reminder_delete", args=[row.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_lists_cost_the_same_for_many_rows(client, administrator, opened):
    client.force_login(administrator)
    costs = []
    for start, number in ((0, 3), (100, 40)):
        for place in range(start, start + number):
            common = {"section": f"{place}課", "period": opened, "created_at": timezone.now()}
            Reminder.objects.create(kind="late", due=DUE, **common)
            SectionContact.objects.create(
                plan=opened.plan, section=f"{place}課", email="a@example.lg.jp"
            )
        for name in ("reminder", "sectioncontact"):
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(f"admin:kpis_{name}_changelist"))
            costs.append(len(captured))
    assert costs[:2] == costs[2:]
