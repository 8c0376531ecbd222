"""Secrets that are sent as they are: in a header, a query string or a body."""

from base64 import b64decode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from functions.ingest.requests import Request

HEADER: Final = "header"
"""The setting of a source that names the header which carries its secret."""

_DEFAULT_HEADER: Final = "x-api-key"
_PARAMETERS: Final = ("key", "code")
_MAX_PARAMETERS: Final = 100


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


def carries_secret(request: Request, secrets: Iterable[str], settings: Mapping[str, str]) -> bool:
    """Whether a request carries one of the secrets where senders without signatures can put it:
    as a bearer token, as the password of Basic authentication, in the header that the source's
    settings name (else `x-api-key`), or in the query string as `key` or `code`.
    """
    accepted = list(secrets)
    found = False
    for given in _carried(request, settings):
        found |= is_secret(given, accepted)
    return found


def query_parameter(request: Request, name: str) -> str:
    """The value of a parameter of the query string; `""` if it is not there just once."""
    try:
        pairs = parse_qsl(request.query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        return ""
    values = [value for each, value in pairs if each == name]
    return values[0] if len(values) == 1 else ""


def without_secrets(query: str) -> bytes:
    """A query string without the parameters that carry a secret, fit to be kept."""
    parts = [part for part in query.split("&") if part.partition("=")[0] not in _PARAMETERS]
    return "&".join(parts).encode(errors="surrogatepass")


def _carried(request: Request, settings: Mapping[str, str]) -> list[str]:
    authorization = request.headers.get("authorization", "")
    header = settings.get(HEADER) or _DEFAULT_HEADER
    return [
        bearer_token(authorization),
        basic_credentials(authorization).password,
        request.headers.get(header.lower(), ""),
        *(query_parameter(request, name) for name in _PARAMETERS),
    ]


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()
