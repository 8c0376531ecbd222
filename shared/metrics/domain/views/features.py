"""The catalogue of a tenant, and whatever else was used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shared.metrics.domain.catalogue import Catalogue, Category
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.selection import Path
from shared.metrics.domain.views.answers import Proof

MOST_SEARCHED: Final = 100


@dataclass(frozen=True, slots=True)
class FeatureEntry:
    """A feature, what can be done with it, and what was. `category` is None for one that is not in
    the catalogue. `attributes` are those of each of the `properties`; all lists are by name.

    `last_used` is the last day of the window with a hit.
    """

    name: str
    category: Category | None
    properties: list[str]
    attributes: list[list[str]]
    actions: list[str]
    last_used: date | None


@dataclass(frozen=True, slots=True)
class FeaturesAnswer:
    """Features by name."""

    proof: Proof
    features: list[FeatureEntry]


@dataclass(slots=True)
class _Found:
    properties: dict[str, set[str]] = field(default_factory=dict)
    actions: set[str] = field(default_factory=set)


def features(
    used: Iterable[Path],
    last_used: Mapping[str, date],
    catalogue: Catalogue,
    *,
    search: str | None,
    category: Category | None,
    proof: Proof,
) -> FeaturesAnswer:
    """The features of a category that have the searched text in their name, or in that of a
    property, attribute or action, in any case of letters. BadInputError if the text is too long.
    """
    wanted = (search or "").strip().casefold()
    if len(wanted) > MOST_SEARCHED:
        message = f"search has {len(wanted)} characters; it may have {MOST_SEARCHED}"
        raise BadInputError(message, field="search")
    found = {
        feature.name: _Found({name: set(of) for name, of in feature.properties.items()})
        for feature in catalogue.features.values()
    }
    for feature, property_, attribute, action in used:
        entry = found.setdefault(feature, _Found())
        if property_:
            entry.properties.setdefault(property_, set()).update({attribute} - {""})
        entry.actions |= {action} - {""}
    entries = [
        _entry(name, found[name], catalogue.category_of(name), last_used.get(name))
        for name in sorted(found)
    ]
    return FeaturesAnswer(
        proof=proof,
        features=[
            entry
            for entry in entries
            if category in (None, entry.category) and _mentions(entry, wanted)
        ],
    )


def _entry(
    name: str, found: _Found, category: Category | None, last_used: date | None
) -> FeatureEntry:
    properties = sorted(found.properties)
    return FeatureEntry(
        name=name,
        category=category,
        properties=properties,
        attributes=[sorted(found.properties[each]) for each in properties],
        actions=sorted(found.actions),
        last_used=last_used,
    )


def _mentions(entry: FeatureEntry, wanted: str) -> bool:
    attributes = (name for names in entry.attributes for name in names)
    names = (entry.name, *entry.properties, *attributes, *entry.actions)
    return any(wanted in name.casefold() for name in names)
