"""What people save: views, segments and annotations."""

from datetime import date
from enum import Enum
from typing import Final

import msgspec

from shared.metrics.domain.roles import Role, Viewer

MAX_NAME: Final = 100
MAX_NOTE: Final = 500
MAX_CATEGORY: Final = 50


class ViewName(Enum):
    """The views whose arguments can be saved."""

    HOME = "home"
    ACTIVITY = "activity"
    TRENDS = "trends"
    FUNNEL = "funnel"
    POPULARITY = "popularity"
    FREQUENCY = "frequency"
    USER_ANALYTICS = "user_analytics"
    RETENTION = "retention"
    LIFECYCLE = "lifecycle"
    STICKINESS = "stickiness"


class SavedObject(msgspec.Struct, frozen=True, kw_only=True):
    """What all of them have. Times are milliseconds UTC.

    `id` is random, `owner` the user id of whoever made it. `version` grows with every change.
    """

    id: str
    owner: str
    created_at_ms: int
    changed_at_ms: int
    version: int

    def is_visible_to(self, viewer: Viewer) -> bool:
        """Whether someone of the same tenant may see it."""
        raise NotImplementedError

    def is_changeable_by(self, viewer: Viewer) -> bool:
        """Whether someone of the same tenant may change or delete it."""
        return viewer.role is Role.ADMIN or viewer.user_id == self.owner


class Shared(SavedObject, frozen=True, kw_only=True):
    """A saved object of one person, shared with everyone who asks in one of some roles."""

    name: str
    shared_with: tuple[Role, ...] = ()

    def is_visible_to(self, viewer: Viewer) -> bool:
        """The owner sees it, whom it is shared with, and every admin."""
        return self.is_changeable_by(viewer) or viewer.role in self.shared_with


class SavedView(Shared, frozen=True, kw_only=True):
    """A view with its arguments, which are the canonical text of a JSON object (documents.py)."""

    view: ViewName
    arguments: str


class Segment(Shared, frozen=True, kw_only=True):
    """People described by conditions: `definition` is the canonical text of a JSON object."""

    definition: str


class Annotation(SavedObject, frozen=True, kw_only=True):
    """A note on a local day, such as a release, for everyone of the tenant."""

    day: date
    text: str
    category: str | None = None

    def is_visible_to(self, viewer: Viewer) -> bool:  # noqa: ARG002 - everyone sees it
        """Everyone sees it."""
        return True
