"""Visits: what the totals say, and whether they may be kept without asking."""
