"""Secrets that are sent as they are: in a header, a query string or a body."""

from base64 import b64decode
from collections.abc import Iterable
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple


class Basic(NamedTuple):
    """The user name and password of HTTP Basic authentication; empty texts for none."""

    user: str = ""
    password: str = ""


def bearer_token(authorization: str) -> str:
    """The token of an `Authorization: Bearer` header; `""` if it holds none."""
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def basic_credentials(authorization: str) -> Basic:
    """User name and password of an `Authorization: Basic` header."""
    scheme, _, encoded = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return Basic()
    try:
        pair = b64decode(encoded.strip(), validate=True).decode()
    except ValueError:
        return Basic()
    user, _, password = pair.partition(":")
    return Basic(user, password)


def is_secret(given: str, secrets: Iterable[str]) -> bool:
    """Whether a text is one of the secrets. All are compared, and their hashes instead of
    themselves, so that the time taken says neither which one fits nor how long it is. An empty
    text is none.
    """
    digest = _digest(given)
    found = False
    for secret in secrets:
        found |= compare_digest(digest, _digest(secret))
    return found and bool(given)


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()
