"""What SDKs and services send, through the handler and into the store."""

import gzip
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlencode

from aws_lambda_powertools.utilities.typing import LambdaContext
from nacl.signing import SigningKey

import functions.ingest.handler
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.source_kinds import KINDS, Authentication, SourceKind
from shared.metrics.source_admin import SourceAdmin
from shared.metrics.storage.sources import SourceStore
from tests.faults.world import TENANT
from tests.unit.ingest.service import Service
from tests.unit.ingest.sources.sending import KEY, fixture

PRIVATE: Final = SigningKey(b"thirty-two bytes of private key.")
PUBLIC: Final = "whpk_" + b64encode(bytes(PRIVATE.verify_key)).decode()
SHARED: Final = "whsec_" + b64encode(b"a shared secret of 24 by").decode()
FORM: Final = "application/x-www-form-urlencoded"


class Sent(NamedTuple):
    """What is sent: body, headers, query and method."""

    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})
    query: str = ""
    method: str = "POST"


Proof = Callable[[bytes, str, int], Sent]
"""From the body, the secret and the time in milliseconds."""


def key_in_body(body: bytes, _secret: str, _now_ms: int) -> Sent:
    return Sent(body)


def basic(body: bytes, secret: str, _now_ms: int) -> Sent:
    return Sent(body, {"authorization": f"Basic {b64encode(f'{secret}:'.encode()).decode()}"})


def gzip_called_a_form(body: bytes, secret: str, now_ms: int) -> Sent:
    headers = {**basic(body, secret, now_ms).headers, "content-type": FORM}
    return Sent(gzip.compress(body), headers)


def bearer(body: bytes, secret: str, _now_ms: int) -> Sent:
    return Sent(body, {"authorization": f"Bearer {secret}"})


def form(body: bytes, _secret: str, _now_ms: int) -> Sent:
    data = body.decode("utf-8", "surrogateescape")
    packed = urlencode({"data": data, "verbose": 1}, errors="surrogateescape")
    return Sent(packed.encode(), {"content-type": FORM})


def in_the_query(body: bytes, _secret: str, _now_ms: int) -> Sent:
    return Sent(query=urlencode({"verbose": 0, "data": b64encode(body).decode()}), method="GET")


def events_batch(body: bytes, secret: str, now_ms: int) -> Sent:
    headers = {"content-type": "application/cloudevents-batch+json"}
    return Sent(body, {**bearer(body, secret, now_ms).headers, **headers})


