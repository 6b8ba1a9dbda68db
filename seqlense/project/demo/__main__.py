"""Plant the demo data, or print the codes of its staff."""

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """`codes`, or nothing. Refuses where the installation isn't for development, or isn't empty."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
    from seqlense.kit import clock

    if list(arguments) == ["codes"]:
        return _codes(clock.now().timestamp())
    if arguments:
        sys.stderr.write("python -m seqlense.project.demo [codes]\n")
        return 2
    import django
    from django.conf import settings

    django.setup()
    from seqlense.accounts.models import Account
    from seqlense.project.demo import upkeep
    from seqlense.project.demo.planting import plant
    from seqlense.project.demo.signs import SIGN_INS

    if settings.SEQLENSE_MODE == "production":
        sys.stderr.write("Demo data has passwords that everybody knows: not in production.\n")
        return 2
    if Account.objects.exists():
        sys.stderr.write("There are accounts already: demo data goes into an empty installation.\n")
        return 1
    plant(now=clock.now())
    upkeep.keep(now=clock.now())
    for who, email, password in SIGN_INS:
        sys.stdout.write(f"{who:<34} {email:<38} {password}\n")
    return 0


def _codes(at: float) -> int:
    import pyotp

    from seqlense.project.demo.signs import CODE_SECRET

    generator = pyotp.TOTP(CODE_SECRET)
    left = generator.interval - int(at) % generator.interval
    sys.stdout.write(
        f"{generator.at(int(at))}  for Paul and Odile, {left} seconds left; each code counts once\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
