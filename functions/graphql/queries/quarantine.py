"""The root field `quarantine`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.enums import QuarantineReason
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.quarantine import QuarantineConnection
from shared.metrics.storage.quarantine_pages import rows_page


def quarantine(
    info: Info,
    *,
    source: str | None = None,
    reason: QuarantineReason | None = None,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> QuarantineConnection:
    """A page of the rows in quarantine of the caller's tenant."""
    tenant = info.context.principal.allow(Role.ADMIN)
    page = page_of(("quarantine", tenant, source, reason), first, after)
    wanted = None if reason is None else reason.value
    found = rows_page(
        info.context.quarantine, page.first, after=page.after or "", source=source, reason=wanted
    )
    return QuarantineConnection.of(found, page, tenant, source)
