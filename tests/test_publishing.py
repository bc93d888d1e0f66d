"""Published means frozen: versions, reasons, hashes, and what later changes cannot reach."""

import datetime as dt
import hashlib
import itertools
from decimal import Decimal

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from actions.fiscal import Period, Term
from actions.models import Measure, Plan, PublicityRecord, Strategy
from kpis.models import Actual, Indicator, JudgementBand, Kgi, KgiValue, Publication, Target
from kpis.opendata import csv_bytes
from kpis.payload import PayloadError, dump, load
from kpis.progress import Edition
from kpis.selectors import NotPublished, live_progress, shown, verified_progress
from kpis.selectors import published as memory
from kpis.services import PublishError, publish_outright
from tests.factories import make_indicators, make_meeting, make_plan

pytestmark = pytest.mark.django_db
R6, R7_H1, R7 = Period(2024, Term.FY), Period(2025, Term.H1), Period(2025, Term.FY)


@pytest.fixture
def plan():
    """A small plan with figures for R6, R7 上半期 and R7, nothing of it published."""
    return make_plan(slug="small", indicators=3, periods=(R6, R7_H1, R7))


@pytest.fixture
def freeze(plan, publisher):
    """Publish a period of the small plan."""

    def freeze(period, reason="", at=None):
        return publish_outright(plan=plan, period=period, by=publisher, reason=reason, at=at)

    return freeze


def forget():
    """Make the next reader take the content from the database, as a new process does."""
    memory._contents.clear()


def test_a_publication_keeps_version_time_person_and_reason(freeze, publisher):
    moment = dt.datetime(2025, 12, 2, 1, 30, tzinfo=dt.UTC)
    made = freeze(R6, " 公表資料による ", moment)
    made.refresh_from_db()
    assert (made.version, made.published_at, made.published_by) == (1, moment, publisher)
    assert made.reason == "公表資料による"
    edition = load(made.payload).edition
    assert edition == Edition(1, moment, "公表資料による")
    assert edition.published_at.isoformat() == "2025-12-02T10:30:00+09:00"


def test_versions_count_up_within_their_period(freeze):
    assert [freeze(R6).version, freeze(R7_H1).version] == [1, 1]
    assert [freeze(R6, "誤記").version, freeze(R6, "再訂正").version] == [2, 3]
    assert freeze(R7_H1, "誤記").version == 2


@pytest.mark.parametrize("reason", ["", "  ", "\u3000\n"], ids=["none", "spaces", "wide-space"])
def test_a_correction_needs_a_reason(freeze, reason):
    freeze(R7_H1)
    with pytest.raises(PublishError) as caught:
        freeze(R7_H1, reason)
    assert str(caught.value) == "令和7年度上半期は公表済みです。訂正の理由を入力してください。"
    assert Publication.objects.count() == 1


def test_a_period_that_was_never_opened_is_refused(freeze):
    with pytest.raises(PublishError) as caught:
        freeze(Period(2026, Term.H1))
    message = "令和8年度上半期の報告期間がありません。先に報告期間を登録してください。"
    assert str(caught.value) == message
    assert not Publication.objects.exists()


def test_a_period_of_another_plan_is_none_of_this_plan(publisher):
    make_plan(slug="with", indicators=1)
    without = make_plan(slug="without", indicators=1, periods=())
    with pytest.raises(PublishError):
        publish_outright(plan=without, period=R6, by=publisher)
    assert not Publication.objects.exists()


def test_the_stored_text_is_the_live_progress_under_its_sha_256(plan, freeze):
    made = freeze(R7_H1)
    edition = Edition(1, timezone.localtime(made.published_at), "")
    assert made.payload == dump(live_progress(plan, R7_H1, edition))
    assert made.sha256 == hashlib.sha256(made.payload.encode("utf-8")).hexdigest()
    assert shown("small").progress == live_progress(plan, R7_H1, edition)


def test_an_indicator_with_figures_cannot_be_deleted(plan):
    with pytest.raises(ProtectedError):
        plan.indicators.first().delete()
    assert Actual.objects.filter(period__plan=plan).count() == 9


def test_a_published_period_cannot_be_deleted(plan, freeze):
    freeze(R6)
    Actual.objects.all().delete()
    with pytest.raises(ProtectedError):
        plan.periods.filter(fiscal_year=2024).delete()
    with pytest.raises(ProtectedError):
        plan.delete()


def change(model, /, **values):
    return lambda: model.objects.update(**values)


def new_targets():
    Target.objects.filter(value__isnull=False).update(value=Decimal(7))


def new_actuals():
    Actual.objects.filter(value__isnull=False).update(value=Decimal(99), cause="新しい要因")


def override():
    band = JudgementBand.objects.get(term="H1", lower=50)
    Actual.objects.filter(value__isnull=False).update(override=band, override_reason="特別な事情")


