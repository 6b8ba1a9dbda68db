"""Files of people, encrypted under their own keys and gone with them.

A room that keeps files derives a table from `models.Document` and maps it in its `governance.py`. Its view
is marked `receiving.takes_files`, so that what comes is sealed from the first byte and looked into
(`examining`); `receiving.files_of` says what arrived and what was refused. Its verb calls `keeping.keep`
for each, in its own transaction. `handing_out.response` gives one back to a browser, `keeping.opened` to
code, `keeping.remove` takes one away. Erasure, retention, holds, backups and the person's copy need nothing
more: they follow the row.
"""
