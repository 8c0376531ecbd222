"""docs/kpis.md and the lock say what the registry says, and no definition changes unnoticed."""

from dataclasses import replace
from pathlib import Path

import pytest

from devstack import kpi_docs, kpi_versions
from devstack.kpi_docs import DOCS, main
from devstack.kpi_versions import Definition, broken, locked
from shared.metrics.domain.kpis.kpi import Counted
from shared.metrics.domain.kpis.registry import REGISTRY
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope

KNOWN = {"WIN_RATE": Definition(2, "words", "code")}


def test_the_committed_page_and_lock_are_those_of_the_code() -> None:
    assert main(["--check"]) == 0
    assert (DOCS / "kpis.md").exists()


def test_what_differs_is_told_with_the_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"], tmp_path) == 1
    assert "run `python -m devstack.kpi_docs`" in capsys.readouterr().err
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (Definition(2, "words", "code"), []),
        (Definition(3, "other words", "other code"), []),
        (Definition(2, "other words", "code"), ["its definition has changed; raise its version"]),
        (Definition(2, "words", "other code"), ["its code has changed; raise its version"]),
        (Definition(1, "words", "code"), ["version 1 is lower than 2 was"]),
    ],
)
def test_a_definition_changes_with_its_version_only(now: Definition, told: list[str]) -> None:
    found = broken(KNOWN, {"WIN_RATE": now})
    assert len(found) == len(told)
    assert all(part in problem for part, problem in zip(told, found, strict=True))


def test_code_that_means_the_same_can_be_taken_but_not_another_formula() -> None:
    other_code = {"WIN_RATE": Definition(2, "words", "other code")}
    assert broken(KNOWN, other_code, {"WIN_RATE"}) == []
    other_words = {"WIN_RATE": Definition(2, "other words", "code")}
    assert broken(KNOWN, other_words, {"WIN_RATE"}) != []


def test_another_formula_under_the_same_version_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kpi = REGISTRY["WIN_RATE"]
    changed = replace(kpi, entry=replace(kpi.entry, formula="deals won / deals"))
    monkeypatch.setattr(kpi_versions, "REGISTRY", {**REGISTRY, "WIN_RATE": changed})
    assert main(["--check"]) == 1
    assert "WIN_RATE: its definition has changed" in capsys.readouterr().err


def test_other_code_under_the_same_version_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(scope: Scope) -> Rows:
        raise NotImplementedError

    kpi = REGISTRY["WIN_RATE"]
    assert isinstance(kpi.values, Counted)
    changed = replace(kpi, values=replace(kpi.values, rows=nothing))
    monkeypatch.setattr(kpi_versions, "REGISTRY", {**REGISTRY, "WIN_RATE": changed})
    assert main(["--check"]) == 1
    assert "WIN_RATE: its code has changed" in capsys.readouterr().err


def test_an_entry_that_lacks_something_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kpi_docs, "problems", lambda: ["WIN_RATE has no owner"])
    assert main(["--check"]) == 1
    assert "WIN_RATE has no owner" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["owner", "refresh", "escalation"])
def test_an_entry_needs_who_answers_for_it(missing: str) -> None:
    entry = REGISTRY["WIN_RATE"].entry
    changed = replace(entry, stewardship=replace(entry.stewardship, **{missing: " "}))
    assert changed.problems() == [f"WIN_RATE has no {missing}"]


def test_a_kpi_needs_the_decision_that_it_serves() -> None:
    changed = replace(REGISTRY["WIN_RATE"].entry, decision="")
    assert changed.problems() == ["WIN_RATE has no decision"]


def test_every_definition_is_locked() -> None:
    assert set(locked()) == set(REGISTRY)
