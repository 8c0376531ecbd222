"""The logger and the counters of all functions, both of Powertools, set by POWERTOOLS_*."""

from functools import cache
from typing import Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE: Final = "CrmUsageMetrics"


@cache
def logger() -> Logger:
    """The structured logger."""
    return Logger()


@cache
def metrics() -> Metrics:
    """The counters of this process. The tenant is never a dimension."""
    return Metrics(namespace=NAMESPACE)


def count(name: str, number: int) -> None:
    """Add to a counter; sent when the handler flushes."""
    metrics().add_metric(name, MetricUnit.Count, number)


def flush() -> None:
    """Send the counters of this request, and begin again; also where sending is switched off."""
    if metrics().metric_set:
        metrics().flush_metrics()
        metrics().clear_metrics()
