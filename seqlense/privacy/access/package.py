"""The download: a ZIP of JSON, one file an activity, with a manifest and the schema that describes them."""

import hashlib
import io
import json
import zipfile
from datetime import datetime
from typing import Any
from uuid import UUID

from seqlense.privacy import acts, reach
from seqlense.privacy.access.everything import plain_value, read
from seqlense.privacy.access.held import Access, HeldActivity, HeldItem
from seqlense.privacy.access.schema import FORMAT, SCHEMA
from seqlense.privacy.actor import Actor
from seqlense.register import Text


def package(subject: UUID, *, actor: Actor, now: datetime) -> bytes:
    """All that is held about a person as a ZIP (GDPR art. 15(3), 20), and the proof that it was made."""
    with reach.maintenance():
        access = read(subject, now=now)
        acts.record(
            "privacy.packaged", actor=actor, now=now, subject=subject, activities=len(access.activities)
        )
    return zipped(access)


def zipped(access: Access) -> bytes:
    """An access as the ZIP's bytes: manifest.json, schema.json and activities/ID.json."""
    files = {f"activities/{held.activity.id}.json": _json(_activity(held)) for held in access.activities}
    files["schema.json"] = _json(SCHEMA)
    manifest = {
        "format": FORMAT,
        "subject": str(access.subject),
        "created": access.at.isoformat(),
        "register_version": access.register_version,
        "files": [
            {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in files.items()
        ],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("manifest.json", _json(manifest))
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain_value).encode()


def _activity(held: HeldActivity) -> dict[str, Any]:
    activity = held.activity
    return {
        "id": activity.id,
        "title": _text(activity.title),
        "purpose": _text(activity.purpose),
        "basis": {"article": activity.basis.article, "ground": activity.basis.ground.value},
        "recipients": [{"id": one.id, "name": _text(one.name)} for one in held.recipients],
        "items": [_item(one) for one in held.items],
    }


def _item(held: HeldItem) -> dict[str, Any]:
    days = {one.until: one.until.isoformat() if one.until else None for one in held.values}
    return {
        "key": held.item.key,
        "label": _text(held.item.label),
        "category": held.item.category.value,
        "retention": [
            {
                "event": rule.event,
                "label": _text(rule.event_label),
                "after": str(rule.after),
                "then": rule.then.value,
            }
            for rule in held.rules
        ],
        "values": [
            {
                "value": one.value,
                "row": one.row,
                "until": days[one.until],
                "archived": one.archived,
                "withheld": one.withheld,
            }
            for one in held.values
        ],
    }


def _text(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}
