"""Pages of a list of people, and the cursors between them.

A cursor is opaque, checked, and of no use for another tenant or question. The check needs no
secret: a cursor only says where a page begins, in a list that is made from the caller's own tenant
and arguments in any case.
"""

from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from functions.graphql.limits import list_size
from shared.metrics.domain.errors import BadInputError
from shared.metrics.engine.requests import UserAnalyticsRequest

_CHECK_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Page:
    """At most `first` people, those with a user id behind `after` or from the beginning."""

    question: bytes
    first: int
    after: str | None

    def cursor(self, user_id: str) -> str:
        """Where a person of this list is."""
        return _written(self.question, user_id)


def page_of(request: UserAnalyticsRequest, first: int, after: str | None) -> Page:
    """The page of a request; BadInputError for a size or a cursor that is none."""
    # The representation holds the tenant and every argument but those of the page.
    question = blake2b(repr(request).encode()).digest()
    position = None if after is None else _read(question, after)
    return Page(question, list_size("first", first), position)


def _written(question: bytes, user_id: str) -> str:
    position = user_id.encode(errors="surrogatepass")
    check = blake2b(position, digest_size=_CHECK_BYTES, key=question).digest()
    return urlsafe_b64encode(check + position).decode()


def _read(question: bytes, cursor: str) -> str:
    try:
        position = b64decode(cursor, altchars=b"-_", validate=True)[_CHECK_BYTES:]
        user_id = position.decode(errors="surrogatepass")
    except ValueError:
        user_id = ""
    if cursor != _written(question, user_id):
        raise BadInputError(
            "after is no cursor of this list; take the endCursor of a page that was asked for "
            "with the same arguments, or leave it out to begin",
            field="after",
        )
    return user_id
