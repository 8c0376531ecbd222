"""The directory as it stood when a span was read. Most answers need its roster; some only need to
know that it has nobody to leave out.
"""

from dataclasses import dataclass
from functools import cached_property

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.fold import distinct_events
from shared.metrics.columns.roster_block import read_roster
from shared.metrics.domain.aliases import Aliases
from shared.metrics.domain.roster import EMPTY_ROSTER, Roster, roster_of
from shared.metrics.storage.joined_people import aliases_in
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.manifests import read_manifest
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.units import StoredPack

Source = list[StoredPack] | bytes
"""The directory's packs while they are not all folded, else its manifest; empty for none."""


def read_directory(data: TenantData, *, is_dirty: bool) -> Source:
    """What the directory is made from now."""
    if is_dirty:
        return data.units.packs(DIRECTORY)
    return data.manifests.bodies(DIRECTORY, DIRECTORY).get(DIRECTORY, b"")


@dataclass
class Directory:
    """The roster, read when it is needed. MissingBlockError then means that it has changed."""

    data: TenantData
    source: Source

    @cached_property
    def roster(self) -> Roster:
        """Everyone in the directory."""
        if not self.source:
            return EMPTY_ROSTER
        if not isinstance(self.source, bytes):
            return roster_of(distinct_events([pack.body for pack in self.source]))
        manifest = read_manifest(self.source)
        attempts = {DIRECTORY: (manifest.attempt, manifest.parts[BlockKind.ROSTER.value])}
        return read_roster(self.data.blocks.read(BlockKind.ROSTER, attempts)[DIRECTORY])

    @cached_property
    def aliases(self) -> Aliases:
        """Which ids are whose."""
        if self.source and isinstance(self.source, bytes):
            return aliases_in(self.data.blocks, read_manifest(self.source))
        return self.roster.aliases

    @property
    def has_integrations(self) -> bool:
        """Whether anyone is or was an integration; a folded directory's manifest says so."""
        if self.source and isinstance(self.source, bytes):
            return read_manifest(self.source).has_integrations
        return self.roster.has_integrations
