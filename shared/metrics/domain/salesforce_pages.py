"""What rows of Salesforce's event log files mean: which page, report or dashboard was looked at.

Objects are called as in `PAGE_ENTITY_TYPE`.
"""

from typing import Final

from shared.metrics.domain.catalogue import VIEWS
from shared.metrics.domain.event_mapping import MappingRule

_PAGE_VIEW: Final = "LightningPageView"
_LIST_PAGE: Final = "force:objectHomeDesktop"
_PAGES: Final = (
    ("Deals", ("Opportunity",)),
    ("Accounts", ("Account",)),
    ("Contacts", ("Contact",)),
    ("Leads", ("Lead",)),
    ("Cases", ("Case",)),
    ("Tasks", ("Task",)),
    ("Campaigns", ("Campaign", "CampaignMember")),
    ("Quotes", ("Quote",)),
    ("Products", ("Product2", "Asset")),
    ("Price Books", ("Pricebook2",)),
    ("Sales Orders", ("Order",)),
    ("Invoices", ("Invoice",)),
    ("Solutions", ("Knowledge__kav", "KnowledgeArticle", "Solution")),
    ("Documents", ("ContentDocument", "Document")),
    ("Appointments", ("ServiceAppointment",)),
)
_OTHER_PAGES: Final = (
    ("Calendar", ("Event",)),
    ("Reports", ("Report",)),
    ("Dashboards", ("Dashboard",)),
    ("Users", ("User",)),
    ("Groups", ("CollaborationGroup", "Group")),
)


def _page(feature: str, objects: tuple[str, ...], view: str | None = None) -> MappingRule:
    """The rule for the pages of some objects. `view` is the property of those that have one."""
    where = {"PAGE_ENTITY_TYPE": objects}
    return MappingRule(name=_PAGE_VIEW, where=where, feature=feature, property=view, action="view")


def _list_page(feature: str, objects: tuple[str, ...]) -> MappingRule:
    where = {"PAGE_ENTITY_TYPE": objects, "PAGE_CONTEXT": (_LIST_PAGE,)}
    return MappingRule(
        name=_PAGE_VIEW,
        where=where,
        feature=feature,
        property=VIEWS,
        attribute="List View",
        action="view",
    )


RULES: Final = (
    *(_list_page(feature, objects) for feature, objects in _PAGES),
    *(_page(feature, objects, VIEWS) for feature, objects in _PAGES),
    *(_page(feature, objects) for feature, objects in _OTHER_PAGES),
    MappingRule(name="Report", feature="Reports", action="view"),
    MappingRule(name="ReportExport", feature="Reports", action="export"),
    MappingRule(name="Dashboard", feature="Dashboards", action="view"),
    MappingRule(name="KnowledgeArticleView", feature="Solutions", property=VIEWS, action="view"),
    MappingRule(name="ContentTransfer", feature="Documents", action="transfer"),
    MappingRule(name="ContentDistribution", feature="Documents", action="share"),
    MappingRule(name="DocumentAttachmentDownloads", feature="Documents", action="download"),
)
"""For the event types that are about something of the catalogue."""
