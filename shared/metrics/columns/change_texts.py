"""Changes of records as canonical JSON: sorted keys, no white space, usual values left out."""

import msgspec

from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(RecordChange)


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
    return _decoder.decode(text)
