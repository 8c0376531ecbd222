"""The catalogue of a tenant (definitions §2), from a history."""

from datetime import date

from shared.metrics.domain.catalogue import CATALOGUE
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.features import FeatureEntry, FeaturesAnswer
from shared.metrics.engine.hub_requests import FeaturesRequest
from tests.oracles import windows
from tests.oracles.history import History, is_hit


def features(
    history: History, request: FeaturesRequest, now_ms: int, proof: Proof, *, first_weekday: int = 0
) -> FeaturesAnswer:
    """The features of the catalogue, and all that was hit in the window; right where nothing was
    hit before it.
    """
    window, _ = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    events = [event for event in history.usage if is_hit(event)]
    last: dict[str, date] = {}
    for event in events:
        day = history.day_of(event.occurred_at_ms)
        if day in window:
            last[event.feature] = max(day, last.get(event.feature, day))
    found = []
    for name in sorted(set(CATALOGUE) | {event.feature for event in events}):
        of_it = [event for event in events if event.feature == name]
        catalogued = CATALOGUE.get(name)
        attributes = (
            {key: set(of) for key, of in catalogued.properties.items()} if catalogued else {}
        )
        for event in of_it:
            if event.property:
                attributes.setdefault(event.property, set())
            if event.property and event.attribute:
                attributes[event.property].add(event.attribute)
        entry = FeatureEntry(
            name=name,
            category=catalogued.category if catalogued else None,
            properties=sorted(attributes),
            attributes=[sorted(attributes[key]) for key in sorted(attributes)],
            actions=sorted({event.action for event in of_it} - {""}),
            last_used=last.get(name),
        )
        if request.category in (None, entry.category) and mentions(entry, request.search):
            found.append(entry)
    return FeaturesAnswer(proof, found)


def mentions(entry: FeatureEntry, search: str | None) -> bool:
    """Whether a text is anywhere in the names of an entry."""
    text = (search or "").strip().lower()
    names = [entry.name, *entry.properties, *entry.actions]
    for of_property in entry.attributes:
        names += of_property
    return any(text in name.lower() for name in names)
