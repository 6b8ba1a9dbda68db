"""The kernel's own tables: opaque ids, codes, dates, and what other tables' rows already answer for."""

from seqlense.privacy.governance import Governance, Governed, Impersonal

IDS_ONLY = {
    "privacy.Subject": "Opaque ids: they say no more than that somebody exists.",
    "privacy.Installation": "Which installation this database belongs to.",
    "privacy.SearchChange": "Ids of rows lately written, gone within the hour.",
    "privacy.RegisterVersion": "Versions of the register, published in the notices.",
    "privacy.Act": "Proof of compliance (GDPR art. 5(2)): ids, codes and counts, no value about a person.",
    "privacy.Leaf": "Salted digests of proof rows, which say nothing to who hasn't got the salt.",
    "privacy.LogHead": "The checkpoint last signed: a number and a hash.",
    "privacy.Archived": "Columns of governed rows, which stay under the items they had.",
    "privacy.KeyDestruction": "Ids of keys about to be destroyed.",
    "privacy.RetentionRun": "Counts of rows by activity.",
    "privacy.Restoration": "Restores: names of backups, places in the log, counts.",
    "privacy.Drill": "Drills: counts, and a sealed value of an invented person.",
    "privacy.DroppedCookie": "Names of cookies that nothing declares, and how often they were dropped.",
    "privacy.Person": "Which row of the project's own table of people is which opaque id.",
}

REQUEST = Governed(
    model="privacy.RightsRequest",
    activity="rights_requests",
    items={
        "kind": "kind",
        "channel": "kind",
        "received_at": "dates",
        "due_on": "dates",
        "extended_at": "dates",
        "answered_at": "dates",
        "outcome": "outcome",
        "proof": "proof",
    },
    events={"request_closed": "answered_at"},
    impersonal={"register_version": "Which version of the register the answer was given under."},
)

HOLD = Governed(
    model="privacy.Hold",
    activity="rights_requests",
    items={"activity": "hold", "reason": "hold", "placed_at": "hold", "ends_at": "hold"},
    events={"hold_ended": "ends_at"},
    impersonal={"placed_by": "The opaque id of the member of staff who placed it."},
)

STAFF_ACT = Governed(
    model="privacy.StaffAct",
    activity="staff_acts",
    items={"kind": "act", "author": "act", "at": "date", "reason": "reason"},
    events={"event_recorded": "at"},
)

SWITCH = Governed(
    model="privacy.Switch",
    activity="rights_requests",
    items=dict.fromkeys(
        ["kind", "activity", "ground", "since", "decided_at", "accepted", "override", "lifts_at", "until"],
        "switch",
    ),
    events={"switch_ended": "until"},
)

REQUEST_TEXT = Governed(
    model="privacy.RequestText",
    activity="rights_requests",
    items={"by": "kind", "at": "dates", "text": "words"},
    follows="request",
)

OPENED = ("privacy.erased", "privacy.consent_withdrawn", "privacy.consent_renewed", "privacy.evidence_made")

GOVERNANCE = Governance(
    governed=[REQUEST, HOLD, STAFF_ACT, SWITCH, REQUEST_TEXT],
    impersonal=[Impersonal(model=model, reason=reason) for model, reason in IDS_ONLY.items()],
    evidence=OPENED,
)
