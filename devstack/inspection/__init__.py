"""Shows packs and blocks in readable form."""
