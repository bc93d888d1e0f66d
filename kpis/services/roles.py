"""The office's roles as groups of permissions."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

ENTRY_CLERK = "入力担当"
PUBLISHER = "公表担当"
COUNCIL_MEMBER = "委員"
ADMINISTRATOR = "システム管理者"

_SEEN_BY_STAFF = (
    "actions.view_plan",
    "actions.view_strategy",
    "actions.view_measure",
    "actions.view_action",
    "actions.view_actionyear",
    "actions.view_publicityrecord",
    "kpis.view_indicator",
    "kpis.view_target",
    "kpis.view_targetrevision",
    "kpis.view_reportingperiod",
    "kpis.view_actual",
    "kpis.view_kgi",
    "kpis.view_kgivalue",
    "kpis.view_kgicomparison",
    "kpis.view_kgirevision",
    "kpis.view_judgementband",
    "kpis.view_bandchange",
    "kpis.view_publication",
    "kpis.view_meeting",
    "kpis.view_opinion",
    "kpis.attend_meeting",
    "kpis.view_meetingmaterial",
    "kpis.view_periodmove",
    "kpis.view_upload",
    "kpis.view_actionupload",
    "kpis.view_planbookupload",
    "kpis.view_reminder",
    "kpis.view_sectioncontact",
    "kpis.preview_reportingperiod",
)
_ENTRY = (
    "kpis.enter_reportingperiod",
    "kpis.add_actual",
    "kpis.change_actual",
    "kpis.add_meetingmaterial",
    *(
        f"{app}.{what}_{one}"
        for what in ("add", "change")
        for app, one in (
            ("actions", "action"),
            ("actions", "actionyear"),
            ("kpis", "meeting"),
            ("kpis", "opinion"),
        )
    ),
)
_PUBLISHING = (
    "kpis.manage_reportingperiod",
    *(
        f"kpis.{what}_{one}"
        for what in ("add", "change")
        for one in (
            "indicator",
            "target",
            "targetrevision",
            "reportingperiod",
            "kgi",
            "kgivalue",
            "kgicomparison",
            "kgirevision",
            "sectioncontact",
        )
    ),
    *(f"actions.{what}_publicityrecord" for what in ("add", "change", "delete")),
    "actions.delete_action",
    "actions.delete_actionyear",
    "kpis.delete_meeting",
    "kpis.delete_opinion",
    "kpis.delete_target",
    "kpis.delete_targetrevision",
    "kpis.delete_sectioncontact",
)
_WHOLE_APPS = ("actions", "kpis", "auth")

ROLES: dict[str, tuple[str, ...]] = {
    ENTRY_CLERK: _SEEN_BY_STAFF + _ENTRY,
    PUBLISHER: _SEEN_BY_STAFF + _ENTRY + _PUBLISHING,
    COUNCIL_MEMBER: ("kpis.view_publication", "kpis.attend_meeting"),
}


@transaction.atomic
def ensure_roles() -> None:
    """Make the roles that are missing and give each what it should be able to do.

    Permissions that an office added to a role stay.
    """
    known = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in Permission.objects.select_related("content_type")
    }
    for name, names in ROLES.items():
        _group(name).permissions.add(*(known[one] for one in names))
    everything = [one for one in known.values() if one.content_type.app_label in _WHOLE_APPS]
    _group(ADMINISTRATOR).permissions.add(*everything)


def _group(name: str) -> Group:
    return Group.objects.get_or_create(name=name)[0]
