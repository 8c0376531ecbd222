"""The root fields that change something, one kind of thing a file."""
