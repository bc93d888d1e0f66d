"""Addresses of signing in and out, for members of the council who are no staff, and for staff."""

from django.urls import path

from kpis.views import accounts

app_name = "accounts"

urlpatterns = [
    path("login/", accounts.SignIn.as_view(), name="login"),
    path("logout/", accounts.SignOut.as_view(), name="logout"),
    path("password/", accounts.password, name="password"),
    path("password/done/", accounts.password_done, name="password_done"),
]
