"""Calls a function as Lambda would."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from aws_lambda_powertools.utilities.typing import LambdaContext

Result = TypeVar("Result")


class LocalContext(LambdaContext):
    """The context of one invocation."""

    def __init__(self, function_name: str) -> None:
        self._function_name = function_name
        self._function_version = "$LATEST"
        self._invoked_function_arn = f"arn:aws:lambda:local:000000000000:function:{function_name}"
        self._memory_limit_in_mb = 512
        self._aws_request_id = uuid4().hex


def invoke(
    handler: Callable[[dict[str, Any], LambdaContext], Result],
    event: dict[str, Any],
    function_name: str,
) -> Result:
    """The result of one invocation."""
    return handler(event, LocalContext(function_name))
