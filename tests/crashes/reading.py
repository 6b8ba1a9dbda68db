"""Opens everything sealed that is left, as the product does, and tells it as JSON on its output.

    python -m tests.crashes.reading

`accounts`: subject → [e-mail, name]. `unreadable`: sealed values that no key opens. `leads`: e-mail →
subject. `backups`: name → what is wrong with it.
"""

import json
import os
import sys

import django


def _backups() -> dict[str, str]:
    from seqlense.privacy import backups
    from seqlense.privacy.errors import PrivacyError

    found = {}
    for one in backups.everything():
        try:
            backups.verify(one.name)
        except PrivacyError as wrong:
            found[one.name] = wrong.code
        else:
            found[one.name] = ""
    return found


def read() -> dict[str, object]:
    from django.apps import apps

    from seqlense.accounts.models import Account
    from seqlense.privacy import reach, subjects
    from seqlense.privacy.errors import Erased, SealBroken
    from seqlense.privacy.rows import SubjectRow, sealed_fields

    unreadable: list[str] = []
    with reach.maintenance():
        for model in apps.get_models():
            if not issubclass(model, SubjectRow):
                continue
            for row in model.objects.all():
                for one in sealed_fields(model):
                    try:
                        getattr(row, one.attname)
                    except (Erased, SealBroken) as error:
                        unreadable.append(f"{one} of {row.pk}: {type(error).__name__}")
        accounts = {str(one.subject_id): [one.email, one.name] for one in Account.objects.all()}
        leads = {email: str(subjects.find("email", email)) for email, _ in accounts.values()}
    return {"backups": _backups(), "accounts": accounts, "unreadable": unreadable, "leads": leads}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seqlense.project.settings")
    django.setup()
    json.dump(read(), sys.stdout)
