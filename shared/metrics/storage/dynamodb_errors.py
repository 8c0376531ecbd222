"""What DynamoDB's errors mean to the person who can mend them."""

from typing import Final

from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
)
from pynamodb.exceptions import PynamoDBException

from shared.metrics.domain.errors import StorageUnavailableError

OVERLOADED: Final = "is overloaded: try again later, or raise its limits of throughput"
NOT_DYNAMODB: Final = "is looked for at an endpoint that is not DynamoDB: correct the endpoint"
_NO_ACCESS: Final = "refuses access: check the credentials and the permissions of their role"
_NO_CREDENTIALS: Final = "needs credentials: set them, or a role"
_NO_WAY: Final = "cannot be reached: check the network, the region and the endpoint"
_FAILED: Final = "has failed: try again later"

_BY_CODE: Final = {
    "ResourceNotFoundException": "does not exist: create it, or correct its name or region",
    "ProvisionedThroughputExceededException": OVERLOADED,
    "ThrottlingException": OVERLOADED,
    "RequestLimitExceeded": OVERLOADED,
    "AccessDeniedException": _NO_ACCESS,
    "ExpiredTokenException": _NO_ACCESS,
    "InvalidSignatureException": _NO_ACCESS,
    "MissingAuthenticationTokenException": _NO_ACCESS,
    "UnrecognizedClientException": _NO_ACCESS,
    "ValidationException": "refuses the request, which is a mistake in this program",
}


class ConditionFailedError(Exception):
    """The stored item is not the expected one."""


def unavailable(table_name: str, advice: str, detail: object) -> StorageUnavailableError:
    """An error that says which table, what to do, and what was seen."""
    return StorageUnavailableError(f"The DynamoDB table {table_name} {advice} ({detail}).")


def translated(
    table_name: str, error: PynamoDBException
) -> ConditionFailedError | StorageUnavailableError:
    """The same error in our terms."""
    # Not pynamodb's `cause_response_code`, which raises AttributeError after a time-out.
    cause = error.cause
    if not isinstance(cause, ClientError):
        credentials = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
        advice = _NO_CREDENTIALS if isinstance(cause, credentials) else _NO_WAY
        return unavailable(table_name, advice, cause)
    code = cause.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return ConditionFailedError()
    return unavailable(table_name, _BY_CODE.get(code, _FAILED), cause)
