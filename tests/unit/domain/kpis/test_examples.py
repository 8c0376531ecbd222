"""Every KPI gives what its examples say."""

import pytest

from shared.metrics.domain.kpis.examples import Example
from shared.metrics.domain.kpis.registry import REGISTRY, problems
from tests.unit.domain.kpis.asking import asked_example

EXAMPLES = [
    pytest.param(key, example, id=f"{key}: {example.name}")
    for key, kpi in REGISTRY.items()
    for example in kpi.examples
]


@pytest.mark.parametrize(("key", "example"), EXAMPLES)
def test_a_kpi_is_what_its_example_says(key: str, example: Example) -> None:
    answer = asked_example(key, example)
    assert answer.current.value == (
        None if example.value is None else pytest.approx(example.value, rel=1e-12)
    )
    assert answer.current.reason is example.reason
    if answer.groups is not None:
        groups = dict(zip(answer.groups.keys, answer.groups.values, strict=True))
        assert groups == pytest.approx(example.groups, rel=1e-12)


def test_the_catalogue_lacks_nothing() -> None:
    assert problems() == []
