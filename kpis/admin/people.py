"""People's accounts: kept for the history's sake, and no way up to rights one does not have."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts. Whoever leaves is made inactive: their name stands in the history of figures."""

    list_display = ("username", "full_name", "roles", "is_enabled", "last_login")
    list_filter = ("groups", "is_active", "is_staff")
    search_help_text = "利用者名・氏名・メールアドレスで検索できます。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Bring each person's groups along."""
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="氏名", ordering="last_name")
    def full_name(self, user: User) -> str:
        """Return the name, the family's first; blank where none is known."""
        return f"{user.last_name} {user.first_name}".strip()

    @admin.display(description="グループ")
    def roles(self, user: User) -> str:
        """Return the groups, after すべての権限 for a superuser."""
        names = [one.name for one in user.groups.all()]
        return "、".join((["すべての権限"] if user.is_superuser else []) + names)

    @admin.display(description="利用", ordering="is_active")
    def is_enabled(self, user: User) -> str:
        """Return whether the person can sign in."""
        return "利用中" if user.is_active else "停止"

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
