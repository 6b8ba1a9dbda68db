"""Where a person lands after signing in."""
