"""Settings: one file; what an office may change comes from environment variables (see README)."""

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from kadoma_plan.environment import (
    MailServer,
    Network,
    check_debug,
    check_hosts,
    collected,
    cookie_prefix,
    database,
    env_bool,
    env_choice,
    env_list,
    env_number,
    env_text,
    mail_sender,
    mail_server,
    product_version,
    proxy_networks,
    remote_user_key,
    secret_key,
    site_url,
    stop_if_wrong,
    subpath,
)
from kadoma_plan.logs import FORMS, logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCT_VERSION = product_version(BASE_DIR / "pyproject.toml")
DATA_DIR = Path(env_text("KADOMA_DATA_DIR", str(BASE_DIR / "var"))).resolve()

SECRET_KEY = secret_key(DATA_DIR / "secret.key")
DEBUG = env_bool("KADOMA_DEBUG")
HTTPS = env_bool("KADOMA_HTTPS")
ALLOWED_HOSTS = env_list("KADOMA_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("KADOMA_TRUSTED_ORIGINS", [])
PROXIES: tuple[Network, ...] = collected(lambda: proxy_networks(env_list("KADOMA_PROXIES", [])), ())
check_hosts(ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS)
check_debug(debug=DEBUG, https=HTTPS, hosts=ALLOWED_HOSTS)

# --- below which path ---------------------------------------------------------------------------
# A proxy hands /kpi/… on as it is; kadoma_plan.subpath takes the /kpi off, and every link has it.
SUBPATH = collected(lambda: subpath(env_text("KADOMA_SUBPATH")), "")
FORCE_SCRIPT_NAME = SUBPATH or None
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{SUBPATH}/"

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
    "kadoma_plan.tracing.trace",
    # First what writes headers, so that redirects, static files and refusals carry them too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kadoma_plan.headers.BrowserHeaders",
    "kadoma_plan.proxies.TrustedProxies",  # before anything asks who and how
    "django.middleware.security.SecurityMiddleware",
    "kadoma_plan.health.answer_first",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kadoma_plan.bounds.BoundedBody",
    "kpis.views.kept.KeptPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kadoma_plan.sessions.LimitedAuthentication",
    "kadoma_plan.singlesignon.OfficeSignOn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "kadoma_plan.signin.BoundedSignIn",
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

_url, _file = env_text("DATABASE_URL"), DATA_DIR / "kadoma.sqlite3"
_none: dict[str, Any] = {}
DATABASES = {"default": collected(lambda: database(_url, _file), _none)}
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
SITE_URL = collected(lambda: site_url(env_text("KADOMA_SITE_URL")), "")
_mail = collected(lambda: mail_server(env_text("KADOMA_EMAIL_URL")), MailServer())
EMAIL_BACKEND = _mail.backend
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.use_tls, _mail.use_ssl
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = collected(lambda: mail_sender(env_text("KADOMA_EMAIL_FROM"), _mail), "")

# --- signing in -------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "kadoma_plan.passwords.LongestPassword"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"  # staff pages lead to their own, admin:login
LOGIN_REDIRECT_URL = "admin:index"
# Blank: nobody is signed in by what a header says.
REMOTE_USER_KEY = collected(lambda: remote_user_key(env_text("KADOMA_REMOTE_USER"), PROXIES), "")
# A colleague's typing errors must not lock out the office, which shares one address, and nobody's
# guesses elsewhere must lock out the person: a name and an address count together.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or one could keep a name locked for ever
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "kadoma_plan.signin.locked_out"
AXES_HANDLER = "kadoma_plan.lockouts.Handler"
AXES_ENABLE_ADMIN = False  # its pages speak English only
AXES_DISABLE_ACCESS_LOG = True  # a list of all sign-ins for ever, which nobody could read here
# A session ends by itself when nobody has used it, after half a day, and with the browser.
SESSION_IDLE_MINUTES = env_number("KADOMA_IDLE_MINUTES", 30, 5, 720)
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

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
CSRF_COOKIE_HTTPONLY = True  # our scripts take the token from the form
_cookies = cookie_prefix(HTTPS, SESSION_COOKIE_PATH)
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_cookies}sessionid", f"{_cookies}csrftoken"
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # a load balancer asks over HTTP
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Whether every subdomain of the city speaks HTTPS is not ours to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

# --- static files -------------------------------------------------------------------------------
STATIC_URL = f"{SUBPATH}/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kadoma_plan.finders.PlotlyFinder",
]
# Pages name files by their content; the others would be compressed as well, for nobody.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our files
_plotly = find_spec("plotly")
PLOTLY_DIR = Path((_plotly and _plotly.origin) or "").parent / "package_data"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "kadoma_plan.staticfiles.CompressedStaticFiles"},
}

# --- what a browser may send --------------------------------------------------------------------
# The grid sends eight fields a row: 300 indicators are 2,400, and Django stops at 1,000. Each row
# may explain itself at length, and a Japanese letter takes nine bytes on its way.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
LARGEST_BODY = 64 * 1024 * 1024  # twice the largest file, so that most can be told at its field

# --- tables -----------------------------------------------------------------------------------
DJANGO_TABLES2_TEMPLATE = "tables/table.html"

# --- the log of who did what --------------------------------------------------------------------
_logs = env_text("KADOMA_LOG_DIR")
LOGGING = logging_settings(env_choice("KADOMA_LOG", FORMS), Path(_logs) if _logs else None)

stop_if_wrong()  # last: whatever is wrong above is told at once
