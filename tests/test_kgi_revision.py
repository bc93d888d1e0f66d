"""A KGI's statistic is revised: what is kept, what is refused, and what the staff pages say."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.fiscal import Period, Term
from kpis.kgirevision import COMPARATOR, VALUE, NewFigure
from kpis.models import KgiRevision, Publication
from kpis.selectors import live_progress
from kpis.selectors.kgis import kgi_progress
from kpis.services import RevisionError, revise_kgi
from tests.test_admin import form_of

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 4, 1)
REASON = "令和2年基準への改定による遡及改定。"
HEADER = {"revised_on": "2026-04-01", "reason": REASON}
BASE, NEWEST = Decimal(26214886), Decimal(27570624)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *given: dt.date(2026, 5, 1))


@pytest.fixture
def kgi(kadoma):
    return kadoma.kgis.get(code="kgi-1")


@pytest.fixture
def staff(client, publisher):
    client.force_login(publisher)
    return client


def address(kgi):
    return reverse("admin:kpis_kgi_revise", args=[kgi.pk])


def new(year, figure, seen, field=VALUE):
    return NewFigure(year, field, Decimal(figure), Decimal(seen))


def revise(kgi, by, *figures, day=DAY):
    return revise_kgi(kgi=kgi, revised_on=day, reason=REASON, figures=figures, by=by)


def typed(year, figure, seen, field="value"):
    return {f"y{year}-{field}": figure, f"y{year}-{field}-seen": seen}


def kept(kgi):
    rows = KgiRevision.objects.filter(kgi_value__kgi=kgi)
    return list(rows.values_list("kgi_value__year", "revised_on", "value", "comparator_growth"))


def test_the_old_figures_are_kept_and_the_growth_follows_the_new_ones(kgi, publisher):
    told = revise(
        kgi,
        publisher,
        new(2022, "26300000", BASE),
        new(2023, "27600000", NEWEST),
        new(2023, "2.0", "1.9", COMPARATOR),
    )
    assert told == (2022, 2023)
    assert kept(kgi) == [
        (2022, DAY, BASE, None),
        (2023, DAY, NEWEST, Decimal("1.9")),
    ]
    before, base, newest = kgi_progress(kgi).years
    assert (before.display, before.revisions) == ("23,139,459", ())
    assert (base.display, newest.display) == ("26,300,000", "27,600,000")
    # 27,600,000 / 26,300,000 = 1.04942965…
    assert newest.growth.quantize(Decimal("0.0001")) == Decimal("4.9430")
    assert newest.comparator_growth == 2
    value = kgi.values.get(year=2022)
    newest_entry = value.history.latest()
    assert (newest_entry.history_user, newest_entry.value) == (publisher, Decimal(26300000))
    why = f"統計の改定（令和8年4月1日）: {REASON}"
    assert newest_entry.history_change_reason == why
    assert value.revisions.get().history.get().history_user == publisher
    assert kgi.values.get(year=2021).history.count() == 0


def test_a_base_revised_as_value_keeps_the_growth_of_the_years_that_it_moves(kgi, publisher):
    kgi.values.filter(year=2022).update(comparator_value=1000)
    kgi.values.filter(year=2023).update(comparator_growth=None, comparator_value=1025)
    assert revise(kgi, publisher, new(2022, "1010", "1000", COMPARATOR)) == (2023,)
    assert kept(kgi) == [(2023, DAY, NEWEST, Decimal("2.5"))]
    newest = kgi_progress(kgi).years[-1]
    # 1,025 / 1,010 = 1.014851…
    assert newest.comparator_growth.quantize(Decimal("0.0001")) == Decimal("1.4851")


def test_publications_stay_as_they_are(published, publisher):
    before = [one.payload for one in Publication.objects.all()]
    kgi = published.kgis.get(code="kgi-1")
    revise(kgi, publisher, new(2023, "27600000", NEWEST))
    assert [one.payload for one in Publication.objects.all()] == before
    live = live_progress(published, Period(2025, Term.H1)).kgis[0]
    assert live.years[-1].display == "27,600,000"


@pytest.mark.parametrize(
    ("figures", "day", "faults"),
    [
        (
            [],
            DAY,
            {"": "改定後の値がどの年にも入力されていません。変わる年にだけ入力してください。"},
        ),
        (
            [new(2023, "27570624", NEWEST)],
            DAY,
            {"y2023-value": "今の値と同じです。変わらない年は空欄にしてください。"},
        ),
        (
            [new(2023, "5", "4")],
            DAY,
            {
                "y2023-value": "ほかの人が先に変更しました（今の値: 27,570,624）。"
                "今の値を確かめて、入力し直してください。"
            },
        ),
        (
            [new(2023, "5", NEWEST)],
            dt.date(2026, 5, 2),
            {"revised_on": "改定日は、今日までの日にしてください。"},
        ),
    ],
    ids=["nothing", "unchanged", "moved", "tomorrow"],
)
def test_what_is_no_revision_is_refused_with_nothing_written(kgi, publisher, figures, day, faults):
    good = [new(2022, "5", BASE)] if figures else []
    with pytest.raises(RevisionError) as error:
        revise(kgi, publisher, *good, *figures, day=day)
    assert error.value.faults == {name: [said] for name, said in faults.items()}
    assert kept(kgi) == []
    assert kgi.values.get(year=2022).value == BASE


def test_a_later_revision_needs_a_later_day(kgi, publisher):
    revise(kgi, publisher, new(2023, "27600000", NEWEST))
    again = new(2023, "27700000", "27600000")
    with pytest.raises(RevisionError) as error:
        revise(kgi, publisher, again)
    said = "令和8年4月1日の改定が既に記録されています。それより後の日にしてください。"
    assert error.value.faults == {"revised_on": [said]}
    revise(kgi, publisher, again, day=dt.date(2026, 4, 2))
    assert [one[2] for one in kept(kgi)] == [NEWEST, Decimal(27600000)]


def test_the_cost_does_not_grow_with_the_years(kgi, publisher):
    def cost(day, *figures):
        with CaptureQueriesContext(connection) as captured:
            revise(kgi, publisher, *figures, day=day)
        return len(captured)

    one = cost(DAY, new(2023, "1", NEWEST))
    kgi.values.bulk_create(
        type(kgi.values.first())(kgi=kgi, year=year, value=Decimal(year))
        for year in range(1990, 2020)
    )
    many = cost(dt.date(2026, 4, 2), *(new(year, "9", year) for year in range(1990, 2020)))
    assert many == one


def test_the_page_records_the_revision_and_says_that_publications_stay(staff, kgi):
    page = staff.get(address(kgi)).content.decode()
    assert "公表済みの版は変わりません。" in page
    assert "26,214,886" in page
    sent = typed(2022, "２６，３００，０００万円", "26,214,886") | typed(2023, "", "27,570,624")
    done = staff.post(address(kgi), sent | HEADER, follow=True)
    assert done.redirect_chain == [(reverse("admin:kpis_kgi_change", args=[kgi.pk]), 302)]
    text = done.content.decode()
    assert "改定前の値を残した年: 令和4(2022)年。公表済みの版は変わりません。" in text
    assert "26,214,886（令和8年4月1日改定）" in text
    assert kgi.values.get(year=2022).value == 26300000
    listed = staff.get(address(kgi)).content.decode()
    assert "令和2年基準への改定による遡及改定。" in listed


def test_all_faults_come_at_once_and_what_was_typed_stays(staff, kgi):
    sent = {
        **typed(2021, "二千万", "23,139,459"),
        **typed(2022, "26300000.5", "26,214,886"),
        **typed(2023, "123456.7", "1.9", "comparator"),
        "revised_on": "2026-05-02",
        "reason": "",
    }
    page = staff.post(address(kgi), sent)
    text = page.content.decode()
    assert page.status_code == 200
    assert "直すところ（5か所）" in text
    for said in (
        "「二千万」は数値として読み取れません。",
        "小数は0桁までで入力してください。",
        "伸び率は整数部分5桁までで入力してください。",
        "改定日は、今日までの日にしてください。",
        "改定の理由を入力してください。",
    ):
        assert text.count(said) == 2  # in the list and at its input
    for value in ("二千万", "26300000.5", "123456.7", "2026-05-02"):
        assert f'value="{value}"' in text
    assert kept(kgi) == []


def test_a_figure_that_somebody_else_changed_can_be_settled_on_the_page(staff, kgi):
    kgi.values.filter(year=2023).update(value=27580000)
    sent = typed(2023, "27600000", "27,570,624") | HEADER
    text = staff.post(address(kgi), sent).content.decode()
    assert "ほかの人が先に変更しました（今の値: 27,580,000）。" in text
    assert 'name="y2023-value-seen" value="27,580,000"' in text
    again = staff.post(address(kgi), typed(2023, "27600000", "27,580,000") | HEADER)
    assert again.status_code == 302
    assert kept(kgi) == [(2023, DAY, Decimal(27580000), Decimal("1.9"))]


def test_a_year_that_is_awaited_has_nothing_to_revise(staff, kgi):
    kgi.values.create(year=2024, expected="令和8年8月")
    text = staff.get(address(kgi)).content.decode()
    assert "未公表（令和8年8月公表予定）" in text
    assert "y2024-value" not in text


def test_a_typing_error_is_corrected_in_the_form_without_a_revision(staff, kgi):
    page, fields = form_of(staff, kgi)
    row = next(name for name, value in fields.items() if value == "27,570,624")
    corrected = fields | {row: "27,570,625", "change_reason": "入力誤り"}
    assert staff.post(page, corrected).status_code == 302
    assert kgi.values.get(year=2023).value == 27570625
    assert kept(kgi) == []


def test_further_comparators_are_entered_below_the_values(staff, kgi):
    page, fields = form_of(staff, kgi)
    row = {"name": "全国", "year": "2023", "growth": "1.2"}
    fields |= {f"comparisons-0-{name}": text for name, text in row.items()}
    assert staff.post(page, fields | {"comparisons-TOTAL_FORMS": "1"}).status_code == 302
    assert kgi.comparisons.get().growth == Decimal("1.2")


def test_the_form_warns_of_a_comparator_without_its_base(staff, kgi):
    page = reverse("admin:kpis_kgi_change", args=[kgi.pk])
    said = "起点年の比較対象の値がないため、伸び率を計算できません"
    assert said not in staff.get(page).content.decode()
    kgi.values.filter(year=2023).update(comparator_growth=None, comparator_value=1025)
    assert said in staff.get(page).content.decode()


def test_the_form_shows_neither_none_nor_the_way_to_those_who_may_not(client, entry_clerk, kgi):
    client.force_login(entry_clerk)
    text = client.get(reverse("admin:kpis_kgi_change", args=[kgi.pk])).content.decode()
    assert address(kgi) not in text
    assert "None" not in text
    assert client.post(address(kgi), typed(2022, "1", "26,214,886") | HEADER).status_code == 403
