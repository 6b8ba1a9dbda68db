"""One module an organ; each has `examine(now)`, which yields findings. Adding one edits no list.

`NEEDS_DATABASE` of a module says that there is nothing to look at while the database is away.
"""
