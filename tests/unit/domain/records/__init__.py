"""Records, their history, and money."""
