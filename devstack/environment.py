"""What the functions find in their environment on one machine."""

import logging
import os
import sys
from collections.abc import MutableMapping
from logging import StreamHandler
from pathlib import Path
from typing import Final

from shared.metrics.domain.errors import BadInputError
from shared.metrics.settings import PREFIX

QUIET: Final = "CRITICAL"
DEBUG: Final = "DEBUG"
LOG_LEVEL: Final = "POWERTOOLS_LOG_LEVEL"
DATABASE_FILE: Final = "crm-metrics.db"

_CACHES: Final = (
    ("shared.metrics.services", "services"),
    ("functions.ingest.handler", "ingest"),
    ("functions.ingest.handler", "delivery_queue"),
    ("functions.ingest.handler", "packing"),
    ("functions.ingest.handler", "replayer"),
    ("functions.aggregate.handler", "queue"),
)
"""What the functions wire once a process, from the environment."""


def prepare_folder(data_dir: Path) -> None:
    """Make the data folder if need be; BadInputError if nothing can be kept there."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"the data folder {data_dir} cannot be made: {error.strerror}"
        raise BadInputError(message) from None
    if not os.access(data_dir, os.W_OK | os.X_OK):
        message = f"the data folder {data_dir} is not writable; give another with --data-dir"
        raise BadInputError(message)


def set_environment(
    environment: MutableMapping[str, str],
    data_dir: Path,
    secret: str,
    log_level: str,
    ingest_url: str,
    *,
    queues_deliveries: bool = False,
) -> None:
    """Point the functions at a data folder, and at nothing that was set for a cloud before."""
    for name in [name for name in environment if name.startswith(PREFIX)]:
        del environment[name]
    environment.update(
        {
            f"{PREFIX}STORE": "sqlite",
            f"{PREFIX}SQLITE_PATH": str(data_dir / DATABASE_FILE),
            f"{PREFIX}DELIVERY_QUEUE": "store" if queues_deliveries else "",
            f"{PREFIX}TOKEN_KEY": secret,
            f"{PREFIX}SECRETS_KEY": secret,
            f"{PREFIX}INGEST_URL": ingest_url,
            f"{PREFIX}INTROSPECTION": "true",
            "POWERTOOLS_SERVICE_NAME": "crm-metrics",
            LOG_LEVEL: log_level,
            "POWERTOOLS_METRICS_NAMESPACE": "CrmUsageMetrics",
            "POWERTOOLS_METRICS_DISABLED": "true",
            "POWERTOOLS_TRACE_DISABLED": "true",
        }
    )


def forget_wiring() -> None:
    """Make the functions read their environment again."""
    for module, name in _CACHES:
        if module in sys.modules:
            getattr(sys.modules[module], name).cache_clear()


def log_to_stderr(level: str) -> None:
    """Standard output is for results; Powertools would log there."""
    from shared.metrics.observability import logger

    handler = logger().logger_handler
    if isinstance(handler, StreamHandler):
        handler.stream = sys.stderr  # setStream would flush one that may be closed by now
    logger().setLevel(level)
    if level == DEBUG:
        # Why a fold fails is said here, as it is not fatal to its batch.
        batch = logging.getLogger("aws_lambda_powertools.utilities.batch")
        batch.handlers = [StreamHandler(sys.stderr)]
        batch.setLevel(level)
