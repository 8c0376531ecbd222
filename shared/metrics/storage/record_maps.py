"""How a tenant's own objects and fields are records here, as stored (docs/records.md)."""

from datetime import time
from typing import Final, NamedTuple

import msgspec

from shared.metrics.domain.calendar_changes import Weekday
from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.domain.records.business_calendar import OpeningHours
from shared.metrics.domain.records.field_maps import MappedField, ObjectMap, RecordMaps
from shared.metrics.domain.records.record_types import RecordType, Vocabulary
from shared.metrics.domain.records.vendor_maps import Vendor, maps_of
from shared.metrics.storage.keys import record_maps_key
from shared.metrics.storage.ports import Item, Store

MAX_BYTES: Final = 200_000
"""Mapping tables of thousands of texts."""

NINE_TO_FIVE: Final = OpeningHours.daily(time(9), time(17))
_NO_VERSION: Final = 0


class FieldDocument(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A `MappedField`; `from_` is its source, called `from`."""

    from_: str = msgspec.field(name="from")
    values: dict[str, str] = {}
    otherwise: str | None = None
    divisor: int = 1
    currency_from: str = ""
    in_minor_units: bool = False
    people_of: str = ""

    def mapped(self) -> MappedField:
        """The same, as the domain has it."""
        return MappedField(
            self.from_,
            self.values,
            self.otherwise,
            self.divisor,
            self.currency_from,
            self.in_minor_units,
            self.people_of,
        )


class ObjectDocument(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """An `ObjectMap`. A field that is a text is the sender's field, taken as it is."""

    object: str
    type: RecordType
    fields: dict[str, FieldDocument | str]

    def mapped(self) -> ObjectMap:
        """The same, as the domain has it; BadInputError if it cannot be."""
        fields = {
            name: MappedField(field) if isinstance(field, str) else field.mapped()
            for name, field in self.fields.items()
        }
        return ObjectMap(self.object, self.type, fields)


class MapsDocument(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a tenant says. `vendors` are those whose usual objects are mapped as they usually are;
    `objects` are maps of its own, in place of those. Without opening hours: from nine to five.
    """

    vendors: list[Vendor] = []
    objects: list[ObjectDocument] = []
    vocabularies: dict[Vocabulary, dict[str, str]] = {}
    currency: str = ""
    opening_hours: dict[str, list[tuple[str, str]]] = {}

    def maps(self) -> RecordMaps:
        """All maps; BadInputError if they cannot be."""
        own = [each.mapped() for each in self.objects]
        usual = [each for vendor in self.vendors for each in maps_of(vendor)]
        return RecordMaps.of(own, usual, self.vocabularies, self.currency)

    def hours(self) -> OpeningHours:
        """When the business is open; BadInputError if it cannot be."""
        if not self.opening_hours:
            return NINE_TO_FIVE
        names = {weekday.name: weekday for weekday in Weekday}
        unknown = sorted(self.opening_hours.keys() - names.keys())
        if unknown:
            message = f"there is no weekday {unknown[0]!r}; there are {', '.join(names)}"
            raise BadInputError(message, field="opening_hours")
        return OpeningHours(
            {
                names[name]: tuple((_time(opens), _time(closes)) for opens, closes in hours)
                for name, hours in self.opening_hours.items()
            }
        )


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no time of day; give one as HH:MM, such as 09:00"
        raise BadInputError(message, field="opening_hours") from None


class StoredMaps(NamedTuple):
    """A tenant's maps; `version` grows with every change, and is 0 before the first."""

    document: MapsDocument
    version: int


_decoder = msgspec.json.Decoder(MapsDocument)
_encoder = msgspec.json.Encoder(order="sorted")


def maps_document(text: bytes) -> MapsDocument:
    """A document of maps; BadInputError says what is wrong with it, and where."""
    if len(text) > MAX_BYTES:
        message = f"the maps are {len(text):,} bytes long; they may have {MAX_BYTES:,}"
        raise BadInputError(message, field="maps")
    try:
        document = _decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"these are no maps of records: {error}", field="maps") from None
    document.maps()
    document.hours()
    return document


def maps_text(document: MapsDocument) -> bytes:
    """A document of maps as text, which `maps_document` reads."""
    return msgspec.json.format(_encoder.encode(document))


class StoredRecordMaps:
    """The maps of one tenant."""

    def __init__(self, store: Store, tenant: str) -> None:
        self._store = store
        self._key = record_maps_key(tenant)

    def get(self) -> StoredMaps:
        """The maps as they are; without any, only names that are used here are understood."""
        item = self._store.get(self._key)
        if item is None:
            return StoredMaps(MapsDocument(), _NO_VERSION)
        return StoredMaps(_decoder.decode(item.body), item.version)

    def replace(self, document: MapsDocument, *, expected_version: int) -> StoredMaps:
        """Put maps in place of those of a version; ConflictError if they have changed since."""
        item = Item(self._key, _encoder.encode(document), expected_version + 1)
        if not self._store.put_if(item, expected_version=expected_version or None):
            message = "the maps were changed meanwhile; read them again, and repeat the change"
            raise ConflictError(message)
        return StoredMaps(document, item.version)
