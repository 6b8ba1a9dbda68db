"""Pages of one's own account: opening it, signing in, its safety, its settings, closing it."""