def shared_signature(body: bytes, secret: str, now_ms: int) -> Sent:
    message = f"msg_1.{now_ms // 1000}.".encode() + body
    key = b"" if secret == PUBLIC else b"a shared secret of 24 by" if secret == SHARED else b"other"
    signature = (
        b"v1a," + b64encode(PRIVATE.sign(message).signature)
        if secret == PUBLIC
        else b"v1," + b64encode(hmac.digest(key, message, "sha256"))
    )
    return Sent(
        body,
        {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(now_ms // 1000),
            "webhook-signature": signature.decode(),
        },
    )


def stripe_signature(body: bytes, secret: str, now_ms: int) -> Sent:
    at = now_ms // 1000
    digest = hmac.digest(secret.encode(), f"{at}.".encode() + body, "sha256").hex()
    return Sent(body, {"stripe-signature": f"t={at},v1={digest}"})


def zendesk_signature(body: bytes, secret: str, now_ms: int) -> Sent:
    at = from_milliseconds(now_ms).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hmac.digest(secret.encode(), at.encode() + body, "sha256")
    return Sent(
        body,
        {
            "x-zendesk-webhook-signature": b64encode(digest).decode(),
            "x-zendesk-webhook-signature-timestamp": at,
        },
    )


def intercom_signature(body: bytes, secret: str, _now_ms: int) -> Sent:
    digest = hmac.digest(secret.encode(), body, "sha1").hex()
    return Sent(body, {"x-hub-signature": f"sha1={digest}"})


class Vendor(NamedTuple):
    """A kind of source, a body, the path that it posts to, how it proves who it is, and how many
    events its body is. `secret` is the sender's, where it makes it; `other` another of the sort.
    """

    kind: SourceKind
    body: bytes
    events: int
    proof: Proof
    path: str = ""
    secret: str = "the sender's secret"
    other: str = "another secret"


VENDORS: Final = {
    "segment": Vendor(SourceKind.SEGMENT, fixture("segment/python"), 4, basic, "/v1/batch"),
    "rudderstack": Vendor(
        SourceKind.RUDDERSTACK,
        fixture("rudderstack/node_2"),
        3,
        gzip_called_a_form,
        "/v1/batch",
    ),
    "posthog": Vendor(SourceKind.POSTHOG, fixture("posthog/python"), 4, key_in_body, "/batch/"),
    "posthog_v1": Vendor(
        SourceKind.POSTHOG, fixture("posthog/node_v1"), 4, bearer, "/i/v1/analytics/events"
    ),
    "mixpanel": Vendor(SourceKind.MIXPANEL, fixture("mixpanel/python_track"), 3, form, "/track"),
    "mixpanel_people": Vendor(
        SourceKind.MIXPANEL, fixture("mixpanel/python_engage"), 1, form, "/engage"
    ),
    "mixpanel_node": Vendor(
        SourceKind.MIXPANEL, fixture("mixpanel/node_track"), 2, in_the_query, "/track"
    ),
    "amplitude": Vendor(
        SourceKind.AMPLITUDE, fixture("amplitude/node"), 4, key_in_body, "/2/httpapi"
    ),
    "cloudevents": Vendor(SourceKind.CLOUDEVENTS, fixture("cloudevents/python_3"), 2, events_batch),
    "standard_webhooks": Vendor(
        SourceKind.STANDARD_WEBHOOKS,
        fixture("standard-webhooks/contact_updated"),
        1,
        shared_signature,
        secret=SHARED,
        other="whsec_" + b64encode(b"other").decode(),
    ),
    "standard_webhooks_ed25519": Vendor(
        SourceKind.STANDARD_WEBHOOKS,
        fixture("standard-webhooks/contact_updated"),
        1,
        shared_signature,
        secret=PUBLIC,
        other="whsec_" + b64encode(b"other").decode(),
    ),
    "stripe": Vendor(
        SourceKind.STRIPE, fixture("stripe/customer_subscription_updated"), 1, stripe_signature
    ),
    "zendesk": Vendor(
        SourceKind.ZENDESK, fixture("zendesk/ticket_status_changed"), 1, zendesk_signature
    ),
    "intercom": Vendor(
        SourceKind.INTERCOM, fixture("intercom/conversation_admin_replied"), 1, intercom_signature
    ),
}


class Source:
    """A source that a tenant has set up for a vendor."""

    def __init__(self, service: Service, name: str, **settings: str) -> None:
        self.service = service
        self.vendor = VENDORS[name]
        self.admin = SourceAdmin(
            SourceStore(service.store), service.world.box, TENANT, service.clock
        )
        self.is_theirs = KINDS[self.vendor.kind].authentication is Authentication.SENDERS_SECRET
        given = self.vendor.secret if self.is_theirs else None
        made = self.admin.create(self.vendor.kind, secret=given, settings=settings)
        self.source_id = made.source.source_id
        self.secret = made.secret or self.vendor.secret

    def body(self, secret: str | None = None) -> bytes:
        """What it sends, with the write key where a body has it."""
        return self.vendor.body.replace(KEY.encode(), (secret or self.secret).encode())

    def send(
        self,
        body: bytes | None = None,
        *,
        secret: str | None = None,
        arriving: bytes | None = None,
        signed_ms: int | None = None,
    ) -> dict[str, Any]:
        """Send a body; `arriving` comes instead of what was signed."""
        key = secret or self.secret
        at_ms = self.service.clock() if signed_ms is None else signed_ms
        sent = self.vendor.proof(self.body(key) if body is None else body, key, at_ms)
        content = sent.body if arriving is None else arriving
        event = {
            "rawPath": self.vendor.path or f"/v1/in/{self.source_id}",
            "rawQueryString": sent.query,
            "requestContext": {"http": {"method": sent.method}},
            "headers": {"content-type": "application/json", **sent.headers},
            "body": b64encode(content).decode(),
            "isBase64Encoded": True,
        }
        context = SimpleNamespace(aws_request_id="request-of-a-vendor")
        return functions.ingest.handler.handler(event, cast("LambdaContext", context))


def counts(result: dict[str, Any]) -> tuple[int, int] | None:
    """What an answer says was accepted and quarantined; None if it says no more than a success."""
    document = json.loads(result["body"])
    return (document["accepted"], document["quarantined"]) if document != 1 else None
