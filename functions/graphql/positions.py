"""Places in a list of people that is ordered by a metric, as the text that cursors hold."""

import json
from math import isfinite

from functions.graphql.cursors import Page
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.views.people_answers import Position


def text_of(position: Position) -> str:
    """The text of a place."""
    return json.dumps([position.value, position.user_id])


def position_of(page: Page) -> Position | None:
    """The place behind which a page begins, None for the first page; BadInputError if its cursor
    holds no place.
    """
    if page.after is None:
        return None
    try:
        value, user_id = json.loads(page.after)
    except (ValueError, TypeError, RecursionError):
        value = user_id = None
    is_number = isinstance(value, float) and isfinite(value)
    if not isinstance(user_id, str) or not (value is None or is_number):
        raise BadInputError("after is no cursor of this list", field="after")
    return Position(value, user_id)
