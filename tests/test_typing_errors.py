"""What a person types wrongly is told at its cell, all at once, and nothing is lost."""

from decimal import Decimal

import pytest

from kpis.entry import FIELDS, Entry
from kpis.models import Actual, ReportingPeriod
from kpis.services import NewEntry, save_entries
from kpis.services import entries as entries_module
from tests.conftest import R7, R7_FIGURES
from tests.editors import (  # noqa: F401 (fixtures)
    CONTESTED,
    NOTHING_SAVED,
    Editor,
    colleague,
    figures,
    recorded,
    stands,
    two,
)
from tests.factories import make_plan

pytestmark = pytest.mark.django_db

# What one person types wrongly.


@pytest.fixture
def alone(recorded, entry_clerk):
    return Editor(recorded, entry_clerk).opens()


@pytest.fixture
def faulty(alone):
    """Six faults in five rows were sent, and a row without one."""
    alone.types("1-1", value="千二百", cause="あ" * 2001, next_step="い" * 2000)
    alone.types("1-2", value="1.5", provisional="on")
    alone.types("1-3", value="15", reason="not_conducted")
    alone.types("1-4", provisional="on")
    alone.types("1-5", value="1", confirmation="う" * 3000).types("2-1", value="112")
    return alone.sends()


FAULTS = {
    ("1-1", "value"): "「千二百」は数値として読み取れません。1200、1,200、▲5 のように入力してください。",
    ("1-1", "cause"): "2,000字までで入力してください（現在2,001字）。",
    ("1-2", "value"): "小数は0桁までで入力してください。",
    ("1-3", "reason"): "実績値と「—」の理由は、どちらか一方だけを入力してください。",
    ("1-4", "provisional"): "速報の印は、実績値を入力したときだけ付けられます。",
    ("1-5", "confirmation"): "2,000字までで入力してください（現在3,000字）。",
}  # fmt: skip


def test_every_fault_is_told_at_its_cell_and_nothing_is_saved(faulty, recorded):
    assert faulty.told == [f"直すところがあります。{NOTHING_SAVED}"]
    assert "直すところ（6か所）" in faulty.page
    places = [(code, name) for code in faulty.keys for name in FIELDS]
    told = {place: faulty.fault(*place) for place in places if faulty.fault(*place)}
    assert told == FAULTS
    for code, name in FAULTS:
        assert f'href="#k{faulty.keys[code]}-{name}"' in faulty.page
    assert figures(recorded) == {"1-1": 1210}


def test_every_faulty_cell_is_marked_as_such(faulty):
    # For those who hear the page: the script removes the marks again as they are put right.
    for code, name in FAULTS:
        field = faulty.page.partition(f' id="k{faulty.keys[code]}-{name}"')[2].partition(">")[0]
        assert 'aria-invalid="true"' in field, (code, name)
    assert faulty.page.count('aria-invalid="true"') == len(FAULTS)


def test_what_was_typed_wrongly_is_still_on_the_screen(alone):
    typed = {
        ("1-1", "value"): "千二百",
        ("1-1", "cause"): "一行目\n\n二行目",
        ("1-2", "value"): " 1.5 ",
        ("1-2", "provisional"): "on",
        ("1-3", "value"): "15",
        ("1-3", "reason"): "not_conducted",
        ("1-5", "confirmation"): '"引用"と<括弧>&記号',
        ("3-6", "next_step"): "=1+1",
    }
    for (code, name), text in typed.items():
        alone.types(code, **{name: text})
    alone.sends(change_reason="月次の入力", submit_reason="ひとこと")
    assert {place: alone.cell(*place) for place in typed} == typed
    assert alone.form.fields["change_reason"] == "月次の入力"
    assert alone.form.fields["submit_reason"] == "ひとこと"


def test_once_corrected_all_of_it_is_saved(alone, recorded):
    alone.types("1-1", value="千二百").types("1-2", value="140").sends()
    alone.types("1-1", value="1,211").sends()
    assert alone.told == ["2件の指標を保存しました。"]
    assert figures(recorded) == {"1-1": 1211, "1-2": 140}


def test_working_it_out_saves_nothing(alone, recorded):
    alone.types("1-1", value="1250").types("1-3", value="15").sends("check")
    assert alone.told == [f"計算しました。{NOTHING_SAVED}"]
    assert "104.1%" in alone.words("1-1")  # 1,250 of 1,200, cut off
    assert "75%" in alone.words("1-3")  # 15 of 20
    assert alone.cell("1-3", "value") == "15"
    assert figures(recorded) == {"1-1": 1210}


