"""What is written of a council's meetings: answers to opinions, and the papers as handed out."""

import datetime as dt
import hashlib

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from kpis.models import Meeting, MeetingMaterial, Opinion, Publication
from kpis.opinions import Answer
from kpis.services.journal import Act, told
from kpis.vocabulary import OpinionState

LARGEST_PAPER = 10 * 1024 * 1024  # bytes
_MEANWHILE = (
    "回答を見ている間に、ほかの人がこの意見の回答を変更しました。まだ保存していません。"
    "今の内容を確かめてください。このまま保存すると、入力した内容に置き換わります。"
)


class AnswerError(ValueError):
    """An answer that may not be recorded; ``faults`` are Japanese by field, "" for the whole.

    ``now`` is what another person answered meanwhile, None for any other fault.
    """

    def __init__(self, faults: dict[str, list[str]], now: Answer | None = None) -> None:
        """Keep the faults."""
        super().__init__(" ".join(one for said in faults.values() for one in said))
        self.faults = faults
        self.now = now


class PaperError(ValueError):
    """A paper that may not be kept; its message is Japanese, for users."""


def answer_of(row: Opinion) -> Answer:
    """Return what the city says to the opinion now."""
    return Answer(row.reply, OpinionState(row.state) if row.state else None, row.state_reason)


@transaction.atomic
@told(Act.ANSWERED)
def answer_opinion(
    *,
    opinion: Opinion,
    reply: str,
    state: OpinionState | None,
    state_reason: str,
    by: User,
    seen: Answer,
    reason: str = "",
) -> bool:
    """Record the city's answer with who and why, and return whether it is another than before.

    Raises AnswerError, with nothing written, where another person changed the answer since it was
    ``seen``, and for an answer that breaks a rule: 対応困難 needs a reason, a state needs a reply.
    """
    lock_opinions(opinion.meeting)
    row = Opinion.objects.get(pk=opinion.pk)
    now, wanted = answer_of(row), Answer(reply, state, state_reason)
    if wanted == now:
        return False
    if now != seen:
        raise AnswerError({"": [_MEANWHILE]}, now)
    row.reply, row.state, row.state_reason = reply, state.value if state else "", state_reason
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise AnswerError(error.message_dict) from None
    row._history_user = by  # type: ignore[attr-defined]  # read by the history
    row._change_reason = reason  # type: ignore[attr-defined]  # likewise
    row.save()
    return True


def lock_opinions(meeting: Meeting) -> None:
    """Keep others from writing the meeting's opinions and papers until the transaction ends."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)


@transaction.atomic
@told(Act.PAPER)
def keep_material(
    *,
    meeting: Meeting,
    publication: Publication,
    content: bytes,
    name: str,
    by: User,
    at: dt.datetime | None = None,
) -> tuple[MeetingMaterial, bool]:
    """Keep the file as it is handed out, and return it with whether it was not there yet.

    The same bytes are kept once for a meeting. Raises PaperError for an empty file, for one of
    more than 10 MB, and for a publication of another plan.
    """
    if not content:
        raise PaperError("資料が空のため、保存できません。")
    if len(content) > LARGEST_PAPER:
        raise PaperError(
            f"資料が大きすぎるため、保存できません（{len(content) / 1024 / 1024:.1f} MB、"
            "上限は10 MB）。"
        )
    if publication.period.plan_id != meeting.plan_id:
        raise PaperError("会議の計画とは別の計画の公表です。")
    lock_opinions(meeting)
    sha256 = hashlib.sha256(content).hexdigest()
    kept = meeting.materials.defer("content").filter(sha256=sha256).first()
    if kept is not None:
        return kept, False
    made = MeetingMaterial.objects.create(
        meeting=meeting,
        publication=publication,
        name=name,
        content=content,
        size=len(content),
        sha256=sha256,
        kept_at=at or timezone.now(),
        kept_by=by,
    )
    return made, True
