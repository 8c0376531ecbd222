"""The answers of views as tables: one file for each table of a dashboard."""
