"""The tables that there are, found in the schema, and the query that asks for one.

A table is named by the fields that lead to it: `trends.series`, `home.topByHits`, `userAnalytics`.
Of lists of people it has every field of a person; of an object with lists, these; of a view without
lists of its own its figures, as one row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_interface_type,
    is_required_argument,
)

from functions.graphql.export.shape import fields_of, has_plain_lists, is_connection, lists_around
from shared.metrics.domain.errors import BadInputError

NODES: Final = "nodes"
_BESIDE: Final = frozenset({"Proof", "PageInfo"})
"""What tells of an answer, and is no part of it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The fields that lead to a table."""

    path: tuple[tuple[str, GraphQLField], ...]

    @property
    def name(self) -> str:
        return ".".join(name for name, _ in self.path)

    @property
    def field(self) -> GraphQLField:
        return self.path[-1][1]


def table_names(schema: GraphQLSchema) -> list[str]:
    """Every table, in the order of the schema."""
    return [place.name for place in _places(schema)]


def query_for(
    schema: GraphQLSchema, name: str, arguments: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The query for a table, and its variables; each of the arguments goes to the first field on
    the way that takes it. BadInputError for a table or an argument that there is not.
    """
    place = next((place for place in _places(schema) if place.name == name), None)
    if place is None:
        raise BadInputError(_not_there(name, table_names(schema)), field="view")
    takers = _takers(place.path, arguments)
    declared = ", ".join(
        f"${argument}: {place.path[taker][1].args[argument].type}"
        for argument, taker in takers.items()
    )
    text = _selection(place.field)
    for at in reversed(range(len(place.path))):
        given = ", ".join(
            f"{argument}: ${argument}" for argument, taker in takers.items() if taker == at
        )
        text = f"{{ {place.path[at][0]}{f'({given})' if given else ''} {text} }}"
    return f"query{f' ({declared})' if declared else ''} {text}", dict(arguments)


def _not_there(name: str, known: Sequence[str]) -> str:
    """What there is instead: of the same view, or else the views."""
    view = name.partition(".")[0]
    views = list(dict.fromkeys(each.partition(".")[0] for each in known))
    listed = [each for each in known if each.partition(".")[0] == view] or views
    return f"there is no table {name!r}; there are {', '.join(listed)}"


def _places(schema: GraphQLSchema) -> Iterator[_Place]:
    query = schema.query_type
    if query is not None:
        yield from _below((), query)


def _below(path: tuple[tuple[str, GraphQLField], ...], owner: GraphQLNamedType) -> Iterator[_Place]:
    for name, field in fields_of(owner).items():
        named = get_named_type(field.type)
        if not fields_of(named) or named.name in _BESIDE or is_interface_type(named):
            continue
        place = _Place((*path, (name, field)))
        is_list = bool(lists_around(field)) or is_connection(field)
        if _selection(field) and (not path or is_list or has_plain_lists(named)):
            yield place
        if not is_list:
            yield from _below(place.path, named)


def _selection(field: GraphQLField) -> str:
    """What is selected of the table that a field is; empty if there is nothing."""
    named = get_named_type(field.type)
    if is_connection(field):
        return f"{{ {NODES} {_selection(fields_of(named)[NODES])} }}"
    if lists_around(field):
        return _selected(named, lists=None)
    return _selected(named, lists=has_plain_lists(named))


def _selected(owner: GraphQLNamedType, *, lists: bool | None) -> str:
    """The values of a type, and of objects in it that are no tables themselves: with `lists` those
    in lists, without it the others, with None all.
    """
    names = []
    for name, field in fields_of(owner).items():
        named = get_named_type(field.type)
        if any(map(is_required_argument, field.args.values())) or named.name in _BESIDE:
            continue
        in_lists = bool(lists_around(field))
        if not fields_of(named):
            if lists in (None, in_lists):
                names.append(name)
        elif not in_lists and not is_connection(field) and not has_plain_lists(named):
            below = _selected(named, lists=lists)
            if below:
                names.append(f"{name} {below}")
    return f"{{ {' '.join(names)} }}" if names else ""


def _takers(
    path: Sequence[tuple[str, GraphQLField]], arguments: Mapping[str, Any]
) -> dict[str, int]:
    """For each argument the place of the field that takes it."""
    takers = {}
    for argument in arguments:
        found = [at for at, (_, field) in enumerate(path) if argument in field.args]
        if not found:
            known = sorted({name for _, field in path for name in field.args})
            message = f"it has no argument {argument!r}; it has {', '.join(known) or 'none'}"
            raise BadInputError(message, field="arguments")
        takers[argument] = found[0]
    return takers
