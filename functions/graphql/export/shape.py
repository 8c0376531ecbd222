"""What a query selects, as a tree with the types of the schema: also where the answer is empty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_list_type,
    is_wrapping_type,
)
from graphql.execution.values import VariableValues, get_directive_values

from functions.graphql.export.table import Kind
from shared.metrics.domain.errors import BadInputError

TYPE_NAME: Final = "__typename"
_PAGE_INFO: Final = "PageInfo"

_KINDS: Final = {
    "Int": Kind.WHOLE,
    "Count": Kind.WHOLE,
    "Milliseconds": Kind.WHOLE,
    "Float": Kind.REAL,
    "Boolean": Kind.FLAG,
    "Date": Kind.DAY,
    "DateTime": Kind.INSTANT,
}
"""By scalar; every other one is a text."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A field that is selected, by the name it has in the answer. `nodes` are where the document
    does so, `lists` how many lists are around its values, `fields` what is selected below.
    `has_plain_lists`: whether its type has lists of values, selected or not.
    """

    key: str
    nodes: tuple[FieldNode, ...]
    type_name: str
    kind: Kind = Kind.TEXT
    lists: int = 0
    is_connection: bool = False
    has_plain_lists: bool = False
    fields: tuple["Selected", ...] = ()


Trail = tuple[Selected, ...]
"""The fields from below the root field down to one."""


def leaves(root: Selected) -> Iterator[Trail]:
    """The fields without fields below them, but for cursors and what tells of pages."""
    for field in root.fields:
        if field.type_name == _PAGE_INFO or _is_cursor(root, field):
            continue
        if not field.fields:
            yield (field,)
        for below in leaves(field):
            yield (field, *below)


def _is_cursor(owner: Selected, field: Selected) -> bool:
    return owner.type_name.endswith("Edge") and field.nodes[0].name.value == "cursor"


def root_field(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: VariableValues,
) -> Selected:
    """The root field of a query that is valid; BadInputError unless it has one, of ours."""
    query = schema.query_type
    if query is None:
        raise BadInputError("there is nothing to ask for")
    found = _Reader(schema, document, variables).fields(query, (operation.selection_set,))
    if len(found) != 1 or not found[0].fields or found[0].key.startswith("__"):
        asked = ", ".join(field.key for field in found) or "nothing"
        message = f"a table is made of one root field with fields below it; asked for is {asked}"
        raise BadInputError(message, field="query")
    return found[0]


class _Reader:
    """Reads selections; the document has been validated, and so is bounded."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def fields(
        self, owner: GraphQLNamedType, selections: tuple[SelectionSetNode, ...]
    ) -> tuple[Selected, ...]:
        """What is selected of a type, in the order of the document."""
        found: dict[str, list[tuple[GraphQLField | None, FieldNode]]] = {}
        for selection_set in selections:
            self._collect(owner, selection_set, found)
        return tuple(self._selected(key, of_key) for key, of_key in found.items())

    def _collect(
        self,
        owner: GraphQLNamedType,
        selection_set: SelectionSetNode,
        found: dict[str, list[tuple[GraphQLField | None, FieldNode]]],
    ) -> None:
        for node in selection_set.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                key = (node.alias or node.name).value
                found.setdefault(key, []).append((_definition(owner, node.name.value), node))
                continue
            fragment: SelectionNode | FragmentDefinitionNode = node
            if isinstance(node, FragmentSpreadNode):
                fragment = self._fragments[node.name.value]
            if isinstance(fragment, InlineFragmentNode | FragmentDefinitionNode):
                # Of an interface the fields of every type that is asked for are columns.
                condition = fragment.type_condition
                of_type = self._schema.type_map[condition.name.value] if condition else owner
                self._collect(of_type, fragment.selection_set, found)

    def _selected(self, key: str, found: list[tuple[GraphQLField | None, FieldNode]]) -> Selected:
        definition, nodes = found[0][0], tuple(node for _, node in found)
        if definition is None:  # __typename, __schema or __type
            return Selected(key, nodes, nodes[0].name.value)
        named = get_named_type(definition.type)
        below = tuple(node.selection_set for node in nodes if node.selection_set)
        fields = self.fields(named, below)
        return Selected(
            key=key,
            nodes=nodes,
            type_name=named.name,
            kind=_KINDS.get(named.name, Kind.TEXT),
            lists=lists_around(definition),
            is_connection=is_connection(definition),
            has_plain_lists=has_plain_lists(named),
            fields=fields,
        )

    def _is_included(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables) or {}
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables) or {}
        return not skip.get("if", False) and include.get("if", True)


def fields_of(of_type: GraphQLNamedType) -> Mapping[str, GraphQLField]:
    """The fields of a type; none of a scalar."""
    fields: Mapping[str, GraphQLField] = {}
    if isinstance(of_type, GraphQLObjectType | GraphQLInterfaceType):
        fields = of_type.fields
    return fields


def _definition(owner: GraphQLNamedType, name: str) -> GraphQLField | None:
    return fields_of(owner).get(name)


def lists_around(field: GraphQLField) -> int:
    """How many lists are around the values of a field."""
    of_type: Any = field.type
    count = 0
    while is_wrapping_type(of_type):
        count += is_list_type(of_type)
        of_type = of_type.of_type
    return count


def is_connection(field: GraphQLField) -> bool:
    """Whether a field is a list that is asked for by page."""
    by_page = {"first", "after"} <= field.args.keys()
    return by_page and "pageInfo" in fields_of(get_named_type(field.type))


def has_plain_lists(of_type: GraphQLNamedType) -> bool:
    """Whether a type has lists of values of its own."""
    return any(
        lists_around(field) == 1 and not fields_of(get_named_type(field.type))
        for field in fields_of(of_type).values()
    )
