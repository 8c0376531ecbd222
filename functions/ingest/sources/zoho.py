"""Zoho CRM: notifications of a channel, and workflow webhooks, at one URL.

Only a notification has a `channel_id`; a template that wrote one would be taken for it.
"""

from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import Delivery
from functions.ingest.sources import zoho_notifications, zoho_workflow
from functions.ingest.sources.wire_format import Secrets


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
    """Whether the request is authentic as one or the other."""
    if zoho_notifications.is_notification(body):
        return zoho_notifications.verify(request, body, secrets, now_ms)
    return zoho_workflow.verify(request, body, secrets, now_ms)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:
    """The rows of the one or the other."""
    if zoho_notifications.is_notification(body):
        return zoho_notifications.parse(request, body, now_ms)
    return zoho_workflow.parse(request, body, now_ms)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """Any 2xx is a success."""
    return None
