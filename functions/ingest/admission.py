"""What every event must satisfy whatever format it came in, and the id that it gets."""

from typing import Final

from functions.ingest.rows import Reason, RowError
from shared.metrics.domain.events import (
    ActorKind,
    Event,
    Signal,
    event_id_from_content,
    event_ids_from_senders,
)
from shared.metrics.domain.periods import LocalCalendar, from_milliseconds
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import Tenant

MAX_AHEAD_MS: Final = 5 * 60 * 1000
MAX_ID_BYTES: Final = 1_024
MAX_CONTEXT_BYTES: Final = 32_768
_NO_ID: Final = b""
_SURELY_SHORT: Final = MAX_ID_BYTES // 4
"""Characters that cannot take more than any limit in UTF-8, even all in one text."""


class Admission:
    """Admits the events of one delivery, which was received at `received_ms` (UTC)."""

    def __init__(
        self, source: Source, tenant: Tenant, calendar: LocalCalendar, received_ms: int
    ) -> None:
        self._source = source
        self._keeps_from = tenant.keeps_from
        self.received_ms = received_ms
        self._earliest_ms = calendar.start_ms(tenant.keeps_from)
        self._latest_ms = received_ms + MAX_AHEAD_MS
        self._id_from_sender = event_ids_from_senders(source.source_id)
        self._seen: dict[tuple[int, bytes], int] = {}

    def check_tenant(self, named: str) -> None:
        """Turn away a row that names another tenant than the write key's."""
        if named != self._source.tenant:
            detail = f"the row names tenant {named!r}, but the write key is another tenant's"
            raise RowError(Reason.OTHER_TENANT, detail)

    def admitted(  # noqa: PLR0913 - an event has this many parts
        self,
        sender_id: str | None,
        user_id: str,
        occurred_at_ms: int,
        path: tuple[str, str, str, str],
        *,
        record_id: str = "",
        account_id: str = "",
        signal: Signal = Signal.ACTION,
        actor_kind: ActorKind = ActorKind.USER,
        context: str = "",
        change: str = "",
    ) -> Event:
        """An event with its id; RowError if its time or a length is out of bounds.

        `path` is feature, property, attribute, action.
        """
        if not self._earliest_ms <= occurred_at_ms <= self._latest_ms:
            raise self._out_of_time(occurred_at_ms)
        texts = (sender_id or "", user_id, *path, record_id, account_id)
        if len("".join(texts)) > _SURELY_SHORT:
            for text in texts:
                _check_length(text, MAX_ID_BYTES)
        if len(context) + len(change) > _SURELY_SHORT:
            _check_length(context, MAX_CONTEXT_BYTES)
            _check_length(change, MAX_CONTEXT_BYTES)
        event = Event(
            self._id_from_sender(sender_id) if sender_id else _NO_ID,
            user_id,
            occurred_at_ms,
            self.received_ms,
            *path,
            record_id,
            account_id,
            signal,
            actor_kind,
            self._source.source_id,
            context,
            change,
        )
        return event if sender_id else self._identified_by_content(event)

    def _identified_by_content(self, event: Event) -> Event:
        content = event.canonical_content()
        row = (event.occurred_at_ms, content)
        nth = self._seen.get(row, 0)
        self._seen[row] = nth + 1
        event_id = event_id_from_content(event.source, event.occurred_at_ms, content, nth)
        return event._replace(event_id=event_id)

    def _out_of_time(self, occurred_at_ms: int) -> RowError:
        if occurred_at_ms < self._earliest_ms:
            detail = f"{_shown(occurred_at_ms)} is before {self._keeps_from}, the first day kept"
            return RowError(Reason.TOO_OLD, detail)
        detail = f"{_shown(occurred_at_ms)} is more than 5 minutes in the future"
        return RowError(Reason.IN_THE_FUTURE, detail)


def _shown(instant_ms: int) -> str:
    try:
        return from_milliseconds(instant_ms).isoformat(timespec="milliseconds")
    except OverflowError:
        return f"{instant_ms} ms since 1970"


def _check_length(text: str, limit: int) -> None:
    if len(text) * 4 > limit and len(text.encode()) > limit:
        raise RowError(Reason.TOO_LONG, f"{text[:40]!r}… is over {limit:,} bytes")
