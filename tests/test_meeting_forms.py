"""A meeting's staff page: its fields, its opinions, and several people writing at once."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action, Measure
from kpis.models import Meeting, Opinion
from tests.factories import make_actions, make_meeting, make_plan
from tests.test_admin import form_of

pytestmark = pytest.mark.django_db
CHANGED = "この画面を開いている間に、ほかの人が変更しました（今の内容: {}）。"
TAKEN = "この会議には同じ番号の意見が既にあります。"
AGAIN = "このまま保存すると、入力した内容に置き換わります。"


@pytest.fixture
def meeting(kadoma):
    return make_meeting(plan=kadoma, number=2)


def opinion(place, **typed):
    return {f"opinions-{place}-{name}": value for name, value in typed.items()}


def faults(page, place=None):
    """Return the faults of the meeting, or of the opinion in this place of its form."""
    if place is None:
        return page.context["adminform"].form.errors
    (formset,) = page.context["inline_admin_formsets"]
    return formset.formset.forms[place].errors


# --- fields ---------------------------------------------------------------------------------------


def test_members_and_audience_are_kept_with_who_and_why(clerk, entry_clerk, meeting):
    address, fields = form_of(clerk, meeting)
    typed = {"members": "会長　門真太郎\n委員　門真花子", "audience": "members"}
    clerk.post(address, fields | typed | {"change_reason": "委員に案内"})
    meeting.refresh_from_db()
    assert (meeting.members, meeting.audience) == (typed["members"], "members")
    newest = meeting.history.first()
    assert (newest.history_user, newest.history_change_reason) == (entry_clerk, "委員に案内")
    page = clerk.get(reverse("admin:kpis_meeting_history", args=[meeting.pk])).content.decode()
    assert "<strong>公開範囲</strong>: 準備中（職員のみ） → 委員のみ" in page


def test_the_page_says_what_each_audience_means(clerk, meeting):
    page = clerk.get(form_of(clerk, meeting)[0]).content.decode()
    for one in (
        "準備中（職員のみ）: 職員だけが見られます。",
        "委員のみ: ログインした委員と職員が、会議のページ・配付した資料・意見と回答を見られます。",
        "公開: 会議のページ・配付した資料・意見と回答を、だれでも見られます。",
    ):
        assert one in page


def test_a_save_that_changes_nothing_leaves_no_trace(clerk, meeting):
    address, fields = form_of(clerk, meeting)
    assert clerk.post(address, fields).status_code == 302
    assert not meeting.history.filter(history_type="~").exists()
    assert not Opinion.history.filter(history_type="~").exists()


def test_opinions_come_once_the_meeting_stands(clerk, kadoma):
    address = reverse("admin:kpis_meeting_add")
    assert "意見は、会議を登録した後に" in clerk.get(address).content.decode()
    clerk.post(address, {"plan": kadoma.pk, "name": "第3回", "audience": "staff"})
    made = Meeting.objects.get(name="第3回")
    assert made.history.get().history_type == "+"
    assert "opinions-TOTAL_FORMS" in form_of(clerk, made)[1]


# --- opinions -------------------------------------------------------------------------------------


def test_a_new_opinion_without_a_number_gets_the_next_one(clerk, entry_clerk, meeting):
    address, fields = form_of(clerk, meeting)
    assert "空欄のときは、次の番号（3から）を付けます。" in clerk.get(address).content.decode()
    typed = opinion(2, text="三つ目") | opinion(3, text="四つ目") | opinion(4, text="九", number=9)
    clerk.post(address, fields | typed | opinion(5, text="十") | {"opinions-TOTAL_FORMS": 6})
    numbers = list(meeting.opinions.values_list("number", "text"))
    assert numbers[2:] == [(9, "九"), (10, "三つ目"), (11, "四つ目"), (12, "十")]
    newest = meeting.opinions.get(number=12).history.get()
    assert (newest.history_type, newest.history_user) == ("+", entry_clerk)


def test_numbers_that_another_person_gave_meanwhile_are_known(clerk, meeting):
    address, fields = form_of(clerk, meeting)
    Opinion.objects.create(meeting=meeting, number=3, text="ほかの人の意見")
    page = clerk.post(address, fields | opinion(2, number="3", text="私の意見"))
    assert faults(page, 2) == {"number": [TAKEN]}
    clerk.post(address, fields | opinion(2, text="私の意見"))
    assert meeting.opinions.get(text="私の意見").number == 4


def test_two_rows_cannot_have_one_number_nor_change_theirs_at_once(clerk, meeting):
    address, fields = form_of(clerk, meeting)
    twice = opinion(2, number="7", text="甲") | opinion(3, number="7", text="乙")
    page = clerk.post(address, fields | twice | {"opinions-TOTAL_FORMS": 4})
    assert [list(faults(page, place)) for place in (2, 3)] == [[], ["number"]]
    page = clerk.post(address, fields | opinion(0, number="2") | opinion(1, number="1"))
    assert [faults(page, place) for place in (0, 1)] == [{"number": [TAKEN]}] * 2


def test_the_blank_opinion_at_the_end_is_no_opinion(clerk, meeting):
    address, fields = form_of(clerk, meeting)
    assert fields["opinions-TOTAL_FORMS"] == 3
    clerk.post(address, fields | {"place": "別館"})
    assert meeting.opinions.count() == 2


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"number": ""}, "number", "このフィールドは必須です。"),
        ({"number": "1"}, "number", TAKEN),
        (
            {"state": "difficult", "reply": "できない"},
            "state_reason",
            "対応困難のときは、その理由を入力してください。",
        ),
        (
            {"state": "settled"},
            "reply",
            "対応状況を選んだときは、市の回答も入力してください。",
        ),
        (
            {"action": "9-9-9"},
            "action",
            "「9-9-9」はこの計画のアクションにありません。コードを入力するか、候補から選んでください。",
        ),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(clerk, meeting, typed, field, words):
    address, fields = form_of(clerk, meeting)
    page = clerk.post(address, fields | opinion(1, speaker="委員B", **typed) | {"place": "別館"})
    assert page.status_code == 200
    assert faults(page, 1)[field] == [words]
    content = page.content.decode()
    for one in ('value="委員B"', 'value="別館"', f'value="{typed.get(field, "")}"'):
        assert one in content
    assert not Meeting.objects.filter(place="別館").exists()
    assert meeting.opinions.get(number=2).speaker == ""


# --- what an opinion is about ---------------------------------------------------------------------


def about(row):
    row.refresh_from_db()
    return [one and one.code for one in (row.indicator, row.measure, row.action)]


@pytest.mark.parametrize(
    "typed", ["1-1-1", "1-1-1 デジタル化セミナー", " １－１－１　デジタル化", "1-1-1 前の名前"]
)
def test_what_it_is_about_is_typed_by_code(clerk, meeting, seminar, typed):
    typed = typed.replace("－", "-")
    address, fields = form_of(clerk, meeting)
    clerk.post(address, fields | opinion(0, indicator="", measure="2-3", action=typed))
    assert about(meeting.opinions.get(number=1)) == [None, "2-3", "1-1-1"]


def test_the_page_shows_code_and_name_of_what_it_is_about(clerk, meeting, seminar):
    meeting.opinions.filter(number=1).update(action=seminar)
    page = clerk.get(form_of(clerk, meeting)[0]).content.decode()
    assert 'value="1-1-1 デジタル化セミナー" ' in page
    assert 'value="1-1 門真市中小企業サポートセンター相談件数" ' in page


def test_only_what_the_meetings_plan_has_is_offered_and_taken(clerk, meeting, seminar):
    other = make_plan(slug="other", indicators=1, actions=3)
    address, fields = form_of(clerk, meeting)
    assert "アクション2" not in clerk.get(address).content.decode()
    page = clerk.post(address, fields | opinion(0, action="A-2 アクション2"))
    assert list(faults(page, 0)) == ["action"]
    assert other.actions.filter(code="A-2").exists()  # the control


def test_a_thousand_actions_are_printed_once_however_many_opinions_there_are(clerk, kadoma):
    measures = list(Measure.objects.filter(strategy__plan=kadoma))
    make_actions(plan=kadoma, measures=measures, number=1000, years=())
    for number in (1, 30):
        meeting = make_meeting(plan=kadoma, name=f"意見{number}件", number=number)
        page = clerk.get(form_of(clerk, meeting)[0]).content.decode()
        assert page.count('<option value="A-1000 アクション1000">') == 1
        assert len(page) < 400_000


def test_who_may_not_see_actions_is_offered_none_and_changes_none(
    client, django_user_model, meeting, seminar
):
    user = django_user_model.objects.create_user("kaigi", password="himitsu", is_staff=True)
    names = ["change_meeting", "view_meeting", "change_opinion", "view_opinion", "view_indicator"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    first = meeting.opinions.get(number=1)
    Opinion.objects.filter(pk=first.pk).update(action=seminar)
    address, fields = form_of(client, meeting)
    assert "デジタル化セミナー" not in client.get(address).content.decode()
    client.post(address, fields | opinion(0, text="改めた", action=""))
    assert about(first) == ["1-1", None, "1-1-1"]
    assert first.text == "改めた"


def test_a_text_that_looks_like_a_formula_stays_a_text(clerk, meeting):
    address, fields = form_of(clerk, meeting)
    clerk.post(address, fields | opinion(0, text='=1+1"<'))
    assert meeting.opinions.get(number=1).text == '=1+1"<'
    assert "=1+1&quot;&lt;" in clerk.get(address).content.decode()


# --- several people -------------------------------------------------------------------------------


def test_changes_of_two_people_to_different_fields_are_put_together(clerk, meeting):
    address, fields = form_of(clerk, meeting)
    Opinion.objects.filter(meeting=meeting, number=1).update(reply="ほかの人の回答", state="later")
    Meeting.objects.update(audience="public")
    typed = opinion(0, speaker="委員A") | opinion(1, text="改めた意見") | {"place": "別館"}
    assert clerk.post(address, fields | typed).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.audience) == ("別館", "public")
    first, second = meeting.opinions.all()
    assert (first.speaker, first.reply, first.state) == ("委員A", "ほかの人の回答", "later")
    assert second.text == "改めた意見"


def test_a_row_that_was_left_alone_is_not_written_whatever_another_person_did(clerk, meeting):
    address, fields = form_of(clerk, meeting)
    Opinion.objects.filter(meeting=meeting).update(reply="ほかの人の回答")
    clerk.post(address, fields | {"place": "別館"})
    assert {one.reply for one in meeting.opinions.all()} == {"ほかの人の回答"}
    assert not Opinion.history.filter(history_type="~").exists()


def test_the_same_field_is_asked_about_and_the_second_save_decides(clerk, meeting):
    address, fields = form_of(clerk, meeting)
    Opinion.objects.filter(meeting=meeting, number=1).update(reply="ほかの人の回答")
    Meeting.objects.update(audience="public", place="ほかの場所")
    typed = opinion(0, reply="私の回答", speaker="委員A") | {"audience": "members"}
    page = clerk.post(address, fields | typed)
    assert page.status_code == 200
    assert faults(page) == {"audience": [f"{CHANGED.format('公開')}{AGAIN}"]}
    assert faults(page, 0) == {"reply": [f"{CHANGED.format('ほかの人の回答')}{AGAIN}"]}
    assert meeting.opinions.get(number=1).reply == "ほかの人の回答"
    seen = {
        "seen": page.context["adminform"].form["seen"].value(),
        **opinion(
            0, seen=page.context["inline_admin_formsets"][0].formset.forms[0]["seen"].value()
        ),
    }
    assert clerk.post(address, fields | typed | seen).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.audience, meeting.place) == ("members", "ほかの場所")
    first = meeting.opinions.get(number=1)
    assert (first.reply, first.speaker) == ("私の回答", "委員A")


def test_line_ends_that_a_browser_sends_are_no_change(clerk, meeting):
    Opinion.objects.filter(meeting=meeting).update(text="一行目\n二行目")
    address, fields = form_of(clerk, meeting)
    Opinion.objects.filter(meeting=meeting, number=1).update(text="ほかの人\nの文")
    clerk.post(address, fields | opinion(0, text="一行目\r\n二行目", speaker="委員A"))
    first = meeting.opinions.get(number=1)
    assert (first.text, first.speaker) == ("ほかの人\nの文", "委員A")


# --- what it costs --------------------------------------------------------------------------------


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_cost_as_many_queries_with_40_meetings_as_with_2(clerk, published, seminar):
    measure = seminar.measure
    for n in range(1, 41):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=n)
        made = make_meeting(plan=published, name=f"第{n}回", day=day, number=n % 4)
        made.opinions.update(measure=measure, action=Action.objects.get())
        if n in (2, 40):
            pages = [
                reverse("admin:kpis_meeting_changelist"),
                reverse("admin:kpis_opinion_changelist"),
                reverse("admin:kpis_meeting_change", args=[made.pk]),
            ]
            for one in pages:
                clerk.get(one)  # the first page of a process also fills caches
            counts = [queries_of(clerk, one) for one in pages]
            if n == 2:
                few = counts
    assert counts == few
    assert max(counts) <= 24
    listed = clerk.get(pages[0]).content.decode()
    assert '<td class="field-waiting">3件</td>' in listed
    assert '<td class="field-audience">準備中（職員のみ）</td>' in listed
