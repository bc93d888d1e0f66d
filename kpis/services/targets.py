"""Setting targets, revising them (改定), and correcting what was recorded by mistake (誤りの訂正)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from actions.fiscal import fiscal_year_label
from actions.models import Plan
from kpis.models import Indicator, Target, TargetRevision
from kpis.selectors.targets import content_of
from kpis.services.history import remember
from kpis.services.journal import Act, told
from kpis.targets import Content, TargetError, correction_faults, revision_faults
from kpis.vocabulary import Kind, TargetStatus

_WRITTEN = ["status", "value", "source", "decided_on", "words"]


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target to set: whose, of which fiscal year, and what it says."""

    indicator: int
    fiscal_year: int
    content: Content


@transaction.atomic
@told(Act.TARGETS)
def set_targets(
    *, plan: Plan, targets: Sequence[NewTarget], by: User, reason: str
) -> tuple[Target, ...]:
    """Set targets that are still open, all or none, and return their records.

    Raises TargetError where one was set meanwhile, and for what no target may be. Takes the same
    number of queries for any number of rows.
    """
    Plan.objects.select_for_update().get(pk=plan.pk)  # whoever sets the plan's targets waits here
    indicators = Indicator.objects.filter(plan=plan).select_related("plan").in_bulk()
    years = {one.fiscal_year for one in targets}
    rows = Target.objects.select_for_update().filter(indicator__plan=plan, fiscal_year__in=years)
    standing = {(one.indicator_id, one.fiscal_year): one for one in rows}
    records = [_set(one, indicators, standing) for one in targets]
    changed = [one for one in records if one.pk is not None]
    made = [one for one in records if one.pk is None]
    if changed:
        Target.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN
        )
    Target.objects.bulk_create(made)
    remember(made, by, reason, update=False)
    remember(changed, by, reason, update=True)
    return tuple(records)


def _set(
    new: NewTarget, indicators: dict[int, Indicator], standing: dict[tuple[int, int], Target]
) -> Target:
    """Return the record to store. Raises TargetError."""
    indicator = indicators.get(new.indicator)
    if indicator is None or not indicator.is_measured_in(new.fiscal_year):
        raise TargetError({"": "この計画で測る指標ではありません。画面を開き直してください。"})
    record = standing.get((new.indicator, new.fiscal_year))
    if record is None:
        record = Target(indicator=indicator, fiscal_year=new.fiscal_year)
    elif record.status == TargetStatus.SET.value:
        year = fiscal_year_label(new.fiscal_year)
        raise TargetError(
            {
                "": f"{indicator.code}の{year}の目標は、ほかの人が先に設定しました。画面を開き直してください。"
            }
        )
    record.indicator = indicator  # with its plan, for the check
    _fill(record, new.content)
    return record


@transaction.atomic
@told(Act.TARGET_REVISED)
def revise_target(
    *,
    target: Target,
    content: Content,
    seen: str,
    revised_on: dt.date | None,
    reason: str,
    by: User,
) -> Target:
    """Give the target its new content, keep what it was as its revision, and return the record.

    ``seen`` is the mark of the content that the person saw. Publications stay as they are. Raises
    TargetError with every fault by field, and then nothing is written.
    """
    record = _locked(target, seen)
    old = content_of(record)
    faults = revision_faults(old, content, revised_on, reason)
    if fault := _day_fault(record, revised_on):
        faults["revised_on"] = fault
    if faults or revised_on is None:
        raise TargetError(faults)
    _fill(record, content)
    kept = TargetRevision(
        target=record,
        revised_on=revised_on,
        status=old.status.value,
        value=old.value,
        source=old.source,
        reason=reason.strip(),
    )
    _save(kept, by, reason.strip())
    _save(record, by, f"改定（{revised_on:%Y/%m/%d}）: {reason.strip()}")
    return record


@transaction.atomic
@told(Act.TARGET_CORRECTED)
def correct_target(*, target: Target, content: Content, seen: str, reason: str, by: User) -> Target:
    """Put right what was recorded by mistake: no revision is kept, the history tells why.

    Raises TargetError as ``revise_target`` does.
    """
    record = _locked(target, seen)
    faults = correction_faults(content_of(record), content, reason)
    if faults:
        raise TargetError(faults)
    _fill(record, content)
    _save(record, by, f"誤りの訂正: {reason.strip()}")
    return record


def _locked(target: Target, seen: str) -> Target:
    """Return the record, held until the transaction ends. Raises TargetError."""
    record = (
        Target.objects.select_for_update(of=("self",))
        .select_related("indicator__plan")
        .get(pk=target.pk)
    )
    stands = content_of(record)
    kind, unit = Kind(record.indicator.kind), record.indicator.unit
    if stands.mark != seen:
        raise TargetError(
            {
                "": f"ほかの人がこの目標を変更しました（現在: {stands.shown(kind, unit)}）。"
                "入力した内容を控えてから、画面を開き直してください。まだ保存していません。"
            }
        )
    if stands.status is not TargetStatus.SET:
        raise TargetError({"": "設定されていない目標は、改定も訂正もできません。"})
    return record


def _day_fault(record: Target, revised_on: dt.date | None) -> str:
    """Return what is wrong with the day of the revision; blank for nothing."""
    if revised_on is None:
        return ""  # told with the other fields
    last = record.revisions.order_by("-revised_on").values_list("revised_on", flat=True).first()
    if last is None or revised_on > last:
        return ""
    if record.revisions.filter(revised_on=revised_on).exists():
        return "この目標には同じ日の改定が既にあります。"
    return f"前回の改定日（{last:%Y/%m/%d}）より後の日を入力してください。"


def _fill(record: Target, content: Content) -> None:
    """Give the record its content. Raises TargetError for what no target may be."""
    record.status, record.value = content.status.value, content.value
    record.source, record.words = content.source, content.words
    record.decided_on = content.decided_on
    try:
        record.clean_fields(exclude=["indicator"])
        record.clean()
    except ValidationError as error:
        told = {name: " ".join(said) for name, said in error.message_dict.items()}
        raise TargetError(told) from None


def _save(record: Target | TargetRevision, by: User, reason: str) -> None:
    record._history_user = by  # type: ignore[union-attr]  # what the untyped package looks for
    record._change_reason = reason  # type: ignore[union-attr]
    record.save()
