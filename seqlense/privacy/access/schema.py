"""JSON Schema of the files in a download, shipped in it."""

from typing import Any

FORMAT = "seqlense-access/1"

_TEXT = {
    "type": "object",
    "properties": {"fr": {"type": "string"}, "en": {"type": "string"}},
    "required": ["fr", "en"],
}
_VALUE = {
    "type": "object",
    "properties": {
        "value": {},
        "row": {"type": "string", "description": "Values with the same row belong together."},
        "until": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "When it goes; null while nothing that the period counts from has happened.",
        },
        "archived": {"type": "boolean", "description": "Kept out of ordinary reach."},
        "withheld": {"type": "boolean", "description": "A secret: it is held, and its value is left out."},
    },
    "required": ["value", "row", "until", "archived", "withheld"],
}
_RULE = {
    "type": "object",
    "properties": {
        "event": {"type": "string"},
        "label": {"$ref": "#/$defs/text"},
        "after": {"type": "string", "description": "ISO 8601 period counted from the event."},
        "then": {"enum": ["erase", "archive"]},
    },
    "required": ["event", "label", "after", "then"],
}
_ITEM = {
    "type": "object",
    "properties": {
        "key": {"type": "string"},
        "label": {"$ref": "#/$defs/text"},
        "category": {"type": "string"},
        "retention": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        "values": {"type": "array", "items": {"$ref": "#/$defs/value"}},
    },
    "required": ["key", "label", "category", "retention", "values"],
}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": FORMAT,
    "title": "One activity of a person's data",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "title": {"$ref": "#/$defs/text"},
        "purpose": {"$ref": "#/$defs/text"},
        "basis": {
            "type": "object",
            "properties": {"article": {"type": "string"}, "ground": {"type": "string"}},
            "required": ["article", "ground"],
        },
        "recipients": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "name": {"$ref": "#/$defs/text"}},
                "required": ["id", "name"],
            },
        },
        "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
    },
    "required": ["id", "title", "purpose", "basis", "recipients", "items"],
    "$defs": {"text": _TEXT, "value": _VALUE, "rule": _RULE, "item": _ITEM},
}
