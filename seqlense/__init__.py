"""Seqlense: a customer platform whose register of processing activities is executable."""
