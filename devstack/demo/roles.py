"""The roles at Zylker and what each of them uses the CRM for."""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Role(Enum):
    """What someone does."""

    SALES_REPRESENTATIVE = "Sales representative"
    ACCOUNT_MANAGER = "Account manager"
    SALES_MANAGER = "Sales manager"
    MARKETING = "Marketing"
    SUPPORT_AGENT = "Support agent"
    OPERATIONS = "CRM operations"
    FINANCE = "Finance"
    EXECUTIVE = "Executive"


STAFFING: Final[Mapping[Role, int]] = {
    Role.SALES_REPRESENTATIVE: 20,
    Role.ACCOUNT_MANAGER: 8,
    Role.SALES_MANAGER: 4,
    Role.MARKETING: 5,
    Role.SUPPORT_AGENT: 8,
    Role.OPERATIONS: 2,
    Role.FINANCE: 2,
    Role.EXECUTIVE: 1,
}
"""Of every 50 people."""

INTERESTS: Final[Mapping[Role, Mapping[str, int]]] = {
    Role.SALES_REPRESENTATIVE: {
        "Leads": 42,
        "Calls": 9,
        "Contacts": 8,
        "Email": 7,
        "Tasks": 7,
        "Deals": 6,
        "Accounts": 5,
        "Calendar": 4,
        "Meetings": 4,
        "Telephony": 3,
        "Activities": 2,
        "Dashboards": 1,
        "Documents": 1,
        "Reports": 1,
    },
    Role.ACCOUNT_MANAGER: {
        "Deals": 26,
        "Accounts": 16,
        "Contacts": 12,
        "Leads": 11,
        "Email": 7,
        "Quotes": 7,
        "Meetings": 5,
        "Tasks": 5,
        "Calendar": 3,
        "Forecasts": 2,
        "Products": 2,
        "Reports": 2,
        "Sales Orders": 2,
    },
    Role.SALES_MANAGER: {
        "Deals": 20,
        "Dashboards": 15,
        "Reports": 15,
        "Leads": 13,
        "Forecasts": 12,
        "Accounts": 8,
        "Meetings": 6,
        "KPI Cards": 4,
        "Target Meters": 4,
        "Approval Processes": 3,
    },
    Role.MARKETING: {
        "Campaigns": 27,
        "Leads": 23,
        "Email": 11,
        "Contacts": 9,
        "Webforms": 8,
        "Reports": 7,
        "Social": 6,
        "Dashboards": 5,
        "SalesSignals": 3,
        "Cohorts": 1,
    },
    Role.SUPPORT_AGENT: {
        "Cases": 42,
        "Contacts": 14,
        "Solutions": 10,
        "Accounts": 8,
        "Live Chat": 8,
        "Calls": 6,
        "Email": 6,
        "Portals": 3,
        "Products": 3,
    },
    Role.OPERATIONS: {
        "Leads": 14,
        "Reports": 12,
        "Users": 10,
        "Workflow Rules": 9,
        "Deals": 8,
        "Modules and Fields": 8,
        "Layouts": 7,
        "Assignment Rules": 6,
        "Profiles": 5,
        "Templates": 5,
        "Blueprint": 4,
        "Pipeline": 4,
        "Audit Log": 3,
        "Roles": 3,
        "Canvas": 2,
    },
    Role.FINANCE: {
        "Invoices": 30,
        "Sales Orders": 15,
        "Purchase Orders": 12,
        "Accounts": 10,
        "Reports": 9,
        "Vendors": 9,
        "Price Books": 8,
        "Quotes": 7,
    },
    Role.EXECUTIVE: {
        "Dashboards": 36,
        "Reports": 22,
        "Forecasts": 18,
        "Deals": 12,
        "Accounts": 6,
        "KPI Cards": 6,
    },
}
"""How the hits of a role fall on features, in percent."""

RECORDS_ADDED_BY: Final[Mapping[Role, tuple[str, float]]] = {
    Role.ACCOUNT_MANAGER: ("Deals", 0.12),
    Role.MARKETING: ("Campaigns", 0.06),
    Role.SUPPORT_AGENT: ("Cases", 0.09),
    Role.FINANCE: ("Invoices", 0.08),
}
"""Where else than in Leads (see leads.py) a role adds records, and on what share of its days."""
