"""How marked units become published ones."""
