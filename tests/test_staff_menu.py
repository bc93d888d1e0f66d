"""The staff's menu, their next step, and the ways between a public page and its record."""

import pytest
from django.contrib import admin
from django.urls import reverse

from actions.models import Measure
from kadoma_plan.menu import CHAPTERS
from kpis.models import Indicator
from kpis.rounds import PeriodState
from kpis.turns import OwnStep, Turn, own_steps

pytestmark = pytest.mark.django_db
KPI = "/kadoma-monozukuri/kpis/1-1/"
LINK = "この指標を管理画面で開く"


def titles(client):
    return [one["name"] for one in client.get("/admin/").context["app_list"]]


def test_the_menu_follows_the_work(client, administrator, entry_clerk):
    client.force_login(administrator)
    work = ["半期の入力と公表", "指標と目標", "計画と取組み", "会議", "普及・周知"]
    assert titles(client) == [*work, "取り込んだファイル", "利用者と権限"]
    client.force_login(entry_clerk)
    assert titles(client) == [*work, "取り込んだファイル"]


def test_every_kind_of_record_has_its_place_and_says_what_it_is_for():
    named = [label for one in CHAPTERS for label in one.purposes]
    assert sorted(named) == sorted(one._meta.label_lower for one in admin.site._registry)


ROW = object()


def turn(missing=0, doubtful=0):
    return Turn("甲課", 15, 15 - missing, (ROW,) * missing, (ROW,) * doubtful)


ENTERING, CHECKING, CORRECTING = PeriodState.ENTERING, PeriodState.CHECKING, PeriodState.CORRECTING
ENTER_3 = OwnStep("entry", "実績を入力する（未入力3件）")
PUBLISH = OwnStep("readiness", "確かめて公表する")


@pytest.mark.parametrize(
    ("state", "one", "clerk", "publisher"),
    [
        (ENTERING, turn(3), (ENTER_3,), (ENTER_3, OwnStep("reminders", "督促文を用意する"))),
        (ENTERING, turn(0, 2), (OwnStep("entry", "要確認の値を確かめる（2件）"),), None),
        (ENTERING, turn(), (OwnStep("entry", "見直して提出する"),), None),
        (CHECKING, turn(), (), (PUBLISH,)),
        (CORRECTING, turn(), (OwnStep("entry", "数値を直す"),),
         (OwnStep("entry", "数値を直す"), PUBLISH)),
        (PeriodState.PREPARING, turn(3), (), ()),
    ],
)  # fmt: skip
def test_each_role_is_told_its_next_step(state, one, clerk, publisher):
    assert own_steps(state, [one], may_enter=True, may_manage=False) == clerk
    expected = clerk if publisher is None else publisher
    assert own_steps(state, [one], may_enter=True, may_manage=True) == expected


def test_a_public_page_leads_staff_to_its_record_and_nobody_else(
    client, published, entry_clerk, council_member
):
    assert LINK not in client.get(KPI).content.decode()
    client.force_login(council_member)
    assert LINK not in client.get(KPI).content.decode()
    client.force_login(entry_clerk)
    assert f'<a href="/admin/open/indicator/kadoma-monozukuri/1-1/">{LINK}' in (
        client.get(KPI).content.decode()
    )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("indicator/kadoma-monozukuri/1-1", "1-1 門真市中小企業サポートセンター相談件数"),
        ("measure/kadoma-monozukuri/3-2", "3-2 ものづくりブランドの確立"),
        ("strategy/kadoma-monozukuri/2", "(2) ネットワーク・連携"),
        ("overview/kadoma-monozukuri", "計画の変更"),
        ("kgi/kadoma-monozukuri", "KGIの一覧"),
    ],
)
def test_the_way_leads_to_the_record(client, published, administrator, asked, words):
    client.force_login(administrator)
    page = client.get(f"/admin/open/{asked}/", follow=True)
    assert page.status_code == 200
    assert words in page.content.decode()


def test_a_record_that_is_gone_is_told(client, published, publisher):
    client.force_login(publisher)
    page = client.get("/admin/open/indicator/kadoma-monozukuri/9-9/")
    assert page.status_code == 404
    assert "この指標は、管理画面にはもうありません。" in page.content.decode()
    for wrong in ("indicator/kadoma-monozukuri", "measure/kadoma-monozukuri/1-x", "x/y"):
        assert client.get(f"/admin/open/{wrong}/").status_code == 404


def test_a_record_leads_to_its_public_page_or_before_publishing_to_the_preview(
    client, published, publisher, entering
):
    client.force_login(publisher)
    one = Indicator.objects.get(plan=published, code="1-1")
    page = client.get(reverse("admin:kpis_indicator_change", args=[one.pk])).content.decode()
    assert f'<a href="{KPI}" class="viewsitelink">公開ページを見る</a>' in page
    Indicator.objects.filter(pk=one.pk).update(code="1-9")  # as one that was added since
    page = client.get(reverse("admin:kpis_indicator_change", args=[one.pk])).content.decode()
    preview = f"/admin/preview/{entering.pk}/kpis/1-9/"
    assert f'<a href="{preview}" class="viewsitelink">公表前のページを見る</a>' in page


def test_before_anything_is_published_a_record_leads_to_the_preview(client, administrator, kadoma):
    client.force_login(administrator)
    measure = Measure.objects.first()
    page = client.get(reverse("admin:actions_measure_change", args=[measure.pk])).content.decode()
    assert "公表前のページを見る" in page


def test_an_indicator_with_figures_is_not_deleted_and_says_why(client, published, administrator):
    client.force_login(administrator)
    one = Indicator.objects.get(plan=published, code="1-1")
    page = client.get(reverse("admin:kpis_indicator_delete", args=[one.pk])).content.decode()
    assert "は削除できません。削除すると、次の記録も失われるためです:" in page
    assert "実績" in page
