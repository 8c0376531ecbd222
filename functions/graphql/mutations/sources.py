"""The root fields that set sources up."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import SourceKind
from functions.graphql.library_inputs import IdArgument
from functions.graphql.object_types.source import Source, SourceSetUp, source_id_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.storage.mapping_documents import mapping_of

_EMPTY: str = '{"rules":[]}'


@strawberry.input(description="Something that is agreed with the sender.")
class SourceSettingInput:
    """A setting."""

    name: str = strawberry.field(
        description="Such as `organization`: the id by which the sender's rows name it; rows that "
        "name another are quarantined."
    )
    value: str


@strawberry.input(description="A source to be made.")
class SourceInput:
    """What a source is to be."""

    kind: SourceKind
    name: str = ""
    secret: str | None = strawberry.field(
        default=None, description="The one that the sender shows, where the sender makes it."
    )
    settings: list[SourceSettingInput] = strawberry.field(default_factory=list)
    mapping: str = strawberry.field(
        default=_EMPTY,
        description="What its rows mean where that is not as usual: a document of rules, as JSON.",
    )


_Source: TypeAlias = Annotated[SourceInput, strawberry.argument(name="input")]
_Secret: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="The one that the sender shows, where the sender makes it."),
]
_Settings: TypeAlias = Annotated[
    list[SourceSettingInput] | None,
    strawberry.argument(description="In place of all that there are; if null, those stay."),
]
_Mapping: TypeAlias = Annotated[
    str, strawberry.argument(description="A document of rules, as JSON.")
]


def create_source(info: Info, *, input_: _Source) -> SourceSetUp:
    """Make a source of the caller's tenant."""
    info.context.principal.allow(Role.ADMIN)
    made = info.context.sources.create(
        input_.kind,
        name=input_.name,
        secret=input_.secret,
        settings=_by_name(input_.settings),
        mapping=mapping_of(input_.mapping),
    )
    return SourceSetUp.of(made, info.context)


def activate_integration(
    info: Info, *, kind: SourceKind, secret: _Secret = None, settings: _Settings = None
) -> SourceSetUp:
    """Make the one integration of a kind, or find it."""
    info.context.principal.allow(Role.ADMIN)
    agreed = None if settings is None else _by_name(settings)
    made = info.context.sources.activate(kind, secret=secret, settings=agreed)
    return SourceSetUp.of(made, info.context)


def rotate_secret(info: Info, *, id_: IdArgument, secret: _Secret = None) -> SourceSetUp:
    """Give a source another secret."""
    info.context.principal.allow(Role.ADMIN)
    rotated = info.context.sources.rotate(source_id_of(info.context, id_), secret=secret)
    return SourceSetUp.of(rotated, info.context)


def disable_source(info: Info, *, id_: IdArgument) -> Source:
    """Accept nothing from a source any more."""
    info.context.principal.allow(Role.ADMIN)
    return Source.of(info.context.sources.disable(source_id_of(info.context, id_)))


def set_source_mapping(info: Info, *, id_: IdArgument, mapping: _Mapping) -> Source:
    """Say what the rows of a source mean."""
    info.context.principal.allow(Role.ADMIN)
    rules = mapping_of(mapping)
    return Source.of(info.context.sources.set_mapping(source_id_of(info.context, id_), rules))


def set_source_settings(
    info: Info, *, id_: IdArgument, settings: list[SourceSettingInput]
) -> Source:
    """Replace what is agreed with the sender."""
    info.context.principal.allow(Role.ADMIN)
    source_id = source_id_of(info.context, id_)
    return Source.of(info.context.sources.set_settings(source_id, _by_name(settings)))


def _by_name(settings: list[SourceSettingInput]) -> dict[str, str]:
    by_name = {setting.name.strip(): setting.value for setting in settings}
    if len(by_name) < len(settings) or "" in by_name:
        message = "each setting has a name, and no two have the same"
        raise BadInputError(message, field="settings")
    return by_name
