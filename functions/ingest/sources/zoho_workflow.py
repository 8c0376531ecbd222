"""Zoho CRM's workflow webhooks: their parameters are set up as `docs/sources/zoho.md` says, so that
they name who modified the record, which notifications do not.
"""

from functions.ingest import templated
from functions.ingest.credentials import carries_secret
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import Delivery
from functions.ingest.sources.wire_format import Secrets


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:  # noqa: ARG001
    """Whether a custom header or a parameter of the URL carries a secret; Zoho signs nothing."""
    return carries_secret(request, secrets.values, secrets.settings)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001
    """One row, as a workflow rule tells of one record."""
    return templated.rows_of(request, body)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """Any 2xx is a success."""
    return None
