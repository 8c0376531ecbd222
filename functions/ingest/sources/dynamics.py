"""Dynamics 365 (Dataverse) webhooks: the execution context of one message, as .NET writes it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.contexts import context_of
from functions.ingest.credentials import carries_secret
from functions.ingest.deliveries import delivery_of
from functions.ingest.dotnet_values import Pairs, attributes_of, by_key, first_image, plain
from functions.ingest.flattening import flattened, text_of
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.sources.wire_format import Secrets
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, RecordChange, Value

_OPS: Final = {
    "Create": Op.CREATE,
    "Update": Op.UPDATE,
    "Delete": Op.DELETE,
    "Assign": Op.UPDATE,
    "SetState": Op.UPDATE,
    "SetStateDynamicEntity": Op.UPDATE,
    "Merge": Op.MERGE,
}
_WRITTEN_AS: Final = {"Assignee": "ownerid", "State": "statecode", "Status": "statuscode"}
"""The fields that Assign and SetState write, by the parameter that holds what they write."""

_TARGET: Final = "Target"
"""The parameter that holds the record, or refers to it."""

_SIZE_EXCEEDED: Final = "x-ms-dynamics-msg-size-exceeded"
_TOLD_ELSEWHERE: Final = frozenset(
    {
        "InitiatingUserId",
        "InputParameters",
        "MessageName",
        "OperationCreatedOn",
        "OrganizationId",
        "OutputParameters",
        "ParentContext",  # the message that this one is part of, which comes by itself
        "PostEntityImages",
        "PreEntityImages",
        "PrimaryEntityId",
        "PrimaryEntityName",
    }
)


class _Message(msgspec.Struct, rename="pascal"):
    message_name: str
    primary_entity_name: str
    primary_entity_id: str
    operation_created_on: str
    operation_id: str | None = None
    correlation_id: str | None = None
    organization_id: str | None = None
    initiating_user_id: str | None = None
    depth: int = 1
    input_parameters: Pairs | None = None
    pre_entity_images: Pairs | None = None


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:  # noqa: ARG001
    """Whether the request carries a secret: in a header (`HttpHeader`), as `code` (`WebhookKey`)
    or as `key` in the query string. Dataverse signs nothing.
    """
    return carries_secret(request, secrets.values, secrets.settings)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001
    """One row, as there is one message in a request."""
    json_bodies.check_json(request)
    is_cut = _SIZE_EXCEEDED in request.headers
    return delivery_of(json_bodies.rows_of(body), lambda row: _read(row, is_cut=is_cut))


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """Any 2xx is a success."""
    return None


def _read(original: bytes, *, is_cut: bool) -> Iterator[SentRow]:
    fields = json_bodies.object_of(original)
    message = json_bodies.typed(fields, _Message)
    parameters = by_key(message.input_parameters)
    target = attributes_of(parameters.get(_TARGET))
    before = first_image(message.pre_entity_images)
    record = before | target
    change = _change(message, parameters, flattened(target), flattened(before))
    user_id = message.initiating_user_id or ""
    record_id = message.primary_entity_id
    if change is not None and change.op is Op.MERGE:
        record_id = text_of(parameters.get("SubordinateId")) or record_id
    yield SentRow(
        original,
        name=f"{message.primary_entity_name}.{change.op.value if change else message.message_name}",
        sender_key=_key(message),
        occurred_at_ms=times.from_dotnet_date(message.operation_created_on, "OperationCreatedOn"),
        person=SentPerson(user_id),
        signal=Signal.CHANGE,
        actor_kind=_actor_kind(message),
        record_id=record_id,
        account_id=text_of(record.get("parentaccountid")),
        change=change,
        fields={
            **record,
            "MessageName": message.message_name,
            "PrimaryEntityName": message.primary_entity_name,
        },
        context=_context(fields, parameters, is_cut=is_cut),
        tenant_named=message.organization_id or "",
    )


def _context(
    fields: Mapping[str, Any], parameters: Mapping[str, Any], *, is_cut: bool
) -> dict[str, Any]:
    """What else the message says, with the parameters that are not the record."""
    others = {name: value for name, value in parameters.items() if name != _TARGET}
    context = context_of({**fields, "parameters": others}, _TOLD_ELSEWHERE)
    return context | {"size_exceeded": True} if is_cut else context


def _key(message: _Message) -> str | None:
    if message.operation_id is None and message.correlation_id is None:
        return None
    return sender_key(
        message.operation_id,
        message.correlation_id,
        message.message_name,
        message.primary_entity_id,
    )


def _actor_kind(message: _Message) -> ActorKind:
    """What is deeper than 1 was set off by a plug-in or workflow, whoever set that off."""
    if message.depth > 1:
        return ActorKind.API
    return ActorKind.USER if message.initiating_user_id else ActorKind.UNKNOWN


def _change(
    message: _Message,
    parameters: Mapping[str, Any],
    target: Mapping[str, Value],
    before: Mapping[str, Value],
) -> RecordChange | None:
    op = _OPS.get(message.message_name)
    entity = message.primary_entity_name
    if op is None:
        return None
    if op is Op.MERGE:
        return RecordChange(entity, op, merged_into=_merged_into(message, parameters))
    if op is Op.DELETE:
        return RecordChange(entity, op, was=before)
    written = dict(target)
    for parameter, field in _WRITTEN_AS.items():
        if parameter in parameters:
            written |= flattened({field: plain(parameters[parameter])})
    was = {name: before[name] for name in written if name in before}
    return RecordChange(entity, op, written, was)


def _merged_into(message: _Message, parameters: Mapping[str, Any]) -> str:
    target = parameters.get(_TARGET)
    return text_of(target.get("Id")) if isinstance(target, dict) else message.primary_entity_id
