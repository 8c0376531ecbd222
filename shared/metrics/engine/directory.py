"""The directory as it stood when a span was read. Most answers need its roster; some only need to
know that it has nobody to leave out.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.fold import distinct_events
from shared.metrics.columns.roster_block import NumberedRoster, read_roster
from shared.metrics.domain.aliases import Aliases
from shared.metrics.domain.roster import EMPTY_ROSTER, Roster, roster_of
from shared.metrics.storage.joined_people import aliases_in
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import Manifest, read_manifest
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.units import StoredPack

_NOBODY = np.zeros(0, np.int64)
Source = list[StoredPack] | bytes
"""The directory's packs while they are not all folded, else its manifest; empty for none."""


def read_directory(data: TenantData, *, is_dirty: bool) -> Source:
    """What the directory is made from now."""
    body = b"" if is_dirty else data.manifests.body(DIRECTORY)
    if is_dirty or (body and BlockKind.ROSTER.value not in read_manifest(body).parts):
        return data.units.packs(DIRECTORY)
    return body


@dataclass
class Directory:
    """The roster, read when it is needed. MissingBlockError then means that it has changed."""

    data: TenantData
    source: Source

    @cached_property
    def _manifest(self) -> Manifest | None:
        """None while not all packs are folded, and while there are none."""
        return (
            read_manifest(self.source) if isinstance(self.source, bytes) and self.source else None
        )

    @cached_property
    def _numbered(self) -> NumberedRoster | None:
        manifest = self._manifest
        if manifest is None:
            return None
        attempts = {DIRECTORY: (manifest.attempt, manifest.parts_of(BlockKind.ROSTER))}
        return read_roster(self.data.blocks.read(BlockKind.ROSTER, attempts)[DIRECTORY])

    @cached_property
    def roster(self) -> Roster:
        """Everyone in the directory."""
        if self._numbered is not None:
            return self._numbered.roster
        if not isinstance(self.source, bytes):
            return roster_of(distinct_events([pack.body for pack in self.source]))
        return EMPTY_ROSTER

    @property
    def numbers(self) -> NDArray[np.int64] | None:
        """The person number of everyone in the roster; None while not everyone has one."""
        if self._numbered is not None:
            return self._numbered.numbers
        return None if self.source else _NOBODY

    @property
    def people(self) -> int:
        """How many names the dictionary must have to read the numbers."""
        return 0 if self._manifest is None else self._manifest.people

    @cached_property
    def aliases(self) -> Aliases:
        """Which ids are whose."""
        if self._manifest is not None:
            return aliases_in(self.data.blocks, self._manifest)
        return self.roster.aliases

    @property
    def has_integrations(self) -> bool:
        """Whether anyone is or was an integration; a folded directory's manifest says so."""
        if self._manifest is not None:
            return self._manifest.has_integrations
        return self.roster.has_integrations
