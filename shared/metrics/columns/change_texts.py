"""Changes of records as canonical JSON: sorted keys, no white space, usual values left out."""

import msgspec

from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value


class _Stated(msgspec.Struct, gc=False):
    """What such a text holds: the fields of a `RecordChange`, in their order."""

    object: str
    op: Op
    set: dict[str, Value] = {}
    was: dict[str, Value] = {}
    sequence: int | None = None
    merged_into: str = ""
    precision: Precision = Precision.EXACT


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(_Stated)


def text_of(change: RecordChange) -> str:
    """The change as `Event.change` keeps it (docs/data-model.md)."""
    stated: dict[str, str | int | Op | Precision | dict[str, Value]] = {
        "object": change.object,
        "op": change.op,
    }
    if change.set:
        stated["set"] = dict(change.set)
    if change.was:
        stated["was"] = dict(change.was)
    if change.sequence is not None:
        stated["sequence"] = change.sequence
    if change.merged_into:
        stated["merged_into"] = change.merged_into
    if change.precision is not Precision.EXACT:
        stated["precision"] = change.precision
    return _encoder.encode(stated).decode()


def change_of(text: str) -> RecordChange:
    """The change of such a text; ValueError if it is none."""
    return RecordChange(*msgspec.structs.astuple(_decoder.decode(text)))
