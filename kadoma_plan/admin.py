"""The staff pages' site object."""

from django.contrib import admin


class AdminSite(admin.AdminSite):
    """Titles in the words of the office."""

    site_title = "門真プラン進捗"
    site_header = "門真プラン進捗 管理画面"
    index_title = "管理メニュー"
    enable_nav_sidebar = False
    empty_value_display = ""  # a dash would look like 「—」, which means something else
