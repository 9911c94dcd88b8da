"""One settings module for every mode, driven by the environment.

``MAILLAGE_MODE`` is ``demo`` (this machine only, one-click sign-in, fictional data), ``production``
(neither) or ``test``. ``DATABASE_URL`` chooses the database; without it, an embedded SQLite file under
``MAILLAGE_DATA`` (default ``var/``). Every variable is listed in ``docs/operations.md``.
"""

import os
import secrets
import sys
import tempfile
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from maillage.core.smtp import mail_server

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(f"MAILLAGE_{name}", default)


def flag(name: str, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "oui"}


TESTING = "pytest" in sys.modules
MODE = "test" if TESTING else env("MODE", "production")
if MODE not in {"demo", "production", "test"}:
    raise ImproperlyConfigured(f"MAILLAGE_MODE must be demo or production, not {MODE!r}.")
DEMO = MODE == "demo"
PRODUCTION = MODE == "production"
DEBUG = False

DATA_DIR = ROOT / "build" / "test" if TESTING else Path(env("DATA", str(Path.cwd() / "var")))
# What people confide is here: for the account that runs the instance only.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


SHORTEST_KEY = 32


def _secret_key() -> str:
    """The key from the environment, or one made once and kept beside the data, readable by its owner only."""
    given = env("SECRET_KEY")
    if given:
        if PRODUCTION and len(given) < SHORTEST_KEY:
            raise ImproperlyConfigured(f"MAILLAGE_SECRET_KEY must have at least {SHORTEST_KEY} characters.")
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        # Written whole, then named: two processes that start together read the same key.
        fd, made = tempfile.mkstemp(dir=DATA_DIR, prefix=".secret_key-")
        with os.fdopen(fd, "w") as handle:
            handle.write(secrets.token_urlsafe(50))
        try:
            os.link(made, path)
            os.unlink(made)
        except FileExistsError:
            os.unlink(made)
        except OSError:  # a file system without hard links
            os.replace(made, path)
    return path.read_text().strip()


SECRET_KEY = "only-for-tests" if TESTING else _secret_key()

if DEMO or TESTING:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
else:
    ALLOWED_HOSTS = [host for host in env("HOSTS", "localhost,127.0.0.1").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in env("ORIGINS").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
    # Before allauth: our templates and our words come first.
    "maillage.core",
    "maillage.ui",
    "maillage.accounts",
    "maillage.territories",
    "maillage.alliances",
    "maillage.actors",
    "maillage.concertation",
    "maillage.participation",
    "maillage.reporting",
    "maillage.demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "maillage.core.headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "maillage.core.kept_pages.KeptPagesMiddleware",
    "maillage.core.compression.CompressPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "maillage.accounts.middleware.StrongSignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maillage.core.plain.NoNullCharacterMiddleware",
    # Innermost: it guards the view, not what the middlewares above write on their way out.
    "maillage.core.reads.ReadOnlyGetMiddleware",
]

ROOT_URLCONF = "maillage.config.urls"
WSGI_APPLICATION = "maillage.config.wsgi.application"
APPEND_SLASH = True

# A part of a room (a package inside it) may have its own templates, static files and French, as a room does.
PARTS_TEMPLATES = sorted(str(path) for path in PACKAGE.glob("*/*/templates") if path.is_dir())
PARTS_LOCALE = sorted(str(path) for path in PACKAGE.glob("*/*/locale") if path.parent.parent.name != "methods")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": PARTS_TEMPLATES,
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "maillage.ui.context.shell",
            ],
        },
    }
]

_default_database = f"sqlite:///{DATA_DIR / 'maillage.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL", _default_database))}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
            "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            # Pages of journal (32 MB) before they go to their place: a crowd that votes changes the same ones again and
            # again, and waits while they go.
            "PRAGMA wal_autocheckpoint=8000;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    if not TESTING:
        DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": int(env("POOL", "10"))}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"

# Identity: no password. A code by e-mail, or a passkey; accounts are made by invitation (docs/adr/identity.md).
ACCOUNT_ADAPTER = "maillage.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "maillage.accounts.adapter.MfaAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # a code sent to the address is the verification
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # the same answer, and the same time, for an unknown address
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"length": 8, "numeric": True, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 20 * 60
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,12/h/key"}
ACCOUNT_FORMS = {
    "request_login_code": "maillage.accounts.forms.RequestCodeForm",
    "confirm_login_code": "maillage.accounts.forms.ConfirmCodeForm",
}
MFA_FORMS = {
    "add_webauthn": "maillage.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "maillage.accounts.forms.RenamePasskeyForm",
    "activate_totp": "maillage.accounts.forms.ActivateAppForm",
    "authenticate": "maillage.accounts.forms.SecondStepForm",
    "reauthenticate": "maillage.accounts.forms.ConfirmIdentityForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody opens an account for someone else: there is no open sign-up
MFA_TOTP_ISSUER = "Maillage"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or TESTING
MAILLAGE_STRONG_SIGN_IN = PRODUCTION
"""Whether those who hold power (operator, agent, treasurer…) must have a passkey or a second step."""
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("PROXIES", "1" if PRODUCTION and flag("HTTPS", default=True) else "0"))
SESSION_COOKIE_AGE = 14 * 24 * 3600

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
TIME_ZONE = "America/Toronto"
USE_I18N = True
LOCALE_PATHS = [PACKAGE / "config" / "locale", *PARTS_LOCALE]  # the command line is no installed app
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env("S3_BUCKET"),
            "endpoint_url": env("S3_ENDPOINT") or None,
            "region_name": env("S3_REGION") or None,
            "default_acl": None,
            "file_overwrite": False,
        },
    }
    if env("S3_BUCKET") and not TESTING
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
WORKER = env("WORKER", "thread" if SQLITE or TESTING else "separate")
"""Where jobs run: ``thread`` of the server (embedded default), or ``separate`` (``maillage worker``)."""
JOB_LEASE_SECONDS = float(env("JOB_LEASE", "60"))
"""How long a worker may give no sign before its job is given to another."""

EMAIL_BACKEND = "maillage.core.mail.Backend"
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "Maillage <maillage@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_SERVER = mail_server(env("SMTP_URL"))
"""Without a server, mails are kept and read at ``/courriels/`` by the operator."""
MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION and flag("HTTPS", default=True):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^sante/"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
"""Uploads larger than this go to a temporary file, never to memory."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "maillage.core.logs.RedactAddresses"}},
    "formatters": {
        "line": {
            "()": "maillage.core.logs.WithoutValues",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Failures with their traceback; refusals and missing pages are everyday life and stay out.
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Queries hold what people write, and in which order: they are logged by nobody, however much else is.
        "django.db.backends": {"level": "CRITICAL", "propagate": False},
        "maillage": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

BALLOTS_TOGETHER = not TESTING
"""Ballots that come at the same time are written in one transaction by one thread (``participation.urn.writer``)."""
BALLOTS_PER_ADDRESS = 0 if TESTING else int(env("BALLOTS_PER_ADDRESS", "400"))
"""Ballots that one network address may send in ten minutes, to one process, where no code opens them; 0: no limit."""

KEPT_PAGES_SECONDS = 0 if TESTING else int(env("KEPT_PAGES_SECONDS", "30"))
"""How long a public page may be shown again to readers without session while nothing changes; 0: never."""
