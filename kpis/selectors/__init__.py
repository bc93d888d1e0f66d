"""Reading: the only place with queries for pages. Models in, the read model out."""

from kpis.selectors.audience import seen_meetings
from kpis.selectors.council import council_papers, progress_before
from kpis.selectors.issued import Issued, issued
from kpis.selectors.live import live_progress
from kpis.selectors.meeting_pages import (
    ListedMeeting,
    MeetingRecord,
    MembersOnlyError,
    UnseenMeetingError,
    listed_meetings,
    meeting_record,
    paper_of,
    seen_meeting,
)
from kpis.selectors.meetings import UnknownMeetingError, meeting_choices, meeting_with
from kpis.selectors.planbook import plan_book
from kpis.selectors.plans import PublishedPlan, front_plan, published_plans
from kpis.selectors.preview import Preview, preview_of
from kpis.selectors.printed import PrintedRate, printed_rates
from kpis.selectors.published import (
    NotPublished,
    Shown,
    is_verified,
    shown,
    verified_progress,
)
from kpis.selectors.trials import (
    BandProposal,
    NewBand,
    RuleProposal,
    band_proposal,
    rule_proposal,
    standing_bands,
)
from kpis.selectors.turns import (
    OpenRound,
    contacts,
    entering_periods,
    next_period,
    open_round_count,
    open_rounds,
    plans_to_begin,
    preparing_periods,
    section_names,
    section_turns,
)

__all__ = [
    "BandProposal",
    "Issued",
    "ListedMeeting",
    "MeetingRecord",
    "MembersOnlyError",
    "NewBand",
    "NotPublished",
    "OpenRound",
    "Preview",
    "PrintedRate",
    "PublishedPlan",
    "RuleProposal",
    "Shown",
    "UnknownMeetingError",
    "UnseenMeetingError",
    "band_proposal",
    "contacts",
    "council_papers",
    "entering_periods",
    "front_plan",
    "is_verified",
    "issued",
    "listed_meetings",
    "live_progress",
    "meeting_choices",
    "meeting_record",
    "meeting_with",
    "next_period",
    "open_round_count",
    "open_rounds",
    "paper_of",
    "plan_book",
    "plans_to_begin",
    "preparing_periods",
    "preview_of",
    "printed_rates",
    "progress_before",
    "published_plans",
    "rule_proposal",
    "section_names",
    "section_turns",
    "seen_meeting",
    "seen_meetings",
    "shown",
    "standing_bands",
    "verified_progress",
]
