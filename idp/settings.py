"""Agio's settings, all from the environment; what each variable means is in docs/settings.md."""

from pathlib import Path

import allauth.mfa
import django
import django_htmx
from django.utils.csp import CSP

from idp import database, env, logs, mail

BASE_DIR = Path(__file__).resolve().parent.parent

# Switches for development; `check --deploy` refuses both (idp.E001, idp.E002).
DEVELOPMENT = env.flag("AGIO_DEBUG")
ALLOW_LOCAL_ISSUERS = env.flag("AGIO_ALLOW_LOCAL_ISSUERS")
# Never: Django's page for developers shows the request, and a request here holds tokens.
DEBUG = False

# Who we are. Everything that names this server derives from ISSUER, never from a request's Host.
ISSUER = env.issuer("AGIO_ISSUER", development=DEVELOPMENT)
SECRET_KEY = env.secret_key("AGIO_SECRET_KEY", "development only" * 4 if DEVELOPMENT else "")
SECRET_KEY_FALLBACKS = env.words(env.secret("AGIO_SECRET_KEY_FALLBACKS"))
ALLOWED_HOSTS = [*env.hosts(ISSUER), *env.words(env.text("AGIO_ALLOWED_HOSTS"))]
IS_HTTPS = ISSUER.startswith("https://")
BEHIND_PROXY = env.flag("AGIO_BEHIND_PROXY")

# Each worker process has so many threads, each with a database connection of its own.
THREADS = max(1, env.number("AGIO_THREADS", 4))
# Of a worker's threads, so many may wait for an issuer's keys; the others go on serving.
THREADS_WAITING_FOR_KEYS = max(1, THREADS // 2)

DATABASES = {"default": database.configure(env.secret("AGIO_DATABASE_URL"), BASE_DIR)}

INSTALLED_APPS = [
    "idp",
    "accounts",
    "applications",
    "connections",
    "oauth2_provider",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
]
MIDDLEWARE = [
    "idp.correlation.CorrelationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "idp.protocol.ProtocolMiddleware",  # what follows is for pages
    "idp.bodies.BodyLimitMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "idp.urls"
WSGI_APPLICATION = "idp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Beside ours, those of Django's own widgets; the toolkit's pages are not ours.
        "DIRS": [BASE_DIR / "templates", Path(django.__file__).parent / "forms" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "idp.console.rendering.UiRenderer"

# Guessing client secrets is slowed down (idp/throttle.py): so many failures in so many seconds.
CLIENT_FAILURES = env.number("AGIO_CLIENT_FAILURES", 20)
ADDRESS_FAILURES = env.number("AGIO_ADDRESS_FAILURES", 200)
FAILURE_WINDOW = env.number("AGIO_FAILURE_WINDOW", 60)
CACHE_URL = env.secret("AGIO_CACHE_URL")

# How long `manage.py forget` keeps the records of exchanges.
KEEP_RECORDS_DAYS = env.number("AGIO_KEEP_RECORDS_DAYS", 90)
# And the audit log; its triggers hold the first 30 days, and the clocks may differ.
KEEP_AUDIT_DAYS = env.number("AGIO_KEEP_AUDIT_DAYS", 730, least=31)

if CACHE_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": "agio",
        }
    }

# People and their sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.UsableAccounts"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
# allauth: sign-in by password, second factors, passkeys, sessions; our own pages and addresses
ACCOUNT_ADAPTER = "idp.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # User.email_verified says it, and idp.account.email asks
ACCOUNT_RATE_LIMITS = False  # idp.throttle counts for all workers
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "idp.signin.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # codes: clocks of phones are not ours
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT  # http://localhost
MFA_REAUTHENTICATION_REQUIRED = False  # idp.account.reauthentication asks
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = "agio_session"
CSRF_COOKIE_NAME = "agio_csrf"
CSRF_FAILURE_VIEW = "idp.console.resend.csrf_failure"
SESSION_COOKIE_AGE = 12 * 3600
# Administrators need a second factor, unless this is off.
ADMIN_SECOND_FACTOR = env.flag("AGIO_ADMIN_SECOND_FACTOR", default=not DEVELOPMENT)
# Numbers typed without a country code are of this region; who sends codes to them.
PHONE_REGION = env.text("AGIO_PHONE_REGION")
SMS_SENDER = env.text("AGIO_SMS_SENDER", "idp.signin.text_messages.print_it" if DEVELOPMENT else "")
# Before what cannot be undone, people prove again who they are, after so many seconds.
REAUTHENTICATION = env.number("AGIO_REAUTHENTICATION", 300)

# E-mail, for links that set a new password; without a server there are none.
MAILERS = mail.configure(env.secret("AGIO_EMAIL_URL"), development=DEVELOPMENT)
EMAIL_FROM = env.text("AGIO_EMAIL_FROM", f"Agio <agio@{ALLOWED_HOSTS[0]}>")

# The browser's side
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# A plain-http request is refused, not redirected: its token has crossed the network by then.
SECURE_SSL_REDIRECT = False
APPEND_SLASH = False

# The toolkit: our models, and its behavior as RFC 9700 wants it
OAUTH2_PROVIDER_APPLICATION_MODEL = "applications.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "idp.AccessToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "idp.RefreshToken"
OAUTH2_PROVIDER = {
    f"COMPLIANT_BCP_RFC9700_{name}": True
    for name in (
        *("IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "PKCE_REQUIRED", "REFRESH_TOKEN"),
        *("ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS", "TOKEN_STORAGE"),
        *("REDIRECT_URI_SCHEME", "REDIRECT_URI_MATCHING"),
    )
} | {
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
}
# JSON in and out; a view that names nobody who may use it can be used by nobody.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

# A body: a token of 16 KiB and its form, or a few certificates from the console
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Language, time
LANGUAGE_CODE = "en"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# Files for the browser: `serve` collects them under names with a hash, and names the folder here;
# elsewhere they are served from where they are.
STATIC_URL = "static/"
STATIC_ROOT = env.text("AGIO_STATIC_ROOT") or None
# htmx comes with django-htmx, what speaks WebAuthn with allauth; static files of other packages
# are not ours to serve.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    Path(django_htmx.__file__).parent / "static",
    Path(allauth.mfa.__file__).parent / "static",
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # we keep no uploads
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT
WHITENOISE_AUTOREFRESH = DEVELOPMENT

LOGGING = logs.LOGGING

SILENCED_SYSTEM_CHECKS = [
    "mail.W001",  # without a mail server no reset links are sent, and the page says so
    "security.W005",  # whether HSTS holds for subdomains is not ours to decide: they are others'
    "security.W008",  # a plain-http request is not redirected: see SECURE_SSL_REDIRECT
    "security.W021",  # nor is the entry in the browsers' preload list ours to decide
]
