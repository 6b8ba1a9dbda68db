"""What a proof proves and what it can't, in French and English: its reader may have only the file."""

import functools
from collections.abc import Mapping
from pathlib import Path

import yaml

TEXTS = Path(__file__).with_name("explanation.yaml")


@functools.cache
def explanation() -> Mapping[str, tuple[str, ...]]:
    """By language, in paragraphs."""
    read = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return {language: tuple(said) for language, said in read.items()}
