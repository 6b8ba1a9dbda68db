"""Catches the mail of a local installation: an SMTP server and a page to read it, all in memory.

    python -m seqlense.project.catcher --smtp-port 1025 --http-port 8025

Never part of a real installation: it takes any message from anybody on this machine.
"""

from seqlense.project.catcher.catching import Catcher
from seqlense.project.catcher.mailbox import Caught, Mailbox

__all__ = ["Catcher", "Caught", "Mailbox"]
