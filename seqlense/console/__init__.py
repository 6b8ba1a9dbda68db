"""The staff's and the data-protection officer's screens."""