AS_TYPED = {
    # code: what is typed, what is recorded, what is shown afterwards
    "1-1": ("1,200件", "1200", "1,200"),
    "1-2": ("０", "0", "0"),
    "1-3": ("▲5", "-5", "▲5"),
    "1-4": ("－５", "-5", "▲5"),
    "1-5": ("１，２００件", "1200", "1,200"),
    "2-1": ("112 件", "112", "112"),
    "2-2": ("９．７％", "9.7", "9.7"),
    "2-3": ("0", "0", "0"),
    "2-4": ("　149社　", "149", "149"),
    "3-1": ("△０", "0", "0"),
    "3-2": ("999999999999999", "999999999999999", "999,999,999,999,999"),
    "3-3": ("12人", "12", "12"),
    "3-4": ("3.0", "3", "3"),
    "3-5": ("007", "7", "7"),
    "3-6": ("\t9\n", "9", "9"),
}


def test_figures_are_typed_as_staff_type_them(alone, recorded):
    for code, (typed, _, _) in AS_TYPED.items():
        alone.types(code, value=typed)
    alone.sends()
    assert alone.told == ["15件の指標を保存しました。"]
    assert figures(recorded) == {code: Decimal(value) for code, (_, value, _) in AS_TYPED.items()}
    shown = {code: alone.cell(code, "value") for code in AS_TYPED}
    assert shown == {code: text for code, (_, _, text) in AS_TYPED.items()}
    alone.sends()
    assert alone.told == ["変更はありませんでした。"]  # what is shown reads back as the same


def test_zero_a_reason_and_nothing_are_three_things(alone, recorded):
    alone.types("1-2", value="0").types("1-3", reason="not_conducted").types("1-4", value="  ")
    alone.types("1-1", value="").sends()
    assert alone.told == ["3件の指標を保存しました。"]
    shown = {
        code: (one.value, one.reason) for code in ("1-1", "1-2", "1-3") for one in [stands(recorded, code)]
    }  # fmt: skip
    assert shown == {"1-1": (None, ""), "1-2": (0, ""), "1-3": (None, "not_conducted")}
    assert stands(recorded, "1-4") is None


NO_FIGURES = [
    "=5", "+5", "@5", "-", "—", "1,20", "12人", "5件件", "1e3", "NaN", "½", "9" * 16, "9" * 5000,
    "<script>alert(1)</script>", "0x10",
]  # fmt: skip


def test_what_is_no_figure_is_told_and_kept(alone, recorded):
    rows = dict(zip(alone.keys, NO_FIGURES, strict=True))
    assert rows["2-2"] == "12人"  # not a unit of any row that gets it
    for code, typed in rows.items():
        alone.types(code, value=typed)
    alone.sends()
    assert "直すところ（15か所）" in alone.page
    assert {code: alone.cell(code, "value") for code in rows} == rows
    for code in rows:
        assert alone.fault(code, "value").endswith("入力してください。"), code
    assert figures(recorded) == {"1-1": 1210}
    assert "<script>alert" not in alone.page


LIKE_FORMULAE = ["=1+1", "+81-72-000-0000", "@SUM(A1)", "-5", "'引用", "=cmd|' /C calc'!A0", "\t=1"]


def test_a_text_that_starts_like_a_formula_stays_the_text_it_is(alone, recorded):
    rows = dict(zip(alone.keys, LIKE_FORMULAE, strict=False))
    for code, text in rows.items():
        alone.types(code, cause=text, next_step=text, confirmation=text)
    alone.sends()
    for code, text in rows.items():
        row = stands(recorded, code)
        assert {row.cause, row.next_step, row.confirmation} == {text.strip()}
        assert alone.cell(code, "cause") == text.strip()


HTML = '"><script>alert(1)</script><img src=x onerror=alert(1)>&amp;</textarea>'


def test_html_is_shown_as_it_was_typed_wherever_it_comes_back(alone, recorded, colleague):
    colleague.last_name = "<i>山田</i>"
    colleague.save()
    other = Editor(recorded, colleague).opens()
    for editor, mark in ((alone, "一"), (other, "二")):
        text = HTML + mark
        editor.types("1-1", cause=text, next_step=text, confirmation=text)
        editor.sends(change_reason=HTML, submit_reason=HTML)
    assert f"要因「{HTML}一」" in other.question("1-1")
    assert f"要因「{HTML}二」" in other.question("1-1")
    alone.opens()
    other.types("1-2", value=HTML).sends(change_reason=HTML, submit_reason=HTML)
    assert other.cell("1-2", "value") == HTML
    for editor in (alone, other):
        assert "<script>alert" not in editor.page
        assert "<img" not in editor.page
        assert "<i>山田" not in editor.page
    assert alone.cell("1-1", "cause") == f"{HTML}一"
    assert other.form.fields["change_reason"] == HTML
    assert stands(recorded).cause == f"{HTML}一"


def test_a_text_has_2000_characters_at_most(alone, recorded):
    names = ("cause", "next_step", "confirmation")
    alone.types("1-1", **dict.fromkeys(names, "あ" * 2001)).sends()
    for name in names:
        assert alone.fault("1-1", name) == "2,000字までで入力してください（現在2,001字）。"
        assert alone.cell("1-1", name) == "あ" * 2001
    alone.types("1-1", **dict.fromkeys(names, f"\n{'あ' * 2000}\n")).sends()
    assert alone.told == ["1件の指標を保存しました。"]
    assert {getattr(stands(recorded), name) for name in names} == {"あ" * 2000}


