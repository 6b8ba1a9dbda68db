"""Requests that people send: the inbox, and one request with all that was said."""
