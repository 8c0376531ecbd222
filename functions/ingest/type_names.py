"""What the names of senders' events say: `contact.created`, `customer.subscription.deleted`."""

from typing import Final

from shared.metrics.domain.record_changes import Op

_OPS: Final = {
    "created": Op.CREATE,
    "added": Op.CREATE,
    "updated": Op.UPDATE,
    "changed": Op.UPDATE,
    "deleted": Op.DELETE,
    "removed": Op.DELETE,
    "restored": Op.RESTORE,
    "undeleted": Op.RESTORE,
    "merged": Op.MERGE,
}


def object_and_op(name: str) -> tuple[str, Op | None]:
    """The type of record and what was done to it; None if the last part of the name does not say:
    `invoice.paid` is of an `invoice`.
    """
    record, _, verb = name.rpartition(".")
    return record or name, _OPS.get(verb.lower())
