"""How many statements the pages make that list things: as many for much as for little.

    python -m bench.pages [--rows 300]

The promise: the number doesn't grow with rows.
"""

import argparse
import sys
from datetime import timedelta

from bench.product import Visitor, organisation, person, product, signed_in
from bench.report import Result, holds, report
from bench.requests import queries, request
from seqlense.kit.clock import now

FULL = ("--rows 300",)
QUICK = ("--rows 12",)
FEW = 3
MINE = ("/fr/home/", "/fr/my-data/", "/fr/my-data/requests/", "/fr/organisations/", "/fr/security/")
STAFFS = (
    "/fr/console/",
    "/fr/console/accounts/",
    "/fr/console/organisations/",
    "/fr/console/retention/",
    "/fr/console/holds/",
    "/fr/console/health/",
    "/fr/console/audit/",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300)
    rows = parser.parse_args().rows
    with product():
        ada, paul = signed_in(person(0)), _administrator()
        _add(ada, FEW, first=10)
        few = _counts(ada, paul)
        _add(ada, rows, first=100)
        many = _counts(ada, paul)
    return report([_result(path, few[path], many[path], rows) for path in few])


def _result(path: str, few: int, many: int, rows: int) -> Result:
    value = f"{few} with {FEW} rows, {many} with {FEW + rows}"
    return holds(path.removeprefix("/fr"), many <= few, value, "doesn't grow")


def _counts(ada: Visitor, paul: Visitor) -> dict[str, int]:
    from seqlense.project.wsgi import application

    asked = [(path, ada) for path in MINE] + [(path, paul) for path in STAFFS]
    return {path: queries(application, request(path, visitor)) for path, visitor in asked}


def _administrator() -> Visitor:
    from seqlense.accounts import staff
    from seqlense.accounts.models import CodeGenerator
    from seqlense.privacy.actor import Actor

    account, moment = person(1, password="a password for measuring"), now()  # noqa: S106 (nobody else's)
    CodeGenerator.objects.create(
        subject_id=account.subject_id,
        account=account,
        secret="JBSWY3DPEHPK3PXP",  # noqa: S106
        created_at=moment,
        confirmed_at=moment,
    )
    staff.grant(account, staff.Role.PLATFORM_ADMINISTRATOR, actor=Actor.system("bench"), now=now())
    staff.grant(account, staff.Role.DATA_PROTECTION_OFFICER, actor=Actor.system("bench"), now=now())
    return signed_in(account, strong=True)


def _add(visitor: Visitor, rows: int, *, first: int) -> None:
    """Events, requests, acts and organisations, as a person gathers them; as many other accounts."""
    from seqlense.accounts.models import SecurityEvent
    from seqlense.privacy import requests
    from seqlense.privacy.actor import Actor
    from seqlense.privacy.models import RightsRequest

    account, moment = visitor.account, now()
    SecurityEvent.objects.bulk_create(
        SecurityEvent(
            subject_id=account.subject_id,
            account=account,
            kind="signed_in",
            at=moment - timedelta(hours=number),
            device="Firefox, Linux",
        )
        for number in range(rows)
    )
    for number in range(rows):
        requests.receive(
            account.subject_id, RightsRequest.Kind.ACCESS, actor=Actor.person(account.subject_id), now=moment
        )
        if number % 5 == 0:
            owner = person(first + number)
            organisation(owner, 1, f"Atelier {first + number}", first=first + number + 1, also=[account])


if __name__ == "__main__":
    sys.exit(main())
