"""Two people in one round, each before the real page: nobody overwrites what they did not see.

And whatever a single person types wrongly: all of it is told at its cell, and nothing is lost.
"""

from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from kpis.admin.actuals import ActualForm
from kpis.entry import FIELDS, Entry, Merged
from kpis.models import Actual, PeriodMove, ReportingPeriod
from kpis.readiness import GapKind
from kpis.rounds import Move, PeriodState
from kpis.selectors.readiness import readiness
from kpis.services import NewEntry, move, publish, save_entries, submit
from kpis.services import entries as entries_module
from kpis.vocabulary import ActualReason
from tests.conftest import R7, R7_FIGURES
from tests.factories import make_plan

pytestmark = pytest.mark.django_db

NOTHING_SAVED = "まだ何も保存していません。"
CONTESTED = f"ほかの人が同じところを変更しました。どちらの値にするかを選んで、もう一度保存してください。{NOTHING_SAVED}"
CHOOSE = "どちらの値にするかを選んでください。"


class Form(HTMLParser):
    """What a browser would send of one form, and the words inside each marked element."""

    VOID = ("input", "link", "meta", "br", "hr", "img")

    def __init__(self, page, **marks):
        super().__init__()
        self.marks, self.inside = marks, False
        self.fields, self.lists, self.words = {}, {}, {}
        self.area = self.choice = ""
        self.open = []  # each open element: its tag and its marks
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        if tag not in self.VOID:
            marked = [given.get("id"), given.get("data-row"), given.get("data-caution")]
            kinds = ("#", "row ", "caution ")
            self.open.append((tag, [a + b for a, b in zip(kinds, marked, strict=True) if b]))
        if tag == "form":
            self.inside = self.marks.items() <= given.items()
        if self.inside:
            self._field(tag, given.get("name", ""), given)

    def _field(self, tag, name, given):
        if tag == "textarea":
            self.area, self.fields[name] = name, ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and ("selected" in given or self.choice not in self.fields):
            self.fields[self.choice] = given["value"]
        elif tag == "input" and given["type"] in ("checkbox", "radio"):
            self.lists.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                self.fields[name] = given.get("value", "on")
        elif tag == "input" and given["type"] != "submit":
            self.fields[name] = given.get("value", "")

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.area:
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = ""

    def handle_data(self, text):
        if self.area:
            self.fields[self.area] += text.replace("\r\n", "\n")
        for mark in {mark for _, marks in self.open for mark in marks}:
            self.words[mark] = self.words.get(mark, "") + text

    def sent(self):
        """Return the fields with the line ends that browsers send."""
        return {name: text.replace("\n", "\r\n") for name, text in self.fields.items()}


class Editor:
    """One person with a browser of their own, before the grid."""

    def __init__(self, period, by):
        self.period, self.client = period, Client()
        self.client.force_login(by)
        self.address = reverse("admin:kpis_reportingperiod_entry", args=[period.pk])
        self.keys = dict(period.plan.indicators.values_list("code", "pk"))

    def opens(self, **query):
        self.query = query
        self._look(self.client.get(self.address, query))
        return self

    def _look(self, page):
        assert page.status_code == 200
        self.page = page.content.decode()
        self.told = [str(one) for one in get_messages(page.wsgi_request)]
        self.form = Form(self.page, **{"data-grid": None})

    def types(self, code, **cells):
        """Fill in cells of a row; None unticks a box."""
        for name, text in cells.items():
            field = f"k{self.keys[code]}-{name}"
            if text is None:
                self.form.fields.pop(field, None)
            else:
                self.form.fields[field] = text
        return self

    def sends(self, action="save", **more):
        address = self.address + "".join(f"?{name}={text}" for name, text in self.query.items())
        page = self.client.post(address, {**self.form.sent(), "action": action, **more})
        if page.status_code == 302:
            assert page.url.startswith(self.address)
            page = self.client.get(page.url)
        self._look(page)
        return self

    def cell(self, code, name):
        """Return what stands in the cell on the screen."""
        return self.form.fields.get(f"k{self.keys[code]}-{name}", "")

    def words(self, code, where="row k{}"):
        """Return the words inside one of the row's elements, blanks squeezed."""
        return " ".join(self.form.words.get(where.format(self.keys[code]), "").split())

    def fault(self, code, name):
        return self.words(code, f"#k{{}}-{name}-fault")

    def question(self, code):
        """Return the words of the question which value should stand; blank where none is asked."""
        return self.words(code, "#k{}-take")


