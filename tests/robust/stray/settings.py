from seqlense.project.settings import *  # noqa: F403
from seqlense.project.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "tests.robust.stray"]
