"""News of sessions, for the apps above."""

from django.dispatch import Signal

# session: Session. Sent once, within the transaction that ended it.
session_ended = Signal()

# session: Session, code, params (see services/announcements.py). Sent after the commit of what is told.
announced = Signal()

# session: Session. Sent within the transaction, before the row and everything of it is deleted.
session_deleting = Signal()

# session: Session. A receiver returns a dict of what its app knows of it, by name: values of JSON alone
# ({"messages": 12}). Names belong to the app. What fails, or is no such dict, is logged and left out.
statistics_assembling = Signal()