@pytest.fixture
def colleague(with_role):
    return with_role("yamada", "入力担当", is_staff=True, last_name="山田", first_name="花子")


@pytest.fixture
def recorded(entering, enter, entry_clerk):
    """R7 年度 with 1-1 = 1,210 (version 1); the other rows are empty."""
    enter(entering, entry_clerk, {"1-1": "1210"})
    return entering


@pytest.fixture
def two(recorded, entry_clerk, colleague):
    """Both have opened the page and see the same."""
    return Editor(recorded, entry_clerk).opens(), Editor(recorded, colleague).opens()


def stands(period, code="1-1"):
    """Return the row as it is recorded, or None."""
    return Actual.objects.filter(period=period, indicator__code=code).first()


def figures(period):
    rows = Actual.objects.filter(period=period).order_by("indicator__code")
    return {one.indicator.code: one.value for one in rows.select_related("indicator")}


# Both change something.


def test_changes_of_different_rows_both_stand(two, recorded, entry_clerk, colleague):
    first, second = two
    first.types("1-2", value="140").sends()
    second.types("1-3", value="15").sends()
    assert (first.told, second.told) == (["1件の指標を保存しました。"],) * 2
    assert figures(recorded) == {"1-1": 1210, "1-2": 140, "1-3": 15}
    by = {code: stands(recorded, code).history.get().history_user for code in ("1-1", "1-2", "1-3")}
    assert by == {"1-1": entry_clerk, "1-2": entry_clerk, "1-3": colleague}
    assert second.cell("1-2", "value") == "140"  # what the other typed is on the screen now


def test_changes_of_different_cells_of_one_row_both_stand(two, recorded):
    first, second = two
    first.types("1-1", value="1211").sends()
    second.types("1-1", cause="相談会を2回増やした\n出張相談も始めた", next_step="続ける").sends()
    assert second.told == ["1件の指標を保存しました。"]
    row = stands(recorded)
    assert (row.value, row.version) == (1211, 3)
    assert (row.cause, row.next_step) == ("相談会を2回増やした\n出張相談も始めた", "続ける")
    assert [one.value for one in row.history.order_by("version")] == [1210, 1211, 1211]


def test_the_same_figure_typed_by_both_is_no_conflict(two, recorded):
    for editor in two:
        editor.types("1-1", value="1211").sends()
    assert two[1].told == ["変更はありませんでした。"]
    row = stands(recorded)
    assert (row.value, row.version, row.history.count()) == (1211, 2, 2)


def test_the_same_figure_in_another_spelling_is_no_conflict(two, recorded):
    two[0].types("1-2", value="1,211").sends()
    two[1].types("1-2", value="１２１１件").sends()
    assert two[1].told == ["変更はありませんでした。"]
    assert stands(recorded, "1-2").version == 1


def test_a_row_that_i_did_not_touch_is_never_a_conflict(two, recorded):
    first, second = two
    first.types(
        "1-1", value="", reason="not_measurable", cause="別", next_step="別", confirmation="別"
    )
    first.types("1-2", value="140", provisional="on", cause="速報値による").sends()
    second.types("1-3", value="15").sends()
    assert second.told == ["1件の指標を保存しました。"]
    assert stands(recorded).reason == ActualReason.NOT_MEASURABLE
    assert (stands(recorded, "1-2").value, stands(recorded, "1-2").provisional) == (140, True)
    assert stands(recorded, "1-3").value == 15


def test_an_untouched_page_changes_nothing_however_old_it_is(two, recorded):
    first, second = two
    for figure in ("1211", "1212", "1213"):
        first.types("1-1", value=figure, cause=f"{figure}\n二行目").sends()
    second.sends()
    assert second.told == ["変更はありませんでした。"]
    assert (stands(recorded).value, stands(recorded).version) == (1213, 4)
    second.sends()  # the line ends that the browser sends back are no change either
    assert second.told == ["変更はありませんでした。"]


