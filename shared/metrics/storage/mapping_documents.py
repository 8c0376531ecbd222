"""Mappings as JSON documents: how people write them, checked (docs/sources/README.md)."""

from typing import Any, Final

import msgspec

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.event_mapping import FIELD, EventMapping, MappingRule, Pick
from shared.metrics.domain.record_changes import Op

MAX_BYTES: Final = 32_000
MAX_RULES: Final = 500

_PICKS: Final = ("feature", "property", "attribute", "action", "record_id", "account_id")


class _Rule(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: str = ""
    object: str = ""
    op: Op | None = None
    where: dict[str, tuple[str, ...]] = {}
    feature: str | tuple[str, ...] | None = None
    property: str | tuple[str, ...] | None = None
    attribute: str | tuple[str, ...] | None = None
    action: str | tuple[str, ...] | None = None
    record_id: str | tuple[str, ...] | None = None
    account_id: str | tuple[str, ...] | None = None


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    rules: tuple[_Rule, ...]


_decoder = msgspec.json.Decoder(_Document)


def mapping_of(text: str) -> EventMapping | None:
    """The mapping that a document is; None of one without rules. BadInputError says which rule is
    wrong, and how.
    """
    written = text.encode(errors="surrogatepass")
    if len(written) > MAX_BYTES:
        raise _wrong(f"it has {len(written):,} bytes and may have {MAX_BYTES:,}")
    try:
        rules = _decoder.decode(written).rules
    except (ValueError, RecursionError) as error:
        raise _wrong(str(error)) from None
    if len(rules) > MAX_RULES:
        raise _wrong(f"it has {len(rules)} rules and may have {MAX_RULES}")
    for number, rule in enumerate(rules, 1):
        _check(number, rule)
    return EventMapping(tuple(_rule(rule) for rule in rules)) if rules else None


def text_of(mapping: EventMapping | None) -> str:
    """The document of a mapping, without what says nothing."""
    rules = () if mapping is None else mapping.rules
    document = _Document(tuple(msgspec.convert(_stated(rule), _Rule) for rule in rules))
    return msgspec.json.encode(document).decode()


def _check(number: int, rule: _Rule) -> None:
    picks = [getattr(rule, name) for name in _PICKS]
    said = [pick for pick in picks if pick is not None]
    if not said:
        raise _wrong(f"rule {number} says none of {', '.join(_PICKS)}")
    paths = [text.removeprefix(FIELD) for pick in said for text in _fields_of(pick)]
    for path in (*paths, *rule.where):
        if not all(path.split(".")):
            raise _wrong(f"rule {number} has {path!r}, which is no path such as properties.module")


def _fields_of(pick: Pick) -> list[str]:
    alternatives = (pick,) if isinstance(pick, str) else pick
    return [text for text in alternatives if text.startswith(FIELD)]


def _rule(rule: _Rule) -> MappingRule:
    return MappingRule(**{name: getattr(rule, name) for name in rule.__struct_fields__})


def _stated(rule: MappingRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in _Rule.__struct_fields__}


def _wrong(detail: str) -> BadInputError:
    message = f'the mapping is not {{"rules": […]}} as docs/sources describes it: {detail}'
    return BadInputError(message, field="mapping")
