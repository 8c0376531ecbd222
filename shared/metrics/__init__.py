"""The metrics: domain, columnar form, storage, engine."""
