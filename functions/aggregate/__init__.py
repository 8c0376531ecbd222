"""Folds a tenant's local days into blocks."""
