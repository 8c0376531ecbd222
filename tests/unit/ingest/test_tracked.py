"""What is kept of the properties of a tracked event."""

from functions.ingest.contexts import LEFT_OUT
from functions.ingest.tracked import context_of_properties


def test_a_place_is_not_kept_twice() -> None:
    properties = {"module": "Deals", "record_id": "d7", "amount": 5, "note": ""}
    assert context_of_properties(properties) == {"amount": 5}


def test_what_sdks_add_of_themselves_is_not_kept() -> None:
    properties = {"$lib": "node", "$os": "Linux", "$pathname": "/deals", "$set": {"role": "x"}}
    assert context_of_properties(properties, {"$pathname"}) == {}
    assert context_of_properties(properties) == {"$pathname": "/deals"}


def test_what_is_too_large_is_named_instead() -> None:
    """Case 23."""
    kept = context_of_properties({"small": 1, "large": "x" * 40_000})
    assert kept == {"small": 1, LEFT_OUT: ["large"]}
