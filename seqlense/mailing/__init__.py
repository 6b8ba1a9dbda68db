"""Deliver a message and forget it: once the mail server has taken it, no trace is left here (F-2 mailing).

Rooms declare their messages in `mails.py` (MailTemplate) and post them by opaque ids. The worker computes
address and text at the moment of sending, in memory only.
"""

from typing import TYPE_CHECKING, Any

from seqlense.mailing.declarations import MailTemplate

if TYPE_CHECKING:
    from seqlense.mailing.posting import post

__all__ = ["MailTemplate", "post"]


def __getattr__(name: str) -> Any:
    # `post` needs the models, which Django loads after it has imported this package.
    if name == "post":
        from seqlense.mailing.posting import post

        return post
    raise AttributeError(name)
