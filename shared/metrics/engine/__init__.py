"""Array programs that turn events into blocks and blocks into answers."""
