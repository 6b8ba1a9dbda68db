"""One module a command; each binds `command`. Adding one edits no list."""
