"""A process that posts a campaign's batches: python -m tests.audience.newsletter.sender CAMPAIGN [--hang]

With --hang it stops in the middle of a batch, says so, and waits to be killed.
"""

import sys
import time
from typing import Any
from uuid import UUID

import django


def main() -> None:
    django.setup()
    from seqlense import mailing
    from seqlense.audience.newsletter import sending
    from seqlense.kit import clock
    from seqlense.mailing import many

    whole = many.post_many

    def half(template: str, parcels: list[Any], **more: Any) -> None:
        whole(template, parcels[: len(parcels) // 2], **more)
        print("hanging", flush=True)  # noqa: T201
        time.sleep(600)

    if "--hang" in sys.argv:
        mailing.post_many = half  # type: ignore[assignment]  # as if the machine stopped just then
    sending.post_batch(UUID(sys.argv[1]), now=clock.now())


if __name__ == "__main__":
    main()
