"""News of sessions, for the apps above."""

from django.dispatch import Signal

# session: Session. Sent once, within the transaction that ended it.
session_ended = Signal()
