"""Several modules together, and what is built from them."""
