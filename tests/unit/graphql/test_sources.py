"""Sources: set up by admins, listed without their secrets, of one tenant."""

from typing import Any

import pytest

from shared.metrics.source_admin import OVERLAP_MS
from tests.unit.graphql.fakes import FakeServices
from tests.unit.graphql.library import Person

SOURCE = """id sourceId kind kindName name url steps createdAt disabledAt awaitsSecret
  replacedSecretUntil settingNames settingValues mapping"""
SET_UP = f"source {{ {SOURCE} }} secret steps"
CREATE = f"mutation ($input: SourceInput!) {{ createSource(input: $input) {{ {SET_UP} }} }}"
ACTIVATE = f"""mutation ($kind: SourceKind!, $secret: String, $settings: [SourceSettingInput!]) {{
  activateIntegration(kind: $kind, secret: $secret, settings: $settings) {{ {SET_UP} }}
}}"""
ROTATE = f"""mutation ($id: ID!, $secret: String) {{
  rotateSecret(id: $id, secret: $secret) {{ {SET_UP} }}
}}"""
DISABLE = f"mutation ($id: ID!) {{ disableSource(id: $id) {{ {SOURCE} }} }}"
AGREE = f"""mutation ($id: ID!, $settings: [SourceSettingInput!]!) {{
  setSourceSettings(id: $id, settings: $settings) {{ {SOURCE} }}
}}"""
MAP = f"""mutation ($id: ID!, $mapping: String!) {{
  setSourceMapping(id: $id, mapping: $mapping) {{ {SOURCE} }}
}}"""
LIST = f"""query ($first: Int!, $after: String) {{
  sources(first: $first, after: $after) {{
    nodes {{ {SOURCE} }}
    totalCount
    pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
RULES = '{"rules":[{"name":"x","feature":"Leads"}]}'


@pytest.fixture
def admin() -> Person:
    return Person(FakeServices(), role="admin")


def create(person: Person, kind: str = "NATIVE", **fields: object) -> dict[str, Any]:
    found: dict[str, Any] = person.ask(CREATE, input={"kind": kind, **fields}).data["createSource"]
    return found


def listed(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.ask(LIST, first=100).data["sources"]["nodes"]
    return found


def test_a_source_is_made_with_its_url_secret_and_steps(admin: Person) -> None:
    settings = [{"name": "organization", "value": "7"}]
    made = create(admin, "NATIVE", name="Shop", settings=settings, mapping=RULES)
    source = made["source"]
    assert made["secret"].startswith(f"{source['sourceId']}.")
    assert source["url"] == "https://in.example/v1/events"
    assert made["secret"] in "".join(made["steps"])
    assert source["url"] in "".join(made["steps"])
    assert (source["kind"], source["kindName"], source["name"]) == (
        "NATIVE",
        "Our own format",
        "Shop",
    )
    assert (source["settingNames"], source["settingValues"]) == (["organization"], ["7"])
    assert (source["mapping"], source["awaitsSecret"]) == (RULES, False)
    assert source["createdAt"] == "2026-11-22T06:32:05.678Z"
    assert listed(admin) == [source]


def test_a_webhook_has_a_url_of_its_own_and_an_sdk_its_host(admin: Person) -> None:
    hook = create(admin, "ZOHO")["source"]
    assert hook["url"] == f"https://in.example/v1/in/{hook['sourceId']}"
    assert create(admin, "SEGMENT")["source"]["url"] == "https://in.example"


def test_secrets_are_in_no_answer_but_the_first(admin: Person) -> None:
    secrets = [create(admin, kind)["secret"] for kind in ("NATIVE", "ZOHO")]
    create(admin, "HUBSPOT", secret="theirs alone")
    text = str(listed(admin))
    assert all(secret and secret not in text for secret in (*secrets, "theirs alone"))


def test_an_integration_is_activated_in_one_step_and_once(admin: Person) -> None:
    first = admin.ask(ACTIVATE, kind="PIPEDRIVE").data["activateIntegration"]
    again = admin.ask(ACTIVATE, kind="PIPEDRIVE").data["activateIntegration"]
    assert first["secret"] is not None
    assert (again["secret"], again["source"]) == (None, first["source"])
    settings = [{"name": "organization", "value": "9"}]
    changed = admin.ask(ACTIVATE, kind="PIPEDRIVE", settings=settings).data["activateIntegration"]
    assert changed["source"]["settingValues"] == ["9"]
    assert len(listed(admin)) == 1


def test_the_secret_of_a_sender_is_awaited_and_given(admin: Person) -> None:
    waiting = admin.ask(ACTIVATE, kind="STRIPE").data["activateIntegration"]
    assert waiting["source"]["awaitsSecret"] is True
    given = admin.ask(ROTATE, id=waiting["source"]["id"], secret="whsec_1").data["rotateSecret"]
    assert (given["secret"], given["source"]["awaitsSecret"]) == (None, False)


def test_a_secret_is_rotated_and_a_source_disabled(admin: Person) -> None:
    made = create(admin)
    id_ = made["source"]["id"]
    rotated = admin.ask(ROTATE, id=id_).data["rotateSecret"]
    assert rotated["secret"] not in (None, made["secret"])
    until = rotated["source"]["replacedSecretUntil"]
    assert until == "2026-11-23T06:32:05.678Z"
    assert OVERLAP_MS == 24 * 3_600_000
    disabled = admin.ask(DISABLE, id=id_).data["disableSource"]
    assert disabled["disabledAt"] == "2026-11-22T06:32:05.678Z"
    assert admin.ask(ROTATE, id=id_).data["rotateSecret"]["source"]["disabledAt"] is None


def test_settings_are_replaced(admin: Person) -> None:
    id_ = create(admin, settings=[{"name": "a", "value": "1"}])["source"]["id"]
    settings = [{"name": "organization", "value": "7"}]
    changed = admin.ask(AGREE, id=id_, settings=settings).data["setSourceSettings"]
    assert (changed["settingNames"], changed["settingValues"]) == (["organization"], ["7"])
    assert admin._replace(role="rep").ask(AGREE, id=id_, settings=[]).code == "FORBIDDEN"


def test_a_mapping_is_set_and_taken_back(admin: Person) -> None:
    id_ = create(admin)["source"]["id"]
    assert admin.ask(MAP, id=id_, mapping=RULES).data["setSourceMapping"]["mapping"] == RULES
    none = '{"rules": []}'
    assert admin.ask(MAP, id=id_, mapping=none).data["setSourceMapping"]["mapping"] == (
        '{"rules":[]}'
    )
    wrong = admin.ask(MAP, id=id_, mapping='{"rules": [{"feture": "x"}]}')
    assert (wrong.code, wrong.error["extensions"]["field"]) == ("BAD_USER_INPUT", "mapping")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"secret": "mine"}, "secret"),
        ({"name": "x" * 201}, "name"),
        ({"mapping": "{}"}, "mapping"),
        ({"settings": [{"name": " ", "value": "x"}]}, "settings"),
        ({"settings": [{"name": "a", "value": "x"}, {"name": "a", "value": "y"}]}, "settings"),
    ],
)
def test_what_cannot_be_is_named(admin: Person, fields: dict[str, object], field: str) -> None:
    refused = admin.ask(CREATE, input={"kind": "NATIVE", **fields})
    assert (refused.code, refused.error["extensions"]["field"]) == ("BAD_USER_INPUT", field)
    assert listed(admin) == []


def test_pages_leave_nothing_out(admin: Person) -> None:
    ids = sorted(create(admin)["source"]["sourceId"] for _ in range(5))
    found: list[str] = []
    after = None
    while True:
        page = admin.ask(LIST, first=2, after=after).data["sources"]
        assert page["totalCount"] == 5
        found += [source["sourceId"] for source in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == ids


@pytest.mark.parametrize("role", ["manager", "rep"])
def test_sources_are_for_admins_alone(admin: Person, role: str) -> None:
    id_ = create(admin)["source"]["id"]
    other = admin._replace(role=role)
    asked = [
        other.ask(CREATE, input={"kind": "NATIVE"}),
        other.ask(ACTIVATE, kind="ZOHO"),
        other.ask(ROTATE, id=id_),
        other.ask(DISABLE, id=id_),
        other.ask(MAP, id=id_, mapping=RULES),
        other.ask(LIST, first=1),
        other.ask("query ($id: ID!) { node(id: $id) { id } }", id=id_),
    ]
    assert [reply.code for reply in asked] == ["FORBIDDEN"] * len(asked)
    assert len(listed(admin)) == 1


def test_sources_of_another_tenant_are_not_there(admin: Person) -> None:
    """Case 43."""
    theirs = create(admin._replace(tenant="globex"))["source"]
    for query, more in ((ROTATE, {}), (DISABLE, {}), (MAP, {"mapping": RULES})):
        for id_ in (theirs["id"], theirs["sourceId"], "nonsense"):
            assert admin.ask(query, id=id_, **more).code == "NOT_FOUND"
    assert listed(admin) == []


def test_a_source_is_a_node(admin: Person) -> None:
    source = create(admin)["source"]
    query = f"query ($id: ID!) {{ node(id: $id) {{ id ... on Source {{ {SOURCE} }} }} }}"
    assert admin.ask(query, id=source["id"]).data["node"] == source
    assert admin._replace(tenant="globex").ask(query, id=source["id"]).data["node"] is None
