import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["LIBRARY_SECRET_KEY"]
ALLOWED_HOSTS = ["library.example.org"]
ROOT_URLCONF = "library.urls"
USE_TZ = True

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "lending",
    "seqlense.privacy",
]

MIDDLEWARE = [
    "seqlense.privacy.cookies.enforcing.enforced",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["LIBRARY_DATABASE"],
        "USER": os.environ["LIBRARY_DATABASE_USER"],
        "HOST": os.environ["LIBRARY_DATABASE_HOST"],
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
