"""Which feature of the catalogue the records of each CRM belong to.

Names of objects are the senders' own, in lower case. An object that is not here is kept under its
own name.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.metrics.domain.source_kinds import SourceKind

_ZOHO: Final = {
    "accounts": "Accounts",
    "activities": "Activities",
    "appointments__s": "Appointments",
    "assignment_rules": "Assignment Rules",
    "calls": "Calls",
    "campaigns": "Campaigns",
    "cases": "Cases",
    "contacts": "Contacts",
    "deals": "Deals",
    "documents": "Documents",
    "events": "Meetings",
    "forecasts": "Forecasts",
    "invoices": "Invoices",
    "leads": "Leads",
    "meetings": "Meetings",
    "pipeline": "Pipeline",
    "potentials": "Deals",
    "price_books": "Price Books",
    "products": "Products",
    "profiles": "Profiles",
    "projects": "Projects",
    "purchase_orders": "Purchase Orders",
    "quotes": "Quotes",
    "roles": "Roles",
    "sales_orders": "Sales Orders",
    "services__s": "Services",
    "solutions": "Solutions",
    "tasks": "Tasks",
    "users": "Users",
    "vendors": "Vendors",
    "visits": "Visits",
    "webforms": "Webforms",
}

_SALESFORCE: Final = {
    "account": "Accounts",
    "asset": "Products",
    "assignmentrule": "Assignment Rules",
    "campaign": "Campaigns",
    "campaignmember": "Campaigns",
    "case": "Cases",
    "contact": "Contacts",
    "contentdocument": "Documents",
    "contentversion": "Documents",
    "dashboard": "Dashboards",
    "document": "Documents",
    "emailmessage": "Email",
    "event": "Calendar",
    "flowrecord": "Workflow Rules",
    "forecastingitem": "Forecasts",
    "group": "Groups",
    "invoice": "Invoices",
    "knowledgearticle": "Solutions",
    "lead": "Leads",
    "livechattranscript": "Live Chat",
    "opportunity": "Deals",
    "opportunitystage": "Pipeline",
    "order": "Sales Orders",
    "pricebook2": "Price Books",
    "processinstance": "Approval Processes",
    "product2": "Products",
    "profile": "Profiles",
    "quote": "Quotes",
    "report": "Reports",
    "serviceappointment": "Appointments",
    "solution": "Solutions",
    "task": "Tasks",
    "user": "Users",
    "userrole": "Roles",
    "weblead": "Webforms",
}

_HUBSPOT: Final = {
    "call": "Calls",
    "communication": "Activities",
    "company": "Accounts",
    "contact": "Contacts",
    "conversation": "Live Chat",
    "deal": "Deals",
    "email": "Email",
    "engagement": "Activities",
    "form": "Webforms",
    "form_submission": "Webforms",
    "invoice": "Invoices",
    "lead": "Leads",
    "line_item": "Products",
    "meeting": "Meetings",
    "note": "Activities",
    "order": "Sales Orders",
    "pipeline": "Pipeline",
    "product": "Products",
    "quote": "Quotes",
    "service": "Services",
    "task": "Tasks",
    "ticket": "Cases",
    "user": "Users",
}

_PIPEDRIVE: Final = {
    "activity": "Activities",
    "deal": "Deals",
    "file": "Documents",
    "lead": "Leads",
    "note": "Activities",
    "organization": "Accounts",
    "person": "Contacts",
    "pipeline": "Pipeline",
    "product": "Products",
    "project": "Projects",
    "stage": "Pipeline",
    "user": "Users",
}

_DYNAMICS: Final = {
    "account": "Accounts",
    "activitypointer": "Activities",
    "appointment": "Calendar",
    "bookableresourcebooking": "Appointments",
    "businessunit": "Company Settings",
    "campaign": "Campaigns",
    "contact": "Contacts",
    "email": "Email",
    "incident": "Cases",
    "invoice": "Invoices",
    "kbarticle": "Solutions",
    "knowledgearticle": "Solutions",
    "lead": "Leads",
    "opportunity": "Deals",
    "phonecall": "Calls",
    "pricelevel": "Price Books",
    "product": "Products",
    "queueitem": "Assignment Rules",
    "quote": "Quotes",
    "role": "Roles",
    "salesorder": "Sales Orders",
    "systemuser": "Users",
    "task": "Tasks",
    "team": "Groups",
    "workflow": "Workflow Rules",
}

_FRESHSALES: Final = {
    "account": "Accounts",
    "appointment": "Meetings",
    "call": "Calls",
    "contact": "Contacts",
    "deal": "Deals",
    "document": "Documents",
    "lead": "Leads",
    "meeting": "Meetings",
    "product": "Products",
    "sales_account": "Accounts",
    "sales_activity": "Activities",
    "task": "Tasks",
    "user": "Users",
}

_ZENDESK: Final = {
    "article": "Solutions",
    "messaging_ticket": "Live Chat",
    "organization": "Accounts",
    "ticket": "Cases",
    "user": "Contacts",
}

_INTERCOM: Final = {
    "admin": "Users",
    "company": "Accounts",
    "contact": "Contacts",
    "conversation": "Live Chat",
    "ticket": "Cases",
    "user": "Contacts",
}

_STRIPE: Final = {
    "customer": "Accounts",
    "invoice": "Invoices",
    "price": "Price Books",
    "product": "Products",
    "quote": "Quotes",
}

OBJECT_FEATURES: Final[Mapping[SourceKind, Mapping[str, str]]] = MappingProxyType(
    {
        SourceKind.ZOHO: _ZOHO,
        SourceKind.SALESFORCE: _SALESFORCE,
        SourceKind.HUBSPOT: _HUBSPOT,
        SourceKind.PIPEDRIVE: _PIPEDRIVE,
        SourceKind.DYNAMICS: _DYNAMICS,
        SourceKind.FRESHSALES: _FRESHSALES,
        SourceKind.ZENDESK: _ZENDESK,
        SourceKind.INTERCOM: _INTERCOM,
        SourceKind.STRIPE: _STRIPE,
    }
)
"""The feature by kind of source and by the lower-case name of its object."""
