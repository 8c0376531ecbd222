"""The built-in catalogue (definitions §2): feature → property → attribute, in seven categories.

Tenants extend it. A feature that is not in it is counted all the same, under its own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class Category(Enum):
    """Where a feature belongs."""

    GENERAL = "General"
    USERS_AND_CONTROL = "Users & control"
    AUTOMATIONS = "Automations"
    CHANNELS = "Channels"
    MODULES = "Modules"
    CUSTOMIZATION = "Customization"
    REPORTS_AND_ANALYTICS = "Reports & analytics"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something people use. `properties` maps each property to its attributes."""

    name: str
    category: Category
    properties: Mapping[str, tuple[str, ...]]


VIEWS: Final = "Views"
RECORDS_ADDED: Final = "Records Added"

_NO_PROPERTIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})

MODULE_PROPERTIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        VIEWS: ("List View", "Kanban View", "Canvas View"),
        "Calls": (),
        "Create Meeting": (),
        "Buttons": (),
        "Macros": (),
        "Task Creation": (),
        RECORDS_ADDED: (),
    }
)
"""What can be done with the records of any module."""

_NAMES: Final = {
    Category.GENERAL: (
        "Calendar",
        "Calendar Booking",
        "Company Settings",
        "Motivator",
        "Personal Settings",
    ),
    Category.USERS_AND_CONTROL: (
        "Audit Log",
        "Data Sharing",
        "Groups",
        "Login History",
        "Profiles",
        "Roles",
        "Territory Management",
        "Users",
    ),
    Category.AUTOMATIONS: (
        "Approval Processes",
        "Assignment Rules",
        "Blueprint",
        "Cadences",
        "Case Escalation Rules",
        "Review Processes",
        "Scoring Rules",
        "Workflow Rules",
    ),
    Category.CHANNELS: (
        "Email",
        "Live Chat",
        "Portals",
        "SalesSignals",
        "Social",
        "Telephony",
        "Webforms",
    ),
    Category.MODULES: (
        "Accounts",
        "Activities",
        "Appointments",
        "Calls",
        "Campaigns",
        "Cases",
        "Contacts",
        "Deals",
        "Documents",
        "Forecasts",
        "Invoices",
        "Leads",
        "Meetings",
        "Price Books",
        "Products",
        "Projects",
        "Purchase Orders",
        "Quotes",
        "Sales Orders",
        "Services",
        "Solutions",
        "Tasks",
        "Vendors",
        "Visits",
    ),
    Category.CUSTOMIZATION: (
        "Canvas",
        "Layouts",
        "Modules and Fields",
        "Pipeline",
        "Templates",
        "Translations",
        "Web Tabs",
        "Wizards",
    ),
    Category.REPORTS_AND_ANALYTICS: (
        "Anomaly Detection",
        "Cohorts",
        "Dashboards",
        "KPI Cards",
        "Reports",
        "Target Meters",
    ),
}

CATALOGUE: Final[Mapping[str, Feature]] = MappingProxyType(
    {
        name: Feature(
            name, category, MODULE_PROPERTIES if category is Category.MODULES else _NO_PROPERTIES
        )
        for category, names in _NAMES.items()
        for name in names
    }
)
"""Every built-in feature by its name."""


def category_of(feature: str) -> Category | None:
    """The category of a feature; None for one that is not in the catalogue."""
    known = CATALOGUE.get(feature)
    return None if known is None else known.category


def is_uncatalogued(feature: str) -> bool:
    """Whether something of that name is kept, and is in no catalogue; `""` is no feature."""
    return bool(feature) and feature not in CATALOGUE
