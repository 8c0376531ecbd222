"""The proof of a number (definitions §6): what it was counted from."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from shared.metrics.domain.views.answers import Proof


@dataclass(frozen=True, slots=True)
class DayRows:
    """What the rows of a day came to. `is_final`: no late event can change it any more.
    `definition_version` is that of the arithmetic that the day was computed with.
    """

    definition_version: str
    is_final: bool
    rows: int = 0
    duplicates: int = 0
    late: int = 0
    unattributed_changes: int = 0
    shadowed: int = 0
    anonymous_hits: int = 0
    rows_by_source: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rows of a window came to, whoever and whatever they were about.

    The window is `from_ms` to `to_ms`, milliseconds UTC, its end left out. `rows` are the
    de-duplicated events, of which the `late` ones came in after their day was over; `duplicates`
    were left out; the `shadowed` are no hits, because the other signal of their feature counts.
    `anonymous_hits` are actions by nobody known, from `anonymous_ids` browsers or devices.
    `rows_by_source` is in the order of `sources`, which is by name.
    `outdated_days` were computed by an earlier version of the definitions; `restatements` are the
    changes of the days after they were final. `no_data_sources` should have sent something on some
    day, and did not.
    """

    proof: Proof
    from_ms: int
    to_ms: int
    rows: int
    duplicates: int
    late: int
    unattributed_changes: int
    shadowed: int
    anonymous_hits: int
    anonymous_ids: int
    sources: list[str]
    rows_by_source: list[int]
    provisional_days: int
    final_days: int
    outdated_days: int
    restatements: int
    no_data_sources: list[str]


def evidence(
    days: Iterable[DayRows],
    *,
    from_ms: int,
    to_ms: int,
    restatements: int,
    anonymous_ids: int,
    no_data_sources: list[str],
    proof: Proof,
) -> Evidence:
    """Add up the days of a window."""
    each = list(days)
    by_source: Counter[str] = Counter()
    for day in each:
        by_source.update(dict(day.rows_by_source))
    sources = sorted(by_source)
    final = sum(day.is_final for day in each)
    return Evidence(
        proof=proof,
        from_ms=from_ms,
        to_ms=to_ms,
        rows=sum(day.rows for day in each),
        duplicates=sum(day.duplicates for day in each),
        late=sum(day.late for day in each),
        unattributed_changes=sum(day.unattributed_changes for day in each),
        shadowed=sum(day.shadowed for day in each),
        anonymous_hits=sum(day.anonymous_hits for day in each),
        anonymous_ids=anonymous_ids,
        sources=sources,
        rows_by_source=[by_source[source] for source in sources],
        provisional_days=len(each) - final,
        final_days=final,
        outdated_days=sum(day.definition_version != proof.definition_version for day in each),
        restatements=restatements,
        no_data_sources=no_data_sources,
    )
