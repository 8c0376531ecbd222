"""What a query of the benchmark is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.company.size import Size
from benchmarks.engines.engine import Engine
from shared.metrics.engine.requests import Request


@dataclass(frozen=True, slots=True)
class Ours:
    """Our side: the request, and how its answer reads in the common form, which is not timed.
    `document` is the same question to GraphQL, if it can be asked there.
    """

    request: Callable[[Size], Request[Any]]
    answer: Callable[[Any, Size], object]
    document: Callable[[Size], str] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question to all sides. An engine answers it from the raw events, or from its roll-ups."""

    name: str
    raw: Callable[[Engine, Size], object]
    rolled_up: Callable[[Engine, Size], object]
    ours: Ours | None = None
