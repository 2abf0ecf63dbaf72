"""Calls: sessions, the people in them, and LiveKit, which carries their media."""
