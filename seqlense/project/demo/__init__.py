"""Believable people and organisations for a first look: development only, the same ones each time.

`python -m seqlense.project.demo` plants them into an empty installation and prints who can sign in;
`python -m seqlense.project.demo codes` prints the codes that staff must give when they sign in.
Addresses end in `.example`, which belongs to nobody (RFC 2606).
"""
