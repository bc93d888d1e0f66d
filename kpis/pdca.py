"""One row of a round's actions: what is typed of its year, what it means, what is still open. Pure.

The grid and the Excel file both read typed texts here, so that a word means the same whichever way
it came in. What is recorded is the read model's ``ActionYear``.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from actions.fiscal import Period, Term, short_label
from actions.vocabulary import Actor, Evaluation, Revision, Stage, Word
from kpis import merging
from kpis.actionwords import EXAMPLE, PRIORITY
from kpis.entry import Faults, chosen, read_text
from kpis.merging import Merged
from kpis.progress import ActionYear

LABELS = {
    "stage": "段階",
    "done_first_half": "上半期の実施内容",
    "done": "年度の実施内容",
    "results": "成果・課題",
    "evaluation": "評価",
    "revision": "見直し",
    "revision_note": "見直しの内容",
}
WORDS: dict[str, type[Word]] = {"stage": Stage, "evaluation": Evaluation, "revision": Revision}
_FIELDS = {
    Term.H1: ("stage", "done_first_half", "results", "evaluation"),
    Term.FY: ("stage", "done", "results", "evaluation", "revision", "revision_note"),
}
# What of them a round waits for: DO, CHECK and, at the year's end, ACTION.
_AWAITED = {
    Term.H1: ("done_first_half", "results", "evaluation"),
    Term.FY: ("done", "results", "evaluation", "revision"),
}
_CELLS = tuple((name,) for name in LABELS)


def fields_of(term: Term) -> tuple[str, ...]:
    """Return the fields that are filled in at the term, from left to right."""
    return _FIELDS[term]


@dataclass(frozen=True, slots=True)
class Typed:
    """A row's cells as they were typed; blank where nothing was."""

    stage: str = ""
    done_first_half: str = ""
    done: str = ""
    results: str = ""
    evaluation: str = ""
    revision: str = ""
    revision_note: str = ""


def nothing(fiscal_year: int) -> ActionYear:
    """Return a year of which nothing is written."""
    return ActionYear(fiscal_year, None, "", "", "", "", None, None, "")


def shown(year: ActionYear, name: str) -> str:
    """Return one field as people read it; blank for nothing."""
    value = getattr(year, name)
    if value is None:
        return ""
    return value.label if isinstance(value, Word) else str(value)


def read(typed: Typed, standing: ActionYear, term: Term) -> tuple[ActionYear, Faults]:
    """Return the year with the typed cells of the term, and every fault by field.

    All other fields stay as they stand. A chosen word may be typed as its code or its label.
    """
    faults: Faults = {}
    values = {name: _value(getattr(typed, name), name, faults) for name in _FIELDS[term]}
    return replace(standing, **values), faults  # type: ignore[arg-type]  # each of its field


def _value(text: str, name: str, faults: Faults) -> Word | str | None:
    if name in WORDS:
        return chosen(WORDS[name], text.strip(), name, faults)
    return read_text(text, name, faults)


def merge(seen: ActionYear | None, mine: ActionYear, theirs: ActionYear) -> Merged[ActionYear]:
    """Return both people's changes of a year together, as ``merging.merge`` does cell by cell."""
    return merging.merge(seen, mine, theirs, _CELLS)


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action in the round: what it is, what stands beside it, and what is recorded."""

    action: int  # the record's key
    code: str
    name: str
    measure_code: str
    measure: str
    actor: Actor
    is_priority: bool
    is_example: bool
    section: str  # 所管課; the plan's own where the action names none
    period: Period
    entry: ActionYear
    previous: ActionYear | None = None  # last year's; None where nothing is known of it
    version: int = 0  # 0: the year has not been recorded yet
    changed_by: str = ""
    changed_at: str = ""
    year: int | None = None  # the record's key, for its history; None: not recorded yet

    @property
    def key(self) -> int:
        """Return the key under which the row is sent and merged."""
        return self.action

    @property
    def label(self) -> str:
        """Return the row as lists name it: 1-1-1 セミナー."""
        return f"{self.code} {self.name}"

    @property
    def marks(self) -> list[str]:
        """Return what is to be seen of the action at once: that it is a priority, or made up."""
        marks = ((PRIORITY, self.is_priority), (EXAMPLE, self.is_example))
        return [mark for mark, has in marks if has]

    @property
    def measure_label(self) -> str:
        """Return the measure with its number: 1-1 デジタル化."""
        return f"{self.measure_code} {self.measure}"

    @property
    def term(self) -> Term:
        """Return for which part of the year the row asks."""
        return self.period.term

    @property
    def typed(self) -> Typed:
        """Return the cells that show what is recorded, chosen words as their codes."""
        return typed_of(self.entry)

    def shown(self, year: ActionYear, name: str) -> str:
        """Return one field of a year of this row as people read it; blank for nothing."""
        return shown(year, name)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what of DO, CHECK and ACTION the round still waits for.

        Of an action that is paused (休止) nothing is awaited.
        """
        if self.entry.stage is Stage.PAUSED:
            return ()
        awaited = _AWAITED[self.term]
        return tuple(LABELS[name] for name in awaited if not getattr(self.entry, name))

    @property
    def beside(self) -> list[tuple[str, str]]:
        """Return what stands beside the cells, as label and text; what is not written is left out.

        The year's plan, its half-year's work at the year's end, and what last year came to.
        """
        year, last = (short_label(self.period.fiscal_year - back) for back in (0, 1))
        half = self.entry.done_first_half if self.term is Term.FY else ""
        told = (
            (f"{year}の計画", self.entry.plan),
            (f"{year}の上半期の実施内容", half),
            (f"{last}の評価・見直し", self.last_year),
        )
        return [(label, words) for label, words in told if words]

    @property
    def last_year(self) -> str:
        """Return last year's evaluation and revision in one phrase, blank for neither."""
        if self.previous is None:
            return ""
        told = (
            (LABELS["evaluation"], shown(self.previous, "evaluation")),
            (LABELS["revision"], shown(self.previous, "revision")),
            (LABELS["revision_note"], self.previous.revision_note),
        )
        return "\n".join(f"{label}: {words}" for label, words in told if words)


def typed_of(year: ActionYear) -> Typed:
    """Return the cells that show the year, chosen words as their codes."""
    values = {name: getattr(year, name) for name in LABELS}
    return Typed(**{name: "" if value is None else str(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Progress:
    """How many actions a round has, and of how many something is still to be written."""

    number: int
    missing: int

    @property
    def written(self) -> int:
        """Return of how many nothing is awaited any more."""
        return self.number - self.missing


def progress_of(rows: Collection[ActionRow]) -> Progress:
    """Return how far the rows are filled in."""
    return Progress(len(rows), sum(bool(one.missing) for one in rows))
