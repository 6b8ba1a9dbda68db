"""The pages of organisations: yours, their members, invitations, settings, ownership, and their end."""
