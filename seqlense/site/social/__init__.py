"""Linked accounts of other networks, and links for sharing a page."""
