"""People: users with an account, guests without one, and who is asking."""
