"""Segments: rules that staff write, how many people meet them, groups that a worker proposes."""
