"""What a fold of the directory means for days: ids that were joined or parted since."""

from datetime import date

from msgspec.structs import replace

from shared.metrics.storage.joined_people import aliases_in, days_of_other_people
from shared.metrics.storage.keys import DIRECTORY, LAST_DAY
from shared.metrics.storage.manifests import Manifest, read_manifest
from shared.metrics.storage.tenant_data import TenantData


def mark_other_people(data: TenantData, directory: Manifest) -> None:
    """Mark every day on which someone counts under another id than the directory says by now. The
    manifests of the others are told that they are right.
    """
    bodies = data.manifests.bodies("", LAST_DAY)
    days = {date.fromisoformat(unit): read_manifest(body) for unit, body in bodies.items()}
    aliases = aliases_in(data.blocks, directory)
    others = days_of_other_people(data.blocks, data.people, days, aliases)
    for day, manifest in days.items():
        if day in others:
            data.units.mark_minute(day.isoformat(), directory.folded_through)
        elif manifest.aliases != aliases.digest:
            _restamp(data, day.isoformat(), manifest, aliases.digest)


def mark_if_other_people(data: TenantData, unit: str, manifest: Manifest) -> None:
    """Mark a day that has just been folded, if the directory was folded with other aliases in the
    meantime: it may have looked at the day too early.
    """
    directory, _ = data.manifests.get(DIRECTORY)
    digest = b"" if directory is None else directory.aliases
    if manifest.aliases != digest:
        data.units.mark_minute(unit, manifest.folded_through)


def _restamp(data: TenantData, unit: str, seen: Manifest, digest: bytes) -> None:
    manifest, version = data.manifests.get(unit)
    if manifest is not None and manifest.attempt == seen.attempt:
        # If it is folded just now, that fold looks at the directory itself afterwards.
        restamped = replace(manifest, aliases=digest)
        data.manifests.publish(unit, restamped, expected_version=version)