def test_sections_that_show_their_own_rows_only_keep_out_of_each_others(
    entering, entry_clerk, colleague
):
    entering.plan.indicators.filter(code__startswith="3-").update(section="学校教育課")
    one = Editor(entering, entry_clerk).opens(section="学校教育課")
    other = Editor(entering, colleague).opens()
    assert one.cell("1-1", "seen") == ""
    assert one.cell("3-1", "seen") == "0"
    other.types("1-1", value="1210").types("3-2", value="21").sends()
    one.types("3-1", value="1").types("1-1", value="1").sends()
    assert figures(entering) == {"1-1": 1210, "3-1": 1, "3-2": 21}


# Both change the same cell.


@pytest.fixture
def contested(two):
    """The first saved 1,211; the second sent 1,212 for it, and 15 for a row of their own."""
    first, second = two
    first.types("1-1", value="1211").sends()
    second.types("1-1", value="1212", cause="夜間相談の開始").types("1-3", value="15")
    second.sends(change_reason="集計の確定")
    return two


def test_two_values_for_one_cell_are_both_shown_and_nothing_is_saved(contested, recorded):
    _, second = contested
    assert second.told == [CONTESTED]
    name = "1-1 門真市中小企業サポートセンター相談件数"
    asked = second.question("1-1")
    assert asked.startswith(f"{name}: nyuryokuさんが")
    assert "に同じところを変更しました。どちらの値にしますか。" in asked
    assert "現在の値にする: 実績値「1,211」" in asked
    assert "自分の値にする: 実績値「1,212」" in asked
    assert second.form.lists[f"k{second.keys['1-1']}-take"] == ["theirs", "mine"]
    assert second.question("1-3") == ""  # a row of nobody else's
    assert figures(recorded) == {"1-1": 1211}
    assert stands(recorded).cause == "要因"


def test_what_was_typed_before_a_conflict_is_still_on_the_screen(contested):
    _, second = contested
    assert second.cell("1-1", "value") == "1,212"
    assert second.cell("1-1", "cause") == "夜間相談の開始"
    assert second.cell("1-3", "value") == "15"
    assert second.form.fields["change_reason"] == "集計の確定"


@pytest.mark.parametrize(("taken", "value"), [("mine", 1212), ("theirs", 1211)])
def test_a_choice_settles_it(contested, recorded, taken, value):
    _, second = contested
    second.types("1-1", take=taken).sends()
    assert second.told == ["2件の指標を保存しました。"]
    assert figures(recorded) == {"1-1": value, "1-3": 15}
    row = stands(recorded)
    assert row.cause == "夜間相談の開始"  # was never in question
    assert row.version == 3
    assert row.history.latest().history_change_reason == "集計の確定"
    assert second.question("1-1") == ""


def test_no_answer_to_the_question_is_told_at_the_row(contested, recorded):
    _, second = contested
    for _ in range(2):
        second.sends()
        assert second.told == [f"直すところがあります。{NOTHING_SAVED}"]
        assert f"{CHOOSE}" in second.page
        assert "現在の値にする: 実績値「1,211」" in second.question("1-1")
        assert "自分の値にする: 実績値「1,212」" in second.question("1-1")
        assert f'href="#k{second.keys["1-1"]}-take"' in second.page
        assert second.cell("1-1", "value") == "1,212"
        assert figures(recorded) == {"1-1": 1211}
    second.types("1-1", take="mine").sends()
    assert figures(recorded) == {"1-1": 1212, "1-3": 15}


@pytest.mark.parametrize("garbage", ["", "THEIRS", "1", "mine,theirs"])
def test_an_answer_that_was_not_offered_is_none(contested, recorded, garbage):
    _, second = contested
    second.types("1-1", take=garbage).sends()
    assert CHOOSE in second.page
    assert figures(recorded) == {"1-1": 1211}


def test_my_value_does_not_overwrite_a_third_that_came_in_between(contested, recorded):
    first, second = contested
    first.types("1-1", value="1299").sends()
    second.types("1-1", take="mine").sends()
    assert second.told == [CONTESTED]
    assert "現在の値にする: 実績値「1,299」" in second.question("1-1")
    assert "自分の値にする: 実績値「1,212」" in second.question("1-1")
    assert figures(recorded) == {"1-1": 1299}
    second.types("1-1", take="mine").sends()
    assert figures(recorded) == {"1-1": 1212, "1-3": 15}


