"""The ingest function as its Function URL calls it, and what is in the store afterwards."""

import json
from base64 import b64encode
from itertools import count
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

import functions.ingest.handler
from functions.ingest.pipeline import Ingest
from shared.metrics.columns.packs import read_events
from shared.metrics.domain.events import Event
from shared.metrics.storage.ports import Table
from shared.metrics.storage.quarantine import QuarantinedRow
from tests.builders import SOURCE
from tests.faults.memory_store import MemoryStore
from tests.faults.world import NOON_MS, SECRET, TENANT, Clock, World

KEY = f"Bearer {SOURCE}.{SECRET}"
AT = "2026-11-22T12:00:00Z"
"""The time at which the events of these tests happen, and the service's now."""


class Answer(NamedTuple):
    """An answer as the sender sees it."""

    status: int
    headers: dict[str, str]
    document: dict[str, Any]

    @property
    def code(self) -> str:
        """The code of a refusal."""
        code: str = self.document["error"]["code"]
        return code

    @property
    def counts(self) -> tuple[int, int, int]:
        """Received, accepted, quarantined."""
        found = self.document
        return found["received"], found["accepted"], found["quarantined"]

    @property
    def reasons(self) -> list[str]:
        """Why rows were turned away, in their order."""
        return [rejected["reason"] for rejected in self.document["rejected"]]


class Service:
    """One warm process of the function, over a store in memory."""

    def __init__(self) -> None:
        self.clock = Clock(NOON_MS)
        self.store = MemoryStore(self.clock)
        self.world = World(self.store, self.clock)
        self.process: Ingest = self.world.ingest()
        self._request_ids = count()

    def post(
        self,
        body: str | bytes,
        *,
        path: str = "/v1/events",
        method: str = "POST",
        base64: bool = True,
        query: str = "",
        **headers: str | None,
    ) -> Answer:
        """Send a body; `headers` replace the usual ones (`_` for `-`, None for none)."""
        raw = body.encode() if isinstance(body, str) else body
        given = {"Authorization": KEY, "Content-Type": "application/json"}
        changed = {name.replace("_", "-").title(): value for name, value in headers.items()}
        return self.answer(
            {
                "rawPath": path,
                "rawQueryString": query,
                "requestContext": {"http": {"method": method}},
                "headers": {name: value for name, value in (given | changed).items() if value},
                "body": b64encode(raw).decode() if base64 else raw.decode(),
                "isBase64Encoded": base64,
            }
        )

    def answer(self, url_event: dict[str, Any]) -> Answer:
        """Hand an event of the Function URL to the handler."""
        context = SimpleNamespace(aws_request_id=f"request-{next(self._request_ids)}")
        result = functions.ingest.handler.handler(url_event, cast("LambdaContext", context))
        assert result["headers"]["content-type"] == "application/json"
        assert not result["isBase64Encoded"]
        return Answer(result["statusCode"], result["headers"], json.loads(result["body"]))

    def send(self, *rows: object, authorization: str = KEY) -> Answer:
        """Send rows as one delivery."""
        return self.post(json.dumps({"events": rows}), authorization=authorization)

    def events(self, tenant: str = TENANT) -> list[Event]:
        """Every stored event of a tenant, duplicates included, in the order of the keys."""
        packs = [
            item
            for item in self.store.everything()
            if item.key.table is Table.EVENTS and item.key.partition.startswith(f"packs#{tenant}#")
        ]
        return [event for item in packs for event in read_events(item.body)]

    def quarantine(self, tenant: str = TENANT) -> list[QuarantinedRow]:
        """Every row of a tenant that was turned away."""
        return self.world.quarantine(tenant)

    def kept_nothing(self) -> bool:
        """Whether there is no event and no quarantined row of anyone."""
        kinds = ("packs#", "quarantine#", "marks#")
        return not any(item.key.partition.startswith(kinds) for item in self.store.everything())


def row(**fields: object) -> dict[str, object]:
    """A good row, with fields replaced (None: left out)."""
    usual = {"event_id": "e1", "user_id": "ann", "occurred_at": AT, "feature": "leads"}
    return {name: value for name, value in (usual | fields).items() if value is not None}


def serve(monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service whose process is the one that the handler uses."""
    service = Service()
    monkeypatch.setattr(functions.ingest.handler, "ingest", lambda: service.process)
    return service
