"""A month's index says what the manifests of its days say."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.storage.manifests import DaySums, Manifest, StoredManifest, bits_of
from shared.metrics.storage.month_index import MEASURES, feature_hits, month_index

counts = st.integers(0, 1 << 40)
digests = st.binary(max_size=12)
kinds = st.sampled_from([kind.value for kind in BlockKind])


@st.composite
def day_sums(draw: st.DrawFn) -> DaySums:
    hits = draw(st.dictionaries(st.integers(0, 40), st.integers(1, 1 << 30)))
    sums = DaySums(
        feature_bits=bits_of(list(hits)),
        feature_hits=b"".join(hits[number].to_bytes(4, "little") for number in sorted(hits)),
    )
    return replace(sums, **{name: draw(counts) for name in MEASURES})


stored = st.builds(
    StoredManifest,
    st.builds(
        Manifest,
        attempt=st.text(max_size=5),
        folded_through=st.just(1),
        inputs=st.just(b""),
        parts=st.dictionaries(kinds, st.integers(1, 1_000)),
        people=counts,
        features=counts,
        paths=counts,
        carry_in=digests,
        carry_out=digests,
        sums=day_sums(),
    ),
    st.integers(1, 1 << 40),
)


@given(st.lists(stored, min_size=1, max_size=5))
def test_it_says_of_each_day_what_its_manifest_says(days: list[StoredManifest]) -> None:
    index = month_index(days)
    assert index.versions == [day.version for day in days]
    found = list(index.days("2026-11", [day.manifest.attempt for day in days]))
    for (manifest, _), indexed in zip(days, found, strict=True):
        assert (indexed.attempt, indexed.month) == (manifest.attempt, "2026-11")
        assert (indexed.carry_in, indexed.carry_out) == (manifest.carry_in, manifest.carry_out)
        assert indexed.is_compacted == manifest.is_compacted
        for kind in map(BlockKind, manifest.parts):
            assert indexed.parts_of(kind) == manifest.parts_of(kind)
    assert index.sums_by_day().tolist() == [
        [getattr(day.manifest.sums, name) for day in days] for name in MEASURES
    ]
    for name in ("people", "features", "paths"):
        assert getattr(index, name) == max(getattr(day.manifest, name) for day in days)


@given(st.lists(day_sums(), max_size=5))
def test_hits_by_day_and_feature(days: list[DaySums]) -> None:
    table = feature_hits(days)
    assert len(table) == len(days)
    for row, sums in zip(table.tolist(), days, strict=True):
        of_feature = dict(zip(sums.features, _numbers(sums.feature_hits), strict=True))
        assert {number: hits for number, hits in enumerate(row) if hits} == of_feature


def _numbers(packed: bytes) -> list[int]:
    return [int.from_bytes(packed[at : at + 4], "little") for at in range(0, len(packed), 4)]
