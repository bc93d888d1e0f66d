"""Logs what Django itself does for people: signing in and out, and records changed in the admin."""

import logging
from collections.abc import Callable, Collection
from typing import Any

from axes.signals import user_locked_out
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import post_save
from django.http import HttpRequest

from kpis.services.journal import Act, note

_DEEDS = {ADDITION: "add", CHANGE: "change"}
Deletion = Callable[[Any, HttpRequest, Collection[Any]], Any]


def watch() -> None:
    """Listen from the start of the program on."""
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_failed)
    user_locked_out.connect(_locked_out)
    post_save.connect(_changed, sender=LogEntry)
    # Django stores several entries at once without a signal, and so all of its deletions.
    ModelAdmin.log_deletions = _telling(ModelAdmin.log_deletions)  # type: ignore[method-assign,assignment,arg-type]


def _name(user: User | None) -> str:
    return "" if user is None else user.get_username()


def _signed_in(user: User, **_: Any) -> None:
    note(Act.SIGNED_IN, by=_name(user))


def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        note(Act.SIGNED_OUT, by=_name(user))


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    note(Act.SIGN_IN_FAILED, by=str(credentials.get("username", "")), level=logging.WARNING)


def _locked_out(username: str, **_: Any) -> None:
    note(Act.LOCKED_OUT, by=username or "", level=logging.WARNING)


def _changed(instance: LogEntry, created: bool, **_: Any) -> None:
    """Name the entry; what changed stands there and in the record's history."""
    if created and (deed := _DEEDS.get(instance.action_flag)):
        kind = instance.content_type.model if instance.content_type else ""
        facts: dict[str, Any] = {
            "deed": deed,
            "kind": kind,
            "key": str(instance.object_id),
            "entry": instance.pk,
        }
        by = instance.user.get_username()
        transaction.on_commit(lambda: note(Act.RECORD, by=by, **facts))


def _telling(log_deletions: Deletion) -> Deletion:
    def telling(admin: ModelAdmin, request: HttpRequest, queryset: Collection[Any]) -> Any:
        keys = ",".join(str(one.pk) for one in queryset)
        by, kind = request.user.get_username(), admin.opts.model_name
        facts: dict[str, Any] = {"deed": "delete", "kind": kind, "key": keys}
        transaction.on_commit(lambda: note(Act.RECORD, by=by, **facts))
        return log_deletions(admin, request, queryset)

    return telling
