"""What a round's pages send: its beginning, and every row of the grid as it was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from actions.fields import FiscalYearFormField
from actions.fiscal import Term
from actions.models import Plan
from kpis import gridrows
from kpis.entry import FIELDS, LABELS, Entry, EntryRow, Faults, Typed, read
from kpis.followups import in_charge
from kpis.plausibility import Caution
from kpis.progress import Result
from kpis.selectors.turns import next_period, prepared_due
from kpis.services import Conflict, NewEntry


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the screen: what is recorded, what was typed, and what is wrong with it."""

    row: EntryRow
    typed: Typed
    entry: Entry
    seen: int
    faults: Faults = field(default_factory=dict)
    contested: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """Return what the names of this row's fields begin with."""
        return prefix(self.row)

    @property
    def result(self) -> Result:
        """Return the attainment and judgement of what was typed."""
        return self.row.result(self.entry)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """Return the doubts about what was typed."""
        return self.row.cautions(self.entry)

    @property
    def open_cautions(self) -> tuple[Caution, ...]:
        """Return those that nobody has answered."""
        return self.row.open_cautions(self.entry)

    @property
    def standing(self) -> str:
        """Return what became of the earlier counter-measure by what was typed; blank for none."""
        return self.row.standing_by(self.entry)

    @property
    def in_charge(self) -> str:
        """Return who does the next step until when; blank for neither."""
        return in_charge(self.entry.next_step_owner, self.entry.next_step_due)

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """Return label, my value and theirs of each contested cell that differs; blank in words."""
        return gridrows.choices(self.row, self.entry, self.contested, LABELS)

    @property
    def new_entry(self) -> NewEntry:
        """Return what is to be recorded."""
        return NewEntry(self.row.indicator, self.entry, self.seen)


def prefix(row: EntryRow) -> str:
    """Return what the names of a row's fields begin with."""
    return f"k{row.indicator}"


def recorded(rows: Iterable[EntryRow]) -> list[GridRow]:
    """Return the screen as it is before anybody types."""
    return [GridRow(one, one.typed, one.entry, one.version) for one in rows]


def sent(rows: Iterable[EntryRow], data: Mapping[str, str]) -> list[GridRow]:
    """Return the screen as it was sent: rows that were not on it are left out."""
    return [_sent(one, data) for one in rows if f"{prefix(one)}-seen" in data]


def _sent(row: EntryRow, data: Mapping[str, str]) -> GridRow:
    cells = gridrows.cells_of(prefix(row), data, FIELDS, row.typed)
    typed = Typed(**cells.texts)
    entry, faults = read(typed, row.asked)
    return GridRow(row, typed, entry, cells.seen, {**faults, **cells.faults}, cells.contested)


def contest(rows: Iterable[GridRow], conflicts: Iterable[Conflict]) -> list[GridRow]:
    """Return the screen with both values wherever another person changed the same cell."""
    return gridrows.contest(rows, conflicts, lambda one: one.merged.mine.typed(one.row.kind))


class BeginForm(forms.Form):
    """Which period begins, and until when its figures are wanted; the next one is proposed."""

    plan = forms.ModelChoiceField(Plan.objects.all(), label="計画", empty_label=None)
    fiscal_year = FiscalYearFormField(
        label="年度", help_text="令和7年度、R7、2025 のように入力します。"
    )
    term = forms.ChoiceField(
        label="期間",
        choices=[(one.value, one.label) for one in Term],
        help_text="上半期は9月30日現在、年度は3月31日現在の実績です。",
    )
    due = forms.DateField(
        label="入力期限",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="所管課が実績を入力し終える日。",
    )

    def __init__(self, data: Any = None, *, asked: str = "") -> None:
        """Propose the asked plan's next period, or the current plan's."""
        super().__init__(data)
        plans = Plan.objects.all()
        plan = plans.filter(pk=asked).first() if asked.isascii() and asked.isdigit() else None
        plan = plan or plans.first()
        period = None if plan is None else next_period(plan)
        self.initial = {"plan": plan}
        if plan is not None and period is not None:
            self.initial |= {"fiscal_year": period.fiscal_year, "term": period.term.value}
            self.initial["due"] = prepared_due(plan, period)
