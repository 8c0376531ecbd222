"""The `curl` of the pages of services and SDKs in docs/sources, run as they stand, against the
handler.
"""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Final, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

import functions.ingest.handler
from shared.metrics.domain.source_kinds import SourceKind
from tests.unit.ingest.service import Service
from tests.unit.ingest.sources.test_documented_samples import PAGES, arguments_of, url_event
from tests.unit.ingest.sources.vendors import VENDORS, Source

NAMES: Final = {VENDORS[name].kind: name for name in reversed(VENDORS)}
"""Of each kind the first vendor."""

EXPECTED: Final = {
    SourceKind.ZENDESK: ("Cases", "zendesk:8447388090494"),
    SourceKind.INTERCOM: ("Live Chat", "intercom:814860"),
    SourceKind.STRIPE: ("Accounts", ""),
    SourceKind.STANDARD_WEBHOOKS: ("Contacts", ""),
}
"""Feature and user of the event; of all others they are those of Ada's deal."""


def script_of(kind: SourceKind) -> str:
    page = (PAGES / f"{kind.value}.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```sh\n(.+?)```", page.partition("\n## Try it\n")[2], re.DOTALL)
    return str(script)


@pytest.mark.parametrize("kind", NAMES, ids=lambda kind: kind.value)
def test_a_sample_is_accepted(service: Service, kind: SourceKind, tmp_path: Path) -> None:
    source = Source(service, NAMES[kind])
    variables = {
        "URL": f"https://in.example.com/v1/in/{source.source_id}",
        "SECRET": source.secret,
        "INGEST_URL": "https://in.example.com",
        "WRITE_KEY": source.secret,
    }
    event = url_event(arguments_of(script_of(kind), tmp_path, **variables))
    context = cast("LambdaContext", SimpleNamespace(aws_request_id="sample"))
    result = functions.ingest.handler.handler(event, context)
    assert result["statusCode"] == 200, result["body"]
    [stored] = service.events()
    expected = EXPECTED.get(kind, ("Deals", "ada@example.com"))
    assert (stored.feature, stored.user_id) == expected
    assert service.quarantine() == []
