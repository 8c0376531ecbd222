"""Documents, parsed once and within bounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from graphql import DocumentNode, GraphQLSyntaxError, parse
from graphql.language.parser import MAX_NESTING_DEPTH
from strawberry.extensions import ParserCache

from functions.graphql.errors import QueryTooComplexError
from functions.graphql.limits import MAX_DEPTH, MAX_TOKENS

_TOO_DEEP: Final = "nested too deeply. Parsing aborted."
_TOO_LONG: Final = "tokens. Parsing aborted."
"""How the parser's messages end; graphql-core is pinned, and a test holds it to them."""


@contextmanager
def within_bounds() -> Iterator[None]:
    """Say of a document that is too much for the parser what it has too much of."""
    try:
        yield
    except GraphQLSyntaxError as error:
        if error.message.endswith(_TOO_LONG):
            raise QueryTooComplexError("tokens", allowed=MAX_TOKENS, asked=MAX_TOKENS + 1) from None
        if error.message.endswith(_TOO_DEEP):
            raise QueryTooComplexError(
                "depth", allowed=MAX_DEPTH, asked=MAX_NESTING_DEPTH + 1
            ) from None
        raise


def parsed(query: str) -> DocumentNode:
    """The document of a text. QueryTooComplexError or GraphQLSyntaxError if it cannot be read."""
    with within_bounds():
        return parse(query, max_tokens=MAX_TOKENS)


class BoundedParserCache(ParserCache):
    """Strawberry's cache of parsed documents; a document that is too much is told so."""

    def on_parse(self) -> Iterator[None]:
        """Parse, or take what was parsed before."""
        context = self.execution_context
        with within_bounds():
            context.graphql_document = self.cached_parse_document(
                context.query, max_tokens=MAX_TOKENS
            )
        yield
