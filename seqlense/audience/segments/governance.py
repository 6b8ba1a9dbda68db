"""Which data item of the register each column of this room holds."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="segments.Belonging",
            activity="profiling",
            items={"segment": "segment", "since": "segment_dates", "checked_at": "segment_dates"},
            events={"segment_checked": "checked_at"},
        )
    ],
    impersonal=[
        Impersonal(
            model="segments.Segment",
            reason="A rule that staff wrote, its names, numbers of people; who meets it stands elsewhere.",
        ),
        Impersonal(
            model="segments.Grouping",
            reason="Percentages of groups of ten people or more, as a worker computed them; no person.",
        ),
    ],
    tasks=dict.fromkeys(
        ["segments.refresh", "segments.refresh_all", "segments.group", "segments.tidy"], "profiling"
    ),
)
