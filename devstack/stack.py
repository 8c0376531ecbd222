"""The three functions on one machine, over one folder of data, for the CLI, the demo and tests."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from devstack.environment import (
    LOG_LEVEL,
    QUIET,
    forget_wiring,
    log_to_stderr,
    prepare_folder,
    set_environment,
)
from devstack.invocation import invoke
from devstack.lambda_events import http_event
from devstack.secret import local_secret
from devstack.sources import (
    LOCAL_PORT,
    NewSource,
    PlainSource,
    create_source,
    file_write_key,
    integration,
    local_url,
)
from shared.metrics.domain.errors import BadInputError, MetricsError, NotFoundError
from shared.metrics.domain.source_kinds import WEBHOOK_PATH, SourceKind
from shared.metrics.services import Services, services
from shared.metrics.storage.tenants import Tenant

if TYPE_CHECKING:
    from devstack.folding import FoldSummary, Progress, Wanted
    from functions.graphql.auth import Principal

_JSON: Final = "application/json"


class Reply(NamedTuple):
    """An answer of a function: its HTTP status, and its body as read from JSON."""

    status: int
    document: Any


class LocalStack:
    """The functions and their data, called as AWS would call them.

    Settings come from the environment, so there is one in a process: `close` it, or use it in a
    `with` statement, before the next. BadInputError if the folder cannot be used,
    StorageUnavailableError if the database cannot.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        log_level: str = QUIET,
        port: int = LOCAL_PORT,
        queues_deliveries: bool = False,
    ) -> None:
        """`log_level` is that of the functions unless POWERTOOLS_LOG_LEVEL gives one; they log
        to standard error. `port` is that of the server, if there is one. With `queues_deliveries`
        small deliveries wait to be packed together.
        """
        prepare_folder(data_dir)
        self.data_dir = data_dir
        self.secret = local_secret(data_dir)
        self._outer_environment = dict(os.environ)
        level = os.environ.get(LOG_LEVEL, log_level)
        set_environment(
            os.environ,
            data_dir,
            self.secret,
            level,
            local_url(port),
            queues_deliveries=queues_deliveries,
        )
        forget_wiring()
        log_to_stderr(level)
        try:
            self.services: Services = services()
        except MetricsError:
            self._put_environment_back()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and put the environment back."""
        closing = getattr(self.services.store, "close", None)
        if closing is not None:
            closing()
        forget_wiring()
        self._put_environment_back()

    def create_tenant(self, name: str, time_zone: str) -> Tenant:
        """Add a tenant; ConflictError if there is one of that name."""
        now_ms = self.services.clock()
        tenant = Tenant(name=name, time_zone=time_zone, created_at_ms=now_ms)
        self.services.tenants.create(tenant)
        return tenant

    def tenant(self, name: str | None) -> Tenant:
        """A tenant by its name, or the only one; NotFoundError or BadInputError says which."""
        if name is not None:
            return self.services.tenants.get(name)
        tenants = self.services.tenants.all()
        if not tenants:
            message = (
                "there is no tenant yet; "
                "`crm-metrics tenant create NAME --time-zone ZONE` makes one"
            )
            raise NotFoundError(message)
        if len(tenants) > 1:
            names = ", ".join(tenant.name for tenant in tenants)
            message = f"there are {len(tenants)} tenants: {names}; say which with --tenant"
            raise BadInputError(message, field="tenant")
        return tenants[0]

    def create_source(self, tenant: str, kind: str, port: int = LOCAL_PORT) -> NewSource:
        """Add a source of events of a tenant; its secret is what `ingest` takes as key."""
        return create_source(self.services, tenant, kind, local_url(port))

    def file_key(self, tenant: str) -> str:
        """The write key that files of a tenant are imported with."""
        return file_write_key(self.services, tenant, self.secret)

    def ingest(self, body: bytes, key: str, content_type: str = _JSON) -> Reply:
        """Post a delivery to the ingest function."""
        from functions.ingest.handler import handler

        headers = {"authorization": f"Bearer {key}", "content-type": content_type}
        event = http_event("POST", "/v1/events", headers, body)
        return _reply(invoke(handler, event, "ingest"))

    def integration(self, tenant: str, kind: SourceKind) -> PlainSource:
        """The tenant's integration of a kind, made if there is none, and what it sends with."""
        return integration(self.services, tenant, kind)

    def hook(self, source: PlainSource, body: bytes, content_type: str) -> Reply:
        """Post what a source sends to the ingest function."""
        from functions.ingest.handler import handler

        headers = {"x-api-key": source.secret, "content-type": content_type}
        event = http_event("POST", f"{WEBHOOK_PATH}{source.source_id}", headers, body)
        return _reply(invoke(handler, event, "ingest"))

    def aggregate(
        self, progress: "Progress | None" = None, wanted: "Wanted | None" = None
    ) -> "FoldSummary":
        """Store what waits in the delivery queue, then fold what is wanted until it is clean."""
        from devstack.deliveries import store_waiting
        from devstack.folding import Wanted, fold_dirty

        store_waiting(self.services)
        return fold_dirty(self.services, wanted or Wanted(), progress or (lambda _done, _all: None))

    def query(
        self,
        text: str,
        tenant: str,
        role: str = "admin",
        variables: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Ask the GraphQL function, with a token made for it."""
        from functions.graphql.handler import handler

        headers = {
            "authorization": f"Bearer {self.token(tenant, role)}",
            "content-type": _JSON,
            "accept": _JSON,
        }
        body = json.dumps({"query": text, "variables": variables or {}}).encode()
        event = http_event("POST", "/graphql", headers, body)
        return _reply(invoke(handler, event, "graphql"))

    def token(self, tenant: str, role: str) -> str:
        """A token of a tenant and role for the GraphQL function, good for an hour."""
        from functions.graphql.auth import issue_token

        settings = self.services.settings
        principal = self.principal(tenant, role)
        return issue_token(principal, self.secret, settings, self.services.clock())

    def principal(self, tenant: str, role: str) -> "Principal":
        """Who has such a token. NotFoundError or BadInputError if there is no such tenant, role."""
        from functions.graphql.auth import Principal, Role

        self.services.tenants.get(tenant)
        roles = [known.value for known in Role]
        if role not in roles:
            message = f"there is no role {role!r}; there are {', '.join(roles)}"
            raise BadInputError(message, field="role")
        return Principal(tenant, Role(role), subject="crm-metrics")

    def _put_environment_back(self) -> None:
        os.environ.clear()
        os.environ.update(self._outer_environment)


def _reply(result: Mapping[str, Any]) -> Reply:
    return Reply(result["statusCode"], json.loads(result["body"]))
