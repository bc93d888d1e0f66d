"""Who may see which meeting of a plan's council today (公開範囲)."""

from django.contrib.auth.models import AnonymousUser, User

from kpis.models import Meeting
from kpis.vocabulary import Audience

Person = User | AnonymousUser

_ATTEND = "kpis.attend_meeting"
_PREPARE = "kpis.view_meeting"


def audiences(user: Person) -> frozenset[Audience]:
    """Return the kinds of meetings that the person may see: 公開 for everyone.

    委員のみ is for those who attend, 準備中 for staff with the right to see meetings; who sees how
    a meeting is prepared also sees it when it is open to members.
    """
    if user.is_staff and user.has_perm(_PREPARE):
        return frozenset(Audience)
    if user.has_perm(_ATTEND):
        return frozenset({Audience.PUBLIC, Audience.MEMBERS})
    return frozenset({Audience.PUBLIC})


def seen_meetings(slug: str, user: Person) -> dict[int, Audience]:
    """Return the keys of the plan's meetings that the person may see today, each with its audience.

    Takes one query, besides those that learn the person's rights.
    """
    rows = Meeting.objects.filter(plan__slug=slug, audience__in=audiences(user))
    return {key: Audience(one) for key, one in rows.order_by().values_list("pk", "audience")}
