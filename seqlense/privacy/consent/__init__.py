"""Consent as a fact with a proof: asked fairly, given by a clear act, withdrawn as easily (GDPR art. 7)."""
