"""A process in which the product is loaded and waits to be forked: whoever is killed is back in milliseconds.

    python -m tests.crashes.forkserver {"leaving": 500, ...}

Prepares databases and people, says "ready", then reads one JSON list a line, `[slot, actor, part, parts]`,
and answers each with the id of the process that it forked. They end with it, and it ends with its input.
"""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import django

from seqlense.project.environment import Environment
from tests.crashes import planting
from tests.crashes.slots import Slot, shared

PR_SET_PDEATHSIG = 1


def _load(home: Path, sizes: Mapping[str, int]) -> None:
    """What every process of the product does before its first work, and what it computes once in its life."""
    from seqlense.project import preparing

    preparing.roles(Environment.read().database)
    preparing.tables()
    django.setup()
    from django.db import connections

    from seqlense.kit import clock
    from seqlense.privacy.erasure.steps_sql import erasing
    from seqlense.privacy.retention.passes_sql import passes
    from seqlense.project import serving
    from tests.crashes import actors

    serving.sound()
    if not serving.settled():
        raise SystemExit("the database is away")
    erasing()
    passes()
    people = planting.plant(sizes, now=clock.now())
    people.write(home / "people.json")
    actors.remember(home, people)
    connections.close_all()


def _become(actor: str, slot: Slot, home: Path) -> NoReturn:
    from tests.crashes.actors import ACTORS

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(home / "log" / f"{actor}-{slot.part}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, opened in enumerate((nothing, log, log)):
        os.dup2(opened, number)
    code = 1
    try:
        ACTORS[actor](slot)
        code = 0
    except BaseException:  # noqa: BLE001 (the last frame of a process: the log says what it was)
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def main(arguments: list[str]) -> None:
    home = Path(os.environ["SEQLENSE_HOME"])
    file = shared(home / "slots")
    _load(home, json.loads(arguments[0]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are gone at once: whoever looks finds none
    _say("ready")
    me = os.getpid()
    for line in sys.stdin:
        number, actor, part, parts = json.loads(line)
        file[number] = 0
        process = os.fork()
        if process == 0:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() == me:
                _become(actor, Slot(file, number, part, parts), home)
            os._exit(1)
        _say(str(process))


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
