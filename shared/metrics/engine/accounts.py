"""Who has an account at an instant."""

from collections.abc import Iterable

import numpy as np

from shared.metrics.domain.roster import ACCOUNT_STATUS, ACTIVE, IS_INTEGRATION, TRUE
from shared.metrics.engine.directory import Directory, read_directory
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.tenant_data import TenantData


def others_with_account(data: TenantData, user_ids: Iterable[str], instant_ms: int) -> list[str]:
    """Everyone with an active account just before an instant who is none of these, whichever of
    their ids is given; integrations left out. By id.
    """
    is_dirty = any(mark.unit == DIRECTORY for mark in data.units.marks())
    directory = Directory(data, read_directory(data, is_dirty=is_dirty))
    roster, aliases = directory.roster, directory.aliases
    people = len(roster.user_ids)
    status, integration = roster.history(ACCOUNT_STATUS), roster.history(IS_INTEGRATION)
    active = [value for value in status.values if value.casefold() == ACTIVE]
    has_account = status.matching(active)[status.codes_at(instant_ms, people)]
    has_account &= ~integration.matching((TRUE,))[integration.codes_at(instant_ms, people)]
    met = {aliases.person(user_id) for user_id in user_ids}
    found = [roster.user_ids[at] for at in np.flatnonzero(has_account).tolist()]
    return [user_id for user_id in found if user_id not in met]