def test_leaving_the_others_value_leaves_a_third_that_came_in_between(contested, recorded):
    first, second = contested
    first.types("1-1", value="1299").sends()
    second.types("1-1", take="theirs").sends()
    assert figures(recorded) == {"1-1": 1299, "1-3": 15}


def test_a_third_change_of_another_cell_does_not_ask_again(contested, recorded):
    first, second = contested
    first.types("1-1", next_step="窓口を増やす").sends()
    second.types("1-1", take="mine").sends()
    row = stands(recorded)
    assert (row.value, row.cause, row.next_step) == (1212, "夜間相談の開始", "窓口を増やす")


def test_a_figure_against_a_reason_is_one_question(two, recorded):
    first, second = two
    first.types("1-1", value="1211", provisional="on").sends()
    second.types("1-1", value="", reason="not_measurable").sends()
    asked = second.question("1-1")
    assert "現在の値にする: 実績値「1,211」 「—」の理由「（空欄）」 速報「速報」" in asked
    assert (
        "自分の値にする: 実績値「（空欄）」 「—」の理由「—（測定不能）」 速報「（空欄）」" in asked
    )
    second.types("1-1", take="mine").sends()
    row = stands(recorded)
    assert (row.value, row.reason, row.provisional) == (None, "not_measurable", False)


def test_a_row_that_was_empty_for_both_is_contested_too(two, recorded):
    first, second = two
    first.types("1-2", value="140").sends()
    second.types("1-2", value="141").sends()
    assert second.told == [CONTESTED]
    assert "現在の値にする: 実績値「140」" in second.question("1-2")
    second.types("1-2", take="mine").sends()
    row = stands(recorded, "1-2")
    assert (row.value, row.version) == (141, 2)


def test_two_texts_for_one_cell_are_both_shown(two, recorded):
    first, second = two
    first.types("1-1", cause="<b>相談会</b>").sends()
    second.types("1-1", cause="=夜間").sends()
    assert "現在の値にする: 要因「<b>相談会</b>」" in second.question("1-1")
    assert "自分の値にする: 要因「=夜間」" in second.question("1-1")
    assert "<b>相談会" not in second.page
    assert second.cell("1-1", "cause") == "=夜間"


def test_handing_in_waits_for_the_choice(two, recorded, enter, entry_clerk):
    _, second = two
    enter(recorded, entry_clerk, R7_FIGURES | {"1-1": "1211"})
    second.types("1-1", value="1212").sends("submit", submit_reason="全件入力")
    assert second.told == [CONTESTED]
    assert second.form.fields["submit_reason"] == "全件入力"
    recorded.refresh_from_db()
    assert recorded.stands is PeriodState.ENTERING
    second.types("1-1", take="mine").sends("submit", submit_reason="全件入力")
    assert second.told == [
        "1件の指標を保存しました。",
        "令和7年度の実績を提出しました。公表担当が確認します。",
    ]
    recorded.refresh_from_db()
    assert recorded.stands is PeriodState.CHECKING
    assert stands(recorded).value == 1212


def test_without_the_guard_the_second_overwrites_the_first_unseen(two, recorded, monkeypatch):
    # The control: with every stale row taken as it was sent, the first person's change is gone.
    monkeypatch.setattr(entries_module, "merge", lambda seen, mine, theirs: Merged(mine))
    first, second = two
    first.types("1-1", value="1211", cause="相談会").sends()
    second.types("1-1", value="1212").sends()
    assert second.told == ["1件の指標を保存しました。"]
    assert (stands(recorded).value, stands(recorded).cause) == (1212, "要因")


# The round moves on while a page is open.


def _submitted(period, clerk, publisher):
    submit(period=period, by=clerk, reason="大阪府の集計待ち")


def _published(period, clerk, publisher):
    submit(period=period, by=clerk, reason="大阪府の集計待ち")
    publish(period=period, by=publisher, reason="未入力は後日訂正で追加")


def _closed(period, clerk, publisher):
    move(period=period, move=Move.CLOSE, by=publisher, reason="開始の誤り")


