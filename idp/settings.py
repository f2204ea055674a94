"""Agio's settings, all from the environment; what each variable means is in docs/settings.md."""

from pathlib import Path

from django.utils.csp import CSP

from idp import database, env

BASE_DIR = Path(__file__).resolve().parent.parent

# Switches for development; `check --deploy` refuses both (idp.E002, idp.E003).
DEBUG = env.flag("AGIO_DEBUG")
ALLOW_LOCAL_ISSUERS = env.flag("AGIO_ALLOW_LOCAL_ISSUERS")

# Who we are. Everything that names this server derives from ISSUER, never from a request's Host.
ISSUER = env.text("AGIO_ISSUER", "http://127.0.0.1:8000" if DEBUG else "")
SECRET_KEY = env.secret("AGIO_SECRET_KEY") or ("development only" * 4 if DEBUG else "")
SECRET_KEY_FALLBACKS = env.words("AGIO_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = [*env.hosts(ISSUER), *env.words("AGIO_ALLOWED_HOSTS")]
BEHIND_PROXY = env.flag("AGIO_BEHIND_PROXY")

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
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "idp.urls"
WSGI_APPLICATION = "idp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# People and their sessions
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.UsableAccounts"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ISSUER.startswith("https://")
SESSION_COOKIE_NAME = "agio_session"
CSRF_COOKIE_NAME = "agio_csrf"
SESSION_COOKIE_AGE = 12 * 3600

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
SECURE_HSTS_SECONDS = 31_536_000 if ISSUER.startswith("https://") else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# A plain-http request is refused, not redirected: its token has crossed the network by then.
SECURE_SSL_REDIRECT = False
APPEND_SLASH = False

# The toolkit: our models, and our classes at the seam (idp/exchange/server.py)
OAUTH2_PROVIDER_APPLICATION_MODEL = "applications.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "idp.AccessToken"
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "idp.RefreshToken"
OAUTH2_PROVIDER = {}

# Language, time, files
LANGUAGE_CODE = "en"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-collected"
STATICFILES_DIRS = [BASE_DIR / "static"]
