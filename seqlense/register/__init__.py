"""The register of processing activities: its schema, its loading, what a DPO would say of it, its exports.

Plain Python: usable, like `seqlense.privacy`, by any project. `docs/register.md` describes the files.
"""

from seqlense.register.loading import load
from seqlense.register.problems import Problem, RegisterError
from seqlense.register.register import Register
from seqlense.register.schema import (
    OWN_SERVERS,
    Activity,
    Basis,
    Controller,
    Cookie,
    DataItem,
    Reach,
    Recipient,
    RetentionRule,
    Transfer,
)
from seqlense.register.text import Language, Text
from seqlense.register.vocabulary import (
    Automated,
    Category,
    Exemption,
    Ground,
    Protection,
    RecipientKind,
    Role,
    Source,
    Status,
    Storage,
    Then,
)

__all__ = [
    "OWN_SERVERS",
    "Activity",
    "Automated",
    "Basis",
    "Category",
    "Controller",
    "Cookie",
    "DataItem",
    "Exemption",
    "Ground",
    "Language",
    "Problem",
    "Protection",
    "Reach",
    "Recipient",
    "RecipientKind",
    "Register",
    "RegisterError",
    "RetentionRule",
    "Role",
    "Source",
    "Status",
    "Storage",
    "Text",
    "Then",
    "Transfer",
    "load",
]
