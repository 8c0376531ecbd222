"""Where the rows of a source belong: its own rules, then what is usual for its kind."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.metrics.domain.catalogue import CATALOGUE, Category
from shared.metrics.domain.crm_objects import OBJECT_FEATURES
from shared.metrics.domain.event_mapping import EventMapping, MappingRule, Pick, picked
from shared.metrics.domain.placing import Placer
from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.source_kinds import SourceKind


def place(
    name: str,
    *rules: MappingRule,
    kind: SourceKind = SourceKind.SEGMENT,
    fields: Mapping[str, Any] | None = None,
    object_: str = "",
    op: Op | None = None,
) -> tuple[str, str, str, str, str, str]:
    placer = Placer(kind, EventMapping(rules) if rules else None)
    first = placer.place(name, fields or {}, object_, op)
    assert placer.place(name, fields or {}, object_, op) == first
    return first


@pytest.mark.parametrize(
    ("kind", "object_", "feature"),
    [
        (SourceKind.SALESFORCE, "Opportunity", "Deals"),
        (SourceKind.SALESFORCE, "UserRole", "Roles"),
        (SourceKind.HUBSPOT, "company", "Accounts"),
        (SourceKind.PIPEDRIVE, "person", "Contacts"),
        (SourceKind.DYNAMICS, "incident", "Cases"),
        (SourceKind.ZOHO, "Potentials", "Deals"),
        (SourceKind.FRESHSALES, "sales_account", "Accounts"),
        (SourceKind.ZENDESK, "ticket", "Cases"),
        (SourceKind.PIPEDRIVE, "stage", "Pipeline"),
        (SourceKind.HUBSPOT, "form", "Webforms"),
        (SourceKind.DYNAMICS, "cr3f_tractor", "cr3f_tractor"),
        (SourceKind.STANDARD_WEBHOOKS, "Opportunity", "Deals"),
        (SourceKind.INTERCOM, "conversation.user", "Live Chat"),
    ],
)
def test_records_of_each_crm_belong_to_features(
    kind: SourceKind, object_: str, feature: str
) -> None:
    assert place(f"{object_}.UPDATE", kind=kind, object_=object_, op=Op.UPDATE)[0] == feature


def test_what_crms_call_their_objects_leads_into_the_catalogue() -> None:
    features = {name for known in OBJECT_FEATURES.values() for name in known.values()}
    assert features <= set(CATALOGUE)
    assert {CATALOGUE[name].category for name in features} == set(Category)
    for known in OBJECT_FEATURES.values():
        assert all(name == name.casefold() for name in known)


@pytest.mark.parametrize(
    ("object_", "op", "prop"),
    [
        ("deal", Op.CREATE, "Records Added"),
        ("deal", Op.UPDATE, ""),
        ("deal", Op.DELETE, ""),
        ("tractor", Op.CREATE, "Records Added"),
        ("user", Op.CREATE, ""),
    ],
)
def test_a_new_record_of_a_module_is_records_added(object_: str, op: Op, prop: str) -> None:
    found = place("", kind=SourceKind.PIPEDRIVE, object_=object_, op=op)
    assert (found[1], found[3]) == (prop, op.value.lower())


def test_a_tracked_event_without_properties_is_a_feature_by_its_name() -> None:
    assert place("Report Opened") == ("Report Opened", "", "", "use", "", "")


def test_properties_of_a_tracked_event_come_before_its_name() -> None:
    fields = {"properties": {"module": "Leads", "feature": "Deals", "action": "open"}}
    assert place("Opened", fields=fields)[:4] == ("Deals", "", "", "open")
    fields = {"properties": {"module": "Leads", "feature": ""}}
    assert place("Opened", fields=fields)[0] == "Leads"


@pytest.mark.parametrize("name", ["login", "logout", "heartbeat"])
def test_sessions_are_made_by_names_of_their_own(name: str) -> None:
    assert place(name) == ("", "", "", name, "", "")


def test_the_first_rule_that_fits_decides_and_what_it_leaves_out_is_as_usual() -> None:
    rules = (
        MappingRule(name="deal.create", feature="Pipeline"),
        MappingRule(name="deal.*", feature="Deals", property="Buttons", action="press"),
    )
    kind = SourceKind.PIPEDRIVE
    created = place("deal.CREATE", *rules, kind=kind, object_="deal", op=Op.CREATE)
    assert created[:4] == ("Pipeline", "Records Added", "", "create")
    updated = place("deal.UPDATE", *rules, kind=kind, object_="deal", op=Op.UPDATE)
    assert updated[:4] == ("Deals", "Buttons", "", "press")
    other = place("lead.UPDATE", *rules, kind=kind, object_="lead", op=Op.UPDATE)
    assert other[:4] == ("Leads", "", "", "update")


def test_a_rule_may_ask_for_object_operation_and_fields() -> None:
    rule = MappingRule(
        object="DEAL", op=Op.UPDATE, where={"data.stage": ("won", "7")}, action="win"
    )

    def action(op: Op, stage: object) -> str:
        fields = {"data": {"stage": stage}}
        return place("x", rule, kind=SourceKind.ZOHO, fields=fields, object_="deal", op=op)[3]

    assert action(Op.UPDATE, "won") == "win"
    assert action(Op.UPDATE, 7) == "win"
    assert action(Op.UPDATE, "lost") == "update"
    assert action(Op.CREATE, "won") == "create"


@pytest.mark.parametrize(
    ("pick", "text"),
    [
        ("Leads", "Leads"),
        ("$.a", "1"),
        ("$.b.c", "deep"),
        ("$.b", ""),
        ("$.missing", ""),
        ("$.b.c.d", ""),
        ("$.yes", "true"),
        ("$.none", ""),
        ("$.list", ""),
        ("$.half", "0.5"),
        (("$.missing", "$.b.c", "Leads"), "deep"),
        (("$.missing", "Leads"), "Leads"),
        ((), ""),
    ],
)
def test_a_pick_is_a_text_or_a_field(pick: Pick, text: str) -> None:
    fields = {"a": 1, "b": {"c": "deep"}, "yes": True, "none": None, "list": ["x"], "half": 0.5}
    assert picked(pick, fields) == text


def test_what_is_remembered_of_names_is_bounded() -> None:
    placer = Placer(SourceKind.SEGMENT)
    for number in range(20_100):
        assert placer.place(f"event {number}", {})[0] == f"event {number}"
    assert placer.place("event 1", {})[0] == "event 1"


def test_long_names_are_not_remembered_without_end() -> None:
    placer = Placer(SourceKind.SEGMENT)
    for number in range(30):
        placer.place(f"{number}{'x' * 100_000}", {}, "", None)
    assert sum(len(name) for name, _, _ in placer._known) <= 1_100_000
