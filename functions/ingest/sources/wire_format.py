"""The ports of wire formats: what each module in this folder provides.

A module provides `WireFormat`, and besides either `verify` (`SignedFormat`: webhooks, whose secret
is known in plain) or `key_of` (`KeyedFormat`: SDKs, which send a write key). What else it may
provide is `Handshaking` and `Timed`. The module of a kind has its name, with `_` for `-`
(`functions/ingest/wire_formats.py`); how a kind authenticates, its paths and methods are in
`shared/metrics/domain/source_kinds.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import Delivery


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a source in plain, newest first: two while one is rotated.

    `settings` are what else was agreed when the source was set up, by name: an organisation's id
    (`organization`), the name of a header, the public URL that signatures are made over.
    """

    values: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


class WireFormat(Protocol):
    """One wire format. It does no I/O and keeps nothing between requests."""

    def parse(self, request: Request, body: bytes, now_ms: int) -> Delivery:
        """The rows of an authentic request whose body is inflated; RefusedError 400 or 415 if it
        cannot be told apart into rows. A row that cannot be read is a rejection.
        """
        ...

    def answer(self, request: Request, rows: Rows) -> Response | None:
        """The answer that this sender counts as success, once all is durable; None for the usual
        one (status 200 and the counts). `rows.sent` are the rows as `parse` gave them.
        """
        ...


class SignedFormat(WireFormat, Protocol):
    """A wire format whose requests are signed with a secret, or carry it."""

    def verify(self, request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
        """Whether a secret of the source made the request: over the raw bytes, in constant time,
        and the same False for every cause. `body` is the raw body as sent, not inflated.
        """
        ...


class KeyedFormat(WireFormat, Protocol):
    """A wire format whose requests carry a write key, `<source id>.<secret>`."""

    def key_of(self, request: Request, body: bytes) -> str:
        """The write key that a request presents, in a header or its body, not yet checked; `""`
        if it presents none. `body` is inflated (within bounds), as the key may be in it. The
        request comes from anyone: whatever is wrong with it, the answer is `""`, never an error.
        """
        ...


@runtime_checkable
class Handshaking(Protocol):
    """A wire format whose sender asks whether the URL is ours before it sends to it."""

    def handshake(self, request: Request, secrets: Secrets) -> Response | None:
        """The answer to such a question (a GET, HEAD or OPTIONS, or a challenge); None if the
        request is none. It is not authentic: nothing of `secrets` may be in the answer.
        """
        ...


@runtime_checkable
class Timed(Protocol):
    """A wire format whose sender signs the time."""

    def signed_at_ms(self, request: Request) -> int | None:
        """The time that the request says it was signed at, in milliseconds UTC; None if it says
        none. Of a refused request it tells a clock that is wrong from a wrong secret.
        """
        ...
