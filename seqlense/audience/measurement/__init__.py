"""Visits counted on the company's own pages, for its own statistics."""
