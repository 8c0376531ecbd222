"""What the people of one tenant have saved."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.metrics.storage.calendars import WorkingCalendars
from shared.metrics.storage.ports import Store
from shared.metrics.storage.saved_objects import Annotation, SavedView, Segment
from shared.metrics.storage.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Library:
    """A tenant's shelves, and its working calendars."""

    saved_views: Shelf[SavedView]
    segments: Shelf[Segment]
    annotations: Shelf[Annotation]
    working_calendars: WorkingCalendars


def library_of(store: Store, tenant: str, clock: Callable[[], int]) -> Library:
    """The library of a tenant; `clock` tells milliseconds UTC."""
    return Library(
        saved_views=Shelf(store, tenant, SavedView, "saved view", clock),
        segments=Shelf(store, tenant, Segment, "segment", clock),
        annotations=Shelf(store, tenant, Annotation, "annotation", clock),
        working_calendars=WorkingCalendars(store, tenant, clock),
    )
