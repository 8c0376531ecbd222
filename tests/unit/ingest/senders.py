"""Sources of the two made-up formats, and what they send."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from shared.metrics.domain.event_mapping import EventMapping
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.source_admin import SourceAdmin
from shared.metrics.storage.sources import SourceStore
from tests.faults.world import TENANT
from tests.unit.ingest.fake_formats import KEYED, SIGNED
from tests.unit.ingest.service import Answer, Service

THEIR_SECRET = "made by the sender"


class Sender:
    """A source of one tenant and what it sends with."""

    def __init__(
        self,
        service: Service,
        kind: SourceKind,
        *,
        tenant: str = TENANT,
        settings: Mapping[str, str] | None = None,
        mapping: EventMapping | None = None,
    ) -> None:
        self.service = service
        self.admin = SourceAdmin(
            SourceStore(service.store), service.world.box, tenant, service.clock
        )
        self.secret = THEIR_SECRET if kind is SIGNED else ""
        made = self.admin.create(
            kind, secret=self.secret or None, settings=settings, mapping=mapping
        )
        self.source_id = made.source.source_id
        self.secret = made.secret or self.secret

    def hook(
        self,
        rows: object,
        *,
        secret: str | None = None,
        time_ms: int | None = None,
        source_id: str | None = None,
        method: str = "POST",
        **headers: str | None,
    ) -> Answer:
        """Send rows as a webhook, signed; `headers` replace those that are signed."""
        body = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
        time = str(self.service.clock() if time_ms is None else time_ms)
        key = (self.secret if secret is None else secret).encode()
        signed = {
            "x_time": time,
            "x_signature": hmac.digest(key, time.encode() + body, "sha256").hex(),
            "authorization": None,
        }
        path = f"/v1/in/{source_id or self.source_id}"
        given: dict[str, Any] = {**signed, **headers}
        return self.service.post(body, path=path, method=method, **given)

    def track(self, rows: object, *, path: str = "/batch/", key: str | None = None) -> Answer:
        """Send rows as a client SDK."""
        body = json.dumps({"api_key": self.secret if key is None else key, "batch": rows})
        return self.service.post(body, path=path, authorization=None)


def signed_sender(service: Service, **changes: object) -> Sender:
    """A source that signs."""
    return Sender(service, SIGNED, **changes)  # type: ignore[arg-type]


def keyed_sender(service: Service, **changes: object) -> Sender:
    """A source with a write key."""
    return Sender(service, KEYED, **changes)  # type: ignore[arg-type]
