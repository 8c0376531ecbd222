"""A file of rows, plain or gzip, read line by line in bounded memory."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import Final

from shared.metrics.domain.errors import BadInputError

MAX_LINE: Final = 1_000_000
"""Characters. A longer line is cut and its row turned away, so that no file fills the memory."""

_GZIP_MAGIC: Final = b"\x1f\x8b"
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_BUFFER: Final = 1 << 17
_DAMAGE: Final = (EOFError, zlib.error, gzip.BadGzipFile)
_JSON_SUFFIXES: Final = frozenset({".jsonl", ".ndjson", ".json"})


class DamagedFileError(BadInputError):
    """The file ends or breaks off where it should not."""


class RowFile:
    """An open file. `is_json` says whether it has JSON lines rather than CSV."""

    def __init__(
        self,
        path: Path,
        raw: io.BufferedReader,
        plain: io.BufferedReader | gzip.GzipFile,
    ) -> None:
        try:
            head = plain.peek(_BUFFER)
        except _DAMAGE as error:
            raise DamagedFileError(f"{path} is cut off or damaged: {error}") from None
        self.path = path
        self.is_json = _looks_like_json(path, head)
        self._raw = raw
        _check(path, head)
        if head.startswith(_UTF8_MARK):
            plain.read(len(_UTF8_MARK))
        # Bytes that are not UTF-8 pass through, and are found in the rows they spoil.
        self.text = io.TextIOWrapper(
            plain,
            encoding="utf-8",
            errors="surrogateescape",
            newline="\n" if self.is_json else "",
        )

    def size(self) -> int | None:
        """Bytes of the file as it is stored; None if that is not known, as of a pipe."""
        status = self.path.stat()
        return status.st_size if S_ISREG(status.st_mode) else None

    def position(self) -> int:
        """How many of these bytes have been read."""
        return self._raw.tell() if self._raw.seekable() else 0


@contextmanager
def opened(path: Path) -> Iterator[RowFile]:
    """Open a file of rows; BadInputError if it is none."""
    with _opened(path) as raw:
        if raw.peek(len(_GZIP_MAGIC))[:2] != _GZIP_MAGIC:
            yield RowFile(path, raw, raw)
            return
        with gzip.GzipFile(fileobj=raw) as inflated:
            yield RowFile(path, raw, inflated)


class Lines:
    """The lines of a file. `taken` are those since it was last cleared: the original of a row."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.taken: list[str] = []
        self.was_cut = False

    def __iter__(self) -> Iterator[str]:
        take = self.taken.append
        try:
            for line in iter(partial(self._text.readline, MAX_LINE), ""):
                if len(line) == MAX_LINE and not line.endswith("\n"):
                    self._skip_rest()
                take(line)
                yield line
        except _DAMAGE as error:
            raise DamagedFileError(f"the file is cut off or damaged: {error}") from None

    def clear(self) -> None:
        """Begin the next row."""
        self.taken.clear()
        self.was_cut = False

    def _skip_rest(self) -> None:
        self.was_cut = True
        more = self._text.readline(MAX_LINE)
        while more and not more.endswith("\n"):
            more = self._text.readline(MAX_LINE)


def _opened(path: Path) -> io.BufferedReader:
    try:
        return io.BufferedReader(io.FileIO(path), _BUFFER)
    except OSError as error:
        message = f"the file {path} cannot be read: {error.strerror}"
        raise BadInputError(message) from None


def _looks_like_json(path: Path, head: bytes) -> bool:
    plain_name = path.with_suffix("") if path.suffix == ".gz" else path
    if plain_name.suffix.lower() in _JSON_SUFFIXES:
        return True
    return head.removeprefix(_UTF8_MARK).lstrip()[:1] in (b"{", b"[")


def _check(path: Path, head: bytes) -> None:
    if not head.removeprefix(_UTF8_MARK).strip():
        raise BadInputError(f"{path} is empty")
    if head.startswith(_UTF16_MARKS):
        raise BadInputError(f"{path} is UTF-16; save it as UTF-8")
    if b"\0" in head:
        raise BadInputError(f"{path} is neither CSV nor JSON lines: it holds binary data")
    if head.removeprefix(_UTF8_MARK).lstrip()[:1] == b"[":
        raise BadInputError(f"{path} is a JSON array; give one JSON object a line")
