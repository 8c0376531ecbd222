"""Finds the module of a wire format, which is imported when its first request comes.

There are many, and a function that takes one of them should not start with all.
"""

from importlib import import_module
from typing import Final, cast

from functions.ingest.sources.wire_format import KeyedFormat, SignedFormat, WireFormat
from shared.metrics.domain.source_kinds import SourceKind

NATIVE_KINDS: Final = frozenset({SourceKind.NATIVE, SourceKind.FILE})
"""Those of our own format (`sources/native.py`), which is read without a mapping."""


def wire_format(kind: SourceKind) -> WireFormat:
    """The format of a kind."""
    return cast("WireFormat", _module(kind))


def signed_format(kind: SourceKind) -> SignedFormat:
    """The format of a kind whose requests are signed, or carry a secret."""
    return cast("SignedFormat", _module(kind))


def keyed_format(kind: SourceKind) -> KeyedFormat:
    """The format of a kind whose requests carry a write key."""
    return cast("KeyedFormat", _module(kind))


def _module(kind: SourceKind) -> object:
    return import_module(f"functions.ingest.sources.{kind.value.replace('-', '_')}")
