"""The views: pure functions from day arrays to answers."""