CHANGES = [
    pytest.param(change(Plan, name="改訂後の計画"), id="plan-name"),
    pytest.param(change(Plan, end_year=2030), id="plan-years"),
    pytest.param(change(Strategy, name="新しい戦略"), id="strategy-name"),
    pytest.param(change(Measure, page=99), id="measure-page"),
    pytest.param(change(Indicator, name="新しい指標"), id="indicator-name"),
    pytest.param(change(Indicator, unit="社"), id="unit"),
    pytest.param(change(Indicator, formula="none"), id="formula"),
    pytest.param(change(Indicator, direction="down"), id="direction"),
    pytest.param(change(Indicator, rate_decimals=2, keep_zeros=True), id="rounding"),
    pytest.param(change(Indicator, expected_share=Decimal("0.25")), id="expected-share"),
    pytest.param(change(Indicator, baseline_value=Decimal(9)), id="baseline"),
    pytest.param(
        lambda: [Actual.objects.all().delete(), Indicator.objects.all().delete()],
        id="indicators-deleted",
    ),
    pytest.param(new_targets, id="targets"),
    pytest.param(lambda: Target.objects.all().delete(), id="targets-deleted"),
    pytest.param(new_actuals, id="actuals"),
    pytest.param(lambda: Actual.objects.all().delete(), id="actuals-deleted"),
    pytest.param(override, id="judgement-overridden"),
    pytest.param(change(JudgementBand, tone="neutral"), id="band-colour"),
    pytest.param(lambda: JudgementBand.objects.filter(lower=80).delete(), id="band-deleted"),
    pytest.param(change(Kgi, name="新しいKGI"), id="kgi-name"),
    pytest.param(change(KgiValue, value=Decimal(1)), id="kgi-value"),
    pytest.param(lambda: PublicityRecord.objects.all().delete(), id="publicity-deleted"),
]


@pytest.mark.parametrize("happens", CHANGES)
def test_what_changes_later_does_not_reach_what_was_published(plan, freeze, happens):
    freeze(R7_H1)
    before = shown("small").progress
    table = b"".join(csv_bytes(before))
    happens()
    forget()
    after = shown("small").progress
    assert after == before
    assert b"".join(csv_bytes(after)) == table
    plan.refresh_from_db()
    assert live_progress(plan, R7_H1, before.edition) != before  # the change was a real one


def test_a_correction_shows_the_new_figure_and_leaves_the_old_version(plan, freeze):
    freeze(R7_H1)
    Actual.objects.filter(indicator__code="1-1", period__term="H1").update(value=Decimal(60))
    freeze(R7_H1, "集計の誤り")
    forget()
    first, second = (shown("small", R7_H1, version).progress for version in (1, 2))
    figures = [one.indicator("1-1").at(R7_H1).actual.display for one in (first, second)]
    assert figures == ["50", "60"]
    assert shown("small").progress == second


def results(progress):
    return {one.period for indicator in progress.indicators for one in indicator.results}


@pytest.mark.parametrize(
    ("period", "seen"),
    [
        pytest.param(R6, {Period(2023, Term.FY), R6}, id="R6"),
        pytest.param(R7_H1, {Period(2023, Term.FY), R6, R7_H1}, id="R7-H1"),
        pytest.param(R7, {Period(2023, Term.FY), R6, R7_H1, R7}, id="R7"),
    ],
)
def test_a_later_period_never_appears_in_an_earlier_publication(freeze, period, seen):
    # All three are entered; an earlier one is published, and corrected, after the later ones.
    Actual.objects.filter(period__fiscal_year=2025).update(cause="R7の下書き")
    for one in (R7, period):
        freeze(one, "訂正")
    made = freeze(period, "再訂正")
    assert results(load(made.payload)) == seen
    assert ("R7の下書き" in made.payload) == (period is not R6)
    for row in csv_bytes(load(made.payload)):
        assert b"2026-03-31" not in row or period is R7


def test_a_baseline_of_a_later_year_does_not_appear_either(plan, freeze):
    # An indicator that joined with R7 as its baseline, in a correction of R6.
    strategies = plan.strategies.all()
    make_indicators(plan=plan, strategies=strategies, number=1, code="1-9", baseline_year=2025)
    late = load(freeze(R6, "1-9は今後入力").payload).indicator("1-9")
    assert [one.period for one in late.results] == [R6]


def test_a_measure_of_another_plan_neither_stops_a_publication_nor_enters_it(plan, freeze):
    other = make_plan(slug="another", indicators=1)
    indicator = plan.indicators.get(code="1-1")
    indicator.measures.add(Measure.objects.get(strategy__plan=other, strategy__number=2, number=5))
    assert load(freeze(R6).payload).indicator("1-1").measure_codes == ("1-1",)


