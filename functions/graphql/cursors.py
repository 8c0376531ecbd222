"""Pages of a list, and the cursors between them.

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

_CHECK_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Page:
    """At most `first` things, those whose position sorts behind `after`, or from the beginning.

    A position is a text that is unique in the list: of people, the user id.
    """

    question: bytes
    first: int
    after: str | None

    def cursor(self, position: str) -> str:
        """Where something of this list is."""
        return _written(self.question, position)


def page_of(request: object, first: int, after: str | None) -> Page:
    """The page of a request; BadInputError for a size or a cursor that is none.

    The representation of `request` holds the tenant, and every argument but those of the page.
    """
    question = blake2b(repr(request).encode()).digest()
    position = None if after is None else _read(question, after)
    return Page(question, list_size("first", first), position)


def _written(question: bytes, position: str) -> str:
    text = position.encode(errors="surrogatepass")
    check = blake2b(text, digest_size=_CHECK_BYTES, key=question).digest()
    return urlsafe_b64encode(check + text).decode()


def _read(question: bytes, cursor: str) -> str:
    try:
        text = b64decode(cursor, altchars=b"-_", validate=True)[_CHECK_BYTES:]
        position = text.decode(errors="surrogatepass")
    except ValueError:
        position = ""
    if cursor != _written(question, position):
        raise BadInputError(
            "after is no cursor of this list; take the endCursor of a page that was asked for "
            "with the same arguments, or leave it out to begin",
            field="after",
        )
    return position
