"""What people save, on every store: kept by tenant, changed by one at a time, and bounded."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from shared.metrics.domain.calendar_changes import CalendarChanges, Holiday, Weekday
from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.domain.roles import Role, Viewer
from shared.metrics.storage import calendars, shelf
from shared.metrics.storage.library import Library, library_of
from shared.metrics.storage.ports import Store
from shared.metrics.storage.saved_objects import SavedObject, SavedView, ViewName
from shared.metrics.storage.shelf import Shelf
from tests.contract.conftest import Clock

ANN = Viewer("ann", Role.REP)
BOB = Viewer("bob", Role.REP)
CYD = Viewer("cyd", Role.MANAGER)
ADA = Viewer("ada", Role.ADMIN)

VIEW: dict[str, Any] = {"name": "Mine", "view": ViewName.TRENDS, "arguments": '{"top":10}'}
SEGMENT: dict[str, Any] = {"name": "Idle", "definition": '{"hits":0}', "shared_with": (Role.REP,)}
NOTE: dict[str, Any] = {"day": date(2026, 11, 2), "text": "Release 7\nwith Kanban"}

NOWHERE = ["", "x", "0" * 24, "0" * 23, "#", "\ud800", "\0", "0" * 5_000]


@pytest.fixture
def library(store: Store, clock: Clock) -> Library:
    return library_of(store, "acme", clock)


def make_view(library: Library, owner: Viewer = ANN, **content: object) -> SavedView:
    return library.saved_views.create(owner.user_id, **(VIEW | content))


class TestShelves:
    @pytest.mark.parametrize(
        ("shelf_of", "content"),
        [
            (lambda library: library.saved_views, VIEW),
            (lambda library: library.segments, SEGMENT),
            (lambda library: library.annotations, NOTE),
            (lambda library: library.annotations, NOTE | {"category": "Ö#%😀"}),
        ],
    )
    def test_what_was_saved_comes_back_whole(
        self,
        library: Library,
        shelf_of: Callable[[Library], Shelf[SavedObject]],
        content: dict[str, Any],
        clock: Clock,
    ) -> None:
        created = shelf_of(library).create("ann", **content)
        assert shelf_of(library).get(created.id, ANN) == created
        assert shelf_of(library).all() == [created]
        assert {name: getattr(created, name) for name in content} == content
        assert (created.owner, created.created_at_ms) == ("ann", clock.now_ms)

    def test_ids_are_never_the_same(self, library: Library) -> None:
        assert len({make_view(library).id for _ in range(20)}) == 20

    def test_an_update_replaces_the_content_and_nothing_else(
        self, library: Library, clock: Clock
    ) -> None:
        before = make_view(library)
        clock.now_ms += 5
        after = library.saved_views.update(before, before.version, **VIEW | {"name": "Other"})
        assert after.name == "Other"
        assert (after.id, after.owner, after.created_at_ms) == (
            before.id,
            before.owner,
            before.created_at_ms,
        )
        assert after.changed_at_ms == clock.now_ms
        assert after.version > before.version
        assert library.saved_views.get(before.id, ANN) == after

    def test_versions_grow_even_if_the_clock_does_not(self, library: Library, clock: Clock) -> None:
        view = make_view(library)
        for _ in range(3):
            changed = library.saved_views.update(view, view.version, **VIEW)
            assert changed.version > view.version
            view = changed
            clock.now_ms -= 10

    def test_of_two_changes_to_one_version_the_second_is_a_conflict(self, library: Library) -> None:
        view = make_view(library)
        first = library.saved_views.update(view, view.version, **VIEW | {"name": "First"})
        with pytest.raises(ConflictError, match="read it again"):
            library.saved_views.update(view, view.version, **VIEW | {"name": "Second"})
        assert library.saved_views.get(view.id, ANN) == first

    def test_what_was_deleted_is_gone_and_an_update_does_not_bring_it_back(
        self, library: Library
    ) -> None:
        view = make_view(library)
        library.saved_views.delete(view)
        with pytest.raises(NotFoundError):
            library.saved_views.get(view.id, ANN)
        with pytest.raises(NotFoundError):
            library.saved_views.update(view, view.version, **VIEW)
        assert library.saved_views.all() == []

    def test_tenants_do_not_see_each_other(
        self, library: Library, store: Store, clock: Clock
    ) -> None:
        view = make_view(library, shared_with=tuple(Role))
        other = library_of(store, "acme#", clock)
        assert other.saved_views.all() == []
        with pytest.raises(NotFoundError) as foreign:
            other.saved_views.get(view.id, ADA)
        with pytest.raises(NotFoundError) as absent:
            library.saved_views.get("0" * 24, ADA)
        assert str(foreign.value) == str(absent.value)

    def test_kinds_are_apart(self, library: Library) -> None:
        view = make_view(library)
        with pytest.raises(NotFoundError):
            library.segments.get(view.id, ANN)

    @pytest.mark.parametrize("id_", NOWHERE)
    def test_what_is_no_id_is_answered_like_what_does_not_exist(
        self, library: Library, id_: str
    ) -> None:
        with pytest.raises(NotFoundError, match="there is no such saved view"):
            library.saved_views.get(id_, ADA)

    def test_who_may_see_what(self, library: Library) -> None:
        own = make_view(library)
        shared = make_view(library, CYD, shared_with=(Role.REP,))
        private = make_view(library, CYD)
        seen = {
            viewer: [
                view in library.saved_views.visible_to(viewer) for view in (own, shared, private)
            ]
            for viewer in (ANN, BOB, CYD, ADA)
        }
        assert seen == {
            ANN: [True, True, False],
            BOB: [False, True, False],
            CYD: [False, True, True],
            ADA: [True, True, True],
        }
        with pytest.raises(NotFoundError) as hidden:
            library.saved_views.get(private.id, BOB)
        with pytest.raises(NotFoundError) as absent:
            library.saved_views.get("0" * 24, BOB)
        assert str(hidden.value) == str(absent.value)

    def test_a_tenant_and_a_person_have_room_for_so_many(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shelf, "MAX_OF_OWNER", 2)
        monkeypatch.setattr(shelf, "MAX_OF_TENANT", 3)
        mine = [make_view(library), make_view(library)]
        with pytest.raises(BadInputError, match="2 saved views of yours already; delete one"):
            make_view(library)
        make_view(library, BOB)
        with pytest.raises(BadInputError, match="3 saved views here already; delete one"):
            make_view(library, CYD)
        library.saved_views.delete(mine[0])
        make_view(library, CYD)


GERMANY = CalendarChanges(
    "DE",
    "BY",
    (Weekday.FRIDAY, Weekday.SUNDAY),
    (Holiday(date(2026, 12, 24), "Weihnachten"),),
    (date(2026, 12, 27),),
)


class TestWorkingCalendars:
    @pytest.mark.parametrize("changes", [GERMANY, CalendarChanges(None), CalendarChanges("FR")])
    def test_a_calendar_comes_back_whole(self, library: Library, changes: CalendarChanges) -> None:
        stored = library.working_calendars.put(changes, None)
        assert stored.changes == changes
        assert library.working_calendars.get(changes.country) == stored
        assert library.working_calendars.changes() == {changes.country: changes}

    def test_all_stand_by_country_with_the_default_last(self, library: Library) -> None:
        for country in ("FR", None, "ZW", "DE"):
            library.working_calendars.put(CalendarChanges(country), None)
        countries = [stored.changes.country for stored in library.working_calendars.all()]
        assert countries == ["DE", "FR", "ZW", None]

    def test_one_is_written_over_the_version_that_is_expected(self, library: Library) -> None:
        first = library.working_calendars.put(CalendarChanges("DE"), None)
        with pytest.raises(ConflictError, match="there is one already"):
            library.working_calendars.put(GERMANY, None)
        second = library.working_calendars.put(GERMANY, first.version)
        with pytest.raises(ConflictError, match="someone has changed it already"):
            library.working_calendars.put(CalendarChanges("DE"), first.version)
        assert library.working_calendars.get("DE") == second

    def test_a_version_from_before_a_deletion_is_good_for_nothing(
        self, library: Library, clock: Clock
    ) -> None:
        first = library.working_calendars.put(CalendarChanges("DE"), None)
        library.working_calendars.delete("DE")
        with pytest.raises(ConflictError):
            library.working_calendars.put(GERMANY, first.version)
        clock.now_ms += 1
        library.working_calendars.put(CalendarChanges("DE"), None)
        with pytest.raises(ConflictError):
            library.working_calendars.put(GERMANY, first.version)

    @pytest.mark.parametrize("country", ["DE", None, *NOWHERE])
    def test_what_is_not_there_is_not_found(self, library: Library, country: str | None) -> None:
        with pytest.raises(NotFoundError, match="no such working calendar"):
            library.working_calendars.get(country)

    def test_tenants_do_not_see_each_other(
        self, library: Library, store: Store, clock: Clock
    ) -> None:
        library.working_calendars.put(GERMANY, None)
        assert library_of(store, "acme#", clock).working_calendars.all() == []

    def test_there_is_room_for_so_many(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(calendars, "MAX_CALENDARS", 1)
        stored = library.working_calendars.put(CalendarChanges("DE"), None)
        with pytest.raises(BadInputError, match="delete one first"):
            library.working_calendars.put(CalendarChanges("FR"), None)
        library.working_calendars.put(GERMANY, stored.version)
