"""The built-in catalogue (definitions §2): feature → property → attribute, in seven categories.

Tenants extend it. A feature that is not in it is counted all the same, under its own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class NamedFeature:
    """What a tenant says of a feature that the built-in catalogue does not have. A module has the
    properties of all modules besides those that are named.
    """

    category: Category
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Features by their name."""

    features: Mapping[str, Feature]

    def category_of(self, feature: str) -> Category | None:
        """The category of a feature; None for one that is not in the catalogue."""
        known = self.features.get(feature)
        return None if known is None else known.category

    def of_category(self, category: Category) -> list[str]:
        """The names of the features of a category."""
        return [name for name, of in self.features.items() if of.category is category]


BUILT_IN: Final = Catalogue(CATALOGUE)


def category_of(feature: str) -> Category | None:
    """The category of a built-in feature; None for any other."""
    return BUILT_IN.category_of(feature)


def extended(named: Mapping[str, NamedFeature]) -> Catalogue:
    """The built-in catalogue with the features that a tenant has named; built-in ones stay."""
    if not named:
        return BUILT_IN
    own = {name: Feature(name, of.category, _properties(of)) for name, of in named.items()}
    return Catalogue({**own, **CATALOGUE})


def _properties(named: NamedFeature) -> Mapping[str, tuple[str, ...]]:
    if named.category is not Category.MODULES:
        return named.properties
    return {**MODULE_PROPERTIES, **named.properties}
