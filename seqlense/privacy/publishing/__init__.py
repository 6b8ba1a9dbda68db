"""Versions of the notices: published, dated, told to those whom the difference concerns."""
