"""Tasks of the assembly: they work by opaque ids, for every activity alike."""

from seqlense.privacy.governance import Governance

GOVERNANCE = Governance(
    tasks={"privacy.lift_limits": "rights_requests", "notices.tell": "notices"}
    | dict.fromkeys(
        [
            *("privacy.destroy_keys", "privacy.sweep", "privacy.rotate_keys", "privacy.stamp"),
            *("privacy.back_up", "privacy.back_up_keys", "project.resume"),
            "consent.picture",
        ],
        "",
    )
)
