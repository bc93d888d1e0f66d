"""Writing: each service is one transaction, takes keywords only, and says who did it."""

from kpis.services.actionyears import save_action_years
from kpis.services.bookrights import lacking_rights
from kpis.services.entries import confirmed, save_entries
from kpis.services.kgis import RevisionError, revise_kgi
from kpis.services.meetings import (
    AnswerError,
    PaperError,
    answer_of,
    answer_opinion,
    keep_material,
    lock_opinions,
)
from kpis.services.newyear import carry_actions, prepare_periods
from kpis.services.planbooks import BookError, book_faults, import_book
from kpis.services.plans import add_default_bands, record_first_entries
from kpis.services.publishing import PublishError, publish, publish_outright
from kpis.services.reminders import (
    Message,
    Outcome,
    mail_is_set_up,
    planned,
    send_reminders,
)
from kpis.services.roles import ensure_roles
from kpis.services.rounds import MoveError, move, open_round, submit
from kpis.services.rules import ChangedMeanwhileError, change_bands, change_rules
from kpis.services.samples import (
    Samples,
    SamplesError,
    add_samples,
    remove_samples,
    tie_sample_meeting,
)
from kpis.services.settling import Conflict, EntryError, NewEntry, Saved
from kpis.services.targets import NewTarget, correct_target, revise_target, set_targets
from kpis.services.uploads import (
    apply_action_upload,
    apply_plan_book,
    apply_upload,
    keep_action_upload,
    keep_plan_book,
    keep_upload,
)

__all__ = [
    "AnswerError",
    "BookError",
    "ChangedMeanwhileError",
    "Conflict",
    "EntryError",
    "Message",
    "MoveError",
    "NewEntry",
    "NewTarget",
    "Outcome",
    "PaperError",
    "PublishError",
    "RevisionError",
    "Samples",
    "SamplesError",
    "Saved",
    "add_default_bands",
    "add_samples",
    "answer_of",
    "answer_opinion",
    "apply_action_upload",
    "apply_plan_book",
    "apply_upload",
    "book_faults",
    "carry_actions",
    "change_bands",
    "change_rules",
    "confirmed",
    "correct_target",
    "ensure_roles",
    "import_book",
    "keep_action_upload",
    "keep_material",
    "keep_plan_book",
    "keep_upload",
    "lacking_rights",
    "lock_opinions",
    "mail_is_set_up",
    "move",
    "open_round",
    "planned",
    "prepare_periods",
    "publish",
    "publish_outright",
    "record_first_entries",
    "remove_samples",
    "revise_kgi",
    "revise_target",
    "save_action_years",
    "save_entries",
    "send_reminders",
    "set_targets",
    "submit",
    "tie_sample_meeting",
]
