"""User analytics over 30 days: who meets five conditions; by hits, fifty with all metrics."""

from typing import Final

from benchmarks.company.directory import person_number
from benchmarks.company.size import Size
from benchmarks.company.store import TENANT
from benchmarks.engines.engine import Engine
from benchmarks.queries.answers import Person, Segment
from benchmarks.queries.query import Ours, Query
from benchmarks.queries.sessions import gaps
from benchmarks.queries.windows import last_days
from shared.metrics.domain.conditions import Comparator, Condition, ConditionMetric, Threshold
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.people_answers import PersonSort, UserAnalyticsAnswer
from shared.metrics.engine.requests import PeopleFilter, UserAnalyticsRequest

LANGUAGES: Final = ("de", "en", "es", "fr")
MIN_ATTENDANCE: Final = 8
MORE_THAN_MS: Final = 300 * 60_000
USED: Final = "Deals"
USED_TIMES: Final = 5
NOT_USED: Final = "Anomaly Detection"
PAGE: Final = 50

_SPOKEN: Final = f"language in ({', '.join(repr(name) for name in LANGUAGES)})"
_SEGMENT: Final = f"""
select count(*) over () as size, people.person, hits, attendance, previous, sessions, single,
  session_ms, features, last_seen, last_login
from ($people) as people join ($used) as used on used.person = people.person
where attendance >= {MIN_ATTENDANCE} and session_ms > {MORE_THAN_MS}
  and used_times >= {USED_TIMES} and unwanted_times = 0
order by hits desc, people.person limit {PAGE}
"""
_RAW_PEOPLE: Final = f"""
select gaps.person as person, count(*) filter (where is_hit) as hits,
  count(distinct day) as attendance, any_value(seen_before) as previous,
  count(*) filter (where starts) as sessions,
  count(*) filter (where starts and ends) as single, sum(gap_ms) as session_ms,
  max(time_ms) as last_seen, max(time_ms) filter (where not is_hit) as last_login
from ($gaps) as gaps join directory on directory.person = gaps.person left join (
  select events.person as person, count(distinct day) as seen_before
  from events join directory on directory.person = events.person
  where $before and day between first_day and last_day and {_SPOKEN}
  group by events.person) as earlier on earlier.person = gaps.person
where $days and day between first_day and last_day and {_SPOKEN} group by gaps.person
"""
_RAW_USED: Final = f"""
select person, count(*) as features,
  coalesce(sum(times) filter (where feature = '{USED}'), 0) as used_times,
  coalesce(sum(times) filter (where feature = '{NOT_USED}'), 0) as unwanted_times
from (
  select events.person as person, feature, count(*) as times
  from events join directory on directory.person = events.person
  where $days and action <> 'login' and day between first_day and last_day and {_SPOKEN}
  group by events.person, feature) as cells
group by person
"""
_PEOPLE: Final = f"""
select people.*, seen_before as previous from (
  select person, sum(hits) as hits, count(*) as attendance, sum(sessions) as sessions,
    sum(single) as single, sum(session_ms) as session_ms, $features as features,
    max(last_seen) as last_seen, max(last_login) as last_login
  from person_day where $days and {_SPOKEN} group by person) as people
left join (
  select person, count(*) as seen_before from person_day where $before and {_SPOKEN}
  group by person) as earlier on earlier.person = people.person
"""
_USED: Final = f"""
select person, coalesce(sum(hits) filter (where feature = '{USED}'), 0) as used_times,
  coalesce(sum(hits) filter (where feature = '{NOT_USED}'), 0) as unwanted_times
from cube where $days and {_SPOKEN} and feature in ('{USED}', '{NOT_USED}') group by person
"""


_DOCUMENT: Final = f"""
{{ userAnalytics(
  filter: {{language: ["de", "en", "es", "fr"]}}, sort: HITS, descending: true, first: {PAGE}
  conditions: [
    {{metric: ATTENDANCE, comparator: AT_LEAST, value: {MIN_ATTENDANCE}}}
    {{metric: SESSION_MINUTES, comparator: GREATER_THAN, value: {MORE_THAN_MS // 60_000}}}
    {{
      metric: FEATURE_USED, comparator: AT_LEAST, value: {USED_TIMES}
      feature: {{feature: "{USED}"}}
    }}
    {{metric: FEATURE_NOT_USED, feature: {{feature: "{NOT_USED}"}}}}
  ]
) {{
  asOf isPartial totalCount rosterSize shareOfRoster pageInfo {{ hasNextPage endCursor }}
  nodes {{
    userId name hits attendance previousAttendance sessions singleEventSessions
    sessionMilliseconds featuresUsed lastSeen lastLogin
  }}
}} }}
"""


def _raw(engine: Engine, size: Size) -> Segment:
    days = last_days(size, 30)
    people = _RAW_PEOPLE.replace("$gaps", gaps(days)).replace("$days", str(days))
    people = people.replace("$before", str(days.previous))
    return _segment(engine, people, _RAW_USED.replace("$days", str(days)))


def _rolled_up(engine: Engine, size: Size) -> Segment:
    days = last_days(size, 30)
    people = _PEOPLE.replace("$features", engine.features_used).replace("$days", str(days))
    people = people.replace("$before", str(days.previous))
    return _segment(engine, people, _USED.replace("$days", str(days)))


def _segment(engine: Engine, people: str, used: str) -> Segment:
    found = engine.rows(_SEGMENT.replace("$people", people).replace("$used", used))
    return Segment(
        size=found[0][0] if found else 0,
        page=[Person(*(int(value or 0) for value in person)) for _, *person in found],
    )


def _request(_size: Size) -> UserAnalyticsRequest:
    minutes = Threshold(Comparator.GREATER_THAN, MORE_THAN_MS / 60_000)
    return UserAnalyticsRequest(
        tenant=TENANT,
        people=PeopleFilter(language=LANGUAGES),
        conditions=(
            Condition(ConditionMetric.ATTENDANCE, Threshold(Comparator.AT_LEAST, MIN_ATTENDANCE)),
            Condition(ConditionMetric.SESSION_MINUTES, minutes),
            Condition(
                ConditionMetric.FEATURE_USED,
                Threshold(Comparator.AT_LEAST, USED_TIMES),
                selection=FeatureSelection(feature=USED),
            ),
            Condition(
                ConditionMetric.FEATURE_NOT_USED, selection=FeatureSelection(feature=NOT_USED)
            ),
        ),
        sort=PersonSort.HITS,
        descending=True,
        first=PAGE,
    )


def _answer(ours: UserAnalyticsAnswer, _size: Size) -> Segment:
    return Segment(
        ours.size,
        [
            Person(
                person_number(person.user_id),
                person.hits,
                person.attendance,
                person.previous_attendance,
                person.sessions,
                person.single_event_sessions,
                person.session_milliseconds,
                person.features_used,
                person.last_seen_ms or 0,
                person.last_login_ms or 0,
            )
            for person in ours.people
        ],
    )


USER_ANALYTICS: Final = Query(
    "user analytics", _raw, _rolled_up, Ours(_request, _answer, lambda _: _DOCUMENT)
)
