"""What a sender says happened, in the sender's own words: what every wire format is parsed into,
before a source's mapping makes events of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from functions.ingest.rows import Rejection
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import RecordChange


class SentPerson(msgspec.Struct, frozen=True, gc=False):
    """Who did it, as the sender knows them. `user_id` is the sender's id, `""` for nobody;
    `anonymous_id` is that of a browser or device whose person is not known. An e-mail joins the
    ids of one person over sources only if the sender vouches for it (`email_verified`).
    """

    user_id: str = ""
    email: str = ""
    email_verified: bool = False
    anonymous_id: str = ""


class SentRow(msgspec.Struct, frozen=True, gc=False):
    """One thing that happened, or one thing that is told of a person.

    `name` is what the mapping looks up: the name of a tracked event, or `<object>.<op>` of a
    change, such as `deal.UPDATE`. `fields` are the sender's fields that a mapping may pick from; of
    a tracked event, whatever its sender calls them, its properties are under `properties`.
    `sender_key` is the sender's own id, the same whenever it is sent again; None if it gives none.
    `occurred_at_ms` is None if the sender gives no time. `directory` has attributes of a person
    (those of `DIRECTORY_ATTRIBUTES`) where the row is about a person rather than something done.
    `tenant_named` is the tenant or organisation that the row names, to be compared with the
    source's; `""` if it names none. `original` is what quarantine keeps.
    """

    original: bytes
    name: str
    sender_key: str | None
    occurred_at_ms: int | None
    person: SentPerson = SentPerson()
    signal: Signal = Signal.CHANGE
    actor_kind: ActorKind = ActorKind.UNKNOWN
    record_id: str = ""
    account_id: str = ""
    change: RecordChange | None = None
    directory: Mapping[str, str] | None = None
    fields: Mapping[str, Any] = msgspec.field(default_factory=dict)
    context: Mapping[str, Any] = msgspec.field(default_factory=dict)
    tenant_named: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a request holds. A rejection's index is its row's place in the delivery, counted over
    both lists.
    """

    rows: list[SentRow] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