ORDERS = list(itertools.permutations([R6, R7_H1, R7]))


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: ",".join(one.code for one in order))
def test_readers_see_the_newest_period_whatever_was_published_last(freeze, order):
    for period in order:
        freeze(period)
    freeze(R6, "誤記")
    found = shown("small")
    assert (found.progress.period, found.publication.version) == (R7, 1)
    assert (found.is_newest, found.newest_version) == (True, 1)
    assert found.periods == (R7, R7_H1, R6)
    older = shown("small", R6)
    assert (older.progress.edition.version, older.is_newest) == (2, False)
    first = shown("small", R6, 1)
    assert (first.progress.edition.version, first.newest_version) == (1, 2)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param((R7,), "令和7年度は公表されていません。", id="period"),
        pytest.param((R7_H1, 2), "令和7年度上半期の第2版は公表されていません。", id="version"),
        pytest.param((None, 9), "令和7年度上半期の第9版は公表されていません。", id="newest"),
        pytest.param((R7_H1, 0), "令和7年度上半期の第0版は公表されていません。", id="zero"),
    ],
)
def test_what_was_not_published_is_not_shown(freeze, asked, message):
    freeze(R6)
    freeze(R7_H1)
    with pytest.raises(NotPublished) as caught:
        shown("small", *asked)
    assert str(caught.value) == message


def test_a_plan_shows_its_own_publications_only(freeze):
    freeze(R6)
    make_plan(slug="another", indicators=1)
    for slug in ("another", "nowhere"):
        with pytest.raises(NotPublished, match=r"^この計画の公表はまだありません。$"):
            shown(slug)


def rewrite(publication, text):
    """Store another content with the hash that fits it."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    Publication.objects.filter(pk=publication.pk).update(payload=text, sha256=sha256)


def test_a_tampered_content_is_not_shown(freeze):
    made = freeze(R7_H1)
    text = made.payload.replace('"display":"50"', '"display":"99"')
    assert text != made.payload
    Publication.objects.filter(pk=made.pk).update(payload=text)
    with pytest.raises(PayloadError) as caught:
        shown("small")
    assert str(caught.value) == "公表データが公表時の内容と一致しません（SHA-256の不一致）。"


def test_a_tampered_hash_is_not_trusted(freeze):
    made = freeze(R7_H1)
    shown("small")
    Publication.objects.filter(pk=made.pk).update(sha256="0" * 64)
    with pytest.raises(PayloadError, match="SHA-256の不一致"):
        shown("small")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('"schema":4', '"schema":5', "形式の版（5）に", id="unknown-schema"),
        pytest.param('"schema":4', '"schema":', "JSONとして読み取れません", id="no-json"),
        pytest.param('"version":1', '"version":null', "内容が壊れています", id="broken"),
    ],
)
def test_a_content_that_cannot_be_read_says_so_and_harms_no_other(freeze, old, new, message):
    freeze(R6)
    made = freeze(R7_H1)
    rewrite(made, made.payload.replace(old, new))
    with pytest.raises(PayloadError, match=message):
        shown("small")
    assert shown("small", R6).progress.period == R6


@pytest.mark.parametrize("indicators", [15, 150])
def test_live_progress_takes_twenty_queries(django_assert_num_queries, indicators):
    plan = make_plan(indicators=indicators, actions=4 * indicators)
    make_meeting(plan=plan, number=indicators)
    with django_assert_num_queries(20):
        progress = live_progress(plan, R7_H1)
    assert len(list(progress.indicators)) == indicators


@pytest.mark.parametrize("indicators", [15, 150])
def test_a_reader_takes_two_queries_at_first_and_one_from_then_on(
    django_assert_num_queries, publisher, indicators
):
    plan = make_plan(indicators=indicators)
    for period in (R6, R7_H1):
        publish_outright(plan=plan, period=period, by=publisher)
    with django_assert_num_queries(2):
        assert shown("large").periods == (R7_H1, R6)
    with django_assert_num_queries(1):
        assert shown("large").progress.period == R7_H1


def test_many_publications_are_read_in_one_query_in_the_given_order(
    django_assert_num_queries, freeze
):
    made = [freeze(R7), freeze(R6), freeze(R7_H1), freeze(R6, "誤記")]
    shown("small", R7_H1)
    with django_assert_num_queries(1):
        found = verified_progress(made)
    assert [(one.period, one.edition.version) for one in found] == [
        (R7, 1),
        (R6, 1),
        (R7_H1, 1),
        (R6, 2),
    ]


def test_more_publications_than_memory_keeps_are_all_readable(freeze, monkeypatch):
    monkeypatch.setattr(memory._contents, "most", 2)
    made = [freeze(R6, f"訂正{number}") for number in range(4)]
    assert [one.edition.version for one in verified_progress(made)] == [1, 2, 3, 4]
    assert len(memory._contents) == 2
    assert [one.edition.version for one in verified_progress(made[::-1])] == [4, 3, 2, 1]


def test_memory_keeps_no_more_text_than_it_may_and_what_was_asked_for_last(freeze, monkeypatch):
    made = [freeze(R6, f"訂正{number}") for number in range(3)]
    length = len(Publication.objects.get(pk=made[0].pk).payload)
    monkeypatch.setattr(memory._contents, "room", 2 * length + 100)  # two, not three
    memory._contents.clear()
    for one in (made[0], made[1], made[0], made[2]):
        verified_progress([one])
    assert list(memory._contents) == [made[0].sha256, made[2].sha256]
    monkeypatch.setattr(memory._contents, "room", 1)  # one is always kept
    assert verified_progress([made[1]])[0].edition.version == 2
    assert list(memory._contents) == [made[1].sha256]
