"""Tenants: organisations, their members and roles, invitations, ownership.

Everything else a tenant owns hangs on it.
"""
