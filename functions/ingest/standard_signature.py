"""The signatures of Standard Webhooks: `v1`, an HMAC with a shared secret, and `v1a`, ed25519 with
the sender's key.
"""

from collections.abc import Iterator
from typing import Final

from functions.ingest.ed25519 import is_signed_by
from functions.ingest.requests import Request
from functions.ingest.signatures import from_base64, is_recent, is_signed, signed_time
from functions.ingest.sources.wire_format import Secrets

ID: Final = "webhook-id"
_TIMESTAMP: Final = "webhook-timestamp"
_SIGNATURE: Final = "webhook-signature"
_SHARED: Final = "whsec_"
_PUBLIC: Final = "whpk_"
_SECOND_MS: Final = 1_000


def signed_at_ms(request: Request) -> int | None:
    """The time of the attempt, which the signature covers."""
    return signed_time(request.headers.get(_TIMESTAMP, ""), _SECOND_MS)


def has_standard_signature(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
    """Whether one of the signatures was made with one of the secrets, not long ago."""
    sent_id = request.headers.get(ID, "")
    timestamp = request.headers.get(_TIMESTAMP, "")
    if not sent_id or not is_recent(signed_at_ms(request), now_ms):
        return False
    message = f"{sent_id}.{timestamp}.".encode(errors="surrogatepass") + body
    given = request.headers.get(_SIGNATURE, "")
    keys = [key for secret in secrets.values for key in _shared_keys(secret)]
    found = is_signed(_signatures(given, "v1"), keys, message)
    public_keys = [
        from_base64(secret.removeprefix(_PUBLIC))
        for secret in secrets.values
        if secret.startswith(_PUBLIC)
    ]
    for signature in _signatures(given, "v1a"):
        for key in public_keys:
            found |= is_signed_by(key, signature, message)
    return found


def _signatures(header: str, version: str) -> list[bytes]:
    """The signatures of a version in `v1,<base64> v1a,<base64>`."""
    # Headers that come twice are joined with commas, without a space after them.
    listed = header.replace(",v1", " v1").split()
    pairs = (each.partition(",") for each in listed)
    return [from_base64(encoded) for named, _, encoded in pairs if named == version]


def _shared_keys(secret: str) -> Iterator[bytes]:
    """The key that a secret stands for. One without `whsec_` may be meant as it is, or as base64:
    senders differ.
    """
    if secret.startswith(_PUBLIC):
        return
    key = from_base64(secret.removeprefix(_SHARED))
    if key:
        yield key
    if not secret.startswith(_SHARED):
        yield secret.encode(errors="surrogatepass")
