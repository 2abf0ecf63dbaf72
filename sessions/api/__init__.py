"""The API of `sessions`: sessions and their people, what a space has of them, LiveKit's webhook."""
