"""The command `seqlense`. Exit codes: 0 all is well, 1 something was found, 2 wrong usage, 3 out of reach."""

from seqlense.project.cli.entry import main

__all__ = ["main"]
