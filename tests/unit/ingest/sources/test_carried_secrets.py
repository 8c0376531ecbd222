"""Senders that sign nothing: their requests carry a secret.

There is no signature that an altered byte (case 7) or an old time (case 4) could spoil: what these
senders allow is all that can be checked.
"""

from base64 import b64encode
from typing import Final

import pytest

from functions.ingest.requests import Request
from functions.ingest.sources import (
    dynamics,
    freshsales,
    pipedrive,
    salesforce,
    salesforce_cdc,
    salesforce_event_log,
    zoho,
    zoho_workflow,
)
from functions.ingest.sources.wire_format import Secrets, SignedFormat
from tests.unit.ingest.sources.deliveries import (
    NEW,
    OLD,
    REVOKED,
    SECRETS,
    fixture,
    is_authentic,
    request,
)

ANYWHERE: Final[dict[str, tuple[SignedFormat, bytes, str]]] = {
    "dynamics": (dynamics, fixture("dynamics/opportunity_update.json"), "application/json"),
    "freshsales": (freshsales, fixture("freshsales/deal.json"), "application/json"),
    "salesforce": (salesforce, fixture("salesforce/gap.json"), "application/json"),
    "salesforce_cdc": (salesforce_cdc, fixture("salesforce/gap.json"), "application/json"),
    "salesforce_event_log": (salesforce_event_log, fixture("salesforce/login.csv"), "text/csv"),
    "zoho": (zoho, fixture("zoho/workflow.json"), "application/json"),
    "zoho_workflow": (zoho_workflow, fixture("zoho/workflow.json"), "application/json"),
}


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def carrying(name: str, secret: str) -> list[Request]:
    """The ways to carry a secret."""
    _, body, content_type = ANYWHERE[name]
    return [
        request(body, content_type=content_type, x_api_key=secret),
        request(body, content_type=content_type, authorization=f"Bearer {secret}"),
        request(body, content_type=content_type, authorization=basic("any", secret)),
        request(body, content_type=content_type, query=f"key={secret}"),
        request(body, content_type=content_type, query=f"code={secret}"),
    ]


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_valid_secret_is_accepted_wherever_it_is(name: str) -> None:
    form = ANYWHERE[name][0]
    assert all(is_authentic(form, given) for given in carrying(name, NEW))
    assert not any(is_authentic(form, given) for given in carrying(name, NEW + "x"))
    assert not any(is_authentic(form, given) for given in carrying(name, ""))


@pytest.mark.parametrize("name", ANYWHERE)
def test_two_secrets_are_good_while_one_is_rotated(name: str) -> None:
    """Case 8."""
    form = ANYWHERE[name][0]
    assert all(is_authentic(form, given) for given in carrying(name, OLD))
    assert not any(is_authentic(form, given, REVOKED) for given in carrying(name, OLD))
    assert not any(is_authentic(form, given, Secrets(())) for given in carrying(name, NEW))


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_missing_or_doubled_secret_is_not_accepted(name: str) -> None:
    """Case 9."""
    form, body, content_type = ANYWHERE[name]
    for wrong in (
        request(body, content_type=content_type),
        request(body, content_type=content_type, x_api_key=f"{NEW},{NEW}"),
        request(body, content_type=content_type, query=f"key={NEW}&key={NEW}"),
        request(body, content_type=content_type, x_other=NEW),
    ):
        assert not is_authentic(form, wrong)


def test_the_header_may_be_agreed() -> None:
    agreed = Secrets(SECRETS.values, {"header": "X-Metrics"})
    assert is_authentic(dynamics, request(x_metrics=NEW), agreed)
    assert not is_authentic(dynamics, request(x_api_key=NEW), agreed)


def test_pipedrive_takes_basic_credentials_only() -> None:
    """Cases 8 and 9."""
    body = fixture("pipedrive/deal_change.json")
    for password in (NEW, OLD):
        assert is_authentic(pipedrive, request(body, authorization=basic("metrics", password)))
    for wrong in (
        request(body),
        request(body, authorization=basic(NEW, "")),
        request(body, authorization=basic("metrics", NEW + "x")),
        request(body, authorization=f"{basic('metrics', NEW)},{basic('metrics', NEW)}"),
        request(body, authorization=f"Bearer {NEW}"),
        request(body, query=f"key={NEW}"),
    ):
        assert not is_authentic(pipedrive, wrong)
    assert not is_authentic(pipedrive, request(authorization=basic("metrics", OLD)), REVOKED)
