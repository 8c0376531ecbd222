"""Which fields a query selects, for views that compute only what is asked for."""

from collections.abc import Iterable, Iterator

from strawberry.types.nodes import SelectedField, Selection

from functions.graphql.context import Info


def selected_names(info: Info) -> set[str]:
    """The names of all fields below the one that is resolved, at any depth; those that a directive
    skips are among them.
    """
    return set(_names(info.selected_fields))


def _names(selections: Iterable[Selection]) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, SelectedField):
            yield selection.name
        yield from _names(selection.selections)
