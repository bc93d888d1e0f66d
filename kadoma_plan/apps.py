"""The project's own admin site, with Japanese titles."""

from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Django's admin with our site class."""

    default_site = "kadoma_plan.admin.AdminSite"
