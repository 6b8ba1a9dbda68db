"""Everything that reaches out to people or learns from many of them, a section each."""
