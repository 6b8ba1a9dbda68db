"""Files as an upload would bring them."""

from seqlense.documents.arriving import Arrived, Arriving
from seqlense.documents.examining import examine


def received(name: str, content: bytes) -> Arrived:
    """A file that came and was examined. Raises FileRefused."""
    arriving = Arriving()
    arriving.write(content)
    whole = arriving.whole()
    try:
        called, kind = examine(whole, name)
    except Exception:
        arriving.drop()
        raise
    return Arrived(arriving, whole, name=called, kind=kind)
