"""Views that answer what they are told to, and requests as the HTTP API would send them."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.graphql.handler import respond
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import (
    Attendance,
    AttendanceSeries,
    ChangeReason,
    Finality,
    HomeAnswer,
    Measure,
    Proof,
    RankedPerson,
    WeekSeries,
)
from shared.metrics.domain.views.people_answers import PersonMetrics, Position, UserAnalyticsAnswer
from shared.metrics.domain.views.trends_answer import TrendsAnswer, TrendsMeasure
from shared.metrics.domain.views.working_attendance import WorkingDayAttendance
from shared.metrics.engine.requests import (
    A,
    HomeRequest,
    Request,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.local_secret_box import LocalSecretBox
from shared.metrics.settings import Settings
from shared.metrics.source_admin import SourceAdmin
from shared.metrics.storage.library import Library, library_of
from shared.metrics.storage.quarantine import Quarantine
from shared.metrics.storage.replays import Replays
from shared.metrics.storage.restatements import Restatements
from shared.metrics.storage.sources import SourceStore
from shared.metrics.storage.stored_settings import StoredSettings
from shared.metrics.storage.tenants import Tenant
from tests.faults.memory_store import MemoryStore

NOW_MS = 1_795_329_125_678  # 2026-11-22T06:32:05.678Z
KEY = "a key of more than the thirty-two bytes that are needed"
REQUEST_ID = "2f6b0d1c-request"

DEVELOPMENT = Settings(token_key=KEY, ingest_url="https://in.example/", introspection=True)
PRODUCTION = Settings(token_key=KEY)

PROOF = Proof(
    window=Window(date(2026, 10, 23), date(2026, 11, 21)),
    as_of_ms=NOW_MS,
    watermark_ms=NOW_MS - 1_000,
    is_partial=False,
    finality=Finality.PROVISIONAL,
    definition_version="1",
    time_zone="Europe/Berlin",
)
HOME = HomeAnswer(
    proof=PROOF,
    first=date(2026, 10, 23),
    last=date(2026, 11, 21),
    compared_first=date(2026, 9, 23),
    compared_last=date(2026, 10, 22),
    total_hits=Measure(5_000_000_000, 0, None, ChangeReason.NEW),
    features_used=Measure(97, 100, -3.0, None),
    attendance=Attendance(Measure(6, 3, 100.0, None), 3, 3.0),
    active_users=Measure(2, 1, 100.0, None),
    inactive_users=Measure(0, 0, 0.0, None),
    hits_by_week=WeekSeries(
        [date(2026, 11, 9), date(2026, 11, 16)], [3, 7], [False, True], [False, True], [True, False]
    ),
    attendance_by_day=AttendanceSeries([date(2026, 11, 21)], [2], [1], [True]),
    top_by_hits=[RankedPerson(1, "u1", "Ada", "ada@example.com", 7, 3)],
    top_by_attendance=[RankedPerson(1, "u2", None, None, 3, 0)],
)
TRENDS = TrendsAnswer(
    proof=PROOF,
    window=PROOF.window,
    compared=None,
    is_backfilled=False,
    dates=[date(2026, 11, 20), date(2026, 11, 21)],
    is_partial=[False, True],
    no_data=[True, False],
    series={
        TrendsMeasure.HITS: [3, 7],
        TrendsMeasure.ACTIVE_USERS: [1, 2],
        TrendsMeasure.ATTENDANCE: [1, 2],
        TrendsMeasure.LOGINS: [1, 1],
        TrendsMeasure.SESSIONS: [1, 3],
        TrendsMeasure.SINGLE_EVENT_SESSIONS: [0, 1],
        TrendsMeasure.SESSION_MILLISECONDS: [60_000, 5_000_000_000],
    },
    compared_dates=[],
    compared_no_data=[],
    compared_series={},
    totals={},
    changes={},
    groups=None,
)


def person(user_id: str) -> PersonMetrics:
    return PersonMetrics(
        user_id=user_id,
        name=None,
        email=None,
        hits=7,
        attendance=3,
        previous_attendance=2,
        attendance_change_percent=50.0,
        attendance_change_reason=None,
        sessions=4,
        single_event_sessions=1,
        session_milliseconds=60_000,
        features_used=2,
        last_seen_ms=NOW_MS - 5_000,
        last_login_ms=None,
        feature_hits=[5, 0],
        working_day_attendance=WorkingDayAttendance(2, 5, 1, 0.4, is_default_calendar=False),
    )


def people_page(people: list[PersonMetrics], request: UserAnalyticsRequest) -> UserAnalyticsAnswer:
    """A page of people by user id."""
    rest = [each for each in people if not request.after or each.user_id > request.after.user_id]
    page = rest[: request.first]
    return UserAnalyticsAnswer(
        proof=PROOF,
        compared=PROOF.window.previous(),
        people=page,
        positions=[Position(0.0, each.user_id) for each in page],
        people_before=len(people) - len(rest),
        size=len(people),
        roster_size=2 * len(people),
        share_of_roster=0.5 if people else None,
        feature_users=[len(people), 0],
        feature_shares=[1.0, 0.0] if people else [None, None],
    )


@dataclass
class FakeViews:
    """Answers the same to everyone, and remembers what it was asked."""

    people: list[PersonMetrics] = field(default_factory=list)
    failure: Exception | None = None
    asked: list[Request[Any]] = field(default_factory=list)
    answer: HomeAnswer = HOME
    others: dict[type[Request[Any]], Any] = field(default_factory=dict)

    def ask(self, request: Request[A]) -> A:
        self.asked.append(request)
        if self.failure:
            raise self.failure
        if isinstance(request, UserAnalyticsRequest):
            return people_page(self.people, request)  # type: ignore[return-value]
        answers: dict[type[Request[Any]], Any] = {
            HomeRequest: self.answer,
            TrendsRequest: TRENDS,
            **self.others,
        }
        found: A = answers[type(request)]
        return found


@dataclass
class FakeTenant:
    """A tenant's data."""

    library: Library
    restatements: Restatements
    quarantine: Quarantine
    replays: Replays


