"""What stops a search before it begins. No message repeats a marker."""

from seqlense.privacy.errors import PrivacyError


class ResidueError(PrivacyError):
    """Root of this package's errors."""

    code = "residue"


class NoMarkers(ResidueError):
    """There is nothing to look for."""

    code = "residue.no-markers"


class MarkerTooShort(ResidueError):
    """A marker of fewer than `markers.SHORTEST` characters would be found everywhere by chance.

    number: which one, counted from 1.
    """

    code = "residue.marker-too-short"

    def __init__(self, number: int) -> None:
        super().__init__(f"marker {number} is too short")
        self.number = number


class NotAMarkerFile(ResidueError):
    """A file of markers that is neither text, one marker a line, nor a sealed one that is whole."""

    code = "residue.not-a-marker-file"


class WrongPassphrase(ResidueError):
    """A sealed file of markers doesn't open: another passphrase, or altered."""

    code = "residue.wrong-passphrase"


class WeakPassphrase(ResidueError):
    """A passphrase of fewer than `sealed_file.PASSPHRASE` characters."""

    code = "residue.weak-passphrase"
