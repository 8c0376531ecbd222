"""The parts by which hits are told apart: category, feature, property, attribute, action."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from shared.metrics.domain.catalogue import BUILT_IN, Catalogue, Category
from shared.metrics.domain.selection import FeatureSelection, Path, catalogue_paths
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

    def name_in(self, path: Path, catalogue: Catalogue = BUILT_IN) -> str:
        """The name of the row that a path belongs to; `(not set)` without such a part. The category
        is that of the catalogue.
        """
        if self is Part.CATEGORY:
            category = catalogue.category_of(path[0])
            return UNCATALOGUED if category is None else category.value
        return path[_PLACES[self]] or NOT_SET


def catalogued_names(part: Part, selection: FeatureSelection, catalogue: Catalogue) -> set[str]:
    """The rows that the catalogue has for a selection, used or not. It has no actions."""
    paths = catalogue_paths(catalogue)
    covered = [path for path in paths if selection.covers(path, catalogue)]
    return {part.name_in(path, catalogue) for path in covered} - {NOT_SET}


def category_of_row(part: Part, name: str, catalogue: Catalogue) -> Category | None:
    """The category of a row of features or of categories; None for any other row, and for what is
    not in the catalogue.
    """
    if part is Part.CATEGORY:
        return None if name == UNCATALOGUED else Category(name)
    return catalogue.category_of(name) if part is Part.FEATURE else None


_PLACES: Final[Mapping[Part, int]] = {
    Part.FEATURE: 0,
    Part.PROPERTY: 1,
    Part.ATTRIBUTE: 2,
    Part.ACTION: 3,
}
"""Where in a path each part is."""
