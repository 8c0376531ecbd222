"""Makes events of the original bytes of rows that were turned away before."""

from collections.abc import Sequence

from functions.ingest.admission import Admission
from functions.ingest.rows import Reason, Rejection
from functions.ingest.sources import native
from shared.metrics.domain.events import Event
from shared.metrics.storage.quarantine import Docket, QuarantinedRow
from shared.metrics.storage.tenants import Tenant, TenantCache


def rows_again(
    rows: Sequence[QuarantinedRow],
    docket: Docket,
    tenants: TenantCache,
    tenant: Tenant,
    now_ms: int,
) -> tuple[dict[int, Event], dict[int, Rejection]]:
    """What the rows of one delivery come to now: events, and what is still wrong, by place.

    A row whose sender could make nothing of it, or whose source is gone, stays as it is: it is in
    neither. What was in the future may be past by now; what is stored was received when it came.
    """
    source = tenants.tenants.sources.get(docket.source)
    if source is None or source.tenant != tenant.name:
        return {}, {}
    tried = [row for row in rows if row.reason != Reason.TURNED_AWAY_BY_SENDER.value]
    _, calendar = tenants.settings(tenant.name)
    admission = Admission(source, tenant, calendar, now_ms)
    found = native.rows_of([row.original for row in tried], admission)
    again = {tried[each.index].index: each for each in found.rejections}
    places = [row.index for row in tried if row.index not in again]
    events = [event._replace(received_at_ms=docket.received_ms) for event in found.events]
    return dict(zip(places, events, strict=True)), again
