"""Settings: one file; what an office may change comes from environment variables (see README)."""

from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONE, SELF

from kadoma_plan.environment import (
    database,
    env_bool,
    env_list,
    env_text,
    mail_sender,
    mail_server,
    product_version,
    secret_key,
    site_url,
)

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCT_VERSION = product_version(BASE_DIR / "pyproject.toml")
DATA_DIR = Path(env_text("KADOMA_DATA_DIR", str(BASE_DIR / "var"))).resolve()

SECRET_KEY = secret_key(DATA_DIR / "secret.key")
DEBUG = env_bool("KADOMA_DEBUG")
HTTPS = env_bool("KADOMA_HTTPS")
ALLOWED_HOSTS = env_list("KADOMA_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("KADOMA_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "kadoma_plan.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tables2",
    "simple_history",
    "csp",
    "axes",
    "actions",
    "kpis",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kpis.views.kept.KeptPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kadoma_plan.urls"
WSGI_APPLICATION = "kadoma_plan.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database(env_text("DATABASE_URL"), DATA_DIR / "kadoma.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["kadoma_plan.formats"]
LOCALE_PATHS = [BASE_DIR / "kadoma_plan" / "locale"]

# --- reminders by mail --------------------------------------------------------------------------
# Staff reach the site from several names; a mail can name one only. Blank: mails name none.
SITE_URL = site_url(env_text("KADOMA_SITE_URL"))
_mail = mail_server(env_text("KADOMA_EMAIL_URL"))
EMAIL_BACKEND = _mail.backend
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.use_tls, _mail.use_ssl
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = mail_sender(env_text("KADOMA_EMAIL_FROM"), _mail)

# --- signing in -------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "accounts:login"  # staff pages lead to their own, admin:login
LOGIN_REDIRECT_URL = "admin:index"
# A colleague's typing errors must not lock out the office, which shares one address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hour
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
AXES_ENABLE_ADMIN = False  # its pages speak English only

# History is for reading: a figure is corrected by a new entry, not by going back.
SIMPLE_HISTORY_REVERT_DISABLED = True

# --- what browsers are told ---------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Whether every subdomain of the city speaks HTTPS is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# --- static files -------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kadoma_plan.finders.PlotlyFinder",
]
_plotly = find_spec("plotly")
PLOTLY_DIR = Path((_plotly and _plotly.origin) or "").parent / "package_data"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- what a browser may send --------------------------------------------------------------------
# The grid sends eight fields a row: 300 indicators are 2,400, and Django stops at 1,000. Each row
# may explain itself at length, and a Japanese letter takes nine bytes on its way.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024

# --- tables, messages ---------------------------------------------------------------------------
DJANGO_TABLES2_TEMPLATE = "tables/table.html"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
