"""Campaigns: written, looked at, tried out, sent at a set rate, stopped and continued."""
