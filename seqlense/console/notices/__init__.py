"""The notices: what runs and isn't published, whom it concerns, and publishing it."""
