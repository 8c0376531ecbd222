"""The port of wire formats: what each module in this folder provides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import Delivery


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a source in plain, newest first: two while one is rotated.

    `settings` are what else was agreed when the source was set up, by name: an organisation's id,
    the name of a header, the public URL that signatures are made over.
    """

    values: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


class WireFormat(Protocol):
    """One wire format. It does no I/O and keeps nothing between requests."""

    def verify(self, request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
        """Whether a secret of the source made the request: over the raw bytes, in constant time,
        and the same False for every cause. `body` is the raw body as sent, not inflated.
        """
        ...

    def parse(self, request: Request, body: bytes, now_ms: int) -> Delivery:
        """The rows of an authentic request whose body is inflated; RefusedError 400 or 415 if it
        cannot be told apart into rows. A row that cannot be read is a rejection.
        """
        ...

    def answer(self, request: Request, rows: Rows) -> Response | None:
        """The answer that this sender counts as success, once all is durable; None for the usual
        one (status 200 and the counts).
        """
        ...
