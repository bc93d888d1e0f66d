"""A whole plan as the rows of its plan book (計画ブック), one dataclass for each sheet. Pure.

Years are starting years of fiscal years; blank texts, None and () are empty cells.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.fiscal import Term
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.vocabulary import (
    ActualReason,
    Direction,
    FollowUp,
    Formula,
    Kind,
    Rounding,
    TargetStatus,
    Tone,
)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """計画: the plan itself, in one row."""

    slug: str
    name: str
    principle: str
    start_year: int
    end_year: int
    baseline_year: int
    section: str
    parent_plan: str
    council: str
    management: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """体系: a measure with its strategy; ``number`` is None for a strategy without measures."""

    strategy: int
    strategy_name: str
    tag: str
    number: int | None
    name: str
    page: int | None
    strategy_note: str
    note: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """指標: a KPI and its rule; the rows' order within a strategy is the paper's."""

    code: str
    strategy: int
    name: str
    unit: str
    decimals: int
    kind: Kind
    direction: Direction
    formula: Formula
    baseline_year: int | None
    baseline_value: Decimal | None
    rated_at_half_year: bool
    expected_share: Decimal
    rate_decimals: int
    rounding: Rounding
    keep_zeros: bool
    definition: str
    target_source: str
    section: str
    measures: tuple[str, ...]
    note: str
    start_year: int | None = None
    end_year: int | None = None
    former_name: str = ""
    renamed_year: int | None = None
    successor: str = ""
    review_reason: str = ""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """目標: one indicator's target of one fiscal year."""

    indicator: str
    fiscal_year: int
    value: Decimal | None
    status: TargetStatus
    source: str
    note: str
    decided_on: dt.date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class TargetRevisionRow:
    """目標改定: what a target was until the day on which it was revised."""

    indicator: str
    fiscal_year: int
    revised_on: dt.date
    value: Decimal | None
    status: TargetStatus
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ActualRow:
    """実績: what is recorded of one indicator at one period; ``override`` is a band's label."""

    indicator: str
    fiscal_year: int
    term: Term
    value: Decimal | None
    reason: ActualReason | None
    provisional: bool
    printed_rate: str
    cause: str
    next_step: str
    note: str
    confirmation: str
    override: str
    override_reason: str
    forecast: Decimal | None = None
    carried_from: int | None = None
    next_step_owner: str = ""
    next_step_due: dt.date | None = None
    follow_up: FollowUp | None = None
    follow_up_note: str = ""


@dataclass(frozen=True, slots=True)
class KgiRow:
    """KGI: a statistic and what it is compared with; its years are calendar years."""

    code: str
    name: str
    unit: str
    comparator: str
    base_year: int
    target_year: int
    target: str
    decimals: int
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class KgiValueRow:
    """KGI実績: a KGI's figure of one calendar year, with the comparator's growth in percent."""

    kgi: str
    year: int
    value: Decimal | None
    comparator_growth: Decimal | None
    note: str
    comparator_value: Decimal | None = None
    expected: str = ""


@dataclass(frozen=True, slots=True)
class KgiComparisonRow:
    """KGI比較: one year of a further statistic beside the KGI, for reference."""

    kgi: str
    name: str
    year: int
    value: Decimal | None
    growth: Decimal | None


@dataclass(frozen=True, slots=True)
class KgiRevisionRow:
    """KGI改定: what a KGI's year said until the statistic was revised."""

    kgi: str
    year: int
    revised_on: dt.date
    value: Decimal | None
    comparator_growth: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class ActionRow:
    """アクション: what one kind of actor does for a measure."""

    code: str
    measure: str
    actor: Actor
    name: str
    content: str
    is_priority: bool
    indicators: tuple[str, ...]
    no_indicator_reason: str
    section: str
    priority_reason: str
    partners: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class ActionYearRow:
    """アクション年度: one fiscal year of an action."""

    action: str
    fiscal_year: int
    stage: Stage | None
    plan: str
    done: str
    results: str
    evaluation: Evaluation | None
    revision: Revision | None
    done_first_half: str
    revision_note: str


@dataclass(frozen=True, slots=True)
class BandRow:
    """判定基準: a class of 参考判定; ``lower`` is None for the lowest one of its term.

    ``indicator`` is blank for the plan's classes, or the code of the one that has its own.
    """

    term: Term
    lower: Decimal | None
    sign: str
    label: str
    tone: Tone
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class PublicityRow:
    """普及・周知: one record of publicity."""

    day: dt.date | None
    kind: str
    content: str
    quantity: Decimal | None
    unit: str
    note: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class PlanBook:
    """The whole book; each field holds the rows of the sheet that is declared for it."""

    plan: PlanRow
    measures: tuple[MeasureRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    target_revisions: tuple[TargetRevisionRow, ...] = ()
    actuals: tuple[ActualRow, ...] = ()
    kgis: tuple[KgiRow, ...] = ()
    kgi_values: tuple[KgiValueRow, ...] = ()
    kgi_comparisons: tuple[KgiComparisonRow, ...] = ()
    kgi_revisions: tuple[KgiRevisionRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    action_years: tuple[ActionYearRow, ...] = ()
    bands: tuple[BandRow, ...] = ()
    publicity: tuple[PublicityRow, ...] = ()

    def rows(self, field: str) -> tuple[Any, ...]:
        """Return the rows of the sheet that is declared for the field; the plan's is a single one."""
        found = getattr(self, field)
        return found if isinstance(found, tuple) else (found,)
