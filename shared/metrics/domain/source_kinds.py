"""The kinds of sources: what sends events, how it proves who it is, and where it posts to.

`docs/sources` has a page for each; this is what the code needs to know of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from shared.metrics.domain.errors import BadInputError

EVENTS_PATH: Final = "/v1/events"
WEBHOOK_PATH: Final = "/v1/in/"
"""A source's id follows."""


class SourceKind(Enum):
    """What sends events; each speaks one wire format."""

    ZOHO = "zoho"
    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"
    PIPEDRIVE = "pipedrive"
    DYNAMICS = "dynamics"
    FRESHSALES = "freshsales"
    ZENDESK = "zendesk"
    INTERCOM = "intercom"
    STRIPE = "stripe"
    STANDARD_WEBHOOKS = "standard-webhooks"
    CLOUDEVENTS = "cloudevents"
    SEGMENT = "segment"
    RUDDERSTACK = "rudderstack"
    POSTHOG = "posthog"
    MIXPANEL = "mixpanel"
    AMPLITUDE = "amplitude"
    NATIVE = "native"
    FILE = "file"


class Authentication(Enum):
    """How a source proves who it is.

    WRITE_KEY: it sends a key that we made, of which only a hash is kept. OUR_SECRET: we make a
    secret that is entered in the sender, which sends it or signs with it. SENDERS_SECRET: the
    sender makes the secret, which is entered here. The latter two are kept encrypted.
    """

    WRITE_KEY = "WRITE_KEY"
    OUR_SECRET = "OUR_SECRET"  # noqa: S105 - a name, not a secret
    SENDERS_SECRET = "SENDERS_SECRET"  # noqa: S105


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What there is to know of a kind.

    `title` is its name for people. `paths` are those its clients post to by themselves, without a
    slash at the end; without any it posts to `/v1/in/<source id>`. `methods` are those that bring
    events. `organization` says what of the sender the setting `organization` holds, with which
    the rows that name one are compared; `""` if its rows name none. `has_own_people`: it knows
    people by ids of its own, which mean nothing elsewhere.
    """

    title: str
    authentication: Authentication
    paths: tuple[str, ...] = ()
    methods: frozenset[str] = frozenset({"POST"})
    organization: str = ""
    has_own_people: bool = False


_OURS: Final = Authentication.OUR_SECRET
_SENDERS: Final = Authentication.SENDERS_SECRET
_KEY: Final = Authentication.WRITE_KEY
_POST_OR_GET: Final = frozenset({"POST", "GET"})
_SEGMENT_PATHS: Final = (
    "/v1/batch",
    "/v1/track",
    "/v1/identify",
    "/v1/page",
    "/v1/screen",
    "/v1/group",
    "/v1/alias",
)

KINDS: Final[Mapping[SourceKind, KindFacts]] = MappingProxyType(
    {
        SourceKind.ZOHO: KindFacts(
            "Zoho CRM",
            _OURS,
            methods=frozenset({"POST", "GET", "PUT", "DELETE"}),
            has_own_people=True,
        ),
        SourceKind.SALESFORCE: KindFacts(
            "Salesforce", _OURS, organization="Organization ID", has_own_people=True
        ),
        SourceKind.HUBSPOT: KindFacts(
            "HubSpot", _SENDERS, organization="Hub ID (portalId)", has_own_people=True
        ),
        SourceKind.PIPEDRIVE: KindFacts(
            "Pipedrive", _OURS, organization="company_id", has_own_people=True
        ),
        SourceKind.DYNAMICS: KindFacts(
            "Microsoft Dynamics 365", _OURS, organization="OrganizationId", has_own_people=True
        ),
        SourceKind.FRESHSALES: KindFacts("Freshsales", _OURS, has_own_people=True),
        SourceKind.ZENDESK: KindFacts(
            "Zendesk", _SENDERS, organization="account_id", has_own_people=True
        ),
        SourceKind.INTERCOM: KindFacts(
            "Intercom", _SENDERS, organization="app_id", has_own_people=True
        ),
        SourceKind.STRIPE: KindFacts("Stripe", _SENDERS, organization="account"),
        SourceKind.STANDARD_WEBHOOKS: KindFacts("Standard Webhooks", _SENDERS),
        SourceKind.CLOUDEVENTS: KindFacts("CloudEvents", _OURS),
        SourceKind.SEGMENT: KindFacts("Segment", _KEY, _SEGMENT_PATHS),
        SourceKind.RUDDERSTACK: KindFacts("RudderStack", _KEY, _SEGMENT_PATHS),
        SourceKind.POSTHOG: KindFacts(
            "PostHog", _KEY, ("/batch", "/i/v1/analytics/events", "/capture", "/i/v0/e")
        ),
        SourceKind.MIXPANEL: KindFacts(
            "Mixpanel", _KEY, ("/track", "/import", "/engage", "/groups"), _POST_OR_GET
        ),
        SourceKind.AMPLITUDE: KindFacts("Amplitude", _KEY, ("/2/httpapi", "/batch")),
        SourceKind.NATIVE: KindFacts("Our own format", _KEY, (EVENTS_PATH,)),
        SourceKind.FILE: KindFacts("Imported files", _KEY, (EVENTS_PATH,)),
    }
)
"""What there is to know of each kind."""


def kind_of(name: str) -> SourceKind:
    """The kind of that name; BadInputError lists those that there are."""
    try:
        return SourceKind(name)
    except ValueError:
        names = ", ".join(kind.value for kind in SourceKind)
        message = f"there is no source of kind {name!r}; there are {names}"
        raise BadInputError(message, field="kind") from None


def source_url(ingest_url: str, kind: SourceKind, source_id: str) -> str:
    """Where a source sends to: the path of its kind or of itself; for client SDKs that post to
    several paths, what they come after. `ingest_url` is that of the ingest function.
    """
    base, paths = ingest_url.rstrip("/"), KINDS[kind].paths
    if not paths:
        return f"{base}{WEBHOOK_PATH}{source_id}"
    return f"{base}{paths[0]}" if len(paths) == 1 else base


def kinds_at(path: str) -> tuple[SourceKind, ...]:
    """The kinds whose clients post to a path (without a slash at its end)."""
    return _KINDS_BY_PATH.get(path, ())


def _by_path() -> dict[str, tuple[SourceKind, ...]]:
    found: dict[str, tuple[SourceKind, ...]] = {}
    for kind, facts in KINDS.items():
        for path in facts.paths:
            found[path] = (*found.get(path, ()), kind)
    return found


_KINDS_BY_PATH: Final = _by_path()
