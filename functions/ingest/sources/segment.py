"""Segment's SDKs: what they send is in `calls.py`."""

from functions.ingest.sources.calls import answer, key_of, parse

__all__ = ["answer", "key_of", "parse"]
