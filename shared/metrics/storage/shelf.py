"""A bounded collection of saved objects of one kind and tenant."""

import re
from collections.abc import Callable
from secrets import token_hex
from typing import Any, Final, Generic, TypeVar

import msgspec

from shared.metrics.domain.errors import BadInputError, ConflictError, NotFoundError
from shared.metrics.domain.roles import Viewer
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store, Table
from shared.metrics.storage.saved_objects import SavedObject

MAX_OF_TENANT: Final = 1_000
MAX_OF_OWNER: Final = 200
"""So that one person cannot take all the room. What is made at the same instant may exceed both."""

_ID_BYTES: Final = 12
_ID: Final = re.compile(f"[0-9a-f]{{{2 * _ID_BYTES}}}")

S = TypeVar("S", bound=SavedObject)


class Shelf(Generic[S]):
    """Saved objects of one kind, by id."""

    def __init__(
        self, store: Store, tenant: str, type_: type[S], name: str, clock: Callable[[], int]
    ) -> None:
        """`name` is what messages call one of them; `clock` tells milliseconds UTC."""
        self._store = store
        self._tenant = tenant
        self._type = type_
        self.name = name
        self.kind = type_.__name__
        self._clock = clock
        self._decoder = msgspec.json.Decoder(type_)

    def all(self) -> list[S]:
        """Every one of the tenant, whoever may see it, by id."""
        partition = keys.library_partition(self._tenant, self.kind)
        found = self._store.query(Table.EVENTS, partition)
        return [self._decoder.decode(item.body) for item in found]

    def visible_to(self, viewer: Viewer) -> list[S]:
        """Those that someone may see, by id."""
        return [saved for saved in self.all() if saved.is_visible_to(viewer)]

    def get(self, id_: str, viewer: Viewer) -> S:
        """One of them. NotFoundError, the same, if there is none or not for this viewer."""
        if not _ID.fullmatch(id_):
            raise self.not_found()
        item = self._store.get(keys.library_key(self._tenant, self.kind, id_))
        saved = None if item is None else self._decoder.decode(item.body)
        if saved is None or not saved.is_visible_to(viewer):
            raise self.not_found()
        return saved

    def create(self, owner: str, **content: Any) -> S:  # noqa: ANN401 - the fields of S
        """Save a new one. BadInputError if the owner or the tenant has as many as may be."""
        owners = [saved.owner for saved in self.all()]
        for number, most, whose in (
            (owners.count(owner), MAX_OF_OWNER, "of yours"),
            (len(owners), MAX_OF_TENANT, "here"),
        ):
            if number >= most:
                message = f"there are {number} {self.name}s {whose} already; delete one first"
                raise BadInputError(message)
        now_ms = self._clock()
        saved = self._type(
            id=token_hex(_ID_BYTES),
            owner=owner,
            created_at_ms=now_ms,
            changed_at_ms=now_ms,
            version=now_ms,
            **content,
        )
        if not self._store.put_if(self._item(saved), expected_version=None):
            raise ConflictError(f"the id of the new {self.name} is taken; try again")
        return saved

    def update(self, saved: S, expected_version: int, **content: Any) -> S:  # noqa: ANN401 - likewise
        """Replace the content. ConflictError if someone else has changed it since that version,
        NotFoundError if it was deleted.
        """
        now_ms = self._clock()
        changed = msgspec.structs.replace(
            saved,
            changed_at_ms=now_ms,
            version=max(now_ms, expected_version + 1),
            **content,
        )
        if self._store.put_if(self._item(changed), expected_version=expected_version):
            return changed
        if self._store.get(self._item(saved).key) is None:
            raise self.not_found()
        raise ConflictError(
            f"the {self.name} is no longer at version {expected_version}; read it again, and "
            "repeat the change"
        )

    def delete(self, saved: S) -> None:
        """Delete it; an update that comes later finds nothing."""
        self._store.delete_many([self._item(saved).key])

    def _item(self, saved: S) -> Item:
        key = keys.library_key(self._tenant, self.kind, saved.id)
        return Item(key, msgspec.json.encode(saved), saved.version)

    def not_found(self) -> NotFoundError:
        """The error that says so, the same for every cause."""
        return NotFoundError(f"there is no such {self.name}")
