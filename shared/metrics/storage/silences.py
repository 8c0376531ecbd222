"""The days on which sources were silent against their own rhythm, as the sweep has found them.

One small item of a tenant, which a warm process reads once a minute: answers ask for it each time.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import msgspec

from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store

MAX_DAYS: Final = 400
"""Days kept of a source; the last ones."""

_LIFE_MS: Final = 60_000
_decoder = msgspec.json.Decoder(dict[str, list[date]])


class Silences:
    """The silences of one tenant and generation. A late event may fill a day: who asks looks."""

    def __init__(
        self, store: Store, tenant: str, generation: int, clock: Callable[[], int]
    ) -> None:
        """`clock` tells milliseconds UTC."""
        self._store = store
        self._key = keys.silences_key(tenant, generation)
        self._clock = clock
        self._read_at_ms: int | None = None
        self._known: Mapping[str, frozenset[date]] = {}

    def by_source(self) -> Mapping[str, frozenset[date]]:
        """The days by source; of none without one."""
        now_ms = self._clock()
        if self._read_at_ms is None or now_ms - self._read_at_ms > _LIFE_MS:
            self._known = {name: frozenset(days) for name, days in self._stored().items()}
            self._read_at_ms = now_ms
        return self._known

    def note(self, found: Mapping[str, list[date]], since: date) -> None:
        """Replace what was found of the days since one; those before stay as they were found."""
        stored = self._stored()
        after = {}
        for name in sorted(stored.keys() | found.keys()):
            earlier = [day for day in stored.get(name, []) if day < since]
            days = [*earlier, *found.get(name, [])][-MAX_DAYS:]
            if days:
                after[name] = days
        if after != stored:
            self._store.put_many([Item(self._key, msgspec.json.encode(after))])

    def _stored(self) -> dict[str, list[date]]:
        item = self._store.get(self._key)
        return {} if item is None else _decoder.decode(item.body)
