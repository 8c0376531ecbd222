"""The few errors of the domain; one table at each edge maps them to answers."""


class MetricsError(Exception):
    """A problem with a message for the person who can mend it: what, where, what would be right."""


class BadInputError(MetricsError):
    """The caller's mistake."""

    def __init__(self, message: str, *, field: str = "") -> None:
        """`field` names the argument or column that was wrong."""
        super().__init__(message)
        self.field = field


class NotFoundError(MetricsError):
    """No such thing, or none that the caller may see: the two are answered alike."""


class ConflictError(MetricsError):
    """It exists already, or someone changed it meanwhile."""


class StorageUnavailableError(MetricsError):
    """The store did not confirm; nothing may be acknowledged."""


class SecretsUnavailableError(StorageUnavailableError):
    """A secret cannot be had now; nothing may be accepted without it."""
