"""The start of a process: nothing is served, and no task is taken, under a register or keys that don't hold.

What is wrong is said in words, once; a database that is away for now is waited for.
"""

import logging
from typing import Any

import django
from django.conf import settings
from django.core import checks
from django.core.checks import ERROR
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import SystemCheckError
from django.core.signals import request_started
from django.db import DatabaseError, InterfaceError, connections, transaction

from seqlense.kit import clock
from seqlense.privacy.errors import PrivacyError
from seqlense.project.cli.failing import DATABASE_AWAY, explain

logger = logging.getLogger(__name__)


def ready() -> None:
    """For processes that serve pages. Ends the process with the reason if it can't be ready."""
    try:
        django.setup()
        sound()
    except (ImproperlyConfigured, SystemCheckError) as refused:
        raise SystemExit(f"Seqlense doesn't start. {explain(refused).message}") from None
    from seqlense.project.restored import gate

    if settings.SEQLENSE_MODE != "test" and (gate.watch.afresh() is not None or not settled()):
        request_started.connect(_settle_later, dispatch_uid="seqlense.project.serving")
    connections.close_all()
    gate.close()


def sound() -> None:
    """Raises SystemCheckError, which names each finding, what would be right, and its id."""
    found = [finding for finding in checks.run_checks() if finding.is_serious(ERROR)]
    if found:
        raise SystemCheckError("\n".join(map(str, found)))


def settled() -> bool:
    """Make sure that data, keystore and epoch key belong together, and note the running register.

    False while a database doesn't answer; ends the process if it answers with what can't be worked with.
    """
    from seqlense.privacy import drills
    from seqlense.privacy.keystore import vault

    try:
        vault.index_secret()
        drills.stand()
        _enlisted()
    except (DatabaseError, InterfaceError, PrivacyError) as error:
        failed = explain(error)
        if failed.code != DATABASE_AWAY:
            raise SystemExit(f"Seqlense doesn't start. {failed.message} [{failed.code}]") from None
        logger.warning("%s", failed.message)
        return False
    finally:
        connections.close_all()
    return True


def _enlisted() -> None:
    """The running register is known, and a first version of the notices is published."""
    from seqlense.privacy import running
    from seqlense.privacy.publishing import versions

    now = clock.now()
    with transaction.atomic():
        running.enlist(now)
        versions.publish_first(now=now)


def _settle_later(**_: Any) -> None:
    """At each request until it is done: the database was away when this process started."""
    try:
        _enlisted()
    except (DatabaseError, InterfaceError, PrivacyError):
        return
    request_started.disconnect(dispatch_uid="seqlense.project.serving")
