"""Every kind of source has a page in docs/sources; what is said of its set-up is said there."""

import re
from pathlib import Path

import pytest

from devstack.set_up_steps import PAGES, all_steps, steps_of
from shared.metrics.domain.source_kinds import KINDS, SourceKind
from shared.metrics.set_up_steps import STEPS_FILE, set_up_steps

SECTIONS = ["Set up", "What arrives", "What it cannot tell", "Try it"]


def page_of(kind: SourceKind) -> str:
    return (PAGES / f"{kind.value}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", SourceKind, ids=lambda kind: kind.value)
def test_a_page_says_what_to_do_what_arrives_and_how_to_try_it(kind: SourceKind) -> None:
    page = page_of(kind)
    assert page.startswith(f"# {KINDS[kind].title}\n")
    sections = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert [section for section in sections if section in SECTIONS] == SECTIONS
    assert steps_of(page)
    tried = page.partition("\n## Try it\n")[2]
    assert re.search(r"```sh\n.*curl ", tried, re.DOTALL)


def test_the_steps_are_those_of_the_pages() -> None:
    """After a page was changed: `python -m devstack.set_up_steps`."""
    assert STEPS_FILE.read_text(encoding="utf-8") == all_steps()


def test_the_index_leads_to_the_page_of_every_kind() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[`([a-z-]+)`\]\(([a-z-]+)\.md\) \|", index, re.MULTILINE)
    assert listed == [(kind.value, kind.value) for kind in SourceKind]


def test_there_are_no_other_pages() -> None:
    names = {path.stem for path in Path(PAGES).glob("*.md")} - {"README"}
    assert names == {kind.value for kind in SourceKind}


def test_steps_have_the_url_and_the_secret_in_them() -> None:
    key = "src_1.key"
    steps = set_up_steps(SourceKind.NATIVE, "https://in.example/v1/events", key)
    assert f"`{key}`" in steps[0]
    assert "`https://in.example/v1/events`" in steps[1]
    assert "<secret>" in set_up_steps(SourceKind.NATIVE, "https://in.example", None)[0]


def test_a_step_may_have_several_lines() -> None:
    page = "# X\n\n## Set up\n\n1. One\n   and more.\n2. Two.\n\n## What arrives\n\n1. Not this.\n"
    assert steps_of(page) == ["One and more.", "Two."]
