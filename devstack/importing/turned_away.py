"""Rows of a file that cannot be made events of."""

from enum import Enum


class Why(Enum):
    """Why a row was turned away before it was sent: a closed list, which labels the counts."""

    WRONG_COLUMNS = "wrong_columns"
    BAD_CSV = "bad_csv"
    BAD_JSON = "bad_json"
    BAD_VALUE = "bad_value"
    NOT_UTF8 = "not_utf8"
    LINE_TOO_LONG = "line_too_long"
    MISSING_USER = "missing_user"
    MISSING_FEATURE = "missing_feature"
    MISSING_RECORD = "missing_record"
    BAD_TIME = "bad_time"
    TIME_WITHOUT_ZONE = "time_without_zone"
    TIME_SKIPPED = "time_skipped"


class TurnedAwayError(Exception):
    """One row cannot be mapped; the import goes on."""

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(f"{why.value}: {detail}")
        self.why = why
