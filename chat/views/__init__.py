"""Pages of `chat`."""
