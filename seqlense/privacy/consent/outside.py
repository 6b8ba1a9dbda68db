"""Outside services on which a visitor chooses, as the running register has them."""

from dataclasses import dataclass

from seqlense.register import Register
from seqlense.register.text import Text


@dataclass(frozen=True, kw_only=True)
class Service:
    """A recipient to which nothing goes without consent. id: the recipient's. purpose: the consent asked
    for.
    """

    id: str
    purpose: str
    label: Text


def services(register: Register) -> tuple[Service, ...]:
    """Those of the running activities, in the register's order."""
    used = {recipient for activity in register.active for recipient in activity.recipients}
    return tuple(
        Service(id=one.id, purpose=one.consent_purpose, label=one.name)
        for one in register.recipients.values()
        if one.consent_purpose is not None and one.id in used
    )
