"""What their columns hold."""

from bench.cards.models import FIELDS
from seqlense.privacy.governance import Governance, Governed

ITEMS = dict.fromkeys(FIELDS, "card")

GOVERNANCE = Governance(
    governed=[
        Governed(model="cards.Sealed", activity="cards", items=ITEMS),
        Governed(model="cards.Plain", activity="plain_cards", items=ITEMS),
    ]
)
