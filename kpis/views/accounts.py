"""Signing in and out and a new password, in the site's own pages: for members and for staff."""

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache

_WRONG = (
    "利用者名かパスワードが違います。大文字と小文字は区別されます。"
    "5回続けて間違えると、この利用者名では15分間ログインできなくなります。"
)


class SignInForm(AuthenticationForm):
    """A name and a password, in the words of the office."""

    error_messages = AuthenticationForm.error_messages | {"invalid_login": _WRONG}

    def __init__(self, *args: object, **options: object) -> None:
        """Call the name as the office does."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["username"].label = "利用者名"
        self.label_suffix = ""


class PasswordForm(PasswordChangeForm):
    """One's own password, in the words of the office."""

    def __init__(self, *args: object, **options: object) -> None:
        """Call the old password as the office does."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["old_password"].label = "現在のパスワード"
        self.label_suffix = ""


class SignIn(views.LoginView):
    """Sign in and go on to where the address says, if that is a page of this site."""

    form_class = SignInForm
    template_name = "accounts/login.html"
    next_page = "kpis:home"
    redirect_authenticated_user = True
    extra_context = {"title": "ログイン"}


class SignOut(views.LogoutView):
    """Sign out, by POST only, and show the front page."""

    next_page = "kpis:home"


password = never_cache(
    views.PasswordChangeView.as_view(
        form_class=PasswordForm,
        template_name="accounts/password.html",
        success_url=reverse_lazy("accounts:password_done"),
        extra_context={"title": "パスワードの変更"},
    )
)
password_done = never_cache(
    views.PasswordChangeDoneView.as_view(
        template_name="accounts/password_done.html",
        extra_context={"title": "パスワードを変更しました"},
    )
)
