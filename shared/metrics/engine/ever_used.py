"""Every feature and path that a tenant has used on any day that was ever folded."""

from shared.metrics.columns.packs import Path, path_of
from shared.metrics.storage.names import OTHER, NameDictionary
from shared.metrics.storage.tenant_data import TenantData


def paths_ever_used(data: TenantData) -> list[Path]:
    """The paths, and for every feature a path of it alone. Read on from the dictionaries: another
    process may have folded a day since.
    """
    features = [(name, "", "", "") for name in _all_names(data.features)]
    texts = _all_names(data.paths)
    return [*(path_of(text) for text in texts if text != OTHER), *features]


def _all_names(dictionary: NameDictionary) -> list[str]:
    return dictionary.names(len(dictionary.known()) + 1)
