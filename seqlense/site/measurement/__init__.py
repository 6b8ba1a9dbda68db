"""Counting pages seen, and not counting who objects."""
