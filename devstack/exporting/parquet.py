"""Parquet, by pyarrow, which is there only if it was asked for."""

from types import ModuleType

from shared.metrics.domain.errors import BadInputError


def arrow() -> tuple[ModuleType, ModuleType]:
    """The package and its module for Parquet; BadInputError says how to install it."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        message = (
            "Parquet needs pyarrow, which is not installed: "
            "`pip install --require-hashes -r requirements/parquet.txt` does it, "
            "or `pip install 'crm-usage-metrics[parquet]'`"
        )
        raise BadInputError(message, field="format") from None
    return pa, parquet
