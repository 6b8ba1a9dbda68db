"""Published versions of the notices: read, compared, answered."""
