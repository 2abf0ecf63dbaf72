"""The media server of `make run`: how the LiveKit program is found, fetched, built and configured."""
