"""How objects of well-known systems are usually records here; a tenant may say otherwise."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final

from shared.metrics.domain.records.field_maps import ObjectMap
from shared.metrics.domain.records.vendor_maps.dynamics import dynamics_maps
from shared.metrics.domain.records.vendor_maps.hubspot import hubspot_maps
from shared.metrics.domain.records.vendor_maps.pipedrive import pipedrive_maps
from shared.metrics.domain.records.vendor_maps.salesforce import salesforce_maps
from shared.metrics.domain.records.vendor_maps.stripe import stripe_maps
from shared.metrics.domain.records.vendor_maps.zendesk import zendesk_maps
from shared.metrics.domain.records.vendor_maps.zoho import zoho_maps


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
    return _MAPS[vendor]()
