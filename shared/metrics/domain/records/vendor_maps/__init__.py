"""How objects of well-known systems are usually records here; a tenant may say otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import Final

from shared.metrics.domain.records.field_maps import ObjectMap
from shared.metrics.domain.records.record_fields import field_of
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.records.vendor_maps.dynamics import dynamics_maps
from shared.metrics.domain.records.vendor_maps.hubspot import hubspot_maps
from shared.metrics.domain.records.vendor_maps.pipedrive import pipedrive_maps
from shared.metrics.domain.records.vendor_maps.salesforce import salesforce_maps
from shared.metrics.domain.records.vendor_maps.stripe import stripe_maps
from shared.metrics.domain.records.vendor_maps.zendesk import zendesk_maps
from shared.metrics.domain.records.vendor_maps.zoho import zoho_maps
from shared.metrics.domain.source_kinds import KINDS, SourceKind


class Vendor(Enum):
    """A system whose usual objects and fields are known."""

    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"
    PIPEDRIVE = "pipedrive"
    ZOHO = "zoho"
    DYNAMICS = "dynamics"
    ZENDESK = "zendesk"
    STRIPE = "stripe"


_MAPS: Final[Mapping[Vendor, Callable[[], tuple[ObjectMap, ...]]]] = {
    Vendor.SALESFORCE: salesforce_maps,
    Vendor.HUBSPOT: hubspot_maps,
    Vendor.PIPEDRIVE: pipedrive_maps,
    Vendor.ZOHO: zoho_maps,
    Vendor.DYNAMICS: dynamics_maps,
    Vendor.ZENDESK: zendesk_maps,
    Vendor.STRIPE: stripe_maps,
}


def maps_of(vendor: Vendor) -> tuple[ObjectMap, ...]:
    """The usual maps of a vendor's objects, as the wire formats of its webhooks call them."""
    found = _MAPS[vendor]()
    kind = SourceKind(vendor.value)
    return tuple(map(partial(_with_people, kind), found)) if KINDS[kind].has_own_people else found


def _with_people(kind: SourceKind, found: ObjectMap) -> ObjectMap:
    """The map with references to people as ingest names those of this kind of source."""
    fields = {
        name: replace(mapped, people_of=kind.value)
        if field_of(found.record_type, name).refers is RecordType.PERSON
        else mapped
        for name, mapped in found.fields.items()
    }
    return replace(found, fields=fields)
