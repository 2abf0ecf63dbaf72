"""News of spaces for the apps above, and what they are asked for."""

from django.dispatch import Signal

# `user`, `space`: sent within the transaction in which the membership ended.
membership_ended = Signal()

# `membership`: its role is another one now; sent within the transaction, after the row was saved.
membership_changed = Signal()

# `channel`: its name, topic or maximum is another one now; sent within the transaction.
channel_changed = Signal()

# `channel`: sent within the transaction, before the row is deleted.
channel_deleting = Signal()

# `space`: sent within the transaction, before the row and all that is in it is deleted.
space_deleting = Signal()

# `space`, `user`: receivers return what the page of the space shows of theirs, as plain values:
# {"faces": {channel id: [person]}, "live": [session], "where": {user id: name of the place},
# "unread": {channel id: {"unread": bool, "mentions": how many}}}.
sidebar_assembling = Signal()

# `channel`, `membership`, `user`: receivers return what the page of a text channel begins with, as plain
# values that become JSON, each under a name of its own: {"chat": {…}}.
channel_page_assembling = Signal()
