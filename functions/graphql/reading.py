"""From an HTTP request to the GraphQL request in it, strictly and within bounds."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

import msgspec
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from functions.graphql.errors import HttpRefusedError
from functions.graphql.media_types import JSON, is_json

MAX_BODY_BYTES: Final = 100_000
_MAX_PARAMETERS: Final = 10


class GraphQLRequest(msgspec.Struct, frozen=True, rename="camel"):
    """The parameters of GraphQL over HTTP. `extensions` is checked and not used."""

    query: Annotated[str, msgspec.Meta(min_length=1)]
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


def posted(event: APIGatewayProxyEventV2) -> GraphQLRequest:
    """The request in the body of a POST; HttpRefusedError when there is none."""
    if not is_json(event.headers.get("content-type")):
        message = f"send the request as {JSON} in UTF-8"
        raise HttpRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message)
    if event.headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send the body uncompressed")
    with _readable("body"):
        # Refuses NaN, lone surrogates, what is not UTF-8, a batch, and anything of another type.
        return msgspec.json.decode(_body(event), type=GraphQLRequest)


def queried(event: APIGatewayProxyEventV2) -> GraphQLRequest:
    """The request in the query string of a GET; HttpRefusedError when there is none."""
    with _readable("query string"):
        pairs = parse_qsl(
            event.raw_query_string,
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
        parameters: dict[str, Any] = dict(pairs)
        if len(parameters) < len(pairs):
            raise ValueError("a parameter is given twice")
        for name in {"variables", "extensions"} & parameters.keys():
            parameters[name] = msgspec.json.decode(parameters[name])
        return msgspec.convert(parameters, GraphQLRequest)


def _body(event: APIGatewayProxyEventV2) -> bytes:
    body = event.body or ""
    content = b64decode(body, validate=True) if event.is_base64_encoded else body.encode()
    if len(content) > MAX_BODY_BYTES:
        message = f"the body has {len(content)} bytes; it may have {MAX_BODY_BYTES}"
        raise HttpRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
    return content


@contextmanager
def _readable(part: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, RecursionError) as error:
        message = f"the {part} is no GraphQL request: {error}"
        raise HttpRefusedError(HTTPStatus.BAD_REQUEST, message) from None
