"""The whole way of events on one machine: ingest, folds and views over a SQLite file."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from functions.aggregate.queue import FoldMessage
from functions.aggregate.tasks import sweep, work
from functions.ingest.pipeline import Ingest
from functions.ingest.requests import Request as Delivery
from shared.metrics.domain.events import Event
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.engine.activity_people import ActivityPeopleRequest
from shared.metrics.engine.engagement_requests import (
    LifecycleRequest,
    PersonRequest,
    RetentionRequest,
    StickinessRequest,
)
from shared.metrics.engine.figure_requests import MembersRequest
from shared.metrics.engine.funnel_request import FunnelMembersRequest, FunnelRequest
from shared.metrics.engine.heat_map_request import HeatMapRequest
from shared.metrics.engine.hub_requests import (
    FeaturesRequest,
    FrequencyByFeatureRequest,
    FrequencyRequest,
    PopularityRequest,
)
from shared.metrics.engine.requests import (
    A,
    HomeRequest,
    Request,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.engine.views import Views
from shared.metrics.services import Services
from shared.metrics.settings import Settings
from shared.metrics.storage.sources import Source, key_digest
from shared.metrics.storage.sqlite import SqliteStore
from shared.metrics.storage.tenants import Tenant
from tests.builders import SOURCE, instant_ms, row_of
from tests.oracles import (
    activity,
    engagement,
    features,
    funnel,
    heat_map,
    home,
    hub,
    members,
    person,
    trends,
    user_analytics,
)
from tests.oracles.history import History, history

TENANT = "acme"
SECRET = "s3cret"
SOURCES = (SOURCE, "erp", "web")
AnyRequest = Request[Any]

ORACLES: Final[Mapping[type[Request[Any]], Callable[..., Any]]] = {
    HomeRequest: home.home,
    ActivityPeopleRequest: activity.people,
    TrendsRequest: trends.trends,
    HeatMapRequest: heat_map.heat_map,
    UserAnalyticsRequest: user_analytics.user_analytics,
    StickinessRequest: engagement.stickiness,
    LifecycleRequest: engagement.lifecycle,
    RetentionRequest: engagement.retention,
    PersonRequest: person.person,
    PopularityRequest: hub.popularity,
    FrequencyRequest: hub.frequency,
    FrequencyByFeatureRequest: hub.frequency_by_feature,
    MembersRequest: members.members,
    FeaturesRequest: features.features,
    FunnelRequest: funnel.funnel,
    FunnelMembersRequest: funnel.funnel_members,
}
"""For each kind of request a function of (history, request, now_ms, proof, first_weekday=)."""


@dataclass
class Stack:
    """One tenant, its clock, and everything that it was sent."""

    services: Services
    ingest: Ingest
    clock: "Clock"
    tenant: Tenant
    sent: list[Event] = field(default_factory=list)
    requests: int = 0
    _told: tuple[int, History] | None = None

    def send(self, *events: Event) -> None:
        """Deliver events as a client would, in one request from each of their sources."""
        for source in dict.fromkeys(each.source for each in events):
            self.deliver([row_of(each) for each in events if each.source == source], source)
        self.sent += events

    def deliver(self, rows: list[dict[str, object]], source: str = SOURCE) -> None:
        """Deliver rows of our own wire format; `check` does not know of them."""
        self.requests += 1
        self.clock.now_ms += 1
        request = Delivery(
            method="POST",
            path="/v1/events",
            headers={"authorization": f"Bearer {source}.{SECRET}"},
            body=json.dumps({"events": rows}).encode(),
            request_id=f"request-{self.requests}",
        )
        response = self.ingest.respond(request)
        assert response.status == 200, response
        assert isinstance(response.document, dict)
        assert response.document["quarantined"] == 0, response.document

    def dirty(self) -> list[str]:
        """The units that are to be folded, in the order in which the dispatcher sends them."""
        marks = self.services.tenancy.open(TENANT).units.marks()
        return sorted({mark.unit for mark in marks})

    def fold(self, units: Iterable[str] | None = None) -> None:
        """Fold these units once; all that are dirty, until none is, if not given."""
        if units is not None:
            for unit in units:
                work(self.services, FoldMessage(TENANT, unit))
            return
        while dirty := self.dirty():
            self.fold(dirty)

    def sweep(self) -> None:
        """Do what is done every hour."""
        sweep(self.services)

    @property
    def views(self) -> Views:
        """The views, which remember what they have read."""
        return self.services.views

    def ask(self, request: Request[A]) -> A:
        """Answer a request."""
        return self.views.ask(request)

    def expected(self, request: Request[Any], answer: Any) -> Any:  # noqa: ANN401 - of any view
        """What the definitions make of everything that was sent; the proof is the answer's."""
        oracle = ORACLES[type(request)]
        first_weekday = self.tenant.first_weekday
        return oracle(
            self.history, request, self.clock.now_ms, answer.proof, first_weekday=first_weekday
        )

    @property
    def history(self) -> History:
        """The history that everything sent so far tells."""
        if self._told is None or self._told[0] != len(self.sent):
            timeout_ms = self.tenant.session_timeout_minutes * 60_000
            told = history(
                self.sent,
                self.tenant.time_zone,
                timeout_ms=timeout_ms,
                expectations=self.tenant.expectations,
                rules=self.tenant.counting_signals,
            )
            self._told = (len(self.sent), told)
        return self._told[1]

    def check(self, *requests: Request[Any]) -> None:
        """Compare answers with what the definitions say."""
        for request in requests:
            answer = self.ask(request)
            assert answer == self.expected(request, answer)

    def restarted(self) -> "Stack":
        """The same data, seen by a process that remembers nothing."""
        store, settings = self.services.store, self.services.settings
        return replace(self, services=Services(settings, store, self.clock))


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now_ms: int

    def __call__(self) -> int:
        return self.now_ms


@contextmanager
def stack(
    folder: Path, *, zone: str = "UTC", now: str | int = "2026-03-20 12:00", **settings: object
) -> Iterator[Stack]:
    """A new stack in a folder of its own, with one tenant. `now` is local time in its zone; the
    other settings are the tenant's.
    """
    clock = Clock(instant_ms(now, zone) if isinstance(now, str) else now)
    tenant = Tenant(name=TENANT, time_zone=zone, **settings)  # type: ignore[arg-type]
    sources = [
        Source(
            source_id=source_id,
            tenant=TENANT,
            kind=SourceKind.NATIVE,
            key_digest=key_digest(SECRET),
            created_at_ms=0,
        )
        for source_id in SOURCES
    ]
    with TemporaryDirectory(dir=folder) as name:
        store = SqliteStore(Path(name) / "metrics.db", clock=clock)
        services = Services(Settings(), store, clock)
        services.tenants.create(tenant)
        for source in sources:
            services.tenants.sources.add(source)
        yield Stack(services, Ingest(store, clock), clock, tenant)
        store.close()
