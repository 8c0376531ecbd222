"""What the rows of a source mean: rules from the sender's words to feature, property, attribute,
action, record and account. Declarative, so that it can be stored, shown and tried out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from shared.metrics.domain.record_changes import Op

FIELD: Final = "$."
"""What a pick begins with that names a field rather than being the text itself."""

ANY: Final = "*"

Pick: TypeAlias = str | tuple[str, ...]
"""A text, or a field's path (`$.properties.module`); of several the first that is not empty."""


@dataclass(frozen=True, slots=True)
class MappingRule:
    """What rows mean that fit: all that it says of `name`, `object`, `op` and `where`.

    `name` and `object` fit in any case of letters; a `*` at the end of a name stands for anything.
    `where` has fields with the texts that they may hold. What is None is as it would be without
    the rule.
    """

    name: str = ""
    object: str = ""
    op: Op | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    feature: Pick | None = None
    property: Pick | None = None
    attribute: Pick | None = None
    action: Pick | None = None
    record_id: Pick | None = None
    account_id: Pick | None = None

    def fits(self, name: str, object_: str, op: Op | None) -> bool:
        """Whether rows of this name, object and operation fit, but for their fields. Both texts
        are casefolded.
        """
        wanted = self.name.casefold()
        begins = wanted.endswith(ANY) and name.startswith(wanted.removesuffix(ANY))
        is_named = begins or wanted in ("", name)
        is_of_object = self.object.casefold() in ("", object_)
        return is_named and is_of_object and self.op in (None, op)

    def fits_fields(self, fields: Mapping[str, Any]) -> bool:
        """Whether the fields hold what they must."""
        return all(text_at(fields, path) in texts for path, texts in self.where.items())


@dataclass(frozen=True, slots=True)
class EventMapping:
    """The rules of a source; the first one that fits decides."""

    rules: tuple[MappingRule, ...] = ()


class Place(NamedTuple):
    """What a row is about; `""` where nothing is said."""

    feature: str
    property: str
    attribute: str
    action: str
    record_id: str
    account_id: str


def picked(pick: Pick, fields: Mapping[str, Any]) -> str:
    """The text of a pick: the first of its alternatives that is not empty."""
    for each in (pick,) if isinstance(pick, str) else pick:
        text = text_at(fields, each[len(FIELD) :]) if each.startswith(FIELD) else each
        if text:
            return text
    return ""


def text_at(fields: Mapping[str, Any], path: str) -> str:
    """What a field holds as text; `""` if it is not there, or a list or an object."""
    value: Any = fields
    for part in path.split("."):
        # Nearly always a dictionary, which is told at once; any mapping takes ten times as long.
        if not isinstance(value, dict) and not isinstance(value, Mapping):
            return ""
        if part not in value:
            return ""
        value = value[part]
    return text_of(value)


def text_of(value: object) -> str:
    """A value as text; `""` for none, a list or an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else ""
