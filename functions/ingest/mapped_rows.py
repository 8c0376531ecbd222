"""Makes events of a sender's rows, by the mapping of their source."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from functions.ingest.admission import Admission
from functions.ingest.people import namespace_of, user_id_of
from functions.ingest.rows import Reason, Rejection, RowError, Rows
from functions.ingest.sent_rows import Delivery, SentRow
from shared.metrics.columns import change_texts
from shared.metrics.domain.events import (
    DIRECTORY_ACTIONS,
    USER_UPSERTED,
    ActorKind,
    Event,
    Signal,
    event_id_from_content,
)
from shared.metrics.domain.placing import Placer
from shared.metrics.storage.sources import Source

ORGANIZATION: Final = "organization"
"""The setting with which rows are compared that name a tenant of the sender's."""

FirstReceived = Callable[[Iterable[bytes]], Mapping[bytes, int]]
"""From the ids of events that have no time of their own to when each was first received."""

_encoder = msgspec.json.Encoder(order="sorted")


def mapped_rows(
    delivery: Delivery,
    source: Source,
    placer: Placer,
    admission: Admission,
    first_received: FirstReceived,
) -> Rows:
    """The events of a delivery, and its rejections: those of its parser, and rows that no event
    can be made of.
    """
    rows = Rows(rejections=list(delivery.rejections), sent=delivery.rows)
    turned_away = {rejection.index for rejection in delivery.rejections}
    numbers = range(len(delivery.rows) + len(turned_away))
    places = [at for at in numbers if at not in turned_away] if turned_away else numbers
    agreed = source.settings.get(ORGANIZATION, "")
    namespace = namespace_of(source.kind)
    timeless: list[int] = []
    for index, row in zip(places, delivery.rows, strict=True):
        try:
            if agreed:
                _check_organization(row, agreed)
            event = _event(row, source, placer, admission, namespace)
        except RowError as error:
            rows.rejections.append(Rejection(index, error.reason, error.detail, row.original))
            continue
        if row.occurred_at_ms is None:
            timeless.append(len(rows.events))
        rows.events.append(event)
    if timeless:
        times = first_received([rows.events[at].event_id for at in timeless])
        for at in timeless:
            event = rows.events[at]
            rows.events[at] = event._replace(occurred_at_ms=times[event.event_id])
    return rows


def _check_organization(row: SentRow, agreed: str) -> None:
    if row.tenant_named and row.tenant_named != agreed:
        detail = f"the row names {row.tenant_named!r}, but the source is agreed to be {agreed!r}'s"
        raise RowError(Reason.OTHER_TENANT, detail)


def _event(
    row: SentRow, source: Source, placer: Placer, admission: Admission, namespace: str
) -> Event:
    """The event of a row; without a time of its own it has that of the delivery for now.

    What someone does who is not known has the id of the browser or device, and an unknown actor:
    it is counted apart from people.
    """
    user_id = user_id_of(row.person, namespace)
    at_ms = admission.received_ms if row.occurred_at_ms is None else row.occurred_at_ms
    if row.directory is not None:
        event = _directory_event(row, row.directory, user_id, at_ms, admission)
    else:
        change, actor_kind = row.change, row.actor_kind
        if not user_id and row.person.anonymous_id:
            user_id, actor_kind = row.person.anonymous_id, ActorKind.UNKNOWN
        place = placer.place(
            row.name,
            _fields(row, source),
            "" if change is None else change.object,
            None if change is None else change.op,
        )
        event = admission.admitted(
            row.sender_key,
            user_id,
            at_ms,
            place[:4],
            record_id=row.record_id or place.record_id,
            account_id=row.account_id or place.account_id,
            signal=row.signal,
            actor_kind=actor_kind,
            context=_text_of(row.context),
            change="" if change is None else change_texts.text_of(change),
        )
    if row.occurred_at_ms is None and not row.sender_key:
        # Of the same content at any time, and of all its repetitions in the delivery.
        content = event.canonical_content()
        return event._replace(event_id=event_id_from_content(event.source, 0, content, 0))
    return event


def _fields(row: SentRow, source: Source) -> Mapping[str, Any]:
    """What a mapping may pick from: the sender's fields and, as `set` and `was`, what a change
    wrote and what was there before. Usual rules need neither.
    """
    if row.change is None or source.mapping is None:
        return row.fields
    return {"set": row.change.set, "was": row.change.was, **row.fields}


def _directory_event(
    row: SentRow, stated: Mapping[str, str], user_id: str, at_ms: int, admission: Admission
) -> Event:
    if not user_id:
        detail = "the row tells of a person and has no user id, nor an e-mail that is verified"
        raise RowError(Reason.MISSING_USER, detail)
    return admission.admitted(
        row.sender_key,
        user_id,
        at_ms,
        ("", "", "", row.name if row.name in DIRECTORY_ACTIONS else USER_UPSERTED),
        signal=Signal.SYSTEM,
        context=_text_of(stated),
    )


def _text_of(fields: Mapping[str, Any]) -> str:
    try:
        return _encoder.encode(fields).decode() if fields else ""
    except (ValueError, RecursionError, TypeError) as error:
        raise RowError(Reason.INVALID_ROW, f"the context cannot be kept as JSON: {error}") from None
