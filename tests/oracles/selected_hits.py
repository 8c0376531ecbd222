"""The hits that a selection is about, one by one (definitions §2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from shared.metrics.domain.catalogue import CATALOGUE
from shared.metrics.domain.events import Event
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from tests.oracles.counting import Counting
from tests.oracles.history import is_hit


@dataclass(frozen=True)
class Hit:
    """One hit of someone who counts."""

    user_id: str
    day: date
    event: Event


def hits_in(
    who: Counting,
    window: Window,
    selection: FeatureSelection,
    is_counted: Callable[[int], bool] = lambda at_ms: True,
) -> Iterator[Hit]:
    """The hits of a window that are of the selection, of those who count."""
    for event in who.history.usage:
        day = who.history.day_of(event.occurred_at_ms)
        is_asked_for = day in window and is_hit(event) and is_counted(event.occurred_at_ms)
        if is_asked_for and is_of(event, selection) and who.counts(event.user_id, day):
            yield Hit(event.user_id, day, event)


def is_of(event: Event, selection: FeatureSelection) -> bool:
    """Whether an event is of the selection."""
    catalogued = CATALOGUE.get(event.feature)
    category = catalogued.category if catalogued else None
    if selection.category is not None and category is not selection.category:
        return False
    if selection.feature == "ALL_MODULES":
        if category is None or category.value != "Modules":
            return False
    elif selection.feature is not None and event.feature != selection.feature:
        return False
    return (
        selection.property in (None, event.property)
        and selection.attribute in (None, event.attribute)
        and selection.action in (None, event.action)
    )


def row_of(event: Event, part: Part) -> str:
    """What an event counts as."""
    if part is Part.CATEGORY:
        catalogued = CATALOGUE.get(event.feature)
        return catalogued.category.value if catalogued else "(uncatalogued)"
    names = {
        Part.FEATURE: event.feature,
        Part.PROPERTY: event.property,
        Part.ATTRIBUTE: event.attribute,
        Part.ACTION: event.action,
    }
    return names[part] or "(not set)"
