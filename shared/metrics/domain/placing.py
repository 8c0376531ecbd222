"""Finds the place of a source's rows among features, by the source's mapping and, where that says
nothing, by what rows of its kind usually mean.
"""

from collections.abc import Mapping
from typing import Any, Final

from shared.metrics.domain.catalogue import CATALOGUE, RECORDS_ADDED, Category
from shared.metrics.domain.crm_objects import OBJECT_FEATURES
from shared.metrics.domain.event_mapping import (
    EventMapping,
    MappingRule,
    Place,
    picked,
    text_of,
)
from shared.metrics.domain.events import DEFAULT_ACTION, SESSION_ACTIONS
from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.domain.usual_rules import USUAL_RULES

_PROPERTIES: Final = "properties"
_SAYING: Final = frozenset(
    {"feature", "module", "property", "attribute", "action", "record_id", "account_id"}
)
"""Properties that say where a tracked event belongs."""

_MAX_REMEMBERED: Final = 10_000
_MAX_CHARACTERS: Final = 1_000_000
"""Names that are remembered, and all their characters: names are the sender's."""

_NOTHING: Final = Place("", "", "", "", "", "")
_Candidates = tuple[tuple[MappingRule, ...], Place]


class Placer:
    """Places the rows of one source; remembers what fits which names."""

    def __init__(self, kind: SourceKind, mapping: EventMapping | None = None) -> None:
        own = () if mapping is None else mapping.rules
        self._rules = (*own, *USUAL_RULES.get(kind, ()))
        self._features = OBJECT_FEATURES.get(kind, {})
        self._known: dict[tuple[str, str, Op | None], _Candidates] = {}
        self._size = 0

    def place(
        self, name: str, fields: Mapping[str, Any], object_: str = "", op: Op | None = None
    ) -> Place:
        """The place of a row: of a change of a record with its object and operation, of a tracked
        event without. The feature is never empty, but for an action that makes sessions.
        """
        rules, usual = self._candidates(name, object_, op)
        by_itself = _said_by_itself(fields) if op is None else _NOTHING
        for rule in rules:
            if rule.fits_fields(fields):
                return _by_rule(rule, fields, by_itself, usual)
        return usual if by_itself is _NOTHING else _filled(by_itself, usual)

    def _candidates(self, name: str, object_: str, op: Op | None) -> _Candidates:
        key = (name, object_, op)
        known = self._known.get(key)
        if known is None:
            self._size += len(name) + len(object_)
            if len(self._known) >= _MAX_REMEMBERED or self._size > _MAX_CHARACTERS:
                self._known.clear()
                self._size = len(name) + len(object_)
            folded = (name.casefold(), object_.casefold(), op)
            rules = tuple(rule for rule in self._rules if rule.fits(*folded))
            known = self._known[key] = (rules, self._usual(name, object_, op))
        return known

    def _usual(self, name: str, object_: str, op: Op | None) -> Place:
        if op is None:
            if name in SESSION_ACTIONS:
                return Place("", "", "", name, "", "")
            return Place(name, "", "", DEFAULT_ACTION, "", "")
        feature = self._features.get(object_.casefold(), object_)
        known = CATALOGUE.get(feature)
        has_records = known is None or known.category is Category.MODULES
        added = RECORDS_ADDED if op is Op.CREATE and has_records else ""
        return Place(feature, added, "", op.value.lower(), "", "")


def _said_by_itself(fields: Mapping[str, Any]) -> Place:
    """What the properties of a tracked event say of where it belongs."""
    properties = fields.get(_PROPERTIES)
    # Nearly always a dictionary, which is told at once; any mapping takes ten times as long.
    if not properties or (properties.__class__ is not dict and not isinstance(properties, Mapping)):
        return _NOTHING
    texts = {name: text_of(value) for name, value in properties.items() if name in _SAYING}
    if not texts:
        return _NOTHING
    said = texts.get
    return Place(
        said("feature") or said("module", ""),
        said("property", ""),
        said("attribute", ""),
        said("action", ""),
        said("record_id", ""),
        said("account_id", ""),
    )


def _filled(said: Place, usual: Place) -> Place:
    """A place, with what is usual where it says nothing; actions that make sessions need no
    feature.
    """
    action = said.action or usual.action
    feature = said.feature or ("" if action in SESSION_ACTIONS else usual.feature)
    return Place(
        feature,
        said.property or usual.property,
        said.attribute,
        action,
        said.record_id,
        said.account_id,
    )


def _by_rule(rule: MappingRule, fields: Mapping[str, Any], by_itself: Place, usual: Place) -> Place:
    """What a rule picks, which may be nothing; what it leaves out is as without it."""
    filled = _filled(by_itself, usual)
    action = filled.action
    if rule.action is not None:
        action = picked(rule.action, fields) or usual.action
    feature = by_itself.feature if rule.feature is None else picked(rule.feature, fields)
    return Place(
        feature or ("" if action in SESSION_ACTIONS else usual.feature),
        filled.property if rule.property is None else picked(rule.property, fields),
        filled.attribute if rule.attribute is None else picked(rule.attribute, fields),
        action,
        filled.record_id if rule.record_id is None else picked(rule.record_id, fields),
        filled.account_id if rule.account_id is None else picked(rule.account_id, fields),
    )
