"""Which data item of the register each column of this room holds."""

from seqlense.privacy.governance import Governance, Governed

WHO_OF_US = "The opaque id of the member of staff."

GOVERNANCE = Governance(
    governed=[
        Governed(
            model="support.Request",
            activity="support",
            items={
                "email": "email",
                "name": "name",
                "phone": "phone",
                "title": "message",
                "asked_at": "dates",
                "unverified_since": "dates",
                "wrote_at": "dates",
                "answered_at": "dates",
                "closed_at": "dates",
                "customer": "link",
                "right": "link",
            },
            events={"request_closed": "closed_at", "request_unverified": "unverified_since"},
            impersonal={
                "language": "The language that we answer in, one of two.",
                "revision": "Counts changes, so that two of the staff can't answer past each other.",
                "assignee": WHO_OF_US,
            },
        ),
        Governed(
            model="support.Message",
            activity="support",
            items={"text": "message", "by": "dates", "at": "dates"},
            impersonal={"author": WHO_OF_US},
            follows="request",
        ),
        Governed(
            model="support.Note",
            activity="support",
            items={"text": "notes", "at": "dates"},
            impersonal={"author": WHO_OF_US},
            follows="request",
        ),
        Governed(
            model="support.Attachment",
            activity="support",
            items={"name": "attachments", "kind": "attachments", "size": "sizes", "stored_at": "sizes"},
            impersonal={"message": "The row that it came with."},
            follows="request",
        ),
    ],
    tasks={"support.close_silent": "support"},
    files={"support.attachments": "Sealed files under SEQLENSE_DOCUMENTS, each named by its row's id."},
)