LOCKED = {
    "submitted": (_submitted, "この報告期間は確認中のため、公表担当だけが数値を変更できます。"),
    "published": (
        _published,
        "この報告期間は公表済みです。数値を直すには、公表担当が「訂正を始める」必要があります。",
    ),
    "closed": (
        _closed,
        "この報告期間は準備中です。公表担当が「入力を始める」と入力できるようになります。",
    ),
}


@pytest.fixture
def typed(two):
    """The second has typed much and not sent it yet."""
    _, second = two
    words = {"cause": "夜間<相談>", "next_step": "続ける", "confirmation": "電話で確認"}
    second.types("1-1", value="1234", provisional="on", **words)
    return second.types("1-2", reason="not_conducted")


@pytest.mark.parametrize("how", LOCKED)
def test_a_page_from_before_the_lock_saves_nothing_says_why_and_keeps_what_was_typed(
    how, typed, recorded, entry_clerk, publisher
):
    act, words = LOCKED[how]
    act(recorded, entry_clerk, publisher)
    typed.sends()
    assert typed.told == [f"{words}{NOTHING_SAVED}"]
    assert figures(recorded) == {"1-1": 1210}
    assert stands(recorded).version == 1
    assert f"k{typed.keys['1-1']}-value" not in typed.form.fields  # nothing more to type into
    for text in ("1234", "速報", "夜間<相談>", "続ける"):
        assert text in typed.words("1-1")
    assert "確認した内容: 電話で確認" in typed.words("1-1", "caution k{}")
    assert "未実施" in typed.words("1-2")


def test_the_reason_for_the_change_is_not_lost_with_the_lock_either(
    typed, recorded, entry_clerk, publisher
):
    _submitted(recorded, entry_clerk, publisher)
    typed.sends(change_reason="集計の確定")
    assert "集計の確定" in typed.page


def test_faults_on_a_page_from_before_the_lock_do_not_hide_the_lock(
    two, recorded, entry_clerk, publisher
):
    _, second = two
    _submitted(recorded, entry_clerk, publisher)
    second.types("1-1", value="千二百").sends()
    assert LOCKED["submitted"][1] in second.page
    assert "「千二百」は数値として読み取れません。" in second.page
    assert figures(recorded) == {"1-1": 1210}


def test_the_checker_goes_on_where_the_clerk_may_not(two, recorded, entry_clerk, publisher):
    checker = Editor(recorded, publisher).opens()
    _submitted(recorded, entry_clerk, publisher)
    checker.types("1-1", value="1209").sends()
    assert checker.told == ["1件の指標を保存しました。"]
    assert stands(recorded).value == 1209


def test_two_who_hand_in_hand_in_once(two, recorded, enter, entry_clerk, publisher):
    enter(recorded, entry_clerk, R7_FIGURES)
    first, checker = two[0], Editor(recorded, publisher).opens()
    first.sends("submit")
    checker.sends("submit")
    assert checker.told[-1] == (
        "提出できませんでした。令和7年度は現在「確認中」のため、「提出する」ことはできません。"
        "ほかの人が先に操作した可能性があります。画面を開き直してください。"
    )
    assert PeriodMove.objects.filter(period=recorded, move="submit").count() == 1


# The single record's page.


class Single(Editor):
    """One person before one figure's own page."""

    def __init__(self, period, by, code="1-1"):
        super().__init__(period, by)
        self.address = reverse("admin:kpis_actual_change", args=[stands(period, code).pk])

    def opens(self):
        self.form = Form(self.client.get(self.address).content.decode(), id="actual_form")
        return self

    def sends(self, **typed):
        page = self.client.post(self.address, {**self.form.sent(), **typed})
        self.errors = [] if page.status_code == 302 else page.context["adminform"].form.errors
        self.page = page.content.decode()
        return self


STALE = (
    "ほかの人がこの実績を変更しました（現在の値: {}）。"
    "入力した内容を控えてから、画面を開き直してください。まだ保存していません。"
)


