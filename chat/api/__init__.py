"""The API of what is written."""
