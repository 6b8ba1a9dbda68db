"""A proof row written by the very statement whose work it proves, with the rows that this counted."""

import secrets
from typing import Any
from uuid import UUID

from seqlense.kit.identifiers import uuid7
from seqlense.privacy.actor import Actor
from seqlense.privacy.log import openings


def proof(kind: str, rows: str, source: str = "", at: str = "%(now)s") -> str:
    """INSERT of a proof row. rows: expression of how many; source: FROM and WHERE that it may need.

    at: expression of when it is done.
    """
    return (
        "insert into privacy_act "
        "(id, at, kind, actor_kind, actor_part, actor_subject, subject, register_version, detail, "
        "salt, opening) "
        f"select %(proof)s::uuid, {at}, '{kind}', %(actor)s, %(part)s, %(by)s::uuid, %(about)s::uuid, "
        f"%(version)s, %(detail)s::jsonb || jsonb_build_object('rows', {rows}), "
        f"%(salt)s::bytea, %(opening)s::bytea {source}"
    )


def parameters(actor: Actor, *, version: str, detail: str, about: UUID | None = None) -> dict[str, Any]:
    """Values for it. detail: JSON, without personal data.

    The salt of an act about somebody stays nowhere in the row: the statement deletes that person's data.
    """
    return {
        "proof": uuid7(),
        "actor": actor.kind,
        "part": actor.part,
        "by": actor.subject,
        "about": about,
        "version": version,
        "detail": detail,
        "salt": secrets.token_bytes(openings.SALT_BYTES),
        "opening": None if about is None else openings.NOWHERE,
    }
