"""Pages on what keeps the promise: keys and drills, backups and restores, the log, evidence."""
