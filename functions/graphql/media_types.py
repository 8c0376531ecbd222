"""Which media type a client gets, those of GraphQL over HTTP or CSV, and which body it may send."""

import re
from typing import Final

JSON: Final = "application/json"
GRAPHQL: Final = "application/graphql-response+json"
CSV: Final = "text/csv"

_OFFERED: Final = (JSON, GRAPHQL, CSV)
_QUALITY: Final = re.compile(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", re.IGNORECASE)
_CHARSET: Final = re.compile(r"\s*charset\s*=\s*\"?utf-?8\"?\s*", re.IGNORECASE)


def negotiated(accept: str | None) -> str | None:
    """The media type to answer with for an `Accept` header; None when none of ours will do."""
    if accept is None or not accept.strip():
        return JSON
    ranges = dict(_media_range(entry) for entry in accept.split(","))
    # Liked alike, the later of those that are named; `*/*` gets JSON.
    best = max(
        _OFFERED,
        key=lambda offered: (
            _quality(offered, ranges),
            _OFFERED.index(offered) if offered in ranges else 0,
        ),
    )
    return best if _quality(best, ranges) > 0 else None


def is_json(content_type: str | None) -> bool:
    """Whether a body says that it is JSON in UTF-8."""
    media_type, *parameters = (content_type or "").split(";")
    return media_type.strip().lower() == JSON and all(
        _CHARSET.fullmatch(parameter)
        for parameter in parameters
        if parameter.strip().lower().startswith("charset")
    )


def _quality(offered: str, ranges: dict[str, float]) -> float:
    """The most specific range that matches decides. CSV has to be named."""
    for match in (offered,) if offered == CSV else (offered, "application/*", "*/*"):
        if match in ranges:
            return ranges[match]
    return 0


def _media_range(entry: str) -> tuple[str, float]:
    media_type, *parameters = entry.split(";")
    qualities = [match[1] for match in map(_QUALITY.fullmatch, parameters) if match]
    return media_type.strip().lower(), float(qualities[0]) if qualities else 1
