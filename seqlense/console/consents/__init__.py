"""Consents: figures for the staff; receipts found, exported and proven by the data-protection officer."""
