"""The tests' settings with the club installed, for workers that run in processes of their own."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "tests.mailing.club"]
LOGGING = {
    **LOGGING,
    "root": {"handlers": ["journal"], "level": "DEBUG"},
    "formatters": {"journal": {"format": "%(levelname)s %(name)s %(message)s"}},
    "loggers": {},
}