@pytest.mark.parametrize("character", ["\x00", "\x0b"])
def test_characters_that_a_database_or_a_file_cannot_hold_do_not_enter(alone, recorded, character):
    # PostgreSQL refuses \x00; Word's line break arrives as \x0b, which XLSX cannot hold.
    alone.types("1-1", cause=f"前{character}後").sends(change_reason=f"前{character}後")
    row = stands(recorded)
    assert character not in row.cause
    assert character not in (row.history.latest().history_change_reason or "")


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("reason", "忘れた", "「忘れた」は選べません。次から選んでください: 集計時期未到来、"),
        ("reason", "<b>", "「<b>」は選べません。"),
        ("provisional", "はい", "「はい」は読み取れません。速報値のときだけ「○」を付けます。"),
    ],
)
def test_a_choice_that_was_not_offered_is_told_at_its_cell(alone, recorded, name, sent, said):
    alone.types("1-2", value="" if name == "reason" else "5", **{name: sent}).sends()
    assert alone.fault("1-2", name).startswith(said)
    assert figures(recorded) == {"1-1": 1210}


def test_fields_of_no_row_of_this_plan_are_ignored(alone, recorded):
    other = make_plan(slug="there", indicators=1)
    foreign = other.indicators.get().pk
    before = Actual.objects.filter(indicator=foreign).values_list("pk", "value", "version")
    before = list(before)
    strange = {
        f"k{foreign}-seen": "0",
        f"k{foreign}-value": "666",
        "k999999-seen": "0",
        "k999999-value": "666",
        "k-seen": "0",
        "kabc-value": "666",
        "seen": "1",
        f"k{alone.keys['1-4']}-note": "666",
        f"k{alone.keys['1-4']}-printed_rate": "666",
    }
    alone.types("1-2", value="140").sends(**strange)
    assert alone.told == ["1件の指標を保存しました。"]
    assert figures(recorded) == {"1-1": 1210, "1-2": 140}
    after = Actual.objects.filter(indicator=foreign).values_list("pk", "value", "version")
    assert list(after) == before


def test_a_row_without_the_version_seen_was_not_on_the_screen(alone, recorded):
    del alone.form.fields[f"k{alone.keys['1-1']}-seen"]
    alone.types("1-1", value="5").types("1-2", value="140").sends()
    assert alone.told == ["1件の指標を保存しました。"]
    assert figures(recorded) == {"1-1": 1210, "1-2": 140}


GARBAGE = ["", "abc", "-1", "1.0", "１", "٣", "2 OR 1=1", "9" * 30, "999", "\u00b2", "null"]


def test_a_version_that_never_was_overwrites_nothing_unasked(alone, recorded, enter, entry_clerk):
    enter(recorded, entry_clerk, R7_FIGURES)
    alone.opens()
    rows = dict(zip(alone.keys, GARBAGE, strict=False))
    for code, seen in rows.items():
        alone.types(code, value="77", seen=seen)
    alone.sends()
    assert alone.told == [CONTESTED]
    for code in rows:
        assert "自分の値にする: 実績値「77」" in alone.question(code)
        alone.types(code, take="theirs")
    assert alone.words("1-1", "#k{}-take").count("現在の値にする: 実績値「1,210」") == 1
    assert figures(recorded) == {code: Decimal(value) for code, value in R7_FIGURES.items()}
    alone.types("1-1", take="mine").sends()
    assert alone.told == ["1件の指標を保存しました。"]
    assert stands(recorded).value == 77


def test_a_version_that_never_was_does_not_matter_where_nothing_differs(
    alone, recorded, enter, entry_clerk
):
    enter(recorded, entry_clerk, R7_FIGURES)
    alone.opens()
    for code, seen in zip(alone.keys, GARBAGE, strict=False):
        alone.types(code, seen=seen)
    alone.sends()
    assert alone.told == ["変更はありませんでした。"]


def test_a_question_about_no_cell_of_the_row_was_not_asked(alone, recorded):
    asked = {"1-2": "", "1-3": "k1-value", "1-4": ",,,", "1-5": "<b>", "2-1": "__class__,pk"}
    for code, names in asked.items():
        alone.types(code, value="14", asked=names, take="theirs")
    alone.sends()
    assert figures(recorded) == {"1-1": 1210} | dict.fromkeys(asked, 14)


def test_a_figure_of_another_plan_is_not_recorded_by_the_service_either(recorded, entry_clerk):
    foreign = make_plan(slug="there", indicators=1).indicators.get().pk
    with pytest.raises(
        entries_module.EntryError,
        match="この計画にない指標か、この年度に測定しない指標が含まれています",
    ):
        save_entries(
            period=recorded,
            entries=[NewEntry(foreign, Entry(value=Decimal(666)), 0)],
            by=entry_clerk,
        )
    assert ReportingPeriod.objects.get(pk=recorded.pk).period == R7
