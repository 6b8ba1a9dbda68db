"""The console's own tables name nobody."""

from seqlense.privacy.governance import Governance, Impersonal

GOVERNANCE = Governance(
    impersonal=[
        Impersonal(
            model="console.Errand",
            reason="What staff asked a worker to do, with counts and names of files; not who asked.",
        ),
        Impersonal(model="console.ToldAlarm", reason="Codes of alarms, and when they were told."),
    ],
    tasks=dict.fromkeys(["console.watch", "console.errand", "console.tidy"], ""),
)
