"""Sharing and linked accounts of social networks, at the person's own wish."""
