"""The health of sources, which is read once for all of them."""

from shared.metrics.domain.source_health import SourceHealth, SourceState
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.engine.source_health import SourceHealthRequest
from shared.metrics.storage.sources import Source, SourceStore
from tests.unit.graphql.fakes import NOW_MS, FakeServices, FakeViews
from tests.unit.graphql.library import Person

QUERY = """{ sources { nodes { sourceId health {
  state lastEventAt rowsLastHour usualRowsLastHour rowsLastDay turnedAwayLastDay rejectedShare
  silentAfterHours expiresAt
} } } }"""
SILENT = SourceHealth(SourceState.SILENT, NOW_MS, 0, 12.5, 3, 1, 0.25, 36.0, NOW_MS)
NEVER = SourceHealth(SourceState.NEVER, None, 0, None, 0, 0, None, None, None)


def test_every_source_has_its_health() -> None:
    views = FakeViews(others={SourceHealthRequest: {"a": SILENT, "b": NEVER}})
    admin = Person(FakeServices(views=views), role="admin")
    for name in "ab":
        source = Source(source_id=name, tenant="acme", kind=SourceKind.NATIVE, created_at_ms=0)
        SourceStore(admin.services.tenancy.store).add(source)
    silent, never = admin.ask(QUERY).data["sources"]["nodes"]
    assert silent["health"] == {
        "state": "SILENT",
        "lastEventAt": "2026-11-22T06:32:05.678Z",
        "rowsLastHour": 0,
        "usualRowsLastHour": 12.5,
        "rowsLastDay": 3,
        "turnedAwayLastDay": 1,
        "rejectedShare": 0.25,
        "silentAfterHours": 36.0,
        "expiresAt": "2026-11-22T06:32:05.678Z",
    }
    assert never["health"]["state"] == "NEVER"
    assert never["health"]["lastEventAt"] is None
    assert views.asked == [SourceHealthRequest(tenant="acme")]
