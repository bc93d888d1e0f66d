"""One change to many records, as it would come out: what each says before and after."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from actions.fiscal import fiscal_year_label
from actions.models import Action, ActionYear
from actions.vocabulary import Stage, Word
from kpis.models import Indicator

BLANK = "（空欄）"
Record = Indicator | Action | ActionYear


class Bulk(Word):
    """What is changed in many records at once."""

    SECTION = "section", "所管課"
    PRIORITY = "priority", "重点アクションの印"
    STAGE = "stage", "段階"


@dataclass(frozen=True, slots=True)
class BulkRow:
    """One chosen record: its name, and what it says before and after.

    ``record`` is what is written, None where there is nothing to write on.
    """

    name: str
    before: str
    after: str
    record: Record | None

    @property
    def changes(self) -> bool:
        """Return whether anything would be written."""
        return self.record is not None and self.before != self.after


@dataclass(frozen=True, slots=True)
class BulkProposal:
    """What would become of every chosen record."""

    rows: tuple[BulkRow, ...]
    fields: tuple[str, ...]  # that are written

    @property
    def changed(self) -> list[BulkRow]:
        """Return the rows that would change."""
        return [one for one in self.rows if one.changes]

    @property
    def kept(self) -> list[BulkRow]:
        """Return the rows that would stay as they are."""
        return [one for one in self.rows if not one.changes]

    @property
    def fingerprint(self) -> str:
        """Return what tells this proposal from any other."""
        said = repr([(one.name, one.before, one.after) for one in self.rows])
        return hashlib.sha256(said.encode()).hexdigest()


def bulk_proposal(
    kind: Bulk,
    model: type[Indicator] | type[Action],
    keys: Collection[int],
    values: Mapping[str, Any],
) -> BulkProposal:
    """Return what the values would do to the records with these keys, in one query or two."""
    rows = list(model.objects.filter(pk__in=keys).select_related("plan"))
    return _PROPOSALS[kind](rows, values)


def action_years(keys: Collection[int]) -> list[int]:
    """Return the fiscal years of which these actions have a record, in order."""
    found = ActionYear.objects.filter(action__in=keys).order_by("fiscal_year")
    return list(found.values_list("fiscal_year", flat=True).distinct())


def _sections(rows: list[Any], values: Mapping[str, Any]) -> BulkProposal:
    found = []
    for one in rows:
        before = _section(one)
        one.section = values["section"]
        found.append(BulkRow(str(one), before, _section(one), one))
    return BulkProposal(tuple(found), ("section",))


def _section(one: Indicator | Action) -> str:
    """Return the section in words: an indicator without one of its own is in the plan's charge."""
    plans = one.plan.section if isinstance(one, Indicator) else ""
    return one.section or (f"空欄（計画の所管課: {plans}）" if plans else BLANK)


def _priorities(rows: list[Any], values: Mapping[str, Any]) -> BulkProposal:
    found = []
    for one in rows:
        before = _priority(one)
        one.is_priority = values["is_priority"]
        one.priority_reason = (
            (values["priority_reason"] or one.priority_reason) if one.is_priority else ""
        )
        found.append(BulkRow(str(one), before, _priority(one), one))
    return BulkProposal(tuple(found), ("is_priority", "priority_reason"))


def _priority(action: Action) -> str:
    if not action.is_priority:
        return "印なし"
    return f"重点（理由: {action.priority_reason}）" if action.priority_reason else "重点"


def _stages(rows: list[Any], values: Mapping[str, Any]) -> BulkProposal:
    year = values["fiscal_year"]
    written = ActionYear.objects.filter(action__in=rows, fiscal_year=year)
    years = {one.action_id: one for one in written}
    found = []
    for action in rows:
        name, one = f"{action}（{fiscal_year_label(year)}）", years.get(action.pk)
        if one is None:
            found.append(BulkRow(name, "この年度の記録なし", "この年度の記録なし", None))
            continue
        before, one.stage = _stage(one), values["stage"]
        found.append(BulkRow(name, before, _stage(one), one))
    return BulkProposal(tuple(found), ("stage", "version"))


def _stage(year: ActionYear) -> str:
    return Stage(year.stage).label if year.stage else "未記入"


_PROPOSALS: dict[Bulk, Callable[[list[Any], Mapping[str, Any]], BulkProposal]] = {
    Bulk.SECTION: _sections,
    Bulk.PRIORITY: _priorities,
    Bulk.STAGE: _stages,
}
