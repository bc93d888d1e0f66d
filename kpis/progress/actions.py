"""What the read model says of measures, actions, publicity and the council. Pure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.vocabulary import OpinionState


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure (具体的施策) and the plan's page where it stands; None where none is known.

    ``description`` is what the plan says of it, blank for nothing.
    """

    code: str
    number: int
    name: str
    page: int | None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Publicity:
    """One record of 普及・周知; ``quantity`` is None where nothing is counted.

    ``item`` is what is counted (本編), blank where the kind says it all.
    """

    day: dt.date | None
    kind: str
    content: str
    quantity: Decimal | None
    unit: str
    note: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class ActionYear:
    """One fiscal year of an action, as PDCA tells it; a blank text and None: not written yet.

    ``stage`` and ``plan`` are PLAN, ``done_first_half`` and ``done`` DO, ``results`` and
    ``evaluation`` CHECK, ``revision`` and ``revision_note`` ACTION.
    """

    fiscal_year: int
    stage: Stage | None
    plan: str
    done_first_half: str
    done: str
    results: str
    evaluation: Evaluation | None
    revision: Revision | None
    revision_note: str


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """An action (アクション) of a measure by one kind of actor, with its years in order.

    ``is_example`` marks a made-up sample (例示), which must say so wherever it is shown.
    """

    code: str
    measure_code: str
    actor: Actor
    name: str
    content: str
    is_priority: bool
    priority_reason: str
    indicator_codes: tuple[str, ...]
    no_indicator_reason: str
    section: str
    partners: str
    is_example: bool
    years: tuple[ActionYear, ...]

    def year(self, fiscal_year: int) -> ActionYear | None:
        """Return the year, or None where nothing is planned or written for it."""
        return next((year for year in self.years if year.fiscal_year == fiscal_year), None)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A council member's opinion and the city's reply; codes are blank where it is about none.

    ``state`` is None while the city has not replied.
    """

    number: int
    speaker: str
    text: str
    indicator_code: str
    measure_code: str
    action_code: str
    reply: str
    state: OpinionState | None
    state_reason: str

    @property
    def is_open(self) -> bool:
        """Return whether the next meeting asks again what was done; always while unanswered."""
        return self.state is None or self.state.is_open


@dataclass(frozen=True, slots=True)
class MeetingProgress:
    """A meeting of the council with its opinions; ``day`` is None until it is fixed.

    ``key`` is the meeting's own number, by which it is decided today who may see it; 0 where an
    older program stored none. That program kept the opinions alone that still counted then.
    """

    name: str
    day: dt.date | None
    place: str
    is_example: bool
    opinions: tuple[Opinion, ...]
    key: int = 0
