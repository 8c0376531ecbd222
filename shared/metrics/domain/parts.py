"""The parts by which hits are told apart: category, feature, property, attribute, action."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from shared.metrics.domain.catalogue import Category, category_of
from shared.metrics.domain.selection import CATALOGUE_PATHS, FeatureSelection, Path
from shared.metrics.domain.unset import NOT_SET

UNCATALOGUED: Final = "(uncatalogued)"
"""In place of a category: the features that are not in the catalogue."""


class Part(Enum):
    """What rows are made of. Of several features the properties of one name are one row, as are
    their attributes and actions: people who used two of them count once.
    """

    CATEGORY = "CATEGORY"
    FEATURE = "FEATURE"
    PROPERTY = "PROPERTY"
    ATTRIBUTE = "ATTRIBUTE"
    ACTION = "ACTION"

    def is_of_features(self) -> bool:
        """Whether a feature's hits are all of one row."""
        return self in (Part.CATEGORY, Part.FEATURE)

    def name_in(self, path: Path) -> str:
        """The name of the row that a path belongs to; `(not set)` without such a part."""
        return _NAMES[self](path) or NOT_SET


def catalogued_names(part: Part, selection: FeatureSelection) -> set[str]:
    """The rows that the catalogue has for a selection, used or not. It has no actions."""
    covered = [path for path in CATALOGUE_PATHS if selection.covers(path)]
    return {part.name_in(path) for path in covered} - {NOT_SET}


def category_of_row(part: Part, name: str) -> Category | None:
    """The category of a row of features or of categories; None for any other row, and for what is
    not in the catalogue.
    """
    if part is Part.CATEGORY:
        return None if name == UNCATALOGUED else Category(name)
    return category_of(name) if part is Part.FEATURE else None


def _category_name(path: Path) -> str:
    category = category_of(path[0])
    return UNCATALOGUED if category is None else category.value


_NAMES: Final[Mapping[Part, Callable[[Path], str]]] = {
    Part.CATEGORY: _category_name,
    Part.FEATURE: lambda path: path[0],
    Part.PROPERTY: lambda path: path[1],
    Part.ATTRIBUTE: lambda path: path[2],
    Part.ACTION: lambda path: path[3],
}
