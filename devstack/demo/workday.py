"""One person's day in the CRM: sessions of logins, hits, heartbeats and logouts."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from devstack.demo.deeds import ANY_RECORD, Deed, Repertoire
from devstack.demo.people import Person
from devstack.demo.rows import Row

_SECOND: Final = 1_000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE

_STARTS_AFTER_NOON: Final = -4 * _HOUR
_HOURS_OF_WORK: Final = 10.5
_HITS_A_SESSION: Final = 9
_MOST_SESSIONS: Final = 12
_LATE_SESSIONS: Final = 0.04
_LOGS_IN_AGAIN: Final = 0.15
_IN_A_BURST: Final = 0.8
_RECORDS: Final = 4_000
"""Records of a module that people come back to."""

_ACCOUNTS: Final = 700

_HEARTBEAT_EVERY: Final = 5 * _MINUTE


def workday(
    person: Person,
    day: date,
    hits: int,
    repertoire: Repertoire,
    planned: Sequence[Deed],
    random: Random,
) -> list[Row]:
    """A day of so many hits, the planned deeds at random places among them."""
    deeds = random.choices(
        repertoire.deeds, cum_weights=repertoire.cumulative_weights, k=max(hits - len(planned), 1)
    )
    for deed in planned:
        # In the first half, which is never in a late session and so on the same date everywhere.
        deeds.insert(int(random.random() * (len(deeds) // 2 + 1)), deed)
    starts = _session_starts(person.office(day).noon_ms(day), len(deeds), random)
    rows: list[Row] = []
    logged_in = False
    for at, start_ms in enumerate(starts):
        part = deeds[len(deeds) * at // len(starts) : len(deeds) * (at + 1) // len(starts)]
        logs_in = not logged_in or random.random() < _LOGS_IN_AGAIN
        end_ms = _session(rows, person, start_ms, part, random, logs_in=logs_in)
        logged_in = random.random() >= person.logs_out
        if not logged_in:
            end_ms += int((3 + 120 * random.random()) * _SECOND)
            rows.append(Row(end_ms, person.user_id, action="logout"))
    return rows


def _session_starts(noon_ms: int, deeds: int, random: Random) -> list[int]:
    """When sessions start, in order; now and then one more late in the evening."""
    most = min(_MOST_SESSIONS, 1 + deeds // _HITS_A_SESSION)
    least = (most + 1) // 2
    first_ms = noon_ms + _STARTS_AFTER_NOON
    starts = [
        first_ms + int(random.random() * _HOURS_OF_WORK * _HOUR)
        for _ in range(least + int(random.random() * (most - least + 1)))
    ]
    if deeds > len(starts) and random.random() < _LATE_SESSIONS:
        starts.append(noon_ms + int((10.5 + 1.45 * random.random()) * _HOUR))
    return sorted(starts)


def _session(
    rows: list[Row],
    person: Person,
    start_ms: int,
    deeds: Sequence[Deed],
    random: Random,
    *,
    logs_in: bool,
) -> int:
    """Add the rows of a session; answers when its last deed was."""
    user_id, draw, add = person.user_id, random.random, rows.append
    at_ms = start_ms
    if logs_in:
        add(Row(at_ms, user_id, action="login"))
    for deed in deeds:
        # Clicks come in bursts: mostly within seconds, then a pause to read or to talk.
        seconds = 3 + 40 * draw() if draw() < _IN_A_BURST else 60 + 480 * draw()
        at_ms += int(seconds * _SECOND)
        feature, of, attribute, action, record_id, account_id, signal = deed
        if record_id.endswith(ANY_RECORD):
            number = int(draw() * _RECORDS)
            record_id = record_id.replace(ANY_RECORD, str(number))
            account_id = f"account-{number % _ACCOUNTS}"
        add(Row(at_ms, user_id, feature, of, attribute, action, record_id, account_id, signal))
    if person.sends_heartbeats:
        first_ms = start_ms + _HEARTBEAT_EVERY
        for beat_ms in range(first_ms, at_ms + _HEARTBEAT_EVERY, _HEARTBEAT_EVERY):
            add(Row(beat_ms, user_id, action="heartbeat"))
        at_ms += int(_HEARTBEAT_EVERY * draw())
    return at_ms
