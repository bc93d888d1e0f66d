"""What a publication stores: the whole read model as text, and the same model back."""

import hashlib
import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from kpis.payload import PayloadError, digest, dump, load
from kpis.progress import PlanProgress
from kpis.vocabulary import NoRate, TargetStatus
from tests.builders import ODD_RULE, WIDE, percent, rich_progress


@pytest.fixture
def stored():
    """The rich progress as the JSON document that a test may spoil."""
    return json.loads(dump(rich_progress()))


def text_of(document):
    return json.dumps(document, ensure_ascii=False)


def test_the_whole_read_model_comes_back_equal():
    progress = rich_progress()
    assert load(dump(progress)) == progress


def test_live_records_without_an_edition_come_back_too():
    progress = replace(rich_progress(), edition=None, strategies=(), kgis=(), publicity=())
    assert load(dump(progress)) == progress


def test_what_comes_back_has_the_types_of_the_read_model():
    progress = load(dump(rich_progress()))
    first, odd = progress.indicators
    half = first.years[1].results[0]
    # 40 digits, so that a band's bound is compared with the same rate as on the day.
    assert half.attainment.rate == percent(704, 1200)
    assert half.judgement.override is not None
    assert half.verdict.basis == "下期に減る見込みのため"
    assert half.judgement.computed.words == "◎順調"
    assert first.years[2].target.status is TargetStatus.LINKED
    assert odd.rule == ODD_RULE
    assert odd.years[0].results[0].attainment.reason is NoRate.ACTUAL_IS_REASON
    assert isinstance(progress.strategies, tuple)
    assert progress.edition.published_at.utcoffset().total_seconds() == 9 * 3600
    assert progress.kgis[0].latest.growth == WIDE.subtract(
        percent(27570624, 26214886), Decimal(100)
    )


def test_the_three_kinds_of_nothing_stay_apart():
    progress = rich_progress()
    strategy = progress.strategies[1]
    year = strategy.indicators[0].years[0]
    entered = year.results[0].actual
    for value in (None, Decimal(0)):
        actual = replace(entered, value=value, reason=None, display="")
        results = (replace(year.results[0], actual=actual),)
        indicator = replace(strategy.indicators[0], years=(replace(year, results=results),))
        spoken = replace(progress, strategies=(replace(strategy, indicators=(indicator,)),))
        back = next(load(dump(spoken)).indicators).years[0].results[0].actual
        assert back.value == value
        assert (back.value is None) is (value is None)


def test_the_same_progress_gives_the_same_bytes():
    text = dump(rich_progress())
    assert dump(rich_progress()) == text
    assert dump(load(text)) == text


def test_equal_figures_give_the_same_bytes_however_they_were_written():
    # A form gives 1200, a database column with four places gives 1200.0000 for the same figure.
    progress = rich_progress()
    publicity = progress.publicity[1]
    typed, read = (
        replace(progress, publicity=(replace(publicity, quantity=Decimal(written)),))
        for written in ("1200", "1200.0000")
    )
    assert typed == read
    assert dump(typed) == dump(read)


def test_the_text_is_canonical_json():
    text = dump(rich_progress())
    document = json.loads(text)
    assert set(document) == {"schema", "progress"}
    assert document["schema"] == 4
    # Sorted keys, no spaces, Japanese as itself.
    assert text == json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "門真市中小企業サポートセンター相談件数" in text


def test_the_digest_is_the_sha_256_of_the_utf_8_bytes():
    text = dump(rich_progress())
    assert digest(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()
    # The value that any other program finds for the two bytes "{}".
    assert digest("{}") == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut-off"),
        pytest.param("門真", id="no-json"),
        pytest.param("{'schema': 1}", id="single-quotes"),
        pytest.param("[" * 100_000, id="nested-without-end"),
    ],
)
def test_broken_json_is_refused_in_japanese(broken):
    with pytest.raises(PayloadError, match="JSONとして読み取れません"):
        load(broken)


def test_a_text_that_was_cut_off_in_storage_is_refused():
    with pytest.raises(PayloadError, match="JSONとして読み取れません"):
        load(dump(rich_progress())[:-1])


@pytest.mark.parametrize("schema", [0, 5, "1", None, True, 1.0, [1]], ids=repr)
def test_an_unknown_schema_is_refused_and_named(stored, schema):
    stored["schema"] = schema
    with pytest.raises(
        PayloadError, match=r"公表データの形式の版（.*）にこのプログラムは対応していません"
    ):
        load(text_of(stored))


def test_what_the_first_release_published_is_read_without_actions_and_meetings(stored):
    # The first two releases wrote schema 1, which knew neither.
    del stored["progress"]["actions"], stored["progress"]["meetings"]
    stored["schema"] = 1
    assert load(text_of(stored)) == replace(rich_progress(), actions=(), meetings=())


