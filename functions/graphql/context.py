"""What a resolver has at hand, and what this function needs of the wired services."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias, TypeVar

import strawberry

from functions.graphql.auth import Principal, TokenRules
from shared.metrics.domain.source_health import SourceHealth
from shared.metrics.engine.requests import Request
from shared.metrics.engine.source_health import SourceHealthRequest
from shared.metrics.source_admin import SourceAdmin
from shared.metrics.storage.library import Library
from shared.metrics.storage.quarantine import Quarantine
from shared.metrics.storage.replays import Replays
from shared.metrics.storage.restatements import Restatements
from shared.metrics.storage.stored_settings import StoredSettings

A = TypeVar("A")


class Views(Protocol):
    """The views, loaded and computed."""

    def ask(self, request: Request[A], /) -> A:
        """The answer to a request."""


class OpenTenant(Protocol):
    """What is stored for one tenant."""

    @property
    def library(self) -> Library:
        """What its people have saved."""

    @property
    def restatements(self) -> Restatements:
        """What has changed of its final days."""

    @property
    def quarantine(self) -> Quarantine:
        """The rows that were turned away."""

    @property
    def replays(self) -> Replays:
        """The replays of such rows."""


class Tenancy(Protocol):
    """What is stored, by tenant."""

    def open(self, name: str, /) -> OpenTenant:
        """A tenant's data; NotFoundError if there is no such tenant."""

    def settings_of(self, name: str, /) -> StoredSettings:
        """The settings of a tenant, to be read and changed."""


class Settings(TokenRules, Protocol):
    """The settings of this function."""

    @property
    def ingest_url(self) -> str:
        """Where sources send to."""

    @property
    def token_key(self) -> str:
        """The key of the tokens, or where it is (see keys.py)."""

    @property
    def introspection(self) -> bool:
        """Whether clients may read the schema, and are helped with names; off in production."""


class Services(Protocol):
    """What the handler is given."""

    @property
    def settings(self) -> Settings:
        """The settings, read once."""

    @property
    def views(self) -> Views:
        """The views."""

    @property
    def tenancy(self) -> Tenancy:
        """What is stored."""

    def sources_of(self, tenant: str, /) -> SourceAdmin:
        """The sources of a tenant, to be changed."""

    @property
    def clock(self) -> Callable[[], int]:
        """The time now, in milliseconds since 1970."""


@dataclass(frozen=True)
class Context:
    """Made for each request."""

    principal: Principal
    views: Views
    services: Services

    @property
    def tenancy(self) -> Tenancy:
        """What is stored."""
        return self.services.tenancy

    @property
    def sources(self) -> SourceAdmin:
        """The sources of the caller's tenant."""
        return self.services.sources_of(self.principal.tenant)

    @cached_property
    def source_health(self) -> Mapping[str, SourceHealth]:
        """How the sources of the caller's tenant are doing, by id; read once a request."""
        return self.views.ask(SourceHealthRequest(tenant=self.principal.tenant))

    @property
    def ingest_url(self) -> str:
        """Where sources send to."""
        return self.services.settings.ingest_url

    @property
    def library(self) -> Library:
        """What the people of the caller's tenant have saved."""
        return self.tenancy.open(self.principal.tenant).library

    @property
    def restatements(self) -> Restatements:
        """The restatement log of the caller's tenant."""
        return self.tenancy.open(self.principal.tenant).restatements

    @property
    def quarantine(self) -> Quarantine:
        """The quarantine of the caller's tenant."""
        return self.tenancy.open(self.principal.tenant).quarantine

    @property
    def replays(self) -> Replays:
        """The replays of the caller's tenant."""
        return self.tenancy.open(self.principal.tenant).replays

    @property
    def tenant_settings(self) -> StoredSettings:
        """The settings of the caller's tenant."""
        return self.tenancy.settings_of(self.principal.tenant)


Info: TypeAlias = strawberry.Info[Context, None]
