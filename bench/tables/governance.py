"""What their columns hold."""

from bench.tables.models import TABLES
from seqlense.privacy.governance import Governance, Governed

ITEMS = {name: name for name in ("name", "address", "note", "amount", "at")}

GOVERNANCE = Governance(
    governed=[
        Governed(model=model._meta.label, activity="records", items=ITEMS, events={"recorded": "at"})
        for model in TABLES
    ]
    + [
        Governed(model=label, activity=activity, items=ITEMS, events={"recorded": "at"})
        for label, activity in (("tables.Event", "events"), ("tables.Watched", "watched"))
    ]
)
