"""The errors of this function, and the one table from errors to the codes that clients see."""

from enum import StrEnum
from http import HTTPStatus
from typing import Final

from shared.metrics.domain.errors import (
    BadInputError,
    ConflictError,
    MetricsError,
    NotFoundError,
    StorageUnavailableError,
)


class Code(StrEnum):
    """What `extensions.code` of an error can be."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    NOT_FOUND = "NOT_FOUND"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    CONFLICT = "CONFLICT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class UnauthenticatedError(MetricsError):
    """No valid token. One message for every cause, so that an attacker learns nothing from it."""

    def __init__(self) -> None:
        super().__init__("no valid token; send a current one as `Authorization: Bearer …`")


class ForbiddenError(MetricsError):
    """The caller is known and may not do this."""


class KeyUnavailableError(MetricsError):
    """The key of the tokens cannot be had now; nobody is let in without it."""


class QueryTooComplexError(MetricsError):
    """A query asks for more than one request may."""

    def __init__(self, limit: str, *, allowed: int, asked: int) -> None:
        """`limit` names what was exceeded: `depth`, `fields`, … or the argument."""
        message = f"the query is too complex: {limit} may be {allowed}, and is at least {asked}"
        super().__init__(message)
        self.limit = limit
        self.allowed = allowed
        self.asked = asked


class HttpRefusedError(MetricsError):
    """A request that cannot be read as GraphQL over HTTP."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


_CODES: Final[dict[type[BaseException], Code]] = {
    UnauthenticatedError: Code.UNAUTHENTICATED,
    ForbiddenError: Code.FORBIDDEN,
    BadInputError: Code.BAD_USER_INPUT,
    HttpRefusedError: Code.BAD_USER_INPUT,
    NotFoundError: Code.NOT_FOUND,
    QueryTooComplexError: Code.QUERY_TOO_COMPLEX,
    ConflictError: Code.CONFLICT,
    StorageUnavailableError: Code.UNAVAILABLE,
    KeyUnavailableError: Code.UNAVAILABLE,
}

_STATUSES: Final = {
    Code.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Code.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Code.BAD_USER_INPUT: HTTPStatus.BAD_REQUEST,
    Code.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Code.QUERY_TOO_COMPLEX: HTTPStatus.BAD_REQUEST,
    Code.CONFLICT: HTTPStatus.CONFLICT,
    Code.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Code.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}

OURS: Final = frozenset({Code.UNAVAILABLE, Code.INTERNAL})
"""Faults of ours: their messages stay here, and they are logged as errors."""


def code_of(error: BaseException) -> Code:
    """The code of an exception; what the table does not know is INTERNAL."""
    return next((_CODES[kind] for kind in type(error).__mro__ if kind in _CODES), Code.INTERNAL)


def status_of(error: Exception) -> HTTPStatus:
    """The HTTP status of a request that failed before GraphQL began."""
    return error.status if isinstance(error, HttpRefusedError) else status_of_code(code_of(error))


def status_of_code(code: Code) -> HTTPStatus:
    """The HTTP status that says the same as a code."""
    return _STATUSES[code]
