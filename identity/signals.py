"""News of people for the apps above."""

from django.dispatch import Signal

# `user`: may log in no more; sent within the transaction.
user_disabled = Signal()

# `user`: has ended all their login sessions, and may log in again; sent within the transaction.
user_logged_out_everywhere = Signal()

# `user`, `credential_hashes`: who was a guest by these credentials has just logged in as this user.
guest_became_user = Signal()

# `user`: is called or looks different from now on; sent within the transaction.
profile_changed = Signal()
