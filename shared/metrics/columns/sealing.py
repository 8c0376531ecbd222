"""The outer form of every pack and block: a version byte, then one zstd frame (docs/data-model.md).

Importable without numpy, because ingest writes packs.
"""

import threading
from typing import Final

import zstandard

FORMAT_VERSION: Final = 1
_LEVEL: Final = 3


class UnknownFormatError(ValueError):
    """A stored body has a version byte that this program cannot read."""


class _Codecs(threading.local):
    """Contexts are reused, because making one costs more than a small frame; not thread-safe."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


_codecs = _Codecs()


def seal(payload: bytes) -> bytes:
    """Compress a payload and put the format version before it."""
    return bytes((FORMAT_VERSION,)) + _codecs.compressor.compress(payload)


def unseal(body: bytes) -> bytes:
    """The payload of a sealed body; UnknownFormatError if a newer program wrote it."""
    if not body or body[0] != FORMAT_VERSION:
        found = body[0] if body else "none"
        message = f"unknown format version {found}; this program reads version {FORMAT_VERSION}"
        raise UnknownFormatError(message)
    return _codecs.decompressor.decompress(memoryview(body)[1:])
