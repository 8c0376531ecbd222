"""Answers requests: each view is a function of a question to a tenant's data and its request."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.engine.home import home
from shared.metrics.engine.people import NewNameError
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import (
    HomeRequest,
    Request,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.engine.snapshot import Snapshots
from shared.metrics.engine.trends import trends
from shared.metrics.engine.user_analytics import user_analytics
from shared.metrics.storage.blocks import MissingBlockError
from shared.metrics.storage.tenant_data import Tenancy

_TRIES: Final = 5
A = TypeVar("A")

VIEWS: Final[Mapping[type[Request[Any]], Callable[[Question, Any], Any]]] = {
    HomeRequest: home,
    TrendsRequest: trends,
    UserAnalyticsRequest: user_analytics,
}
"""The view that answers each kind of request."""


class Views:
    """All views. One object per process: it remembers what it has read."""

    def __init__(self, tenancy: Tenancy, clock: Callable[[], int]) -> None:
        self._tenancy = tenancy
        self._clock = clock
        self._snapshots = Snapshots()

    def ask(self, request: Request[A]) -> A:
        """Answer a request. BadInputError for what cannot be answered, NotFoundError for a tenant
        or a segment that is not there.
        """
        view = VIEWS[type(request)]
        data = self._tenancy.open(request.tenant)
        question = Question(data, self._clock(), self._snapshots)
        for _ in range(_TRIES):
            try:
                answer: A = view(question, request)
            except (MissingBlockError, NewNameError):
                # Days were replaced, or added to, while they were being read.
                self._snapshots.forget(data)
            else:
                return answer
        message = "the days were changing faster than they could be read; ask again"
        raise StorageUnavailableError(message)
