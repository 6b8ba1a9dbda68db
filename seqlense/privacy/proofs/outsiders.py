"""The verifier that outsiders run: one file, shipped with the product, importing nothing of it."""

from pathlib import Path
from typing import Final

NAME: Final = "verify_proofs.py"
PLACES: Final = (Path(__file__).with_name(NAME), Path(__file__).resolve().parents[3] / "tools" / NAME)
"""In an installed package beside this module, in a working tree in `tools/`."""


def script() -> Path:
    """Where it lies."""
    return next(place for place in PLACES if place.is_file())
