"""Which data item of the register each column of this section holds."""

from seqlense.privacy.governance import Governance, Governed

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="measurement.Total",
            activity="audience_measurement",
            items=dict.fromkeys(["on", "kind", "name", "views", "visits"], "totals"),
            events={"event_recorded": "on"},
            nobody="Totals of a day, each about one thing alone: no row comes from one person.",
        )
    ],
)
