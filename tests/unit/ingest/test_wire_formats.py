"""Every kind of source has a module that provides what its way to authenticate asks for."""

import inspect

import pytest

from functions.ingest.sources import wire_format as ports
from functions.ingest.wire_formats import NATIVE_KINDS, wire_format
from shared.metrics.domain.source_kinds import KINDS, Authentication, SourceKind

KINDS_WITH_A_FORMAT = [kind for kind in SourceKind if kind not in NATIVE_KINDS]


def parameters(function: object) -> list[str]:
    assert callable(function)
    return [name for name in inspect.signature(function).parameters if name != "self"]


@pytest.mark.parametrize("kind", KINDS_WITH_A_FORMAT, ids=lambda kind: kind.value)
def test_a_module_has_the_functions_of_its_ports_with_their_parameters(kind: SourceKind) -> None:
    is_keyed = KINDS[kind].authentication is Authentication.WRITE_KEY
    module: object = wire_format(kind)
    must: type = ports.KeyedFormat if is_keyed else ports.SignedFormat
    may: tuple[type, ...] = (ports.Handshaking, ports.Timed)
    for port in (must, *(each for each in may if isinstance(module, each))):
        for name, function in inspect.getmembers(port, inspect.isfunction):
            if not name.startswith("_"):
                assert parameters(getattr(module, name)) == parameters(function), name


def test_client_sdks_have_keys_and_webhooks_have_none() -> None:
    for kind, facts in KINDS.items():
        assert bool(facts.paths) is (facts.authentication is Authentication.WRITE_KEY), kind
