"""The product's settings in test mode: pytest, mypy and an editor need no environment variable."""

import os

os.environ.setdefault("SEQLENSE_MODE", "test")

from seqlense.project.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.hashing.QuickArgon2Hasher"]
