"""The rule that keeps queries within the limits: one walk that counts each fragment once.

Strawberry's own limiters walk a fragment again at every spread, so that 701 bytes of fragments that
spread each other twice take them seconds; here they take a millisecond.
"""

from typing import Final, NamedTuple

from graphql import (
    ArgumentNode,
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.validation.validate import ValidationAbortedError

from functions.graphql.errors import QueryTooComplexError
from functions.graphql.limits import (
    LISTS,
    MAX_ALIASES,
    MAX_COST,
    MAX_DEPTH,
    MAX_FIELDS,
    MAX_FRAGMENTS,
    MAX_LIST,
    MAX_OPERATIONS,
    MAX_ROOT_FIELDS,
    MOST_COUNTED,
    SIZED,
    within,
)

_INTROSPECTION: Final = frozenset({"__schema", "__type"})
"""Not looked into: graphql-core limits it, and production has it off."""


class _Count(NamedTuple):
    """What a selection set asks for. `per_item` is the cost that the size of a list multiplies."""

    depth: int = 0
    root_fields: int = 0
    aliases: int = 0
    fields: int = 0
    cost: int = 0
    per_item: int = 0

    def plus(self, other: "_Count") -> "_Count":
        """Both side by side."""
        return _Count(
            max(self.depth, other.depth),
            self.root_fields + other.root_fields,
            self.aliases + other.aliases,
            self.fields + other.fields,
            self.cost + other.cost,
            self.per_item + other.per_item,
        )


class ComplexityRule(ASTValidationRule):
    """Refuses a document before any other rule looks at it; some of those take quadratic time."""

    def enter_document(self, node: DocumentNode, *_args: object) -> None:
        """Count, and abort the validation with the first limit that is exceeded."""
        try:
            _check(node)
        except QueryTooComplexError as error:
            raise ValidationAbortedError(str(error), original_error=error) from None


def _check(document: DocumentNode) -> None:
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    fragments = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
    within("operations", MAX_OPERATIONS, len(operations))
    within("fragments", MAX_FRAGMENTS, len(fragments))
    counter = _Counter({node.name.value: node.selection_set for node in fragments})
    for operation in operations:
        count = counter.selections(operation.selection_set, 1)
        within("depth", MAX_DEPTH, count.depth)
        within("rootFields", MAX_ROOT_FIELDS, count.root_fields)
        within("aliases", MAX_ALIASES, count.aliases)
        within("fields", MAX_FIELDS, count.fields)
        within("cost", MAX_COST, count.cost + MAX_LIST * count.per_item)


class _Counter:
    """Counts selection sets; each fragment once."""

    def __init__(self, fragments: dict[str, SelectionSetNode]) -> None:
        self._fragments = fragments
        self._counts: dict[str, _Count] = {}

    def selections(self, node: SelectionSetNode, depth: int) -> _Count:
        """What `node` asks for. Its depth is at most 10 in each of at most 50 fragments."""
        within("depth", MAX_DEPTH, depth)
        count = _Count()
        for selection in node.selections:
            if isinstance(selection, FieldNode):
                count = count.plus(self._field(selection, depth))
            elif isinstance(selection, FragmentSpreadNode):
                count = count.plus(self._fragment(selection.name.value, depth))
            elif isinstance(selection, InlineFragmentNode):
                count = count.plus(self.selections(selection.selection_set, depth + 1))
        return count

    def _fragment(self, name: str, depth: int) -> _Count:
        if name not in self._counts:
            # A cycle adds nothing; other rules refuse it, and a fragment that does not exist.
            self._counts[name] = _Count()
            if name in self._fragments:
                self._counts[name] = self.selections(self._fragments[name], depth)
        return self._counts[name]

    def _field(self, node: FieldNode, depth: int) -> _Count:
        name = node.name.value
        below = _Count()
        if node.selection_set and name not in _INTROSPECTION:
            below = self.selections(node.selection_set, depth + 1)
        cost = 1 + below.cost + _size(node) * below.per_item
        return _Count(
            depth=1 + below.depth,
            root_fields=1,
            aliases=below.aliases + bool(node.alias),
            fields=below.fields + 1,
            cost=0 if name in LISTS else cost,
            per_item=cost if name in LISTS else 0,
        )


def _size(node: FieldNode) -> int:
    """How long the lists under a field can be."""
    sized = SIZED.get(node.name.value)
    if sized is None:
        return MAX_LIST
    for argument in node.arguments or ():
        if argument.name.value == sized.argument:
            return _literal_size(argument)
    return sized.default


def _literal_size(argument: ArgumentNode) -> int:
    if not isinstance(argument.value, IntValueNode | FloatValueNode):
        return MAX_LIST  # a variable, which `list_size` bounds, or no number at all
    # int() refuses more than 4 300 digits; float() takes any number of them.
    size = int(min(max(float(argument.value.value), 0), MOST_COUNTED))
    within(argument.name.value, MAX_LIST, size)
    return size
