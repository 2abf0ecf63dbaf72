"""Everything said in writing: the chat of a session, kept for hours, and text channels, kept for good."""
