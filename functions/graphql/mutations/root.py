"""All root fields that change something."""

import strawberry

from functions.graphql.mutations.annotations import (
    create_annotation,
    delete_annotation,
    update_annotation,
)
from functions.graphql.mutations.catalogue import name_feature, unname_feature
from functions.graphql.mutations.quarantine import replay_quarantine
from functions.graphql.mutations.saved_views import (
    create_saved_view,
    delete_saved_view,
    update_saved_view,
)
from functions.graphql.mutations.segments import create_segment, delete_segment, update_segment
from functions.graphql.mutations.settings import change_settings
from functions.graphql.mutations.sources import (
    activate_integration,
    create_source,
    disable_source,
    rotate_secret,
    set_source_mapping,
    set_source_settings,
)
from functions.graphql.mutations.working_calendars import (
    delete_working_calendar,
    set_working_calendar,
)
from functions.graphql.object_types.annotation import Annotation
from functions.graphql.object_types.named_feature import NamedFeature
from functions.graphql.object_types.quarantine_replay import QuarantineReplay
from functions.graphql.object_types.saved_view import SavedView
from functions.graphql.object_types.segment import Segment
from functions.graphql.object_types.settings import Settings
from functions.graphql.object_types.source import Source, SourceSetUp
from functions.graphql.object_types.working_calendar import WorkingCalendar


@strawberry.type(
    description="What changes the tenant's library and settings. An update or deletion is for the "
    "owner and for admins; a change is refused with CONFLICT if someone else has changed the thing "
    "since the expected version."
)
class Mutation:
    """The library, and the settings."""

    create_saved_view: SavedView = strawberry.mutation(
        resolver=create_saved_view, description="Save a view as one's own."
    )
    update_saved_view: SavedView = strawberry.mutation(
        resolver=update_saved_view, description="Replace what a saved view says."
    )
    delete_saved_view: strawberry.ID = strawberry.mutation(
        resolver=delete_saved_view, description="Delete a saved view; its id."
    )
    create_segment: Segment = strawberry.mutation(
        resolver=create_segment,
        description="Save a segment as one's own. For admins and managers.",
    )
    update_segment: Segment = strawberry.mutation(
        resolver=update_segment, description="Replace what a segment says."
    )
    delete_segment: strawberry.ID = strawberry.mutation(
        resolver=delete_segment, description="Delete a segment; its id."
    )
    create_annotation: Annotation = strawberry.mutation(
        resolver=create_annotation,
        description="Note something on a day, for everyone of the tenant. For admins and managers.",
    )
    update_annotation: Annotation = strawberry.mutation(
        resolver=update_annotation, description="Replace what an annotation says."
    )
    delete_annotation: strawberry.ID = strawberry.mutation(
        resolver=delete_annotation, description="Delete an annotation; its id."
    )
    set_working_calendar: WorkingCalendar = strawberry.mutation(
        resolver=set_working_calendar,
        description="Write the calendar of a country; without `expectedVersion` there must be none "
        "yet. For admins.",
    )
    delete_working_calendar: strawberry.ID = strawberry.mutation(
        resolver=delete_working_calendar,
        description="Delete the calendar of a country; its id. For admins.",
    )
    change_settings: Settings = strawberry.mutation(
        resolver=change_settings,
        description="Change the tenant's settings. For admins.",
    )
    replay_quarantine: QuarantineReplay = strawberry.mutation(
        resolver=replay_quarantine,
        description="Try rows in quarantine again, with the mapping of now: those of a source, "
        "with a reason, or by their ids; without arguments all. It is done in the background. For "
        "admins.",
    )
    create_source: SourceSetUp = strawberry.mutation(
        resolver=create_source,
        description="Make a source of events. Its secret is shown now and never again. For admins.",
    )
    activate_integration: SourceSetUp = strawberry.mutation(
        resolver=activate_integration,
        description="Set up the one integration of a kind in one step: its URL, secret, and what "
        "has to be done in the CRM. Doing it again changes nothing but the secret and the settings "
        "that are given; one that was disabled is enabled with a new secret. For admins.",
    )
    rotate_secret: SourceSetUp = strawberry.mutation(
        resolver=rotate_secret,
        description="Give a source another secret; the one before is accepted for 24 hours more. A "
        "disabled source is enabled, with the new secret alone. For admins.",
    )
    disable_source: Source = strawberry.mutation(
        resolver=disable_source,
        description="Accept nothing from a source any more, until its secret is rotated. For "
        "admins.",
    )
    set_source_settings: Source = strawberry.mutation(
        resolver=set_source_settings,
        description="Replace all that is agreed with the sender of a source. For admins.",
    )
    set_source_mapping: Source = strawberry.mutation(
        resolver=set_source_mapping,
        description="Say what the rows of a source mean from now on: a document of rules, of "
        "which the first that fits decides; without rules what they usually mean. For admins.",
    )
    name_feature: NamedFeature = strawberry.mutation(
        resolver=name_feature,
        description="Put a feature into the tenant's catalogue, with its category, or replace what "
        "is said of it there. Answers count it in its category at once, in the past too. For "
        "admins.",
    )
    unname_feature: str = strawberry.mutation(
        resolver=unname_feature,
        description="Take a feature out of the tenant's catalogue again; its name. Its events "
        "stay. For admins.",
    )
