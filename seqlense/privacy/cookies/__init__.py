"""Cookies: cookies.yaml says what they are called and how they are set; nothing else does.

`put` and `drop` take every attribute from the declaration, `read` finds the cookie under the name that it has
on this site. The middleware `enforcing.enforced` lets no other cookie out.
"""

from seqlense.privacy.cookies.declared import Undeclared, ends, name_here, put, read
from seqlense.privacy.cookies.declared import removed as drop
from seqlense.privacy.cookies.dropped import alarms

__all__ = ["Undeclared", "alarms", "drop", "ends", "name_here", "put", "read"]
