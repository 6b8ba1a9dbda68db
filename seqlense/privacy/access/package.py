"""The download: a ZIP of JSON, one file an activity, with a manifest and the schema that describes them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from seqlense.privacy import acts, reach
from seqlense.privacy.access.everything import plain_value, read
from seqlense.privacy.access.files import HeldFile, NotReadable, files_of
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
        closed = {held.activity.id for held in access.activities if held.closed}
        return zipped(access, [one for one in files_of(subject) if one.item.split(".")[0] not in closed])


def zipped(access: Access, held_files: Iterable[HeldFile] = ()) -> bytes:
    """An access as the ZIP's bytes: manifest.json, schema.json, activities/ID.json and the files themselves.

    A file that can't be read is named in the manifest, with the code that says why.
    """
    files = {f"activities/{held.activity.id}.json": _json(_activity(held)) for held in access.activities}
    files["schema.json"] = _json(SCHEMA)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        given = [_added(archive, one) for one in held_files]
        _described(archive, access, files, given)
    return packed.getvalue()


def _described(
    archive: zipfile.ZipFile, access: Access, files: dict[str, bytes], given: list[dict[str, Any]]
) -> None:
    manifest = {
        "format": FORMAT,
        "subject": str(access.subject),
        "created": access.at.isoformat(),
        "register_version": access.register_version,
        "files": [
            {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for path, content in files.items()
        ]
        + [one for one in given if "sha256" in one],
    }
    if missing := [one for one in given if "sha256" not in one]:
        manifest["unreadable"] = missing
    archive.writestr("manifest.json", _json(manifest))
    for path, content in files.items():
        archive.writestr(path, content)


def _added(archive: zipfile.ZipFile, held: HeldFile) -> dict[str, Any]:
    """The file in the archive, and its line of the manifest. It is read to its end before it is given."""
    digest, content = hashlib.sha256(), io.BytesIO()
    try:
        for piece in held.pieces():
            digest.update(piece)
            content.write(piece)
    except NotReadable as refused:
        return {"path": held.path, "item": held.item, "row": held.row, "code": refused.code}
    archive.writestr(held.path, content.getbuffer())
    return {
        "path": held.path,
        "bytes": content.tell(),
        "sha256": digest.hexdigest(),
        "item": held.item,
        "row": held.row,
    }


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
