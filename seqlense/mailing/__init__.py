"""Deliver a message and forget it: once the mail server has taken it, no trace is left here (F-2 mailing).

Rooms declare their messages in `mails.py` (MailTemplate) and post them by opaque ids. The worker computes
address and text at the moment of sending, in memory only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from seqlense.mailing.declarations import MailTemplate

if TYPE_CHECKING:
    from seqlense.mailing.many import Parcel, call_back, post_many, waiting
    from seqlense.mailing.posting import post

__all__ = ["MailTemplate", "Parcel", "call_back", "post", "post_many", "waiting"]

_HOMES: Final = {
    "Parcel": "many",
    "call_back": "many",
    "post": "posting",
    "post_many": "many",
    "waiting": "many",
}


def __getattr__(name: str) -> Any:
    # These need the models, which Django loads after it has imported this package.
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
