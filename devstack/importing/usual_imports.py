"""Maps of the files that systems export their history as, and of plain tables of records."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from devstack.importing.import_maps import ImportMap, Operation, RowChange
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.record_changes import Op
from shared.metrics.domain.source_kinds import SourceKind

SALESFORCE_HISTORY: Final = "salesforce-history"
HUBSPOT_HISTORY: Final = "hubspot-history"
PIPEDRIVE: Final = "pipedrive"


class Asked(NamedTuple):
    """What a command line says instead of a map; `""` where it says nothing."""

    object: str = ""
    record: str = ""
    at: str = ""
    created: str = ""
    actor: str = ""


def table_map(asked: Asked) -> ImportMap:
    """A table of records, one a row, as they were written at a time: each is a SNAPSHOT then, and
    was created when `created` says, if that is a column.
    """
    if not (asked.object and asked.record and asked.at):
        message = "say what the rows are: --object, --record and --at, or a --map"
        raise BadInputError(message, field="object")
    states = RowChange(
        object=asked.object,
        record=asked.record,
        at=asked.at,
        op=Op.SNAPSHOT,
        actor=asked.actor,
        set_prefix="",
    )
    created = RowChange(object=asked.object, record=asked.record, at=asked.created, op=Op.CREATE)
    return ImportMap(changes=[created, states] if asked.created else [states])


def _salesforce_history(asked: Asked) -> ImportMap:
    """Field history of one object: of `Opportunity` the table `OpportunityFieldHistory`, of others
    such as `Case` `CaseHistory`. Rows of the field `created` tell when the record was made.
    """
    if not asked.object:
        raise BadInputError("say whose history it is: --object Opportunity", field="object")
    row = RowChange(
        object=asked.object,
        record=asked.record or f"{asked.object.removesuffix('__c')}Id",
        at=asked.at or "CreatedDate",
        actor=asked.actor or "CreatedById",
        people_of=SourceKind.SALESFORCE.value,
        op=Operation("Field", {"created": Op.CREATE}),
    )
    moved = RowChange(
        object=row.object,
        record=row.record,
        at=row.at,
        actor=row.actor,
        people_of=row.people_of,
        field="Field",
        value="NewValue",
        was_value="OldValue",
    )
    return ImportMap(changes=[row, moved])


def _hubspot_history(asked: Asked) -> ImportMap:
    """Records as the API answers them with `propertiesWithHistory`, one a line."""
    if not asked.object:
        raise BadInputError("say what the records are: --object deal", field="object")
    made = RowChange(
        object=asked.object,
        record="id",
        at="timestamp",
        op=Op.CREATE,
        when={"property": ["createdate"]},
    )
    moved = RowChange(
        object=asked.object,
        record="id",
        at="timestamp",
        actor="updatedByUserId",
        people_of=SourceKind.HUBSPOT.value,
        field="property",
        value="value",
    )
    return ImportMap(changes=[made, moved], histories="propertiesWithHistory")


def _pipedrive(_asked: Asked) -> ImportMap:
    """Bodies of webhooks, one a line: `data` is the record as it is, `previous` what the fields
    that changed held before.
    """
    ops = {"create": Op.CREATE, "change": Op.UPDATE, "delete": Op.DELETE}
    change = RowChange(
        object_from="meta.entity",
        record="meta.entity_id",
        at="meta.timestamp",
        actor="meta.user_id",
        people_of=SourceKind.PIPEDRIVE.value,
        op=Operation("meta.action", ops),
        set_prefix="data.",
        was_prefix="previous.",
    )
    return ImportMap(changes=[change])


USUAL: Final[Mapping[str, Callable[[Asked], ImportMap]]] = {
    SALESFORCE_HISTORY: _salesforce_history,
    HUBSPOT_HISTORY: _hubspot_history,
    PIPEDRIVE: _pipedrive,
}
"""By the name that stands in place of a map."""
