"""The hundred features that Zylker uses; three of them are retired while the demo's days go by."""

from typing import Final

from shared.metrics.domain.catalogue import CATALOGUE, Category

NICHE: Final = (
    # Modules that Zylker has made for itself.
    "Certifications",
    "Competitors",
    "Demo Units",
    "Equipment",
    "Field Surveys",
    "Installations",
    "Onboarding Plans",
    "Partners",
    "Reference Customers",
    "Renewals",
    "Service Contracts",
    "Site Visits",
    "Spare Parts",
    "Subscriptions",
    "Trade Fairs",
    "Warranty Claims",
    # Reports with a name of their own.
    "Report: Ageing Invoices",
    "Report: Deals by Stage",
    "Report: Lead Sources",
    "Report: Lost Deals",
    "Report: Open Cases",
    "Report: Quota Attainment",
    "Report: Sales by Country",
    "Report: Team Activity",
    # Extensions.
    "Business Card Scanner",
    "Commission Calculator",
    "Contract Signing",
    "Mail Merge",
    "Quote Configurator",
    "Route Planner",
    "Translation Desk",
)
"""Features that are in no catalogue; everybody has a few of them that they like."""

RETIRED: Final = ("Fax Inbox", "Loyalty Cards", "Paper Order Forms")
"""Features in no catalogue either, which nobody uses any more after a certain day."""

LASTING: Final = (*sorted(CATALOGUE), *NICHE)
"""Features that are used in every month."""

BULK_API: Final = "Bulk API"
"""A feature that only programs use, so that it is none that people use."""

_FROM_AUDIT_LOG: Final = frozenset(
    {Category.USERS_AND_CONTROL, Category.AUTOMATIONS, Category.CUSTOMIZATION}
)


def signal_of(feature: str) -> str:
    """How a use becomes known: settings only as a change in the audit log, all else as a click."""
    known = CATALOGUE.get(feature)
    return "CHANGE" if known is not None and known.category in _FROM_AUDIT_LOG else "ACTION"
