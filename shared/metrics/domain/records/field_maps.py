"""How a tenant's own objects and fields become record types and theirs: declared, not programmed.

What is not mapped stays in the history under the sender's names; a map that is changed reads it
anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.records.field_columns import FieldType
from shared.metrics.domain.records.record_fields import FIELDS, field_of
from shared.metrics.domain.records.record_types import RecordType, Vocabulary


@dataclass(frozen=True, slots=True)
class MappedField:
    """Where a field comes from, and what is made of it.

    `source` is the sender's field. `values` replaces texts, compared without regard to case and
    outer blanks; `otherwise` stands for those that are not in it (None: they stay as they are).
    `divisor` divides numbers: 100 makes a fraction of per cent. `currency_from` is the sender's
    field with the currency of money; money is in major units unless `in_minor_units`.
    `people_of` is the kind of source whose people a reference names: they are known as
    `hubspot:123`, unless the id is an e-mail address.
    """

    source: str
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    divisor: int = 1
    currency_from: str = ""
    in_minor_units: bool = False
    people_of: str = ""

    def person(self, user_id: str) -> str:
        """The id that a person of the sender's is known by here, as ingest makes it."""
        return user_id if not self.people_of or "@" in user_id else f"{self.people_of}:{user_id}"


@dataclass(frozen=True, slots=True)
class ObjectMap:
    """The sender's object `source` as records of a type; `fields` by the names of the type."""

    source: str
    record_type: RecordType
    fields: Mapping[str, MappedField]

    def __post_init__(self) -> None:
        for name, mapped in self.fields.items():
            known = field_of(self.record_type, name)
            divides = known.type is FieldType.NUMBER
            if mapped.divisor < 1 or (mapped.divisor > 1 and not divides):
                message = f"{name}: only a NUMBER has a divisor, of at least 1"
                raise BadInputError(message, field=name)
            if mapped.people_of and known.refers is not RecordType.PERSON:
                message = f"{name} refers to no person; `people_of` is of those that do"
                raise BadInputError(message, field=name)
            has_currency = bool(mapped.currency_from) or mapped.in_minor_units
            if has_currency and known.type is not FieldType.MONEY:
                message = f"{name} is no money: it has neither a currency nor minor units"
                raise BadInputError(message, field=name)


@dataclass(frozen=True, slots=True)
class RecordMaps:
    """All maps of a tenant. `vocabularies` normalise texts, compared without regard to case; money
    whose currency is not said is in `currency`, and not known if that is empty.
    """

    objects: tuple[ObjectMap, ...]
    vocabularies: Mapping[Vocabulary, Mapping[str, str]] = field(default_factory=dict)
    currency: str = ""

    @staticmethod
    def of(
        own: Iterable[ObjectMap],
        usual: Iterable[ObjectMap] = (),
        vocabularies: Mapping[Vocabulary, Mapping[str, str]] | None = None,
        currency: str = "",
    ) -> "RecordMaps":
        """A tenant's own maps; for objects without one the usual ones, then the native ones.
        BadInputError if two own or two usual ones are of one object.
        """
        chosen = list(own)
        for more in (list(usual), native_maps()):
            known = {each.source for each in chosen}
            chosen += [each for each in more if each.source not in known]
        return RecordMaps(tuple(chosen), vocabularies or {}, currency)

    def __post_init__(self) -> None:
        """Refuse an object that is mapped twice."""
        sources = [each.source for each in self.objects]
        twice = sorted({source for source in sources if sources.count(source) > 1})
        if twice:
            raise BadInputError(f"mapped more than once: {', '.join(twice)}", field="source")

    def of_field(self, record_type: RecordType, name: str) -> list[tuple[str, MappedField]]:
        """The sender's objects that have a field of a type, and how."""
        maps = self.of_type(record_type)
        return [(each.source, each.fields[name]) for each in maps if name in each.fields]

    def of_type(self, record_type: RecordType) -> list[ObjectMap]:
        """The maps that make records of a type."""
        return [each for each in self.objects if each.record_type is record_type]


ROSTER: Final = "(roster)"
"""The object that people are: they come from the directory, whatever senders call a person."""


def native_object(record_type: RecordType) -> str:
    """What records of a type are called where nothing is mapped."""
    return ROSTER if record_type is RecordType.PERSON else record_type.value


def native_maps() -> tuple[ObjectMap, ...]:
    """Of senders who write types and fields as they are called here; the currency of money is in a
    field `currency`.
    """
    return tuple(
        ObjectMap(
            native_object(record_type),
            record_type,
            {
                name: MappedField(name, currency_from="currency")
                if each.type is FieldType.MONEY
                else MappedField(name)
                for name, each in fields.items()
            },
        )
        for record_type, fields in FIELDS.items()
    )


NATIVE: Final = RecordMaps(native_maps())
"""Nothing but the names that are used here."""
