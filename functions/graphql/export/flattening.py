"""From an answer to a table, for every view alike.

What stands for itself is repeated in every row. Lists make the rows: they stand side by side, and
a shorter one ends earlier. Of a list that is asked for by page (a connection) each node is a row,
and lists beside it are one cell. Of lists of lists, such as the series of groups, each entry is a
row: lists that stand with them, such as the names of the groups, go with the outer list, all others
with the inner ones, and a column tells the place in the inner list, from 0.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from functions.graphql.export.shape import Selected, Trail, leaves
from functions.graphql.export.table import Column, Kind, Table
from shared.metrics.domain.errors import BadInputError

INDEX: Final = "index"
INNER: Final = frozenset({"Retention.meanRates"})
"""Lists that go with inner lists although they stand beside the outer ones (a test compares)."""

_GRID: Final = 2


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A column to be: its values, in as many lists as it has axes."""

    trail: Trail
    name: str
    axes: int
    values: Any

    @property
    def is_grid(self) -> bool:
        """Whether there are lists of lists; of groups that there are not, there are none."""
        return self.axes == _GRID and self.values is not None

    def column(self, values: list[Any]) -> Column:
        """The column, with one value a row."""
        rest = sum(field.lists for field in self.trail) - self.axes
        return Column(self.name, Kind.LIST if rest else self.trail[-1].kind, values)


def connection_of(root: Selected) -> Trail | None:
    """From the root field to the list whose nodes are selected, if there is one; BadInputError if
    there are several, or if it is itself in a list.
    """
    found = [trail for trail in _objects((root,)) if _nodes(trail[-1])]
    if len(found) > 1:
        raise _several(root, [trail[1:] for trail in found])
    if found and any(field.lists for field in found[0]):
        message = f"{_name(found[0][1:])} is a list in a list, and no rows of a table"
        raise BadInputError(message, field="query")
    return found[0] if found else None


def table_of(root: Selected, answer: object) -> Table:
    """The table of the answer to a root field. BadInputError if it cannot be one."""
    trail_of_list = connection_of(root)
    connection = trail_of_list and trail_of_list[1:]
    found = [_leaf(trail, connection, answer) for trail in leaves(root)]
    grids = [leaf for leaf in found if leaf.is_grid]
    columns = _long(root, found, _owner_of(root, grids)) if grids else _side_by_side(found)
    twice = [name for name, n in Counter(column.name for column in columns).items() if n > 1]
    if twice:
        message = f"two columns are called {twice[0]}; give one of the fields an alias"
        raise BadInputError(message, field="query")
    return Table(root.key, columns)


def at(answer: Any, trail: Trail) -> Any:  # noqa: ANN401 - whatever JSON has
    """What stands at the end of a trail; with a list of objects on the way a list of it."""
    for place, field in enumerate(trail):
        if isinstance(answer, list):
            return [at(each, trail[place:]) for each in answer]
        if answer is None:
            return None
        answer = answer.get(field.key)
    return answer


def _objects(trail: Trail) -> list[Trail]:
    """The connections at and below the end of a trail."""
    below = [found for field in trail[-1].fields for found in _objects((*trail, field))]
    return [trail, *below] if trail[-1].is_connection else below


def _nodes(field: Selected) -> bool:
    return any(below.lists and below.fields for below in field.fields)


def _name(trail: Trail) -> str:
    return ".".join(field.key for field in trail)


def _leaf(trail: Trail, connection: Trail | None, answer: object) -> _Leaf:
    lists = sum(field.lists for field in trail)
    values = at(answer, trail)
    if connection is not None:
        size = len(connection)
        if trail[:size] == connection and len(trail) > size + 1 and trail[size].lists:
            # The rows need not be told: of `nodes.userId` and `edges.node.userId` it is `userId`.
            is_edge = trail[size].type_name.endswith("Edge")
            own = trail[size + 1 + is_edge :]
            return _Leaf(trail, _name((*connection, *own)), 1, values)
        return _Leaf(trail, _name(trail), 0, values)
    # Lists in a list of objects are a cell of its row.
    axes = min(lists, _GRID) if trail[-1].lists == lists else min(lists, 1)
    return _Leaf(trail, _name(trail), axes, values)


def _side_by_side(found: Sequence[_Leaf]) -> list[Column]:
    """Each list from the first row on."""
    lists = [leaf.values or [] for leaf in found if leaf.axes]
    rows = max(map(len, lists)) if lists else 1
    return [
        leaf.column(_padded(leaf.values, rows) if leaf.axes else [leaf.values] * rows)
        for leaf in found
    ]


def _owner_of(root: Selected, grids: Sequence[_Leaf]) -> Trail:
    """The object that has lists of lists, and beside them the lists that name the outer ones."""
    owners = {_owner(leaf.trail) for leaf in grids}
    if len(owners) > 1:
        raise _several(root, sorted(owners, key=_name))
    return owners.pop()


def _owner(trail: Trail) -> Trail:
    for size in range(len(trail) - 1, 0, -1):
        if trail[size - 1].has_plain_lists:
            return trail[:size]
    return ()


def _several(root: Selected, trails: Sequence[Trail]) -> BadInputError:
    names = " and ".join(_name(trail) or root.key for trail in trails)
    message = f"a table has the rows of one list; asked for are those of {names}"
    return BadInputError(message, field="query")


def _long(root: Selected, found: Sequence[_Leaf], owner: Trail) -> list[Column]:
    """A row for each entry of the lists of lists."""
    grids = [leaf for leaf in found if leaf.is_grid]
    lists = [leaf for leaf in found if leaf.axes and not leaf.is_grid]
    outer = [leaf for leaf in lists if _is_outer(root, leaf.trail, owner)]
    inner = [leaf for leaf in lists if not _is_outer(root, leaf.trail, owner)]
    groups = max(len(leaf.values or []) for leaf in (*outer, *grids))
    fewest = max((len(leaf.values or []) for leaf in inner), default=0)
    widths = [
        max([fewest, *(len(_entry(leaf.values, group) or []) for leaf in grids)])
        for group in range(groups)
    ]
    cells = [(group, place) for group, width in enumerate(widths) for place in range(width)]
    columns = []
    for leaf in found:
        if leaf.is_grid:
            values = [_entry(_entry(leaf.values, group), place) for group, place in cells]
        elif leaf.axes == 0:
            values = [leaf.values] * len(cells)
        elif _is_outer(root, leaf.trail, owner):
            values = [_entry(leaf.values, group) for group, _ in cells]
        else:
            values = [_entry(leaf.values, place) for _, place in cells]
        columns.append(leaf.column(values))
    return [*columns, Column(INDEX, Kind.WHOLE, [place for _, place in cells])]


def _is_outer(root: Selected, trail: Trail, owner: Trail) -> bool:
    """Whether a list goes with the outer lists."""
    beside = (root, *trail)[-2]
    is_inner = f"{beside.type_name}.{trail[-1].nodes[0].name.value}" in INNER
    return trail[: len(owner)] == owner and not is_inner


def _padded(values: list[Any] | None, rows: int) -> list[Any]:
    values = values or []
    return values + [None] * (rows - len(values))


def _entry(values: list[Any] | None, place: int) -> Any:  # noqa: ANN401 - likewise
    return values[place] if values is not None and place < len(values) else None
