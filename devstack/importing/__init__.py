"""Imports a file of rows as events, through the ingest function."""
