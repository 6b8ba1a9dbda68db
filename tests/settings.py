"""The product's settings in test mode: pytest, mypy and an editor need no environment variable."""

import os

os.environ.setdefault("SEQLENSE_MODE", "test")
# Once a journey has run, Playwright's event loop runs on in the main thread, and Django would take every test
# after it for asynchronous code. The product has none.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from seqlense.project.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.hashing.QuickArgon2Hasher"]
