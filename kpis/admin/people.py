"""People's accounts: kept for the history's sake, and no way up to rights one does not have."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts. Whoever leaves is made inactive: their name stands in the history of figures."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave rights beyond the roles to superusers."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if _is_superuser(request) else (*fields, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave superusers' accounts, their passwords included, to superusers."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or _is_superuser(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: an account is closed by its 有効 mark."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
