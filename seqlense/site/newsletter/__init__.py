"""Subscribing, and choosing what one receives, without an account or with one."""
