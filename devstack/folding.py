"""Folds what is dirty through the aggregate function, as schedule and queue would."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import islice
from typing import Any, Final, cast

from devstack.invocation import invoke
from devstack.lambda_events import scheduler_event, sqs_event
from functions.aggregate.handler import handler, queue
from functions.aggregate.queue import SQS_BATCH, FoldMessage, LocalQueue, Task
from shared.metrics.services import Services
from shared.metrics.storage.manifests import Manifest

MAX_ROUNDS: Final = 20
"""Rounds until nothing is dirty. A second and third one are for sessions across midnight, three
more for a change of the time zone or session timeout; others come only from events that arrive
meanwhile."""

_ALL: Final = 1_000_000_000


class Outcome(Enum):
    """What became of a unit, seen from outside."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which units to fold: all, or those of a tenant, or days of a range."""

    tenant: str | None = None
    first: date | None = None
    last: date | None = None

    def __contains__(self, message: FoldMessage) -> bool:
        """Whether a unit is wanted. The directory belongs to every range: it has no day. A refold
        belongs to none: it is of all days.
        """
        if self.tenant is not None and message.tenant != self.tenant:
            return False
        if message.task is not Task.FOLD:
            return self.first is None and self.last is None
        try:
            day = date.fromisoformat(message.unit)
        except ValueError:
            return True
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(slots=True)
class FoldSummary:
    """What a run of folds came to. `failed` are the units that could not be folded."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    rows: int = 0
    duplicates: int = 0
    late: int = 0
    failed: list[FoldMessage] = field(default_factory=list)
    waiting: list[FoldMessage] = field(default_factory=list)


Progress = Callable[[int, int], None]
"""Called with the number of units folded so far and of those known to be dirty."""


def fold_dirty(services: Services, wanted: Wanted, progress: Progress) -> FoldSummary:
    """Dispatch and work until nothing that is wanted is dirty, or no round gets any further."""
    summary = FoldSummary()
    folded: dict[FoldMessage, Manifest] = {}
    done = 0
    for _ in range(MAX_ROUNDS):
        summary.waiting = dispatched(wanted)
        if not summary.waiting:
            break
        summary.failed = []
        known = done + len(summary.waiting)
        for batch in batches(summary.waiting):
            _fold_batch(services, batch, summary, folded)
            done += len(batch)
            progress(done, known)
        # That a refold is looked at is no progress; what it waits for is among the others.
        tried = [one for one in summary.waiting if one.task is not Task.REFOLD]
        if summary.failed and len(summary.failed) >= len(tried):
            break
    for manifest in folded.values():
        summary.rows += manifest.rows
        summary.duplicates += manifest.duplicates
        summary.late += manifest.late
    return summary


def dispatched(wanted: Wanted) -> list[FoldMessage]:
    """Have the dispatcher queue what is dirty, and take what is wanted of it from the queue.

    The rest needs no keeping: its marks stay, and the next dispatch sends it again.
    """
    aggregate(scheduler_event("dispatch"))
    messages = local_queue().take(_ALL)
    return [message for message in dict.fromkeys(messages) if message in wanted]


def batches(messages: Iterable[FoldMessage]) -> Iterator[list[FoldMessage]]:
    """Messages as the queue hands them over, ten at a time."""
    rest = iter(messages)
    while batch := list(islice(rest, SQS_BATCH)):
        yield batch


def failures(batch: list[FoldMessage]) -> list[FoldMessage]:
    """Have a batch folded; answers the messages that must be delivered again."""
    answer = cast("dict[str, list[dict[str, str]]]", aggregate(sqs_event(batch)))
    return [batch[int(failure["itemIdentifier"])] for failure in answer["batchItemFailures"]]


def aggregate(event: dict[str, Any]) -> object:
    """Call the aggregate function."""
    return invoke(handler, event, "aggregate")


def local_queue() -> LocalQueue:
    """The queue of this process."""
    found = queue()
    if not isinstance(found, LocalQueue):
        message = f"the local stack has no {type(found).__name__}"
        raise TypeError(message)
    return found


def _fold_batch(
    services: Services,
    batch: list[FoldMessage],
    summary: FoldSummary,
    folded: dict[FoldMessage, Manifest],
) -> None:
    before = {message: _manifest(services, message) for message in batch}
    failed = failures(batch)
    summary.failed += failed
    for message in batch:
        if message.task is not Task.FOLD:
            continue
        after = _manifest(services, message)
        outcome = _outcome(before[message], after, is_failed=message in failed)
        summary.outcomes[outcome] += 1
        if outcome is Outcome.PUBLISHED and after is not None:
            folded[message] = after


def _outcome(before: Manifest | None, after: Manifest | None, *, is_failed: bool) -> Outcome:
    if is_failed:
        return Outcome.FAILED
    if after is None:
        return Outcome.EMPTY
    is_new = before is None or before.attempt != after.attempt
    return Outcome.PUBLISHED if is_new else Outcome.UNCHANGED


def _manifest(services: Services, message: FoldMessage) -> Manifest | None:
    data = services.tenancy.open_generation(message.tenant, message.generation)
    if data is None:
        return None
    manifest, _ = data.manifests.get(message.unit)
    return manifest
