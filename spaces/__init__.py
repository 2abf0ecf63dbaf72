"""Spaces: their members, invitations, channels and news."""
