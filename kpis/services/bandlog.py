"""The record of who changed judgement bands, and keeping bands apart while they change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.models import User
from django.utils import timezone

from actions.models import Plan
from kpis.models import BandChange, JudgementBand

Told = dict[int | None, str]


def band_words(plan: Plan) -> Told:
    """Return the bands of the plan (None) and of each indicator that has its own, in words."""
    lines: dict[int | None, list[str]] = defaultdict(list)
    for one in JudgementBand.objects.filter(plan=plan):
        lines[one.indicator_id].append(f"{one.band.words} {one.band.tone.label}")
    return {owner: "\n".join(found) for owner, found in lines.items()}


def log_bands(
    plan: Plan, before: Mapping[int | None, str], by: User, reason: str
) -> Sequence[BandChange]:
    """Record every owner's bands that are not what they were, and return the records."""
    after = band_words(plan)
    owners = [one for one in {**before, **after} if before.get(one) != after.get(one)]
    return BandChange.objects.bulk_create(
        BandChange(
            plan=plan,
            indicator_id=owner,
            changed_by=by,
            changed_at=timezone.now(),
            reason=reason,
            before=before.get(owner, ""),
            after=after.get(owner, ""),
        )
        for owner in owners
    )


def part_bands(bands: Iterable[JudgementBand]) -> None:
    """Move bounds and labels out of the way: two bands that swap them would meet half-way."""
    for at, one in enumerate(bands):
        JudgementBand.objects.filter(pk=one.pk).update(lower=99_000 + at, label=f"#{at}")
