"""Sources on both stores."""

import pytest

from shared.metrics.domain.errors import ConflictError, NotFoundError
from shared.metrics.domain.event_mapping import EventMapping, MappingRule
from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.ports import Store
from shared.metrics.storage.sources import ReplacedSecret, Source, SourceStore, key_digest

MAPPING = EventMapping((MappingRule(op=Op.CREATE, where={"a": ("b",)}, feature=("$.x", "y")),))


def source(source_id: str, tenant: str = "acme") -> Source:
    return Source(
        source_id=source_id,
        tenant=tenant,
        kind=SourceKind.HUBSPOT,
        created_at_ms=7,
        key_digest=key_digest("a"),
        sealed_secret=b"\x00\xff",
        replaced=ReplacedSecret(digest=b"", sealed=b"\x01", until_ms=9),
        settings={"organization": "7"},
        mapping=MAPPING,
    )


def test_a_source_is_read_as_it_was_written(store: Store) -> None:
    sources = SourceStore(store)
    sources.add(source("src#1"))
    assert sources.get("src#1") == source("src#1")
    assert sources.get("src") is None
    with pytest.raises(ConflictError):
        sources.add(source("src#1", tenant="beta"))


def test_the_sources_of_a_tenant_are_listed_by_id(store: Store) -> None:
    sources = SourceStore(store)
    for source_id in ("b", "a", "c"):
        sources.add(source(source_id))
    sources.add(source("d", tenant="beta"))
    assert [found.source.source_id for found in sources.of_tenant("acme")] == ["a", "b", "c"]
    assert sources.of_tenant("nobody") == []
    with pytest.raises(NotFoundError):
        sources.of("acme", "d")
