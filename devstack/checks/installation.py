"""Python, packages, time zones."""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from devstack.checks.finding import Finding, ok, wrong

_LOWEST_PYTHON: Final = (3, 11)
_PACKAGES: Final = (
    "crm-usage-metrics",
    "aws-lambda-powertools",
    "graphql-core",
    "msgspec",
    "numpy",
    "strawberry-graphql",
    "typer",
    "uvicorn",
    "zstandard",
)
_SETUP: Final = "run `make setup`"


def installation() -> Iterator[Finding]:
    """Whether what the service is made of is there."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _LOWEST_PYTHON:
        yield ok(f"Python {running}")
    else:
        lowest = ".".join(map(str, _LOWEST_PYTHON))
        yield wrong(f"Python {running} is too old", f"use {lowest} or later")
    missing = [name for name in _PACKAGES if _version(name) is None]
    if missing:
        yield wrong(f"packages are missing: {', '.join(missing)}", _SETUP)
    else:
        yield ok(", ".join(f"{name} {_version(name)}" for name in _PACKAGES))
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        yield wrong("there is no time zone data", _SETUP)
    else:
        yield ok(f"time zone data (package tzdata {_version('tzdata') or 'not installed'})")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
