"""What of the CRM a question is about: features, properties, attributes, actions (definitions §2).

A selection is checked against everything that can be chosen: the tenant's catalogue and whatever
the tenant has used. What is impossible is an error that lists what is possible.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from shared.metrics.domain.catalogue import BUILT_IN, Catalogue, Category
from shared.metrics.domain.errors import BadInputError

Path = tuple[str, str, str, str]
"""Feature, property, attribute, action."""

ALL_MODULES: Final = "ALL_MODULES"
"""In place of a feature: all features of the category Modules."""

_LISTED: Final = 40


@dataclass(frozen=True, slots=True)
class FeatureSelection:
    """The hits that satisfy all of the given parts; None does not select."""

    category: Category | None = None
    feature: str | None = None
    property: str | None = None
    attribute: str | None = None
    action: str | None = None

    def is_everything(self) -> bool:
        """Whether all hits are selected."""
        return self == EVERYTHING

    def is_of_features(self) -> bool:
        """Whether whole features are selected, so that their properties need not be looked at."""
        return self.property is None and self.attribute is None and self.action is None

    def covers_feature(self, feature: str, catalogue: Catalogue = BUILT_IN) -> bool:
        """Whether the hits of a feature may be selected; its category is that of the catalogue."""
        category = catalogue.category_of(feature)
        if self.category is not None and category is not self.category:
            return False
        if self.feature == ALL_MODULES:
            return category is Category.MODULES
        return self.feature is None or self.feature == feature

    def covers(self, path: Path, catalogue: Catalogue = BUILT_IN) -> bool:
        """Whether the hits of a path are selected."""
        feature, *rest = path
        wanted = (self.property, self.attribute, self.action)
        return self.covers_feature(feature, catalogue) and all(
            part is None or part == value for part, value in zip(wanted, rest, strict=True)
        )


EVERYTHING: Final = FeatureSelection()


def check_selection(
    selection: FeatureSelection, used: Iterable[Path], catalogue: Catalogue, field: str
) -> None:
    """BadInputError if the parts of a selection do not go together. `used` are the paths that the
    tenant has used, `catalogue` is the tenant's, `field` how the caller calls the selection.
    """
    if selection.is_everything():
        return
    paths = [*used, *catalogue_paths(catalogue)]
    if selection.feature == ALL_MODULES and selection.category not in (None, Category.MODULES):
        message = f"{ALL_MODULES} is of the category {Category.MODULES.value}"
        raise BadInputError(f"{message}, not {selection.category.value}", field=f"{field}.feature")
    chosen = FeatureSelection(category=selection.category)
    for part, of_path in _PARTS.items():
        value = getattr(selection, part)
        if value is None:
            continue
        is_possible = value and any(
            of_path(path) == value and chosen.covers(path, catalogue) for path in paths
        )
        if not is_possible and not (part == "feature" and value == ALL_MODULES):
            possible = {of_path(path) for path in paths if chosen.covers(path, catalogue)} - {""}
            raise BadInputError(_impossible(part, value, chosen, possible), field=f"{field}.{part}")
        chosen = _with(chosen, part, value)


def _with(chosen: FeatureSelection, part: str, value: str) -> FeatureSelection:
    given = {name: getattr(chosen, name) for name in ("category", *_PARTS)}
    return FeatureSelection(**{**given, part: value})


def _impossible(part: str, value: str, chosen: FeatureSelection, possible: set[str]) -> str:
    of = " of " + " / ".join(
        text
        for text in (
            chosen.category.value if chosen.category else None,
            chosen.feature,
            chosen.property,
            chosen.attribute,
        )
        if text
    )
    place = "" if chosen.is_everything() else of
    if not possible:
        return f"{part} {value!r} is not possible: there is no {part}{place}"
    listed = sorted(possible)
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return f"no {part} {value!r}{place}; possible are {', '.join(listed[:_LISTED])}{more}"


_PARTS: Final[dict[str, Callable[[Path], str]]] = {
    "feature": lambda path: path[0],
    "property": lambda path: path[1],
    "attribute": lambda path: path[2],
    "action": lambda path: path[3],
}


def catalogue_paths(catalogue: Catalogue) -> list[Path]:
    """Every feature, property and attribute of a catalogue, with an empty action."""
    paths: list[Path] = []
    for feature in catalogue.features.values():
        paths.append((feature.name, "", "", ""))
        for name, attributes in feature.properties.items():
            paths += [(feature.name, name, attribute, "") for attribute in ("", *attributes)]
    return paths
