"""The services of a deployment in AWS, for what has to be set up there by hand."""

from pathlib import Path
from types import TracebackType
from typing import Final, Self

from devstack.stack import LocalStack
from shared.metrics.domain.errors import BadInputError
from shared.metrics.services import Services, clock_ms, open_store
from shared.metrics.settings import Settings, StoreKind

_TABLES: Final = 2


class Deployment:
    """The tables of a deployment, reached with the credentials of the shell."""

    def __init__(self, tables: str, secrets_key: str = "") -> None:
        """`tables` is the name of the events table, a comma, and that of the metrics table;
        `secrets_key` is what secrets of sources are encrypted with.
        """
        names = [name.strip() for name in tables.split(",")]
        if len(names) != _TABLES or not all(names):
            message = f"--tables {tables!r} is not EVENTS,METRICS, the names of the two tables"
            raise BadInputError(message, field="tables")
        settings = Settings(
            store=StoreKind.DYNAMODB,
            events_table=names[0],
            metrics_table=names[1],
            secrets_key=secrets_key,
        )
        self.services = Services(settings, open_store(settings), clock_ms)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """There is nothing to close."""


def opened(
    data_dir: Path, tables: str | None, secrets_key: str | None = None
) -> LocalStack | Deployment:
    """The deployment with these tables, else the data of this machine."""
    return LocalStack(data_dir) if tables is None else Deployment(tables, secrets_key or "")