def test_an_old_schema_cannot_hide_a_lost_field(stored):
    del stored["progress"]["actions"], stored["progress"]["kgis"]
    with pytest.raises(PayloadError, match="内容が壊れています"):
        load(text_of(stored | {"schema": 1}))


@pytest.mark.parametrize("document", ["[]", "1", '"text"', "null", "true", "{}"])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(PayloadError, match="公表データの形式の版"):
        load(document)


def spoil(document, path, value):
    """Set one place of the document, named by its keys, to the value."""
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value


INDICATOR = ("progress", "strategies", 0, "indicators", 0)
RESULT = (*INDICATOR, "years", 1, "results", 0)
WRONG = [
    pytest.param(("progress",), None, id="no-progress"),
    pytest.param(("progress",), [], id="list-for-an-object"),
    pytest.param(("progress", "plan"), "text", id="text-for-an-object"),
    pytest.param(("progress", "plan"), None, id="null-for-an-object"),
    pytest.param(("progress", "strategies"), {}, id="object-for-a-list"),
    pytest.param(("progress", "strategies"), "text", id="text-for-a-list"),
    pytest.param(("progress", "plan", "start_year"), "2024", id="text-for-a-number"),
    pytest.param(("progress", "plan", "start_year"), 2024.0, id="float-for-an-int"),
    pytest.param(("progress", "plan", "start_year"), True, id="bool-for-an-int"),
    pytest.param(("progress", "plan", "name"), None, id="null-for-a-text"),
    pytest.param(("progress", "period", "term"), "H2", id="unknown-term"),
    pytest.param((*INDICATOR, "rule", "formula"), "cubic", id="unknown-formula"),
    pytest.param((*INDICATOR, "rule", "formula"), ["ratio"], id="list-for-a-code"),
    pytest.param((*INDICATOR, "rule", "keep_zeros"), 0, id="number-for-a-bool"),
    pytest.param((*INDICATOR, "baseline_value"), 1078, id="number-for-a-decimal"),
    pytest.param((*INDICATOR, "baseline_value"), "many", id="words-for-a-decimal"),
    pytest.param((*RESULT, "attainment", "trace", "inputs"), [["実績"]], id="half-a-pair"),
    pytest.param(("progress", "edition", "published_at"), "昨日", id="no-time"),
    pytest.param(("progress", "edition", "published_at"), 0, id="number-for-a-time"),
    pytest.param(("progress", "publicity", 0, "day"), "2024-02-30", id="no-such-day"),
]


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_a_wrong_type_or_value_is_refused(stored, path, value):
    spoil(stored, path, value)
    with pytest.raises(PayloadError, match="公表データの内容が壊れています"):
        load(text_of(stored))


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_rate_that_is_no_number_is_refused(stored, value):
    # It would be read as a Decimal, and raise or mislead only when a page compares it.
    spoil(stored, (*RESULT, "attainment", "rate"), value)
    with pytest.raises(PayloadError, match="公表データの内容が壊れています"):
        load(text_of(stored))


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_the_reason_is_told_in_japanese(stored, path, value):
    spoil(stored, path, value)
    with pytest.raises(PayloadError) as caught:
        load(text_of(stored))
    # Names of fields may stand in it, but no English sentence of Python's own.
    assert not re.search(r"[A-Za-z']+ [A-Za-z']+", str(caught.value))


PLACES = [
    pytest.param((), id="document"),
    pytest.param(("progress",), id="progress"),
    pytest.param(("progress", "plan"), id="plan"),
    pytest.param(INDICATOR, id="indicator"),
    pytest.param((*INDICATOR, "rule"), id="rule-whose-fields-have-defaults"),
    pytest.param((*RESULT, "judgement"), id="judgement-whose-override-has-a-default"),
    pytest.param(("progress", "kgis", 0, "years", 1), id="kgi-year"),
]


def place(document, path):
    for key in path:
        document = document[key]
    return document


@pytest.mark.parametrize("path", PLACES)
def test_an_extra_field_is_refused(stored, path):
    place(stored, path)["extra"] = ""
    with pytest.raises(PayloadError, match="公表データ"):
        load(text_of(stored))


@pytest.mark.parametrize("path", PLACES)
def test_each_missing_field_is_refused(stored, path):
    # A default must not fill the gap: the publication would say what it never said.
    for field in list(place(stored, path)):
        spoiled = json.loads(text_of(stored))
        del place(spoiled, path)[field]
        with pytest.raises(PayloadError, match="公表データ"):
            load(text_of(spoiled))


def test_the_error_is_a_value_error():
    assert issubclass(PayloadError, ValueError)
    assert isinstance(load(dump(rich_progress())), PlanProgress)
