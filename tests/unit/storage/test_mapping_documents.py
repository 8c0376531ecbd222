"""Mappings as people write them."""

import pytest

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.event_mapping import EventMapping, MappingRule
from shared.metrics.domain.record_changes import Op
from shared.metrics.storage.mapping_documents import MAX_RULES, mapping_of, text_of

DOCUMENT = (
    '{"rules":[{"name":"deal.*","where":{"set.stage":["won"]},"action":"win"},'
    '{"object":"Weather__c","op":"CREATE","feature":["$.a.b","Forecasts"],"property":""}]}'
)


def test_a_document_is_read_and_written_alike() -> None:
    mapping = mapping_of(DOCUMENT)
    assert mapping == EventMapping(
        (
            MappingRule(name="deal.*", where={"set.stage": ("won",)}, action="win"),
            MappingRule(
                object="Weather__c",
                op=Op.CREATE,
                feature=("$.a.b", "Forecasts"),
                property="",
            ),
        )
    )
    assert text_of(mapping) == DOCUMENT


def test_without_rules_there_is_no_mapping() -> None:
    assert mapping_of('{"rules": []}') is None
    assert text_of(None) == '{"rules":[]}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "Expected `object`"),
        ("{", "truncated"),
        ("{}", "missing required field `rules`"),
        ('{"rules": [{"feture": "x"}]}', "unknown field `feture`"),
        ('{"rules": [{"name": "x"}]}', "rule 1 says none of feature"),
        ('{"rules": [{"feature": "x", "op": "MAKE"}]}', "Invalid enum value 'MAKE'"),
        ('{"rules": [{"feature": "$.a..b"}]}', "no path"),
        ('{"rules": [{"feature": ["x", "$."]}]}', "no path"),
        ('{"rules": [{"feature": "x", "where": {"": ["y"]}}]}', "no path"),
        ('{"rules": [{"feature": "x", "where": {"a": "y"}}]}', "Expected `array`"),
        ('{"rules": [{"feature": 7}]}', "Expected `str | array | null`"),
        ('{"rules": [{"feature": "\ud800"}]}', "utf-8"),
        ("[" * 20_000, "Expected `object`"),
        ('{"rules": [' + ",".join(['{"feature":"x"}'] * (MAX_RULES + 1)) + "]}", "501 rules"),
        (" " * 32_001, "32,001 bytes"),
    ],
)
def test_what_is_no_mapping_says_why(text: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        mapping_of(text)
    assert refused.value.field == "mapping"
