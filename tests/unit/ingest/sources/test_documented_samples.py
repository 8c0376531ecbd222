"""The `curl` of the pages in docs/sources, run as they stand, against the handler."""

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, cast
from urllib.parse import urlsplit

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

import functions.ingest.handler
from shared.metrics.domain.events import ActorKind
from shared.metrics.domain.source_kinds import KINDS, Authentication, SourceKind
from shared.metrics.source_admin import SourceAdmin
from shared.metrics.storage.sources import SourceStore
from tests.faults.world import TENANT
from tests.unit.ingest.service import Service

PAGES: Final = Path(__file__).parents[4] / "docs" / "sources"
CRMS: Final = (
    SourceKind.ZOHO,
    SourceKind.SALESFORCE,
    SourceKind.HUBSPOT,
    SourceKind.PIPEDRIVE,
    SourceKind.DYNAMICS,
    SourceKind.FRESHSALES,
)
CURL: Final = f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n"
DATE: Final = (
    '#!/bin/sh\ncase "$*" in *%s*) echo 1795348680;; *) echo 2026-11-22T11:58:00Z;; esac\n'
)
"""A clock that shows a time that the service can take: two minutes before its noon."""


class Sample(NamedTuple):
    """A request as a page shows it."""

    kind: SourceKind
    script: str


def samples() -> list[Sample]:
    found = []
    for kind in CRMS:
        page = (PAGES / f"{kind.value}.md").read_text(encoding="utf-8")
        scripts = re.findall(r"```sh\n(.+?)```", page.partition("\n## Try it\n")[2], re.DOTALL)
        found += [Sample(kind, script) for script in scripts]
    return found


def arguments_of(script: str, folder: Path, **variables: str) -> list[str]:
    """The arguments that a shell gives to the script's `curl`."""
    for name, text in (("curl", CURL), ("date", DATE)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", **variables}
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    arguments: list[str] = json.loads(done.stdout)
    return arguments


def url_event(arguments: list[str]) -> dict[str, Any]:
    """The request that curl makes of its arguments, as the Function URL delivers it."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    body = url = ""
    rest = iter(arguments)
    for argument in rest:
        if argument == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name.lower()] = value
        elif argument == "-u":
            headers["authorization"] = f"Basic {b64encode(next(rest).encode()).decode()}"
        elif argument == "-d":
            body = next(rest)
        else:
            url = argument
    parts = urlsplit(url)
    return {
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "requestContext": {"http": {"method": "POST"}},
        "headers": {**headers, "host": parts.netloc},
        "body": body,
        "isBase64Encoded": False,
    }


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.kind.value)
def test_a_sample_is_accepted(service: Service, sample: Sample, tmp_path: Path) -> None:
    admin = SourceAdmin(SourceStore(service.store), service.world.box, TENANT, service.clock)
    is_theirs = KINDS[sample.kind].authentication is Authentication.SENDERS_SECRET
    made = admin.create(sample.kind, secret="client-secret" if is_theirs else None)
    secret = made.secret or "client-secret"
    url = f"https://in.example.com/v1/in/{made.source.source_id}"
    event = url_event(arguments_of(sample.script, tmp_path, URL=url, SECRET=secret))
    context = cast("LambdaContext", SimpleNamespace(aws_request_id="sample"))
    result = functions.ingest.handler.handler(event, context)
    assert result["statusCode"] == 200, result["body"]
    [stored] = service.events()
    assert stored.feature in ("Deals", "Contacts")
    assert service.quarantine() == []
    assert stored.actor_kind in (ActorKind.USER, ActorKind.UNKNOWN)


def test_every_page_has_samples() -> None:
    assert {sample.kind for sample in samples()} == set(CRMS)
