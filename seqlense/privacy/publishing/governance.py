"""What is kept about people who are told of changes; the versions themselves are about nobody."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="publishing.Told",
            activity="notices",
            items={"at": "told"},
            events={"notice_told": "at"},
            impersonal={"version": "Which published version it is."},
        ),
        Governed(
            model="publishing.Acknowledgement",
            activity="notices",
            items=dict.fromkeys(["kind", "activity", "at", "language"], "answers"),
            events={"notice_answered": "at"},
            impersonal={
                "version": "Which published version it is.",
                "shown": "The fingerprint of a published text.",
            },
        ),
    ],
    impersonal=[
        Impersonal(
            model="publishing.NoticeVersion",
            reason="Published texts; the opaque id of the member of staff who published them.",
        ),
        Impersonal(
            model="publishing.Telling",
            reason="Counts, and the opaque id at which posting goes on; they are no list of people.",
        ),
    ],
    evidence=["notices.published", "notices.accepted", "notices.refused"],
)
