"""infra/template.yaml as plain data, for the tests that hold it to the code."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent


class _Loader(yaml.SafeLoader):
    """Knows CloudFormation's short forms: `!GetAtt A.B` is {"GetAtt": "A.B"}."""


def _short_form(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    match node:
        case yaml.SequenceNode():
            return {name: loader.construct_sequence(node, deep=True)}
        case yaml.MappingNode():
            return {name: loader.construct_mapping(node, deep=True)}
        case _:
            return {name: node.value}


_Loader.add_multi_constructor("!", _short_form)


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of one type (such as "AWS::DynamoDB::Table"), by logical name."""
    template = yaml.load((ROOT / "infra" / "template.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def handlers() -> dict[str, str]:
    """The `Handler` of each function, by the name of its package: {"ingest": "functions.…"}."""
    paths = [
        function["Properties"]["Handler"]
        for function in resources("AWS::Serverless::Function").values()
    ]
    return {path.split(".")[1]: path for path in paths}
