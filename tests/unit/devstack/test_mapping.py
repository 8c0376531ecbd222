"""Which column fills which field."""

import pytest

from devstack.importing.mapping import mapping_of
from shared.metrics.domain.errors import BadInputError

COLUMNS = {"user": "who", "time": "when", "feature": "what"}


def test_what_is_not_mapped_has_its_default() -> None:
    mapping = mapping_of(COLUMNS | {"action": None}, ["record_id=r", "signal=CHANGE"])
    assert mapping.columns == COLUMNS
    assert mapping.constants == {
        "property": "",
        "attribute": "",
        "action": "use",
        "record": "r",
        "account": "",
        "signal": "CHANGE",
        "actor_kind": "USER",
    }


def test_a_fixed_value_may_hold_an_equals_sign() -> None:
    assert mapping_of(COLUMNS, ["property=a=b"]).constants["property"] == "a=b"


@pytest.mark.parametrize(
    ("columns", "constants", "message"),
    [
        ({"user": "who", "feature": "what"}, [], "--time COLUMN"),
        ({"time": "when", "feature": "what"}, [], "--user COLUMN"),
        ({"time": "when", "user": "who"}, [], "--const feature="),
        (COLUMNS, ["feature=Leads"], "feature has both a column, 'what', and a fixed value"),
        (COLUMNS, ["signal"], "'signal' is not name=value"),
        (COLUMNS, ["colour=red"], "a name of: user, feature, property"),
        (COLUMNS, ["time=now"], "a name of: user, feature, property"),
        (COLUMNS, ["signal=change"], "signal is one of ACTION, CHANGE, SYSTEM"),
        (COLUMNS, ["actor_kind=ROBOT"], "actor_kind is one of USER, API, IMPORT, UNKNOWN"),
    ],
)
def test_what_is_no_mapping_is_refused(
    columns: dict[str, str | None], constants: list[str], message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        mapping_of(columns, constants)


def test_a_wrong_column_is_answered_with_the_columns_there_are() -> None:
    mapping = mapping_of(COLUMNS, [])
    mapping.check(["when", "what", "who", "more"], "f.csv")
    with pytest.raises(BadInputError, match=r"f\.csv has no column 'who' .* are: when, what, Who"):
        mapping.check(["when", "what", "Who"], "f.csv")
    with pytest.raises(BadInputError, match=r"2 columns 'when'"):
        mapping.check(["when", "what", "who", "when"], "f.csv")
