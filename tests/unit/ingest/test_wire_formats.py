"""Every kind of source has a module that provides what its way to authenticate asks for."""

import inspect

import pytest

from functions.ingest.sources import wire_format as ports
from functions.ingest.wire_formats import NATIVE_KINDS, keyed_format, signed_format, wire_format
from shared.metrics.domain.source_kinds import KINDS, Authentication, SourceKind

KINDS_WITH_A_FORMAT = [kind for kind in SourceKind if kind not in NATIVE_KINDS]


def parameters(function: object) -> list[str]:
    assert callable(function)
    return [name for name in inspect.signature(function).parameters if name != "self"]


def provided_by(kind: SourceKind) -> list[type]:
    """The ports that a kind's module must provide, and those that it may."""
    is_keyed = KINDS[kind].authentication is Authentication.WRITE_KEY
    must: list[type] = [ports.KeyedFormat if is_keyed else ports.SignedFormat]
    module = wire_format(kind)
    return must + [each for each in (ports.Handshaking, ports.Timed) if isinstance(module, each)]


@pytest.mark.parametrize("kind", KINDS_WITH_A_FORMAT, ids=lambda kind: kind.value)
def test_a_module_has_the_functions_of_its_ports_with_their_parameters(kind: SourceKind) -> None:
    is_keyed = KINDS[kind].authentication is Authentication.WRITE_KEY
    module = keyed_format(kind) if is_keyed else signed_format(kind)
    for port in provided_by(kind):
        for name, function in inspect.getmembers(port, inspect.isfunction):
            if not name.startswith("_"):
                assert parameters(getattr(module, name)) == parameters(function), name


def test_client_sdks_have_keys_and_webhooks_have_none() -> None:
    for kind, facts in KINDS.items():
        assert bool(facts.paths) is (facts.authentication is Authentication.WRITE_KEY), kind
