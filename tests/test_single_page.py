"""The page of one figure: it refuses what is stale or locked."""

import pytest
from django.urls import reverse

from kpis.admin.actuals import ActualForm
from kpis.readiness import GapKind
from kpis.selectors.readiness import readiness
from kpis.services import submit
from tests.editors import CONTESTED, Editor, Form, colleague, recorded, stands, two  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db

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
        submit(period=recorded, by=entry_clerk, reason="大阪府の集計待ち")
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
