"""Our views over a filled store: cold, hot, and through GraphQL."""

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.company.size import Size
from benchmarks.company.store import TENANT, fill_store, open_store
from benchmarks.queries import QUERIES
from benchmarks.report import cpu_ms
from benchmarks.sides import Timed, enough_runs, opened, timed
from devstack.invocation import LocalContext
from devstack.lambda_events import http_event
from functions.graphql.auth import Principal, Role, issue_token
from functions.graphql.handler import PATH, respond
from shared.metrics.services import Services
from shared.metrics.settings import Settings, StoreKind

_KEY: Final = "a key of more than the thirty-two bytes that are needed"


@dataclass(frozen=True, slots=True)
class OurTimes:
    """Cold, hot, and a whole GraphQL request of a warm process, if the question can be asked so."""

    cold: Timed
    hot: Timed
    graphql: Timed | None


class OurSide:
    """The filled store, and a process's services that are warm."""

    def __init__(self, folder: Path, size: Size) -> None:
        """Fill a store in the folder."""
        fill_store(folder, size)
        self.folder = folder
        self.size = size
        self.warm = self.fresh()

    def fresh(self) -> Services:
        """Services that have opened the file, and have read nothing yet."""
        store = open_store(self.folder, self.size)
        settings = Settings(store=StoreKind.SQLITE, token_key=_KEY)
        return Services(settings, store, lambda: self.size.now_ms)


def ask(name: str) -> OurTimes | None:
    """All times of a query; None if no view answers it."""
    side, query = opened(OurSide), QUERIES[name]
    if query.ours is None:
        return None
    request = query.ours.request(side.size)
    # What is imported at the first question is not the view.
    first_ms, _ = cpu_ms(partial(side.fresh().views.ask, request), 1)
    colds = []
    for _ in range(enough_runs(first_ms)):
        views = side.fresh().views
        colds.append(cpu_ms(partial(views.ask, request), 1))
    cold_ms, answer = sorted(colds, key=lambda run: run[0])[len(colds) // 2]
    hot = timed(lambda: side.warm.views.ask(request))
    found = query.ours.answer(answer, side.size)
    return OurTimes(
        cold=Timed(cold_ms, found),
        hot=Timed(hot.ms, query.ours.answer(hot.answer, side.size)),
        graphql=_graphql(side, query.ours.document(side.size)) if query.ours.document else None,
    )


def _graphql(side: OurSide, document: str) -> Timed:
    services = side.warm
    principal = Principal(TENANT, Role.ADMIN, "bench")
    token = issue_token(principal, _KEY, services.settings, side.size.now_ms)
    headers = {
        "authorization": f"Bearer {token}",
        "content-type": "application/json",
        "accept": "application/graphql-response+json",
    }
    event = http_event("POST", PATH, headers, json.dumps({"query": document}).encode())
    context = LocalContext("graphql")
    found = timed(lambda: respond(event, context, services))
    body = json.loads(found.answer["body"])
    if "errors" in body:
        raise AssertionError(body["errors"])
    return Timed(found.ms, None)
