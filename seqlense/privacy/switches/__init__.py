"""Switches: what a person's data may no longer be used for, obeyed by all that uses them.

A restriction (GDPR art. 18), an objection (art. 21), a withdrawn consent (art. 7(3)) is a row with dates. Use
asks here, each kind of use in one place: mail before it is written, search before anybody is found, tasks
before they run, whoever reads another person's sealed values or copy of data, and sets by `barring`.
"""

from seqlense.privacy.switches.bars import barred, barred_among, barring, in_force
from seqlense.privacy.switches.deciding import NOTICE, announce, decide, lift_due, texts, waiting
from seqlense.privacy.switches.errors import AlreadyDecided, AlreadyLifted, NotOffered, ReasonMissing
from seqlense.privacy.switches.models import Compelling, Ground, Kind, RequestText, Switch
from seqlense.privacy.switches.offers import Offer, is_owed, offer
from seqlense.privacy.switches.replaying import REPLAYED, replay
from seqlense.privacy.switches.setting import OF_RESTRICTION, lift, take_back
from seqlense.privacy.switches.setting import switch as set  # noqa: A004  # switches.set says what it does
from seqlense.privacy.switches.veil import Opening, opened, reading, staff_reading

__all__ = [
    "NOTICE",
    "OF_RESTRICTION",
    "REPLAYED",
    "AlreadyDecided",
    "AlreadyLifted",
    "Compelling",
    "Ground",
    "Kind",
    "NotOffered",
    "Offer",
    "Opening",
    "ReasonMissing",
    "RequestText",
    "Switch",
    "announce",
    "barred",
    "barred_among",
    "barring",
    "decide",
    "in_force",
    "is_owed",
    "lift",
    "lift_due",
    "offer",
    "opened",
    "reading",
    "replay",
    "set",
    "staff_reading",
    "take_back",
    "texts",
    "waiting",
]
