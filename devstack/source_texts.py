"""How `crm-metrics source` reads what it is given, and shows what there is."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from devstack.output import show, show_json
from functions.ingest.previewing import PreviewedRow
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.event_mapping import EventMapping
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.source_kinds import source_url
from shared.metrics.set_up_steps import set_up_steps
from shared.metrics.source_admin import SetUpSource
from shared.metrics.storage.mapping_documents import mapping_of
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import Tenant

FROM_INPUT: Final = "-"


def secret_of(option: str | None) -> str | None:
    """A secret as it is given, or from standard input, so that no shell remembers it."""
    return sys.stdin.readline().rstrip("\n") if option == FROM_INPUT else option


def settings_of(texts: Sequence[str]) -> dict[str, str]:
    """Settings given as NAME=VALUE; BadInputError names one that is not."""
    settings = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not name.strip() or not equals:
            raise BadInputError(f"--setting {text!r} is not NAME=VALUE", field="setting")
        settings[name.strip()] = value
    return settings


def mapping_in(path: Path) -> EventMapping | None:
    """The mapping in a file; BadInputError if it cannot be read, or is none."""
    try:
        return mapping_of(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} cannot be read: {error}", field="mapping") from None


def body_in(path: Path) -> bytes:
    """The bytes of a file; BadInputError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error}", field="sample") from None


def preview_document(row: PreviewedRow, tenant: Tenant) -> dict[str, Any]:
    """What a row would become, as JSON."""
    event, rejection = row.event, row.rejection
    if rejection is not None:
        reason = rejection.reason.value
        return {"index": row.index, "reason": reason, "note": f"{reason}: {rejection.detail}"}
    stated = {} if event is None else event._asdict()
    for name in ("event_id", "received_at_ms", "source"):
        stated.pop(name, None)
    if event is not None:
        stated["occurred_at"] = from_milliseconds(stated.pop("occurred_at_ms")).isoformat()
        stated["signal"], stated["actor_kind"] = event.signal.name, event.actor_kind.name
        stated["note"] = "uncatalogued" if tenant.is_uncatalogued(event.feature) else ""
    return {"index": row.index, **stated}


def as_document(source: Source, ingest_url: str) -> dict[str, Any]:
    """A source as JSON, without its secrets."""
    disabled_ms = source.disabled_at_ms
    is_waiting = not (source.key_digest or source.sealed_secret)
    return {
        "source_id": source.source_id,
        "kind": source.kind.value,
        "name": source.name,
        "url": source_url(ingest_url, source.kind, source.source_id),
        "state": "disabled" if disabled_ms else "awaits secret" if is_waiting else "enabled",
        "created_at": from_milliseconds(source.created_at_ms).isoformat(),
        "settings": source.settings,
        "rules": 0 if source.mapping is None else len(source.mapping.rules),
    }


def show_set_up(made: SetUpSource, ingest_url: str, *, as_json: bool) -> None:
    """Show what the sender needs, and what has to be done there. The secret is shown once."""
    source = made.source
    url = source_url(ingest_url, source.kind, source.source_id)
    steps = set_up_steps(source.kind, url, made.secret)
    needed = {"source_id": source.source_id, "url": url, "secret": made.secret}
    if as_json:
        show_json({**needed, "steps": steps})
        return
    for name, value in needed.items():
        if value is not None:
            show(f"{name:<10} {value}")
    for number, step in enumerate(steps, 1):
        show(f"{number}. {step}")
