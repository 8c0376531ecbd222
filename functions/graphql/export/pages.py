"""Lists that are asked for by page, whole.

Most are answered in one piece, from one reading of what is stored; a list that is cut into pages
only after it has been read is followed page by page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from graphql import (
    SKIP,
    ArgumentNode,
    DocumentNode,
    FieldNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    VisitorAction,
    parse_type,
    visit,
)

from functions.graphql.context import Views
from functions.graphql.export.flattening import at
from functions.graphql.export.shape import Trail
from functions.graphql.limits import MAX_LIST
from shared.metrics.domain.errors import BadInputError
from shared.metrics.engine.requests import Request

A = TypeVar("A")

_FIRST: Final = "_exportFirst"
_AFTER: Final = "_exportAfter"
_PAGE: Final = "_exportPage"
_VARIABLES: Final = {_FIRST: "Int!", _AFTER: "String"}
_ARGUMENTS: Final = {"first": _FIRST, "after": _AFTER}


@dataclass(frozen=True, slots=True)
class WholeLists:
    """Views that answer with as many rows of a list as may be exported."""

    views: Views
    most_rows: int

    def ask(self, request: Request[A]) -> A:
        """The answer to a request, with `most_rows` on a page if it is for a page."""
        if isinstance(getattr(request, "first", None), int):
            request = replace(request, first=self.most_rows)  # type: ignore[call-arg]
        return self.views.ask(request)


def paged(document: DocumentNode, nodes: tuple[FieldNode, ...]) -> DocumentNode:
    """The query of a document, with its list, which stands at `nodes`, asked for page by page.

    What it says itself of `first` and `after` is left out, with variables that it is said with.
    """
    asked: DocumentNode = visit(document, _Paging(nodes))
    used = _UsedVariables()
    visit(asked, used)
    return replace(
        asked,
        definitions=tuple(
            _with_variables(node, used.names) if isinstance(node, OperationDefinitionNode) else node
            for node in asked.definitions
        ),
    )


def whole(execute: Callable[[Mapping[str, Any]], Any], connection: Trail, most_rows: int) -> Any:  # noqa: ANN401 - whatever JSON has
    """The answer to the root field of a paged query, with the nodes of all pages together.

    `execute` is given the page as variables; `connection` begins with the root field.
    BadInputError if there are more nodes than may be.
    """
    answer = execute({_FIRST: MAX_LIST})
    below = connection[1:]
    page = first = at(answer, below)
    lists = [field.key for field in connection[-1].fields if field.lists and field.fields]
    while page and page[_PAGE]["hasNextPage"]:
        if len(first[lists[0]]) >= most_rows:
            message = (
                f"the list has more than {most_rows:,} rows, the most that can be exported with "
                "so many columns; narrow it, or ask for fewer columns"
            )
            raise BadInputError(message, field="query")
        page = at(execute({_FIRST: MAX_LIST, _AFTER: page[_PAGE]["endCursor"]}), below)
        for name in lists:
            first[name] += page[name]
    return answer


class _Paging(Visitor):
    """Asks for the list by page."""

    def __init__(self, nodes: tuple[FieldNode, ...]) -> None:
        super().__init__()
        self._nodes = nodes

    def enter_field(self, node: FieldNode, *_args: object) -> FieldNode | None:
        """Another field in the place of the list."""
        if not any(node is each for each in self._nodes) or node.selection_set is None:
            return None
        rest = [each for each in node.arguments or () if each.name.value not in _ARGUMENTS]
        by_page = [
            ArgumentNode(name=NameNode(value=name), value=_variable(variable))
            for name, variable in _ARGUMENTS.items()
        ]
        page = FieldNode(
            alias=NameNode(value=_PAGE),
            name=NameNode(value="pageInfo"),
            selection_set=_selecting("hasNextPage", "endCursor"),
        )
        selected = SelectionSetNode(selections=(*node.selection_set.selections, page))
        return replace(node, arguments=(*rest, *by_page), selection_set=selected)


class _UsedVariables(Visitor):
    """Collects the names of the variables in use."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable_definition(self, *_args: object) -> VisitorAction:
        """Pass by: a definition is no use."""
        return SKIP

    def enter_variable(self, node: VariableNode, *_args: object) -> None:
        """One of them."""
        self.names.add(node.name.value)


def _with_variables(node: OperationDefinitionNode, used: set[str]) -> OperationDefinitionNode:
    kept = [each for each in node.variable_definitions or () if each.variable.name.value in used]
    new = [
        VariableDefinitionNode(variable=_variable(name), type=parse_type(of_type))
        for name, of_type in _VARIABLES.items()
    ]
    return replace(node, variable_definitions=(*kept, *new))


def _variable(name: str) -> VariableNode:
    return VariableNode(name=NameNode(value=name))


def _selecting(*names: str) -> SelectionSetNode:
    return SelectionSetNode(
        selections=tuple(FieldNode(name=NameNode(value=name)) for name in names)
    )
