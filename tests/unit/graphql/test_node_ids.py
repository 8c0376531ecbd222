"""Global ids: opaque, of one tenant, and nothing else is one."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strawberry.types.base import get_object_definition

from functions.graphql.node_ids import NodeKey, key_of_kind, node_id, node_key
from functions.graphql.queries.node import KINDS
from functions.graphql.schema import metrics_schema
from tests.unit.graphql.fakes import FakeServices
from tests.unit.graphql.library import KINDS as SAVED
from tests.unit.graphql.library import Person

texts = st.text(st.characters(exclude_categories=()), max_size=20)
kinds = st.sampled_from(["SavedView", "Segment", "Person"])


@given(texts, kinds, texts)
def test_an_id_is_read_as_what_it_was_made_of(tenant: str, kind: str, key: str) -> None:
    assert node_key(tenant, node_id(tenant, kind, key)) == NodeKey(kind, key)


@given(texts, texts, kinds, texts)
def test_an_id_is_none_to_another_tenant(tenant: str, other: str, kind: str, key: str) -> None:
    found = node_key(other, node_id(tenant, kind, key))
    assert (found is None) == (tenant != other)


@given(kinds, kinds, texts)
def test_an_id_is_of_one_kind(kind: str, other: str, key: str) -> None:
    found = key_of_kind("acme", other, node_id("acme", kind, key))
    assert found == (key if kind == other else None)


@given(texts)
def test_any_other_text_is_no_id(text: str) -> None:
    assert node_key("acme", text) is None


RIGHT = node_id("acme", "SavedView", "0" * 24)


@pytest.mark.parametrize(
    "text",
    [RIGHT[:-1], f"{RIGHT}=", f" {RIGHT}", f"{RIGHT}\n", RIGHT.swapcase(),
     urlsafe_b64encode(b"SavedView:1").decode(), urlsafe_b64encode(b"\xff" * 20).decode()],
)  # fmt: skip
def test_an_id_with_any_change_is_none(text: str) -> None:
    assert node_key("acme", text) is None
    assert Person(FakeServices()).node(text).data == {"node": None}


@pytest.mark.parametrize("kind", [*KINDS, "Nothing", ""])
@pytest.mark.parametrize("key", ["", "x", "0" * 24, "\ud800", "\0", ":", "0" * 5_000])
def test_an_id_of_nothing_finds_nothing(kind: str, key: str) -> None:
    """Whoever knows how ids are made can make these."""
    ann = Person(FakeServices(), "ann", "admin")
    assert ann.node(node_id("acme", kind, key)).data == {"node": None}


def test_every_kind_is_an_object_type_of_that_name_that_is_a_node() -> None:
    schema = metrics_schema(introspection=True)
    for kind in KINDS:
        definition = schema.get_type_by_name(kind)
        assert definition is get_object_definition(definition.origin)  # type: ignore[union-attr]
        assert "Node" in {each.name for each in definition.interfaces}  # type: ignore[union-attr]


def test_every_type_that_is_a_node_is_found_by_its_id() -> None:
    schema = metrics_schema(introspection=True)._schema
    node = schema.type_map["Node"]
    assert {kind.name for kind in schema.get_possible_types(node)} == set(KINDS)  # type: ignore[arg-type]


def test_an_id_of_one_kind_does_not_change_another() -> None:
    ann = Person(FakeServices(), "ann", "admin")
    note = ann.created(SAVED["Annotation"])
    assert ann.delete(SAVED["SavedView"], note["id"]).code == "NOT_FOUND"
    assert ann.listed(SAVED["Annotation"]) == [note]
