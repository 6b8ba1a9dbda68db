"""A room for tests: it declares messages as any room does."""
