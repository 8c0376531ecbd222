"""What to try once the demo is there: commands to copy, which work while it is being served."""

import json
from collections.abc import Iterator
from typing import Final

from devstack.sources import local_url
from shared.metrics.domain.source_kinds import EVENTS_PATH

FEATURES_QUERY: Final = "{ home { featuresUsed { value previous changePercent } } }"
KPI_QUERY: Final = (
    "{ kpi(key: WIN_RATE, period: {preset: LAST_60_DAYS}, groupBy: SOURCE) "
    "{ value previous { value } groups { keys values } } }"
)
TODAY_QUERY: Final = "{ home(includeToday: true) { isPartial totalHits { value previous } } }"


def next_steps(port: int, token: str, write_key: str) -> Iterator[str]:
    """Lines of shell: a token, three queries, and an event of now before the last one."""
    event = '{"user_id": "u001", "occurred_at": "\'$(date -u +%FT%TZ)\'", "feature": "Leads"}'
    yield "# A token to ask with, good for an hour, and the key of Zylker's source of events"
    yield f"TOKEN={token}"
    yield f"KEY={write_key}"
    yield "# How the number of features used has changed"
    yield from _asks(port, FEATURES_QUERY)
    yield "# Which leads are worth their while: deals won of those closed, by source"
    yield from _asks(port, KPI_QUERY)
    yield "# One more event, and Home with today in it"
    yield f'curl -s {local_url(port)}{EVENTS_PATH} -H "Authorization: Bearer $KEY" \\'
    yield f"  -H 'Content-Type: application/json' -d '{event}'"
    yield from _asks(port, TODAY_QUERY)


def _asks(port: int, query: str) -> Iterator[str]:
    yield f'curl -s http://127.0.0.1:{port}/graphql -H "Authorization: Bearer $TOKEN" \\'
    yield f"  -H 'Content-Type: application/json' -d '{json.dumps({'query': query})}'"