def test_the_single_page_refuses_a_version_that_is_no_longer_current(two, recorded, colleague):
    single = Single(recorded, colleague).opens()
    assert single.form.fields["seen"] == "1"
    two[0].types("1-1", value="1211").sends()
    single.sends(value="1,212", note="確定値<1>")
    assert single.errors == {"__all__": [STALE.format("1,211")]}
    row = stands(recorded)
    assert (row.value, row.note, row.version, row.history.count()) == (1211, "", 2, 2)
    assert "1,212" in single.page  # what was typed is there to be noted down
    assert "確定値&lt;1&gt;" in single.page
    single.sends(value="1,212")  # sending the same page again does not help
    assert single.errors == {"__all__": [STALE.format("1,211")]}
    single.opens().sends(value="1,212", note="確定値")
    row.refresh_from_db()
    assert (row.value, row.note, row.version) == (1212, "確定値", 3)


@pytest.mark.parametrize(
    ("cells", "shown"),
    [({"value": ""}, "未入力"), ({"value": "", "reason": "not_conducted"}, "—（未実施）")],
)
def test_the_single_page_names_what_stands_now(two, recorded, colleague, cells, shown):
    single = Single(recorded, colleague).opens()
    two[0].types("1-1", **cells).sends()
    assert single.sends(value="5").errors == {"__all__": [STALE.format(shown)]}


def test_the_single_page_refuses_a_version_that_never_was(recorded, colleague):
    single = Single(recorded, colleague).opens()
    for seen in ("", "0", "2", "-1", "abc", "9" * 20):
        assert single.sends(value="5", seen=seen).errors["__all__"][-1] == STALE.format("1,210")
    assert stands(recorded).value == 1210


def test_the_single_page_refuses_a_form_without_a_version(recorded, colleague):
    single = Single(recorded, colleague).opens()
    del single.form.fields["seen"]
    assert single.sends(value="5").errors == {"__all__": [STALE.format("1,210")]}


def test_without_the_guard_the_single_page_overwrites(two, recorded, colleague, monkeypatch):
    # The control.
    monkeypatch.setattr(ActualForm, "_check_version", lambda self, seen: None)
    single = Single(recorded, colleague).opens()
    two[0].types("1-1", value="1211", cause="相談会").sends()
    assert single.sends(value="1212").errors == []
    assert (stands(recorded).value, stands(recorded).cause) == (1212, "要因")


def test_the_grid_sees_what_the_single_page_changed(two, recorded, colleague):
    first, _ = two
    Single(recorded, colleague).opens().sends(value="1,212", note="確定値")
    first.types("1-1", value="1211").sends()
    assert first.told == [CONTESTED]
    assert "山田 花子さんが" in first.question("1-1")
    assert "現在の値にする: 実績値「1,212」" in first.question("1-1")


def test_a_note_from_the_single_page_does_not_disturb_the_grid(two, recorded, colleague):
    first, _ = two
    Single(recorded, colleague).opens().sends(note="確定値")
    first.types("1-1", value="1211").sends()
    assert first.told == ["1件の指標を保存しました。"]
    row = stands(recorded)
    assert (row.value, row.note, row.version) == (1211, "確定値", 3)


def test_the_single_page_refuses_a_clerk_once_it_was_handed_in(
    recorded, colleague, entry_clerk, publisher, monkeypatch
):
    # It is handed in after the page asked who may, and before it holds the period.
    single = Single(recorded, colleague).opens()
    clean = ActualForm.clean

    def handed_in_first(form):
        _submitted(recorded, entry_clerk, publisher)
        return clean(form)

    monkeypatch.setattr(ActualForm, "clean", handed_in_first)
    single.sends(value="5")
    assert stands(recorded).value == 1210


def test_a_word_of_reason_on_the_single_page_answers_the_doubt(entering, colleague):
    # A new record as well as a changed one.
    editor = Editor(entering, colleague)
    typed = {"period": entering.pk, "value": "703", "confirmation": "重複を除いた"}
    made = editor.client.post(
        reverse("admin:kpis_actual_add"), {"indicator": editor.keys["1-1"], **typed}
    )
    assert made.status_code == 302
    assert [one.row.code for one in readiness(entering).of_kind(GapKind.CAUTION)] == []


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
    with pytest.raises(entries_module.EntryError, match="この計画にない指標が含まれています"):
        save_entries(
            period=recorded,
            entries=[NewEntry(foreign, Entry(value=Decimal(666)), 0)],
            by=entry_clerk,
        )
    assert ReportingPeriod.objects.get(pk=recorded.pk).period == R7
