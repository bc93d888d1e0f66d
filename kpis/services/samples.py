"""Samples (例示): made-up actions and a meeting with which the pages can be seen at work.

Each is marked as an example, so that pages and papers say so wherever it appears.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, ProtectedError

from actions.fiscal import Period
from actions.models import Action, ActionYear, Measure, Plan
from kpis.models import Indicator, Meeting, Opinion, Publication
from kpis.services.history import remember
from kpis.services.journal import Act, told
from kpis.vocabulary import Audience

_ADDED, _TIED, _REMOVED = "例示の登録", "例示の会議が検討する公表の設定", "例示の削除"

Fields = Mapping[str, Any]
Coded = Mapping[str, Any]  # records by their code, blank for none


class SamplesError(ValueError):
    """Samples that may not be added or removed; its message is Japanese, for users."""


@dataclass(frozen=True, slots=True)
class Samples:
    """How many sample records were added or removed; false for none.

    ``is_published_already``: readers see what was added after the next publication only.
    """

    actions: int = 0
    meetings: int = 0
    opinions: int = 0
    is_published_already: bool = False

    def __bool__(self) -> bool:
        return bool(self.actions or self.meetings)

    @property
    def words(self) -> str:
        """Return アクション12件、会議1件（意見5件）."""
        return f"アクション{self.actions}件、会議{self.meetings}件（意見{self.opinions}件）"


@transaction.atomic
@told(Act.SAMPLES)
def add_samples(*, plan: Plan, samples: Fields, reviewed: Period, by: User) -> Samples:
    """Record the sample actions and the sample meeting about the reviewed period; return how many.

    ``samples`` are the fields of records, with codes for what they are tied to. Adds nothing where
    the plan has samples already. The meeting is open to all only while the period is unpublished:
    a site that is read already changes when someone publishes, not before. Raises SamplesError,
    with nothing written, for a plan with actions or meetings of its own, or without what the
    samples are tied to.
    """
    Plan.objects.select_for_update().get(pk=plan.pk)
    known: list[Any] = [*Action.objects.filter(plan=plan), *Meeting.objects.filter(plan=plan)]
    if not all(one.is_example for one in known):
        raise SamplesError(
            f"{plan.name}には、例示ではないアクションか会議が登録されているため、例示は追加しません。"
        )
    if known:
        return Samples()
    measures = Measure.objects.filter(strategy__plan=plan).select_related("strategy")
    coded = {"measure": _by_code(measures), "indicator": _by_code(plan.indicators.all())}
    actions = _add_actions(plan, samples["actions"], coded, by)
    coded["action"] = _by_code(actions)
    publication = _newest(plan, reviewed)
    opinions = _add_meeting(plan, samples["meeting"], publication, coded, by)
    return Samples(len(actions), 1, len(opinions), publication is not None)


def _by_code(records: Iterable[Any]) -> dict[str, Any]:
    return {"": None, **{one.code: one for one in records}}


def _tied(coded: Mapping[str, Coded], kind: str, code: str) -> Any:
    """Return the record with the code, None for a blank one. Raises SamplesError for none."""
    if code not in coded[kind]:
        label = {"measure": "施策", "indicator": "指標", "action": "アクション"}[kind]
        raise SamplesError(f"例示に使う{label}{code}がこの計画にないため、例示を追加できません。")
    return coded[kind][code]


def _add_actions(
    plan: Plan, samples: Sequence[Fields], coded: Mapping[str, Coded], by: User
) -> list[Action]:
    actions, years, links = [], [], []
    link = Indicator.actions.through
    for one in samples:
        own = {name: value for name, value in one.items() if name not in _TIES}
        measure = _tied(coded, "measure", one["measure"])
        action = Action(plan=plan, measure=measure, is_example=True, **own)
        actions.append(action)
        years += [ActionYear(action=action, **year) for year in one["years"]]
        for code in one.get("indicators", ()):
            links.append(link(indicator=_tied(coded, "indicator", code), action=action))
    Action.objects.bulk_create(actions)
    ActionYear.objects.bulk_create(years)
    link.objects.bulk_create(links)
    remember(actions, by, _ADDED, update=False)
    remember(years, by, _ADDED, update=False)
    return actions


_TIES = ("measure", "indicators", "years", "action", "indicator", "opinions")


def _add_meeting(
    plan: Plan,
    sample: Fields,
    publication: Publication | None,
    coded: Mapping[str, Coded],
    by: User,
) -> list[Opinion]:
    own = {name: value for name, value in sample.items() if name not in _TIES}
    meeting = Meeting(plan=plan, publication=publication, is_example=True, **own)
    meeting.day = dt.date.fromisoformat(sample["day"])
    if publication is not None:
        meeting.audience = Audience.STAFF
    _signed(meeting, by, _ADDED).save()
    opinions = []
    for one in sample["opinions"]:
        plain = {name: value for name, value in one.items() if name not in _TIES}
        ties = {kind: _tied(coded, kind, one.get(kind, "")) for kind in coded}
        opinions.append(Opinion(meeting=meeting, **plain, **ties))
    Opinion.objects.bulk_create(opinions)
    remember(opinions, by, _ADDED, update=False)
    return opinions


def _newest(plan: Plan, reviewed: Period) -> Publication | None:
    rows = Publication.objects.newest_first().filter(period__plan=plan)
    return next((one for one in rows if one.period.period == reviewed), None)


@transaction.atomic
def tie_sample_meeting(*, plan: Plan, reviewed: Period, by: User) -> None:
    """Let the sample meeting review the period's publication, which was made after the meeting."""
    publication = _newest(plan, reviewed)
    for one in Meeting.objects.filter(plan=plan, is_example=True, publication=None):
        one.publication = publication
        _signed(one, by, _TIED).save()


@transaction.atomic
@told(Act.SAMPLES)
def remove_samples(*, plan: Plan, by: User) -> Samples:
    """Delete the plan's sample actions and meetings with all that is theirs; return how many.

    Publications keep what they say. Raises SamplesError, with nothing deleted, where something
    that is no sample hangs on one: an opinion, or a paper that was handed out.
    """
    meetings = list(Meeting.objects.filter(plan=plan, is_example=True))
    actions = list(Action.objects.filter(plan=plan, is_example=True))
    opinions = list(Opinion.objects.filter(meeting__in=meetings))
    years = ActionYear.objects.filter(action__in=actions)
    try:
        for one in (*opinions, *meetings, *years, *actions):
            _signed(one, by, _REMOVED).delete()
    except ProtectedError as error:
        raise SamplesError(_held(error.protected_objects)) from None
    return Samples(len(actions), len(meetings), len(opinions))


def _held(records: Iterable[Any]) -> str:
    named: Iterator[str] = (f"「{one}」" for one in records)
    return f"例示を参照しているものがあるため、削除できません: {'、'.join(sorted(named))}"


def _signed(record: Model, by: User, reason: str) -> Any:
    """Return the record with what its history is to say of the change."""
    record._history_user = by  # type: ignore[attr-defined]  # what the untyped package looks for
    record._change_reason = reason  # type: ignore[attr-defined]
    return record
