"""How HubSpot signs its requests, in three versions."""

import hmac
import re
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from functions.ingest import signatures
from functions.ingest.requests import Request
from functions.ingest.sources.wire_format import Secrets

URL: Final = "url"
"""The setting that holds the URL as it was entered in HubSpot, if it is not the one we are asked
under: signatures are made over it.
"""

_UNDONE: Final = re.compile("%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
_TIMESTAMP: Final = "x-hubspot-request-timestamp"


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
    """Whether the app's client secret signed the request. If there is a signature of version 3 it
    alone decides; the older ones do not say when they were made.
    """
    keys = [_bytes(secret) for secret in secrets.values]
    starts = [f"{request.method}{url}" for url in _urls(request, secrets)]
    if "x-hubspot-signature-v3" in request.headers:
        given = signatures.from_base64(request.headers["x-hubspot-signature-v3"])
        end = body + _bytes(request.headers.get(_TIMESTAMP, ""))
        messages = [_bytes(_decoded(start)) + end for start in starts]
        digests = [hmac.digest(key, message, "sha256") for key in keys for message in messages]
        is_recent = signatures.is_recent(signed_at_ms(request), now_ms)
        return signatures.is_one_of(digests, [given]) and is_recent
    given = signatures.from_hex(request.headers.get("x-hubspot-signature", ""))
    version = request.headers.get("x-hubspot-signature-version", "v1").strip().lower()
    before = [_bytes(start) for start in starts] if version == "v2" else [b""]
    digests = [sha256(key + start + body).digest() for key in keys for start in before]
    return signatures.is_one_of(digests, [given])


def signed_at_ms(request: Request) -> int | None:
    """The time that a signature of version 3 is made over."""
    return signatures.signed_time(request.headers.get(_TIMESTAMP, ""))


def _urls(request: Request, secrets: Secrets) -> list[str]:
    """The URLs that signatures may be made over: the one that is agreed, else the one that we are
    asked under, of which we do not know whether it began with https.
    """
    agreed = secrets.settings.get(URL)
    asked = f"//{request.headers.get('host', '')}{request.path}"
    urls = [agreed] if agreed else [f"https:{asked}", f"http:{asked}"]
    query = f"?{request.query}" if request.query else ""
    return [url if "?" in url else f"{url}{query}" for url in urls]


def _decoded(url: str) -> str:
    """The URL as version 3 signs it, with some of its escapes undone."""
    return _UNDONE.sub(lambda escape: unquote(escape[0]), url)


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
