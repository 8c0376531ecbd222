"""Setting sources up: secrets, rotation, integrations."""

import pytest

from shared.metrics import source_admin
from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.domain.event_mapping import EventMapping, MappingRule
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.local_secret_box import LocalSecretBox
from shared.metrics.source_admin import OVERLAP_MS, SourceAdmin
from shared.metrics.storage.ports import Item
from shared.metrics.storage.sources import Source, SourceStore, key_digest
from tests.faults.memory_store import MemoryStore
from tests.faults.world import Clock


class Sources:
    """The sources of two tenants in one store."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.store = MemoryStore(self.clock)
        self.box = LocalSecretBox("local")
        self.acme = self.of("acme")

    def of(self, tenant: str) -> SourceAdmin:
        return SourceAdmin(SourceStore(self.store), self.box, tenant, self.clock)

    def plain(self, source: Source) -> list[str]:
        sealed = source.sealed_secrets(self.clock())
        return [self.box.open(each, source.source_id) for each in sealed]


@pytest.fixture
def sources() -> Sources:
    return Sources()


def digest_of(write_key: str | None) -> bytes:
    assert write_key is not None
    return key_digest(write_key.partition(".")[2])


def test_a_write_key_names_its_source_and_is_kept_as_a_hash(sources: Sources) -> None:
    made = sources.acme.create(SourceKind.SEGMENT, name="Website")
    assert made.secret is not None
    assert made.secret.startswith(f"{made.source.source_id}.")
    stored = sources.acme.get(made.source.source_id).source
    assert stored == made.source
    assert stored.accepts(digest_of(made.secret), 0)
    secret = made.secret.partition(".")[2].encode()
    assert not any(secret in item.body for item in sources.store.everything())


def test_a_secret_of_ours_is_shown_once_and_kept_sealed(sources: Sources) -> None:
    made = sources.acme.create(SourceKind.ZOHO)
    assert sources.plain(made.source) == [made.secret]
    assert made.secret is not None
    assert len(made.secret) <= 50  # as many characters as Zoho's token may have
    assert not any(made.secret.encode() in item.body for item in sources.store.everything())


def test_a_secret_of_ours_may_be_given(sources: Sources) -> None:
    made = sources.acme.create(SourceKind.PIPEDRIVE, secret=" given ")
    assert (made.secret, sources.plain(made.source)) == (None, ["given"])


def test_a_secret_of_the_sender_is_given_now_or_later(sources: Sources) -> None:
    now = sources.acme.create(SourceKind.HUBSPOT, secret="theirs")
    assert (now.secret, sources.plain(now.source)) == (None, ["theirs"])
    later = sources.acme.create(SourceKind.HUBSPOT)
    assert (later.secret, sources.plain(later.source)) == (None, [])
    rotated = sources.acme.rotate(later.source.source_id, secret="theirs too")
    assert sources.plain(rotated.source) == ["theirs too"]
    with pytest.raises(BadInputError, match="makes the secret itself"):
        sources.acme.rotate(later.source.source_id)


@pytest.mark.parametrize("secret", ["", "  ", "x" * 1_025])
def test_a_secret_is_bounded(sources: Sources, secret: str) -> None:
    with pytest.raises(BadInputError, match="1 to 1024 bytes"):
        sources.acme.create(SourceKind.HUBSPOT, secret=secret)


def test_a_write_key_cannot_be_given(sources: Sources) -> None:
    with pytest.raises(BadInputError, match="are made here"):
        sources.acme.create(SourceKind.SEGMENT, secret="mine")


@pytest.mark.parametrize("kind", [SourceKind.SEGMENT, SourceKind.ZOHO])
def test_two_secrets_are_valid_for_a_day_and_never_three(
    sources: Sources, kind: SourceKind
) -> None:
    first = sources.acme.create(kind)
    source_id = first.source.source_id
    second = sources.acme.rotate(source_id)
    third = sources.acme.rotate(source_id)
    assert accepted(sources, source_id, first, second, third) == [False, True, True]
    sources.clock.now_ms += OVERLAP_MS - 1
    assert accepted(sources, source_id, first, second, third) == [False, True, True]
    sources.clock.now_ms += 1
    assert accepted(sources, source_id, first, second, third) == [False, False, True]


def accepted(sources: Sources, source_id: str, *made: source_admin.SetUpSource) -> list[bool]:
    source = sources.acme.get(source_id).source
    if source.kind is SourceKind.ZOHO:
        return [each.secret in sources.plain(source) for each in made]
    return [source.accepts(digest_of(each.secret), sources.clock()) for each in made]


def test_a_disabled_source_accepts_nothing_and_is_enabled_with_a_new_secret_alone(
    sources: Sources,
) -> None:
    first = sources.acme.create(SourceKind.SEGMENT)
    source_id = first.source.source_id
    disabled = sources.acme.disable(source_id)
    assert disabled.disabled_at_ms == sources.clock()
    sources.clock.now_ms += 1
    assert sources.acme.disable(source_id) == disabled
    assert accepted(sources, source_id, first) == [False]
    second = sources.acme.rotate(source_id)
    assert accepted(sources, source_id, first, second) == [False, True]


def test_an_integration_is_made_once(sources: Sources) -> None:
    first = sources.acme.activate(SourceKind.ZOHO, settings={"a": "1"})
    again = sources.acme.activate(SourceKind.ZOHO)
    assert first.secret is not None
    assert (again.secret, again.source) == (None, first.source)
    assert len(sources.acme.all()) == 1
    assert sources.of("beta").activate(SourceKind.ZOHO).source.source_id != first.source.source_id
    changed = sources.acme.activate(SourceKind.ZOHO, settings={"b": "2"})
    assert changed.source.settings == {"b": "2"}


def test_an_integration_waits_for_the_secret_of_its_sender(sources: Sources) -> None:
    waiting = sources.acme.activate(SourceKind.STRIPE)
    assert sources.plain(waiting.source) == []
    complete = sources.acme.activate(SourceKind.STRIPE, secret="whsec_1")
    assert sources.plain(complete.source) == ["whsec_1"]


def test_an_integration_that_was_disabled_is_enabled_again(sources: Sources) -> None:
    first = sources.acme.activate(SourceKind.ZOHO)
    sources.acme.disable(first.source.source_id)
    again = sources.acme.activate(SourceKind.ZOHO)
    assert again.secret not in (None, first.secret)
    assert sources.plain(again.source) == [again.secret]


def test_who_comes_second_finds_the_integration_of_the_first(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sources.acme.activate(SourceKind.ZOHO)
    real = sources.store.get
    looks = iter([None])

    def not_yet_there(key: object) -> Item | None:
        return next(looks, real(key))  # type: ignore[arg-type]

    monkeypatch.setattr(sources.store, "get", not_yet_there)
    assert sources.acme.activate(SourceKind.ZOHO).source == first.source


def test_sources_of_other_tenants_are_not_there(sources: Sources) -> None:
    theirs = sources.of("beta").create(SourceKind.NATIVE).source.source_id
    assert sources.acme.all() == []
    for attempt in (sources.acme.get, sources.acme.rotate, sources.acme.disable):
        with pytest.raises(NotFoundError, match="there is no source"):
            attempt(theirs)
    with pytest.raises(NotFoundError):
        sources.acme.set_mapping(theirs, None)


def test_mapping_and_settings_are_replaced_and_versions_grow(sources: Sources) -> None:
    source_id = sources.acme.create(SourceKind.NATIVE).source.source_id
    mapping = EventMapping((MappingRule(name="a*", where={"x": ("1",)}, feature=("$.y", "Z")),))
    assert sources.acme.set_mapping(source_id, mapping).mapping == mapping
    sources.acme.set_settings(source_id, {"organization": " 7 ", "empty": ""})
    stored = sources.acme.get(source_id)
    assert (stored.source.mapping, stored.version) == (mapping, 2)
    assert stored.source.settings == {"organization": "7"}
    assert sources.acme.set_mapping(source_id, None).mapping is None


@pytest.mark.parametrize(
    "settings", [{str(number): "x" for number in range(21)}, {"name": "x" * 1_024}]
)
def test_settings_are_bounded(sources: Sources, settings: dict[str, str]) -> None:
    with pytest.raises(BadInputError) as refused:
        sources.acme.create(SourceKind.NATIVE, settings=settings)
    assert refused.value.field == "settings"


def test_names_and_numbers_of_sources_are_bounded(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInputError, match="200 bytes"):
        sources.acme.create(SourceKind.NATIVE, name="é" * 101)
    monkeypatch.setattr(source_admin, "MAX_SOURCES", 1)
    sources.acme.create(SourceKind.NATIVE)
    with pytest.raises(BadInputError, match="as many as may be"):
        sources.acme.create(SourceKind.NATIVE)


def test_a_source_that_changes_all_the_time_is_a_conflict(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    source_id = sources.acme.create(SourceKind.NATIVE).source.source_id
    monkeypatch.setattr(sources.store, "put_if", lambda _item, expected_version: False)
    with pytest.raises(ConflictError, match="changed meanwhile"):
        sources.acme.disable(source_id)
