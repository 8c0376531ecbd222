"""A mapping is tried out on a sample before it is switched on; nothing is stored."""

from base64 import b64encode
from typing import Any

import pytest

from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.ports import Item
from shared.metrics.storage.tenants import Tenant, TenantStore
from tests.unit.graphql.fakes import NOW_MS, FakeServices, Reply
from tests.unit.graphql.library import Person

EVENT = """occurredAt userId feature property attribute action recordId accountId signal actorKind
  change context isUncatalogued"""
QUERY = f"""query ($source: ID!, $sample: SampleInput!, $mapping: String, $first: Int! = 50) {{
  previewMapping(source: $source, sample: $sample, mapping: $mapping, first: $first) {{
    received accepted quarantined uncatalogued
    nodes {{ index reason detail event {{ {EVENT} }} }}
  }}
}}"""
BODY = f"""{{"events": [
  {{"user_id": "ann", "occurred_at": {NOW_MS}, "feature": "Leads", "record_id": "7"}},
  {{"user_id": "ann", "occurred_at": {NOW_MS}, "feature": "Rockets", "signal": "CHANGE"}},
  {{"user_id": "ann", "occurred_at": 7, "feature": "Leads"}}
]}}"""
TRACK = """{"type": "track", "userId": "ann", "messageId": "m1", "event": "Board opened",
  "timestamp": "2026-11-22T06:00:00Z", "properties": {"board": "b7"}}"""
RULES = """{"rules": [{"name": "Board *", "feature": "Deals", "property": "Views",
  "record_id": "$.properties.board"}]}"""


@pytest.fixture
def admin() -> Person:
    services = FakeServices()
    TenantStore(services.tenancy.store).create(Tenant(name="acme", time_zone="UTC"))
    return Person(services, role="admin")


def source_of(person: Person, kind: SourceKind) -> str:
    create = "mutation ($input: SourceInput!) { createSource(input: $input) { source { id } } }"
    made = person.ask(create, input={"kind": kind.name}).data["createSource"]
    return str(made["source"]["id"])


def preview(person: Person, kind: SourceKind, body: str, **variables: object) -> Reply:
    sample = {"body": body, **variables.pop("sample", {})}  # type: ignore[dict-item]
    return person.ask(QUERY, source=source_of(person, kind), sample=sample, **variables)


def shown(reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = reply.data["previewMapping"]
    return found


def test_rows_are_shown_as_events_or_with_what_is_wrong(admin: Person) -> None:
    found = shown(preview(admin, SourceKind.NATIVE, BODY))
    counts = [found[name] for name in ("received", "accepted", "quarantined", "uncatalogued")]
    assert counts == [3, 2, 1, 1]
    first, second, third = found["nodes"]
    assert first["event"] == {
        "occurredAt": "2026-11-22T06:32:05.678Z",
        "userId": "ann",
        "feature": "Leads",
        "property": "",
        "attribute": "",
        "action": "use",
        "recordId": "7",
        "accountId": "",
        "signal": "ACTION",
        "actorKind": "USER",
        "change": "",
        "context": "",
        "isUncatalogued": False,
    }
    assert (second["event"]["isUncatalogued"], second["event"]["signal"]) == (True, "CHANGE")
    assert (third["event"], third["reason"]) == (None, "AMBIGUOUS_TIME")
    assert "looks like seconds" in third["detail"]


def test_a_mapping_is_tried_before_it_is_the_sources(admin: Person) -> None:
    path = {"path": "/v1/track"}
    as_usual = shown(preview(admin, SourceKind.SEGMENT, TRACK, sample=path))
    assert as_usual["nodes"][0]["event"]["feature"] == "Board opened"
    mapped = shown(preview(admin, SourceKind.SEGMENT, TRACK, sample=path, mapping=RULES))
    event = mapped["nodes"][0]["event"]
    assert (event["feature"], event["property"], event["recordId"]) == ("Deals", "Views", "b7")


def test_the_sample_may_be_in_base64_and_only_the_first_rows_asked_for(admin: Person) -> None:
    body = b64encode(BODY.encode()).decode()
    sample = {"isBase64": True}
    found = shown(preview(admin, SourceKind.NATIVE, body, sample=sample, first=1))
    assert (found["received"], len(found["nodes"])) == (3, 1)


def test_nothing_is_stored(admin: Person) -> None:
    source = source_of(admin, SourceKind.SEGMENT)
    before = everything(admin)
    admin.ask(QUERY, source=source, sample={"body": TRACK, "path": "/v1/track"})
    assert everything(admin) == before


def everything(person: Person) -> list[Item]:
    return person.services.tenancy.store.everything()


@pytest.mark.parametrize(
    ("sample", "variables", "field"),
    [
        ({"body": "no JSON"}, {}, "sample"),
        ({"body": "????", "isBase64": True}, {}, "sample"),
        ({"body": "{}", "headerNames": ["a"]}, {}, "sample"),
        ({"body": "{}"}, {"mapping": "[]"}, "mapping"),
        ({"body": "{}"}, {"first": 0}, "first"),
    ],
)
def test_what_cannot_be_shown_is_named(
    admin: Person, sample: dict[str, object], variables: dict[str, object], field: str
) -> None:
    source = source_of(admin, SourceKind.NATIVE)
    refused = admin.ask(QUERY, source=source, sample=sample, **variables)
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)


def test_it_is_for_admins_and_their_own_sources(admin: Person) -> None:
    source = source_of(admin, SourceKind.NATIVE)
    sample = {"body": BODY}
    assert admin._replace(role="manager").ask(QUERY, source=source, sample=sample).code == (
        "FORBIDDEN"
    )
    assert admin._replace(tenant="globex").ask(QUERY, source=source, sample=sample).code == (
        "NOT_FOUND"
    )
