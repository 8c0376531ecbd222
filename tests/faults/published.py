"""What is published of a tenant, by names instead of numbers, beside what its events come to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from shared.metrics.columns.blocks import BlockKind, read_block
from shared.metrics.columns.cubes import read_cube
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.requests import TrendsRequest, UserAnalyticsRequest
from shared.metrics.services import Services
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import Manifest, read_manifest
from shared.metrics.storage.tenant_data import TenantData
from tests.faults.world import TENANT
from tests.oracles.history import history
from tests.oracles.sessions import FIFTEEN_MINUTES_MS

_TOTALS = (
    TrendsMeasure.HITS,
    TrendsMeasure.LOGINS,
    TrendsMeasure.ACTIVE_USERS,
    TrendsMeasure.SESSIONS,
    TrendsMeasure.SINGLE_EVENT_SESSIONS,
    TrendsMeasure.SESSION_MILLISECONDS,
)
_PERSON_COLUMNS = (
    (BlockKind.CORE, "hits"),
    (BlockKind.CORE, "logins"),
    (BlockKind.CORE, "present"),
    (BlockKind.TIME, "sessions"),
    (BlockKind.TIME, "single_event_sessions"),
    (BlockKind.TIME, "session_ms"),
    (BlockKind.TIME, "last_seen"),
    (BlockKind.TIME, "last_login"),
)


@dataclass
class Figures:
    """Everything but zeros: rows by day, figures by day and person (as in the columns above, the
    last two in milliseconds UTC), hits by day, feature and person.
    """

    rows: dict[date, int] = field(default_factory=dict)
    people: dict[tuple[date, str], tuple[int, ...]] = field(default_factory=dict)
    hits: dict[tuple[date, str, str], int] = field(default_factory=dict)

    def totals(self, day: date) -> tuple[int, ...]:
        """Hits, logins, people present, sessions, single-event sessions and session time."""
        of_day = [figures[:6] for (at, _), figures in self.people.items() if at == day]
        return tuple(map(sum, zip((0,) * 6, *of_day, strict=True)))

    def totals_of(self, span: Window) -> dict[date, tuple[int, ...]]:
        """The totals of each day of a span."""
        return {day: self.totals(day) for day in span.days()}

    def hits_by_person(self) -> Counter[str]:
        """Hits of each person on all days."""
        counts: Counter[str] = Counter()
        for (_, name), figures in self.people.items():
            counts[name] += figures[0]
        return counts


def figures_of(
    events: Iterable[Event], zone: str = "UTC", *, timeout_ms: int = FIFTEEN_MINUTES_MS
) -> Figures:
    """What the events come to, by plain loops over all of them at once."""
    told = history(events, zone, timeout_ms=timeout_ms)
    found = Figures(rows=dict(Counter(told.day_of(row.occurred_at_ms) for row in told.usage)))
    by_person = told.person_days(lambda at_ms: True)
    for name in told.user_ids:
        days, sessions = by_person.get(name, {}), told.sessions_of(name)
        for day in {*days, *sessions.count, *sessions.milliseconds}:
            did = days.get(day)
            done = (did.hits, did.logins, int(did.attended)) if did else (0, 0, 0)
            seen = (did.last_seen_ms, did.last_login_ms) if did else (0, 0)
            counted = (sessions.count, sessions.single_event, sessions.milliseconds)
            _enter(found, day, name, (*done, *(counter[day] for counter in counted), *seen))
            for feature, hits in did.features.items() if did else ():
                found.hits[day, feature, name] = hits
    return found


def answered_totals(process: Services, span: Window) -> dict[date, tuple[int, ...]]:
    """The same totals as a view answers them."""
    answer = process.views.ask(TrendsRequest(tenant=TENANT, window=span))
    columns = [answer.series[measure] for measure in _TOTALS]
    return dict(zip(answer.dates, zip(*columns, strict=True), strict=True))


def answered_hits(process: Services, span: Window) -> Counter[str]:
    """The hits of each person as a view answers them."""
    answer = process.views.ask(UserAnalyticsRequest(tenant=TENANT, window=span))
    return Counter({person.user_id: person.hits for person in answer.people})


def published_figures(data: TenantData) -> Figures:
    """What is published of all days; checks that the blocks of each agree among themselves."""
    found = Figures()
    for day, manifest in manifests_of(data).items():
        found.rows[day] = manifest.rows
        _add_published(found, data, day, manifest)
        _check_sums(found, data, day, manifest)
    return found


def manifests_of(data: TenantData) -> dict[date, Manifest]:
    """The manifests of all days."""
    bodies = data.manifests.bodies("", DIRECTORY)
    bodies.pop(DIRECTORY, None)
    return {date.fromisoformat(unit): read_manifest(body) for unit, body in bodies.items()}


def block_of(data: TenantData, day: date, manifest: Manifest, kind: BlockKind) -> bytes:
    """The bytes of a published block."""
    unit = day.isoformat()
    return data.blocks.read(kind, {unit: (manifest.attempt, manifest.parts[kind.value])})[unit]


def _add_published(found: Figures, data: TenantData, day: date, manifest: Manifest) -> None:
    arrays = {
        kind: read_block(block_of(data, day, manifest, kind))
        for kind in (BlockKind.CORE, BlockKind.TIME, BlockKind.WHO, BlockKind.CUBE)
    }
    people = data.people.names(manifest.people)
    features = data.features.names(manifest.features)
    assert len(set(people)) == len(people), "a person has two numbers"
    assert len(set(features)) == len(features), "a feature has two numbers"
    start_ms = data.calendar.start_ms(day)
    columns = [arrays[kind][name].tolist() for kind, name in _PERSON_COLUMNS]
    for name, (*counts, last_seen, last_login) in zip(people, zip(*columns, strict=True)):  # noqa: B905 - people are of all days
        times = (at and start_ms + at - 1 for at in (last_seen, last_login))
        _enter(found, day, name, (*map(int, counts), *times))
    cube, who = arrays[BlockKind.CUBE], arrays[BlockKind.WHO]
    numbers, hits = read_cube(cube)
    used = np.zeros_like(who["people"])
    used[hits.row, hits.person] = True
    assert (used == who["people"]).all()
    cells = zip(hits.row.tolist(), hits.person.tolist(), hits.hits.tolist(), strict=True)
    found.hits |= {(day, features[numbers[row]], people[person]): n for row, person, n in cells}


def _check_sums(found: Figures, data: TenantData, day: date, manifest: Manifest) -> None:
    sums = manifest.sums
    assert found.totals(day) == (
        sums.hits,
        sums.logins,
        sums.active,
        sums.sessions,
        sums.single_event_sessions,
        sums.session_ms,
    )
    used = {feature for at, feature, _ in found.hits if at == day}
    assert {data.features.names(0)[at] for at in sums.features} == used


def _enter(found: Figures, day: date, name: str, figures: tuple[int, ...]) -> None:
    if any(figures):
        found.people[day, name] = figures
