"""The sources that this process knows, and their secrets in plain."""

from collections.abc import Callable
from typing import Final

from functions.ingest.sources.wire_format import Secrets
from shared.metrics.secret_box import SecretBox
from shared.metrics.storage.sources import Source, SourceStore

_LIFE_MS: Final = 60_000
_MAX_OPENED: Final = 10_000


class KnownSources:
    """Finds sources; what was read is trusted for a minute, so that a secret that was revoked is
    accepted for a minute more at most.
    """

    def __init__(self, sources: SourceStore, box: SecretBox, clock: Callable[[], int]) -> None:
        self._sources = sources
        self._box = box
        self._clock = clock
        self._known: dict[str, tuple[int, Source]] = {}
        self._opened: dict[tuple[str, bytes], str] = {}

    def find(self, source_id: str) -> Source | None:
        """A source by its id."""
        now_ms = self._clock()
        read_at_ms, source = self._known.get(source_id, (0, None))
        if source is None or now_ms - read_at_ms > _LIFE_MS:
            source = self._sources.get(source_id)
            if source is not None:
                self._known[source_id] = (now_ms, source)
        return source

    def secrets(self, source: Source) -> Secrets:
        """Its valid secrets in plain. SecretsUnavailableError if they cannot be opened."""
        sealed = source.sealed_secrets(self._clock())
        return Secrets(
            tuple(self._plain(source.source_id, each) for each in sealed), source.settings
        )

    def _plain(self, source_id: str, sealed: bytes) -> str:
        """A secret, which is opened once in the life of a process: what is sealed never changes."""
        plain = self._opened.get((source_id, sealed))
        if plain is None:
            if len(self._opened) >= _MAX_OPENED:
                self._opened.clear()
            plain = self._opened[source_id, sealed] = self._box.open(sealed, source_id)
        return plain
