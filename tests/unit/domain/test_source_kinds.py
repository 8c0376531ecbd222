"""The kinds of sources."""

import pytest

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.source_kinds import KINDS, SourceKind, kind_of, kinds_at


def test_every_kind_is_known_by_name_and_has_facts() -> None:
    assert [kind_of(kind.value) for kind in SourceKind] == list(KINDS)


def test_another_kind_is_an_error_that_lists_those_that_there_are() -> None:
    with pytest.raises(BadInputError, match="'sugar'; there are zoho, salesforce"):
        kind_of("sugar")


def test_kinds_are_found_by_the_paths_that_their_clients_post_to() -> None:
    assert kinds_at("/v1/batch") == (SourceKind.SEGMENT, SourceKind.RUDDERSTACK)
    assert kinds_at("/batch") == (SourceKind.POSTHOG, SourceKind.AMPLITUDE)
    assert kinds_at("/v1/events") == (SourceKind.NATIVE, SourceKind.FILE)
    assert kinds_at("/v2/batch") == ()
