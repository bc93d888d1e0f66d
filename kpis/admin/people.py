"""People's accounts: kept for the history's sake, and no way up to rights one does not have."""

from typing import Any

from axes.utils import reset
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.models import Group, Permission, User
from django.db.models import QuerySet
from django.http import HttpRequest

admin.site.unregister(User)
admin.site.unregister(Group)

# Only what the staff pages ask for; the packages' own permissions open nothing here.
_APPS = ("actions", "kpis", "auth")
_BEYOND_ROLES = ("is_superuser", "user_permissions")
_DEEDS = {"view": "見る", "add": "追加する", "change": "変更する", "delete": "削除する"}


def permission_words(permission: Permission) -> str:
    """Return what the permission allows: 指標と実績｜目標を変更する."""
    kind = permission.content_type
    model = kind.model_class()
    app = model._meta.app_config.verbose_name if model else kind.app_label
    deed, _, of = permission.codename.partition("_")
    if model is None or of != kind.model or deed not in _DEEDS:
        return f"{app}｜{permission.name}"
    return f"{app}｜{model._meta.verbose_name}を{_DEEDS[deed]}"


class PermissionsField(forms.ModelMultipleChoiceField):
    """The permissions that mean something here, in Japanese."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Leave out what opens no page."""
        options["queryset"] = Permission.objects.filter(
            content_type__app_label__in=_APPS
        ).select_related("content_type")
        super().__init__(*arguments, **options)

    def label_from_instance(self, obj: Any) -> str:
        """Return what the permission allows."""
        return permission_words(obj)


def _in_japanese(db_field: Any, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a form's field, with a field of ours where it is for permissions."""
    is_for_permissions = db_field.remote_field.model is Permission
    return options | ({"form_class": PermissionsField} if is_for_permissions else {})


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """The roles, each a group of permissions."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **options: Any) -> Any:
        """Offer permissions by what they allow."""
        return super().formfield_for_manytomany(
            db_field, request, **_in_japanese(db_field, options)
        )


class PersonCreationForm(UserCreationForm):
    """A new account; everyone here signs in with a password."""


class PasswordNote(ReadOnlyPasswordHashWidget):
    """Says that a password cannot be read, instead of how it is scrambled."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return what the page says."""
        context = super().get_context(name, value, attrs)
        context["summary"] = [
            {"label": "読めない形で保存しています（管理者も見ることはできません）。"}
        ]
        context["button_label"] = "新しいパスワードを決める"
        return context


class PersonForm(UserChangeForm):
    """An account."""

    password = ReadOnlyPasswordHashField(label="パスワード", widget=PasswordNote)


class PersonPasswordForm(AdminPasswordChangeForm):
    """A new password for a person who forgot theirs."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Ask for the password alone: there is no other way to sign in that could be left."""
        super().__init__(*arguments, **options)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True

    def save(self, commit: bool = True) -> Any:
        """Set the password, and let the person try it at once: guesses at the old one are void."""
        reset(username=self.user.get_username())
        return super().save(commit)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts. Whoever leaves is made inactive: their name stands in the history of figures."""

    form = PersonForm
    add_form = PersonCreationForm
    change_password_form = PersonPasswordForm
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),
    )
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

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **options: Any) -> Any:
        """Offer permissions by what they allow."""
        return super().formfield_for_manytomany(
            db_field, request, **_in_japanese(db_field, options)
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave rights beyond the roles to superusers."""
        fieldsets = super().get_fieldsets(request, obj)
        if _is_superuser(request):
            return fieldsets
        return [
            (title, {**said, "fields": [one for one in said["fields"] if one not in _BEYOND_ROLES]})
            for title, said in fieldsets
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave superusers' accounts, their passwords included, to superusers."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or _is_superuser(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: an account is closed by its 有効 mark."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