@dataclass
class FakeTenancy:
    """Every tenant there could be, with what its people have saved and its restatements."""

    store: MemoryStore = field(default_factory=lambda: MemoryStore(lambda: NOW_MS))

    def open(self, name: str) -> FakeTenant:
        library = library_of(self.store, name, lambda: NOW_MS)
        return FakeTenant(
            library,
            Restatements(self.store, Tenant(name=name, time_zone="UTC")),
            Quarantine(self.store, name),
            Replays(self.store, name, lambda: NOW_MS),
        )

    def settings_of(self, name: str) -> StoredSettings:
        return StoredSettings(self.store, name, lambda: NOW_MS)


@dataclass
class FakeServices:
    """What the handler needs, in memory."""

    def sources_of(self, tenant: str) -> SourceAdmin:
        box = LocalSecretBox("local")
        return SourceAdmin(SourceStore(self.tenancy.store), box, tenant, self.clock)

    views: FakeViews = field(default_factory=FakeViews)
    tenancy: FakeTenancy = field(default_factory=FakeTenancy)
    settings: Settings = DEVELOPMENT
    clock: Callable[[], int] = lambda: NOW_MS


class Reply(NamedTuple):
    """An answer, with its body parsed."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        assert "errors" not in self.body, self.body
        data = self.body["data"]
        assert isinstance(data, dict)
        return data

    @property
    def error(self) -> dict[str, Any]:
        (error,) = self.body["errors"]
        assert isinstance(error, dict)
        return error

    @property
    def code(self) -> str:
        return str(self.error["extensions"]["code"])


def token(key: str = KEY, algorithm: str = "HS256", /, **claims: object) -> str:
    """A token that is right but for the claims given; a claim that is None is left out."""
    settings = Settings()
    right: dict[str, object] = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": "u1",
        "tenant": "acme",
        "role": "admin",
        "exp": NOW_MS // 1000 + 60,
    }
    given = {name: value for name, value in (right | claims).items() if value is not None}
    return jwt.encode(given, key, algorithm=algorithm)


def event(
    method: str = "POST",
    body: str | bytes | None = None,
    headers: dict[str, str] | None = None,
    path: str = "/graphql",
    query_string: str = "",
) -> dict[str, Any]:
    """An event of the HTTP API, payload version 2; bytes travel as base64."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query_string,
        "headers": headers or {},
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
            "requestId": "api-request",
            "stage": "$default",
        },
        "body": b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": isinstance(body, bytes),
    }


def reply_to(event: dict[str, Any], services: FakeServices | None = None) -> Reply:
    """What the function answers."""
    context = LambdaContext()
    context._aws_request_id = REQUEST_ID
    result = respond(event, context, services or FakeServices())
    assert not result["isBase64Encoded"]
    return Reply(result["statusCode"], result["headers"], json.loads(result["body"]))


def headers(**more: str) -> dict[str, str]:
    """Those of a good client; `_` stands for `-`."""
    good = {
        "authorization": f"Bearer {token()}",
        "content-type": "application/json",
        "accept": "application/graphql-response+json",
    }
    return good | {name.replace("_", "-"): value for name, value in more.items()}


def ask(
    query: str,
    services: FakeServices | None = None,
    variables: dict[str, Any] | None = None,
    **more: str,
) -> Reply:
    """Post a query."""
    body = json.dumps({"query": query, "variables": variables})
    return reply_to(event(body=body, headers=headers(**more)), services)


def get(services: FakeServices | None = None, **parameters: str) -> Reply:
    """Send a query as a GET."""
    return reply_to(event("GET", headers=headers(), query_string=urlencode(parameters)), services)
