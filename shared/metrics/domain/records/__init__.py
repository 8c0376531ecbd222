"""Records of the CRM as of any instant, from the history of their changes."""
