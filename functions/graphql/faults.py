"""How an error leaves: coded, logged once, and masked unless it is known to be the client's own.

This stands in for Strawberry's MaskErrors, whose replacement cannot carry a code or an id.
"""

import re
from traceback import walk_tb
from typing import Any, Final

from graphql import GraphQLError, ValueNode

from functions.graphql.errors import OURS, Code, QueryTooComplexError, code_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.observability import count, logger

_MASKS: Final = {
    Code.UNAVAILABLE: "temporarily unavailable; try again in half a minute",
    Code.INTERNAL: "internal error; report it with its correlationId",
}
_MAX_MESSAGE: Final = 500
"""GraphQL quotes what it was sent; an answer need not repeat all of it."""

_SUGGESTION: Final = re.compile(r" Did you mean [^?]*\?")
_VARIABLE: Final = re.compile(r"Variable '\$(\w+)' has invalid value(?: at ([^:]+))?:")
_NAME_BEFORE_VALUE: Final = re.compile(r"(\w+)\s*:\s*$")


def fault(error: Exception, correlation_id: str) -> dict[str, Any]:
    """An error outside of GraphQL, as an entry of `errors`."""
    code = code_of(error)
    _log(code, error, correlation_id)
    return {
        "message": _message(code, str(error)),
        "extensions": _extensions(code, error, correlation_id),
    }


def graphql_fault(error: GraphQLError, correlation_id: str, *, suggestions: bool) -> dict[str, Any]:
    """An error of a GraphQL result, as an entry of `errors`.

    Suggestions name parts of the schema; they are left out where introspection is off.
    """
    cause = _cause(error)
    code = Code.BAD_USER_INPUT if _is_misuse(error, cause) else code_of(cause)
    _log(code, cause, correlation_id)
    message = error.message if suggestions else _SUGGESTION.sub("", error.message)
    return {
        **error.formatted,
        "message": _message(code, message),
        "extensions": _field_named(error) | _extensions(code, cause, correlation_id),
    }


def _cause(error: GraphQLError) -> Exception:
    """What was raised first, under the errors that GraphQL wraps around it."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error:
        cause = cause.original_error
    return cause


def _is_misuse(error: GraphQLError, cause: Exception) -> bool:
    """Whether GraphQL itself found fault with the request.

    Before execution its errors point into the document or have no exception under them; one of
    ours has neither. During execution only a wrong argument value is the client's; all other
    errors of GraphQL then are about our results.
    """
    if code_of(cause) is not Code.INTERNAL:
        return False
    if error.path is None:
        return bool(error.locations) or isinstance(cause, GraphQLError)
    return any(isinstance(node, ValueNode) for node in error.nodes or ())


def _field_named(error: GraphQLError) -> dict[str, str]:
    """The variable or argument whose value GraphQL refused; it says so in words or by position."""
    if named := _VARIABLE.match(error.message):
        return {"field": named[1] + (named[2] or "")}
    node = error.nodes[0] if error.nodes else None
    if isinstance(node, ValueNode) and node.loc:
        before = _NAME_BEFORE_VALUE.search(node.loc.source.body[: node.loc.start])
        return {"field": before[1]} if before else {}
    return {}


def _message(code: Code, message: str) -> str:
    return _MASKS.get(code) or message[:_MAX_MESSAGE]


def _extensions(code: Code, cause: Exception, correlation_id: str) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": code}
    if isinstance(cause, QueryTooComplexError):
        extensions |= {"limit": cause.limit, "allowed": cause.allowed, "asked": cause.asked}
    if isinstance(cause, BadInputError) and cause.field:
        extensions["field"] = cause.field
    if code in OURS:
        extensions["correlationId"] = correlation_id
    return extensions


def _log(code: Code, cause: Exception, correlation_id: str) -> None:
    """Say what happened without a word that came from a client or a store."""
    details = {"code": code, "error": type(cause).__name__, "correlation_id": correlation_id}
    if code in OURS:
        under = cause.__cause__ and type(cause.__cause__).__name__
        count("Failed", 1)
        logger().error("failed", extra=details | {"under": under, "raised_at": _place(cause)})
    else:
        logger().info("refused", extra=details)


def _place(error: Exception) -> str:
    """Where it was raised: the innermost lines, without values."""
    lines = [
        f"{frame.f_globals['__name__']}:{line}" for frame, line in walk_tb(error.__traceback__)
    ]
    return " < ".join(reversed(lines[-4:]))
