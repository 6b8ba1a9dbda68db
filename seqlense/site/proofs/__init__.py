"""Proofs for people: one file for each request, a page that explains it, and the script that checks it."""
