"""The entry point for the production server."""

import os

from django.core.wsgi import get_wsgi_application

from kadoma_plan.environment import SettingsError
from kadoma_plan.subpath import Application, below

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kadoma_plan.settings")


def _application() -> Application:
    from django.conf import settings

    return below(settings.SUBPATH, get_wsgi_application())


try:
    application = _application()
except SettingsError as error:
    raise SystemExit(str(error)) from None  # the worker ends with the list instead of a traceback
