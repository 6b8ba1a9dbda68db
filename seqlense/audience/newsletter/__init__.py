"""News and offers for those who want them, and nobody else."""
