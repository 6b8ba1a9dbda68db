"""People who sign in: their account, the proofs that it is they, and how they leave."""
