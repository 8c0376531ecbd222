"""Sources of events, as admins see them. No secret is ever shown, but once when it is made."""

from datetime import datetime
from typing import Final, Self

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Context, Info
from functions.graphql.enums import SourceKind
from functions.graphql.node_ids import key_of_kind, node_id
from functions.graphql.object_types.node import Node
from functions.graphql.object_types.source_health import SourceHealth
from shared.metrics.domain.errors import NotFoundError
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.source_kinds import KINDS, source_url
from shared.metrics.set_up_steps import set_up_steps
from shared.metrics.source_admin import SetUpSource
from shared.metrics.storage import sources
from shared.metrics.storage.mapping_documents import text_of

KIND: Final = "Source"


def _url(root: "Source", info: Info) -> str:
    return source_url(info.context.ingest_url, root.source.kind, root.source_id)


def _steps(root: "Source", info: Info) -> list[str]:
    return set_up_steps(root.source.kind, _url(root, info), None)


def _health(root: "Source", info: Info) -> SourceHealth:
    return SourceHealth.of(info.context.source_health[root.source_id])


@strawberry.type(description="Something that sends events. For admins.")
class Source(Node):
    """A source without its secrets."""

    source: strawberry.Private[sources.Source]

    source_id: str = strawberry.field(
        description="Its id in URLs, in write keys, and wherever events name their source."
    )
    kind: SourceKind
    kind_name: str = strawberry.field(description="The name of the kind, for people.")
    name: str = strawberry.field(description="What the tenant calls it; empty if nothing.")
    url: str = strawberry.field(
        resolver=_url,
        description="Where it sends to. Client SDKs that post to several paths are given it as "
        "their host.",
    )
    steps: list[str] = strawberry.field(
        resolver=_steps,
        description="What has to be done in the sender, in order, as Markdown; `<secret>` is in "
        "place of the secret.",
    )
    created_at: datetime
    disabled_at: datetime | None = strawberry.field(
        description="Since when nothing is accepted from it; null if it is in use."
    )
    awaits_secret: bool = strawberry.field(
        description="Whether the sender's secret is still to be given, with `rotateSecret`; until "
        "then nothing is accepted."
    )
    replaced_secret_until: datetime | None = strawberry.field(
        description="While a secret is rotated, how long the one before is accepted."
    )
    setting_names: list[str] = strawberry.field(
        description="What else is agreed with the sender, by name."
    )
    setting_values: list[str] = strawberry.field(description="Parallel to the names.")
    health: SourceHealth = strawberry.field(resolver=_health, description="How it is doing.")
    mapping: str = strawberry.field(
        description="What its rows mean where that is not as usual: a document of rules, as JSON.",
    )

    @classmethod
    def of(cls, source: sources.Source) -> Self:
        """From what is stored."""
        disabled_ms, replaced = source.disabled_at_ms, source.replaced
        return cls(
            source=source,
            id=node_id(source.tenant, KIND, source.source_id),
            source_id=source.source_id,
            kind=source.kind,
            kind_name=KINDS[source.kind].title,
            name=source.name,
            created_at=from_milliseconds(source.created_at_ms),
            disabled_at=None if disabled_ms is None else from_milliseconds(disabled_ms),
            awaits_secret=not (source.key_digest or source.sealed_secret),
            replaced_secret_until=None
            if replaced is None
            else from_milliseconds(replaced.until_ms),
            setting_names=list(source.settings),
            setting_values=list(source.settings.values()),
            mapping=text_of(source.mapping),
        )

    @classmethod
    def found(cls, context: Context, key: str) -> Self:
        """The one of a key; NotFoundError if there is none, ForbiddenError but for admins."""
        context.principal.allow(Role.ADMIN)
        return cls.of(context.sources.get(key).source)


@strawberry.type(description="A source that was set up, and what its sender needs.")
class SourceSetUp:
    """The answer of what makes a source, or a secret."""

    source: Source
    secret: str | None = strawberry.field(
        description="The write key, or the secret to be entered in the sender. It is shown now and "
        "never again; null where the sender makes it, or it was shown before."
    )
    steps: list[str] = strawberry.field(
        description="What has to be done in the sender, in order, as Markdown."
    )

    @classmethod
    def of(cls, made: SetUpSource, context: Context) -> Self:
        """From what was set up."""
        source = made.source
        url = source_url(context.ingest_url, source.kind, source.source_id)
        return cls(
            source=Source.of(source),
            secret=made.secret,
            steps=set_up_steps(source.kind, url, made.secret),
        )


def source_id_of(context: Context, id_: str) -> str:
    """The id of a source from its global id; NotFoundError if it is none of the tenant."""
    key = key_of_kind(context.principal.tenant, KIND, id_)
    if key is None:
        raise NotFoundError("there is no such source")
    return key
