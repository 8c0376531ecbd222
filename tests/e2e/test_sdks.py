"""The SDKs of other vendors, unchanged, send to our local server: what they send arrives once, they
hold it for a success, and when an answer is lost they send again and nothing counts twice.

The programs are in `sdks`; the Node packages are those of its lock file.
"""

import fcntl
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from devstack.stack import LocalStack
from shared.metrics.columns.packs import read_events
from shared.metrics.domain.events import ActorKind, Event, is_directory_event
from shared.metrics.domain.periods import from_milliseconds
from tests.e2e.sdks.lossy_server import LossyServer, serving

ROOT: Final = Path(__file__).parents[2]
SDKS: Final = Path(__file__).parent / "sdks"
PYTHON: Final = (sys.executable, "-m", "tests.e2e.sdks.python_clients")
NODE: Final = ("node", str(SDKS / "node_clients.mjs"))

CLIENTS: Final = {
    PYTHON: (
        "segment",
        "rudderstack",
        "posthog",
        "posthog_v1",
        "mixpanel",
        "amplitude",
        "cloudevents",
    ),
    NODE: ("segment", "rudderstack", "posthog", "posthog_v1", "mixpanel", "amplitude"),
}
NEVER_SENDS_AGAIN: Final = (NODE, "mixpanel")
"""It reports a failure and leaves the rest to the program; its events have no ids."""

QUESTION: Final = """
query ($range: RangeInput) {
  home(range: $range) {
    totalHits { value }
    activeUsers { value }
    topByHits { userId name value }
  }
}
"""


class Program(NamedTuple):
    """A running program that uses SDKs."""

    process: "subprocess.Popen[str]"

    def use(self, client: str, url: str, key: str) -> list[str]:
        """Let a client send; what it reported as gone wrong."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([client, url, key]) + "\n")
        stdin.flush()
        failures: list[str] = json.loads(stdout.readline())
        return failures


@pytest.fixture(scope="module", autouse=True)
def node_modules() -> None:
    """The packages of the lock file, installed by whichever process of the tests comes first."""
    with (SDKS / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = lock.read()
        installed = SDKS / "node_modules" / ".installed-lock.json"
        if not installed.exists() or installed.read_bytes() != wanted:
            install = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(install, cwd=SDKS, check=True)
            installed.write_bytes(wanted)


@pytest.fixture(scope="module")
def programs(node_modules: None) -> Iterator[dict[tuple[str, ...], Program]]:
    started = {
        command: Program(
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
        for command in CLIENTS
    }
    yield started
    for program in started.values():
        program.process.kill()
        program.process.communicate()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("sdks") / "data") as opened:
        yield opened


@pytest.fixture(scope="module")
def server(stack: LocalStack) -> Iterator[LossyServer]:
    with serving() as started:
        yield started


@pytest.fixture
def source(
    stack: LocalStack, server: LossyServer, command: tuple[str, ...], client: str, losing: int
) -> Iterator[tuple[str, str, str]]:
    """A tenant with a source of the client's kind, its URL and its key."""
    tenant = f"{Path(command[0]).name}-{client}-{losing}"
    stack.create_tenant(tenant, "UTC")
    made = stack.create_source(tenant, client.removesuffix("_v1"), server.port)
    server.losing = losing
    server.statuses.clear()
    yield tenant, made.url, made.secret
    server.losing = 0


def stored(stack: LocalStack, tenant: str) -> list[Event]:
    """Every event of a tenant as often as it was stored."""
    data = stack.services.tenancy.open(tenant)
    units = {mark.unit for mark in data.units.marks()}
    packs = [pack for unit in units for pack in data.units.packs(unit)]
    return [event for pack in packs for event in read_events(pack.body)]


@pytest.mark.parametrize("losing", [0, 1], ids=["all arrives", "an answer is lost"])
@pytest.mark.parametrize(
    ("command", "client"),
    [(command, client) for command, clients in CLIENTS.items() for client in clients],
    ids=lambda value: value if isinstance(value, str) else Path(value[0]).name,
)
def test_what_an_sdk_sends_arrives_once(
    stack: LocalStack,
    server: LossyServer,
    programs: dict[tuple[str, ...], Program],
    source: tuple[str, str, str],
    command: tuple[str, ...],
    client: str,
    losing: int,
) -> None:
    tenant, url, key = source
    failures = programs[command].use(client, url, key)

    gives_up = losing and (command, client) == NEVER_SENDS_AGAIN
    assert len(failures) == (1 if gives_up else 0), failures
    assert Counter(server.statuses)[503] == losing
    assert set(server.statuses) <= {200, 503}

    copies = stored(stack, tenant)
    events = {(event.event_id, event.occurred_at_ms): event for event in copies}
    assert (len(copies) > len(events)) == bool(losing and not gives_up)
    told = [event for event in events.values() if is_directory_event(event)]
    assert [event.user_id for event in told] == ["ada"]
    assert json.loads(told[0].context)["email"] == "ada@example.com"
    deeds = [event for event in events.values() if not is_directory_event(event)]
    by_ada = {
        (each.feature, each.property, each.record_id) for each in deeds if each.user_id == "ada"
    }
    assert by_ada == {("Deals", "Stages", "deal-7"), ("Reports", "", "")}
    (unknown,) = (event for event in deeds if event.user_id != "ada")
    assert (unknown.feature, unknown.actor_kind) == ("Looked Around", ActorKind.UNKNOWN)
    assert len(deeds) == 3

    days = [from_milliseconds(each.occurred_at_ms).date().isoformat() for each in deeds]
    asked = {"range": {"from": min(days), "to": max(days)}}
    answer = stack.query(QUESTION, tenant, variables=asked).document
    assert answer["data"]["home"] == {
        "totalHits": {"value": 2},
        "activeUsers": {"value": 1},
        "topByHits": [{"userId": "ada", "name": "Ada Byron", "value": 2}],
    }
