"""The lock of definitions: which version of each KPI means what."""

import ast
import inspect
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.registry import REGISTRY

_HASH_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Definition:
    """A version, and hashes of what it says: of the entry, and of the code of the function."""

    version: int
    definition: str
    code: str


def locked() -> dict[str, Definition]:
    """The definitions as they are."""
    return {key: _definition(kpi) for key, kpi in REGISTRY.items()}


def read_lock(path: Path) -> dict[str, Definition]:
    """The definitions as they were committed; none without a lock."""
    if not path.exists():
        return {}
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {key: Definition(**each) for key, each in found.items()}


def written(definitions: Mapping[str, Definition]) -> str:
    """The text of a lock."""
    found = {key: asdict(each) for key, each in sorted(definitions.items())}
    return f"{json.dumps(found, indent=2)}\n"


def broken(
    before: Mapping[str, Definition],
    now: Mapping[str, Definition],
    same_meaning: Collection[str] = (),
) -> list[str]:
    """What has changed without another version, for whoever changed it."""
    found = []
    for key, each in now.items():
        known = before.get(key)
        if known is None or known.version < each.version:
            continue
        if known.version > each.version:
            found.append(f"{key}: version {each.version} is lower than {known.version} was")
        elif known.definition != each.definition:
            found.append(f"{key}: its definition has changed; raise its version")
        elif known.code != each.code and key not in same_meaning:
            found.append(
                f"{key}: its code has changed; raise its version or, if every number stays what it "
                f"is, run `python -m devstack.kpi_docs --same-meaning {key}`"
            )
    return found


def _definition(kpi: Kpi) -> Definition:
    entry, values = kpi.entry, kpi.values
    says = [
        entry.formula,
        entry.unit.value,
        entry.grain,
        entry.rule.value,
        repr(entry.target),
        repr([(each.name, each.default) for each in entry.drafted]),
    ]
    if isinstance(values, Counted):
        says.append(values.aggregation.value)
        code = _code(values.rows)
    else:
        says.extend(values.parts)
        code = _code(values.combine)
    return Definition(entry.version, _hash("\n".join(says)), _hash(code))


def _code(function: Callable[..., Any]) -> str:
    """What a function does, whatever its layout, comments and docstring."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def _hash(text: str) -> str:
    return blake2b(text.encode(), digest_size=_HASH_BYTES).hexdigest()
