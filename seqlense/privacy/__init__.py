"""The register, run: subjects, keys, governed models, retention, rights, proofs."""
