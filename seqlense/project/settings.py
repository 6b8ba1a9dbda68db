"""Django's settings, computed from the environment alone; importing them starts nothing."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from seqlense.project import networks
from seqlense.project.environment import Database, Environment, Mode, RefusedEnvironment

try:
    ENVIRONMENT = Environment.read()
except RefusedEnvironment as refused:
    raise ImproperlyConfigured(str(refused)) from None

PACKAGE = Path(__file__).resolve().parents[1]
PRODUCTION = ENVIRONMENT.mode is Mode.PRODUCTION

# --- Seqlense's own -----------------------------------------------------------------------------------------
SEQLENSE_MODE = ENVIRONMENT.mode.value
SEQLENSE_HOME = ENVIRONMENT.home
SEQLENSE_EPOCH_DAYS = ENVIRONMENT.epoch_days
SEQLENSE_CUSTODY = ENVIRONMENT.custody.kind
SEQLENSE_EPOCH_KEYS = ENVIRONMENT.epoch_keys
SEQLENSE_EPOCH_KEYS_2 = ENVIRONMENT.custody.second
SEQLENSE_PKCS11_MODULE = ENVIRONMENT.custody.module
SEQLENSE_PKCS11_TOKEN = ENVIRONMENT.custody.token
SEQLENSE_PKCS11_PIN_FILE = ENVIRONMENT.custody.pin_file
SEQLENSE_BACKUPS = ENVIRONMENT.backups
SEQLENSE_KEYSTORE_BACKUPS = ENVIRONMENT.keystore_backups
SEQLENSE_BACKUP_DAYS = ENVIRONMENT.backup_days
SEQLENSE_DOCUMENTS = ENVIRONMENT.home / "documents"
SEQLENSE_REGISTER = ENVIRONMENT.register
SEQLENSE_PUBLIC_URL = ENVIRONMENT.public_url
# The transparency log: its files, the key that signs it, and its name, which the key keeps for ever.
SEQLENSE_LOG = ENVIRONMENT.log
SEQLENSE_LOG_KEY = ENVIRONMENT.log_key
SEQLENSE_LOG_ORIGIN = f"{ENVIRONMENT.public_url.partition('://')[2]}/log"
SEQLENSE_APP_ROLE = "seqlense_app"
SEQLENSE_MAINTENANCE_ROLE = "seqlense_maintenance"
# Who vouches for when the log said what, and who watches that it only grows: they get hashes, never data.
SEQLENSE_TIMESTAMP_URL = ENVIRONMENT.timestamps
SEQLENSE_TIMESTAMP_CA = ENVIRONMENT.timestamp_authority
SEQLENSE_WITNESSES = ENVIRONMENT.witnesses
# The company's own machines, and those that get no data: the process may talk to them although no recipient
# declares them.
SEQLENSE_OWN_HOSTS = sorted(
    {ENVIRONMENT.database.host, ENVIRONMENT.keys.host, ENVIRONMENT.relay.host, *ENVIRONMENT.watchers} - {""}
)
# Social networks whose accounts can be linked. The hosts that this process asks there must be declared.
try:
    SEQLENSE_NETWORKS = networks.read(ENVIRONMENT.mode)
except RefusedEnvironment as refused:
    raise ImproperlyConfigured(str(refused)) from None
SEQLENSE_HOSTS = sorted({host for one in SEQLENSE_NETWORKS for host in one.hosts})
# Machines whose X-Forwarded-For says where a visitor is.
SEQLENSE_TRUSTED_PROXIES = ENVIRONMENT.proxies
# A cookie that isn't declared so is refused while developing and in tests; in production it is dropped.
SEQLENSE_STRICT_COOKIES = not PRODUCTION
# What visitors are shown before they choose on outside services, as `privacy.consent.displays.Parts`.
SEQLENSE_CONSENT_DISPLAY = "seqlense.project.ui.panel.parts"
SEQLENSE_TASK_NAMES = "seqlense.project.background.task_names"

# --- Django: what is installed ------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.former_secrets)
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url]
ROOT_URLCONF = "seqlense.project.urls"
ASGI_APPLICATION = "seqlense.project.asgi.application"
WSGI_APPLICATION = "seqlense.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "seqlense.privacy.keystore",
    "seqlense.privacy",
    "seqlense.privacy.consent",
    "seqlense.privacy.publishing",
    "seqlense.mailing",
    "seqlense.documents",
    "seqlense.accounts",
    "seqlense.organisations",
    "seqlense.support",
    "seqlense.audience.newsletter",
    "seqlense.audience.measurement",
    "seqlense.audience.promotions",
    "seqlense.audience.segments",
    "seqlense.audience.social",
    "seqlense.site",
    "seqlense.console",
    "seqlense.project.ui",
    "seqlense.project",
]

MIDDLEWARE = [
    "seqlense.privacy.cookies.enforcing.enforced",
    "seqlense.project.middleware.choices_first",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "seqlense.privacy.consent.policy.outside_hosts",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "seqlense.project.middleware.request_moment",
    "seqlense.project.middleware.visitors_address",
    "seqlense.project.restored.gate.restore_lock",
    "seqlense.site.measurement.collector.collected",
    "seqlense.accounts.devices.noticed",
    "seqlense.site.middleware.even_pace",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "seqlense.project.middleware.limits_of_others",
    "seqlense.site.consent.applying.followed",
    "seqlense.site.middleware.in_the_viewers_zone",
    "seqlense.site.middleware.kept_nowhere",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "seqlense.project.ui.templatetags.ui",
                "seqlense.project.ui.templatetags.choices",
            ],
        },
    }
]


# --- Databases ----------------------------------------------------------------------------------------------
def _connection(database: Database, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "ENGINE": database.engine,
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**dict(database.parameters), **options},
    }


# Values are bound by the server, so that they stay out of statements and of the server's log.
POSTGRESQL = {"server_side_binding": True, "connect_timeout": 5, "application_name": "seqlense"}
# Deleted keys are overwritten in the file; whoever writes takes the lock at once rather than failing later.
SQLITE = {
    "init_command": "PRAGMA secure_delete=ON; PRAGMA synchronous=FULL;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_connection(ENVIRONMENT.database, {**POSTGRESQL, "assume_role": SEQLENSE_APP_ROLE}),
        "ATOMIC_REQUESTS": True,
    },
    "keys": _connection(
        ENVIRONMENT.keys, SQLITE if ENVIRONMENT.keys.engine.endswith("sqlite3") else {**POSTGRESQL}
    ),
}
DATABASE_ROUTERS = ["seqlense.privacy.routers.KeysRouter"]

# --- People and sessions ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["seqlense.accounts.backends.SealedEmailBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "site:sign_in"
LOGIN_REDIRECT_URL = "site:home"
SESSION_ENGINE = "seqlense.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session" if ENVIRONMENT.secure else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.secure
CSRF_COOKIE_NAME = "__Host-csrf" if ENVIRONMENT.secure else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = ENVIRONMENT.secure
CSRF_COOKIE_AGE = None  # ends with the browser: nothing stays on the visitor's machine
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- What the browser is told -------------------------------------------------------------------------------
# Which scripts run. Which hosts are asked is the second policy, visitor by visitor: privacy.consent.policy.
SECURE_CSP: dict[str, list[str]] = {
    "script-src": [CSP.NONCE, CSP.STRICT_DYNAMIC],
    "object-src": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # TLS ends at the company's proxy, which redirects
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.secure else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS: list[str] = []  # no page takes files: what is sent is dropped, never written to disk
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Language, time -----------------------------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = sorted(
    str(folder)
    for folder in PACKAGE.glob("**/locale")
    if not {"node_modules", "cli"} & set(folder.parts)  # the command line reads its own
)

# --- Files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = SEQLENSE_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT.mode is Mode.TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_USE_FINDERS = ENVIRONMENT.mode is Mode.TEST
WHITENOISE_AUTOREFRESH = ENVIRONMENT.mode is Mode.TEST

# --- Mail and tasks -----------------------------------------------------------------------------------------
SEQLENSE_RELAY = ENVIRONMENT.relay
SEQLENSE_MAIL_FROM = ENVIRONMENT.mail_from
# Django's own functions keep what they send, so they send nothing: mail goes through seqlense.mailing.
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
# A job row holds opaque ids only, and goes when it has run, whatever came of it.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "always"}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

# --- Checks and the journal ---------------------------------------------------------------------------------
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the proxy redirects to HTTPS
    "security.W021",  # preloading HSTS is the company's decision about its whole domain
]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"journal": {"()": "seqlense.project.journal.ImpersonalFormatter"}},
    "filters": {"addresses": {"()": "seqlense.project.journal.WithoutAddresses"}},
    "handlers": {
        "journal": {"class": "logging.StreamHandler", "formatter": "journal", "filters": ["addresses"]}
    },
    "root": {"handlers": ["journal"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},  # a 404 names a path that a visitor typed
        "django.security": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},  # at INFO it prints the address of every question
        "procrastinate": {"level": "WARNING"},  # at INFO it prints the arguments of every job
    },
}
