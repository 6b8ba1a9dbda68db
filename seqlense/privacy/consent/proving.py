"""The proof of a receipt: its entry of the log, and the way from there to a signed checkpoint."""

from datetime import datetime
from uuid import UUID

from seqlense.privacy.consent import keeping
from seqlense.privacy.log import proving
from seqlense.privacy.proofs import building
from seqlense.privacy.proofs.errors import NothingToProve
from seqlense.privacy.proofs.proof_file import ProofFile


def proof_of(*receipts: UUID, now: datetime) -> ProofFile:
    """A file that outsiders can verify: what these receipts say, and that nobody changed them since.

    Raises NothingToProve where a receipt isn't kept any more, NotSealed within the first second, LogDamaged.
    """
    proven = []
    for receipt in receipts:
        found = keeping.content(receipt)
        if found is None:
            raise NothingToProve("There is no such receipt, or none any more.")
        text, salt = found
        proven.append(proving.proof_of_leaf(receipt, content=text, salt=salt))
    return building.file_of_proven(proven, now=now)
