"""The page of all metrics, as Markdown."""

from collections.abc import Iterator
from typing import Final

from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.examples import Example
from shared.metrics.domain.kpis.kpi import Kpi
from shared.metrics.domain.kpis.presets import PRESETS
from shared.metrics.domain.kpis.registry import (
    ENTRIES,
    KPIS,
    Family,
    dimensions_of,
    parts_of,
)
from shared.metrics.domain.kpis.vocabulary import MetricUnit, TimeRule

_INTRODUCTION: Final = """\
# The metrics

Written by `python -m devstack.kpi_docs` from the registry (`shared/metrics/domain/kpis`); \
[how to add one](../CONTRIBUTING.md#how-to-add-a-kpi). What they mean is said there once; every \
example is run as a test.

Which records a period has, by **time rule**: EVENT, those whose event lies in it, as they are \
known now; INSTANT, all as they were at its end, or now if that is earlier; COHORT, those that \
began in it, with what became of them since; OPENING, all as they were when it began, and what \
became of them by its end. Members of a cohort younger than its maturity may still change: \
`isMature` says so, and `mature` is the value without them.

Every value is a number or null with a reason; an empty sum is 0. Money is in minor units, \
converted by the rate of the day into the tenant's reporting currency or the only one there is; \
without a rate it is null. A record that cannot be judged, because a field is unknown, is left out \
and counted in `proof`; a value with none but such records is null. A filter or group takes the \
record's own value or, where it has none, that of a record it refers to, at most two steps away.
"""


def kpi_page() -> str:
    """The text of docs/kpis.md."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield from _presets()
    for family, kpis in KPIS.items():
        if kpis:
            yield f"## {_title(family)}\n"
        for kpi in kpis:
            yield from _kpi(kpi)
    yield f"## {_title(Family.USAGE)}\n"
    yield "| key | what | unit | grain | answered by |"
    yield "|---|---|---|---|---|"
    for entry in ENTRIES[Family.USAGE]:
        name = f"{entry.name}{' (vanity)' if entry.vanity else ''}"
        row = (f"`{entry.key}`", f"{name}: {entry.formula}", entry.unit.name, entry.grain)
        yield f"| {' | '.join(row)} | `{entry.asked_by}` |"
    yield ""


def _presets() -> Iterator[str]:
    yield "| preset | KPIs |"
    yield "|---|---|"
    for preset, keys in PRESETS.items():
        yield f"| `{preset.name}` | {', '.join(f'`{key}`' for key in keys)} |"
    yield ""


def _kpi(kpi: Kpi) -> Iterator[str]:
    entry = kpi.entry
    yield f"### {entry.name}\n"
    yield f"`{entry.key}` · {' · '.join(_facts(entry))}\n"
    yield f"{entry.formula[0].upper()}{entry.formula[1:]}.\n"
    if entry.objective:
        yield f"- Objective: {entry.objective}"
        yield f"- Decision: {entry.decision}"
    if entry.aliases:
        yield f"- Also called: {', '.join(entry.aliases)}"
    if parts := parts_of(entry.key):
        yield f"- Made of: {', '.join(f'`{part}`' for part in parts)}"
    for each in entry.drafted:
        yield f"- Parameter `{each.name}` = {_setting(each.default)}: {each.meaning}"
    by = entry.stewardship
    yield f"- Owner: {by.owner} · refresh: {by.refresh} · escalation: {by.escalation}"
    names = [each.name for each in dimensions_of(entry.key)]
    yield f"- Dimensions: {', '.join(names) or 'none'}"
    for example in kpi.examples:
        yield f"- Example: {example.name}: {_result(example, entry)}"
    yield ""


def _facts(entry: Entry) -> Iterator[str]:
    yield f"version {entry.version}"
    yield entry.kind.name
    yield entry.type.name.lower()
    yield entry.unit.name
    yield f"of each {entry.grain.replace('_', ' ')}"
    yield entry.rule.name
    if entry.rule is TimeRule.COHORT:
        yield f"mature after {entry.maturity_days} days"
    yield f"better is {entry.better_is.name.lower()}"
    if entry.target is not None:
        yield f"target {entry.target:g}"
    if entry.vanity:
        yield "vanity"


def _result(example: Example, entry: Entry) -> str:
    if example.value is None:
        return f"null, {example.reason.name if example.reason else ''}"
    unit = " in minor units" if entry.unit in (MetricUnit.MONEY, MetricUnit.MONEY_PER_DAY) else ""
    return (
        f"{example.value:,.6g}{unit}" if example.value < _LARGE else f"{example.value:,.0f}{unit}"
    )


_LARGE: Final = 1_000_000


def _setting(default: float | tuple[str, ...]) -> str:
    return ", ".join(default) or "none" if isinstance(default, tuple) else f"{default:g}"


def _title(family: Family) -> str:
    return family.value.replace("_", " ").capitalize()
