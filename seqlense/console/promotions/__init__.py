"""Promotions: staff write, start and stop them, and maintain the list of interests."""
