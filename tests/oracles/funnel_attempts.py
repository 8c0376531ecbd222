"""Attempts at a funnel (definitions §4), by trying all of them over the few hits of one unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.metrics.domain.views.funnel_answer import StepOrder


@dataclass(frozen=True)
class Hit:
    """A hit of the unit: the steps that it can fill, from 0, and whether an attempt may begin with
    it, which then is in the range.
    """

    at_ms: int
    fills: frozenset[int]
    in_range: bool = True


@dataclass(frozen=True)
class Best:
    """The best attempt: when it began, and for each step that was done the time from there."""

    start_ms: int
    elapsed_ms: tuple[int, ...]


def best(hits: Sequence[Hit], steps: int, order: StepOrder, within_ms: int | None) -> Best | None:
    """The furthest attempt; of those the shortest, then the first. None if there is none.

    The time of a step is the earliest at which an attempt from the same start has come so far.
    """
    tried = [
        tuple(hits[number].at_ms for number in attempt)
        for attempt in attempts(hits, steps, order)
        if within_ms is None or hits[attempt[-1]].at_ms - hits[attempt[0]].at_ms <= within_ms
    ]
    if not tried:
        return None
    found = min(tried, key=lambda times: (-len(times), times[-1] - times[0], times[0]))
    start_ms = found[0]
    of_start = [times for times in tried if times[0] == start_ms]
    elapsed_ms = [
        min(times[-1] - start_ms for times in of_start if len(times) == so_far)
        for so_far in range(1, len(found) + 1)
    ]
    return Best(start_ms, tuple(elapsed_ms))


def attempts(hits: Sequence[Hit], steps: int, order: StepOrder) -> Iterator[list[int]]:
    """Every attempt as numbers of distinct hits in the order of their times, within no window."""
    for attempt in _going_on(hits, order, [], []):
        if len(attempt) <= steps and (order is not StepOrder.STRICT or _is_strict(hits, attempt)):
            yield attempt


def _going_on(
    hits: Sequence[Hit], order: StepOrder, chosen: list[int], filled: list[int]
) -> Iterator[list[int]]:
    """All that begin with the chosen hits, which fill these steps."""
    if chosen:
        yield chosen
    for number, hit in enumerate(hits):
        follows = hit.at_ms >= hits[chosen[-1]].at_ms if chosen else hit.in_range
        if number in chosen or not follows:
            continue
        for step in hit.fills - set(filled):
            if order is StepOrder.ANY or step == len(filled):
                yield from _going_on(hits, order, [*chosen, number], [*filled, step])


def _is_strict(hits: Sequence[Hit], attempt: list[int]) -> bool:
    """Whether no hit of the unit is between two of an attempt."""
    return not any(
        hits[one].at_ms < hit.at_ms < hits[other].at_ms
        for one, other in pairwise(attempt)
        for hit in hits
    )
