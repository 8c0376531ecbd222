"""How much one query may ask for."""

from typing import Final, NamedTuple

from functions.graphql.errors import QueryTooComplexError
from shared.metrics.domain.errors import BadInputError

MAX_TOKENS: Final = 1_000
"""Home with every field has 120 tokens, an introspection query 160."""

MAX_OPERATIONS: Final = 5
MAX_FRAGMENTS: Final = 50
MAX_ROOT_FIELDS: Final = 10
MAX_DEPTH: Final = 10
MAX_ALIASES: Final = 30
MAX_FIELDS: Final = 300
MAX_COST: Final = 5_000
"""Values in the answer, where a series counts as one; at about 3 µs each."""

MAX_LIST: Final = 100
"""Most people in one list: 1 000 objects of 10 fields take 31 ms (architecture §4)."""
DEFAULT_TOP: Final = 10
DEFAULT_FIRST: Final = 50

MOST_COUNTED: Final = 1_000_000_000
"""Counts of a fragment bomb have hundreds of digits; no client needs to read them."""


class ListSize(NamedTuple):
    """The argument that bounds the lists under a field, and its default."""

    argument: str
    default: int


SIZED: Final = {
    "home": ListSize("top", DEFAULT_TOP),
    "userAnalytics": ListSize("first", DEFAULT_FIRST),
    "savedViews": ListSize("first", DEFAULT_FIRST),
    "segments": ListSize("first", DEFAULT_FIRST),
    "annotations": ListSize("first", DEFAULT_FIRST),
    "workingCalendars": ListSize("first", DEFAULT_FIRST),
    "activePeople": ListSize("first", DEFAULT_FIRST),
    "inactivePeople": ListSize("first", DEFAULT_FIRST),
    "peopleWithoutHit": ListSize("first", DEFAULT_FIRST),
    "members": ListSize("first", DEFAULT_FIRST),
    "units": ListSize("first", DEFAULT_FIRST),
    "previousMembers": ListSize("first", DEFAULT_FIRST),
    "features": ListSize("first", DEFAULT_FIRST),
    "restatements": ListSize("first", DEFAULT_FIRST),
    "kpiMembers": ListSize("first", DEFAULT_FIRST),
    "quarantine": ListSize("first", DEFAULT_FIRST),
    "sources": ListSize("first", DEFAULT_FIRST),
    "previewMapping": ListSize("first", DEFAULT_FIRST),
}
LISTS: Final = frozenset(
    {"topByHits", "topByAttendance", "edges", "nodes", "kpis", "metricCatalogue"}
)
"""The lists that are bounded so: every field that returns a list of objects (a test compares)."""


def within(limit: str, allowed: int, asked: int) -> None:
    """Raise QueryTooComplexError when more is asked than is allowed."""
    if asked > allowed:
        raise QueryTooComplexError(limit, allowed=allowed, asked=min(asked, MOST_COUNTED))


def list_size(argument: str, value: int) -> int:
    """The size of a list, held to the same bounds when it comes as a variable.

    BadInputError below 1, QueryTooComplexError above MAX_LIST.
    """
    if value < 1:
        raise BadInputError(f"{argument} is {value}; it may be 1 to {MAX_LIST}", field=argument)
    within(argument, MAX_LIST, value)
    return value
