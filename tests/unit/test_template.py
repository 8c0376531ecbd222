"""The cloud's template says what the code is, and gives each function no more than it needs."""

import ast
from typing import Any

import pytest

from devstack.deliveries import BATCH
from functions.ingest.packing import SETTLED_AFTER_MS
from functions.ingest.store_queue import MAX_RECEIVES
from infra.package import FUNCTIONS
from shared.metrics.domain.quarantine_reasons import Reason
from shared.metrics.observability import NAMESPACE
from shared.metrics.storage import keys
from tests.sam_template import ROOT, handlers, resources

READ = {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
WRITE = {"dynamodb:BatchWriteItem", "dynamodb:PutItem"}
CHANGE = {"dynamodb:DeleteItem", "dynamodb:UpdateItem"}
BOTH_TABLES = {"EventsTable.Arn", "MetricsTable.Arn"}


def test_every_function_has_an_artifact() -> None:
    assert set(handlers()) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_handler_is_in_the_repository(function: str) -> None:
    module, _, attribute = handlers()[function].rpartition(".")
    source = ROOT.joinpath(*module.split(".")).with_suffix(".py")

    assert attribute in _top_level_names(ast.parse(source.read_text()))


def _top_level_names(module: ast.Module) -> set[str]:
    names = set()
    for statement in module.body:
        match statement:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_names_its_actions_and_resources(function: str) -> None:
    for statement in _statements(function):
        assert "*" not in str(statement["Action"])
        assert "*" not in str(statement["Resource"])


@pytest.mark.parametrize(
    ("function", "actions", "tables"),
    [
        ("ingest", READ | WRITE, {"EventsTable.Arn"}),
        ("aggregate", READ | WRITE | CHANGE, BOTH_TABLES),
        ("graphql", READ, BOTH_TABLES),
    ],
)
def test_a_function_may_do_with_the_tables_what_it_does(
    function: str, actions: set[str], tables: set[str]
) -> None:
    (statement,) = [s for s in _of_tables(function) if "Condition" not in s]

    assert set(_as_list(statement["Action"])) == actions
    assert {resource["GetAtt"] for resource in _as_list(statement["Resource"])} == tables


def test_secrets_of_sources_are_sealed_by_one_function_and_opened_by_another() -> None:
    allowed = {
        function: [s["Action"] for s in _statements(function) if "kms:" in str(s["Action"])]
        for function in FUNCTIONS
    }

    assert allowed == {"ingest": ["kms:Decrypt"], "aggregate": [], "graphql": ["kms:Encrypt"]}


def test_graphql_writes_what_people_save_and_settings_and_nothing_else() -> None:
    limited = {f: [s for s in _of_tables(f) if "Condition" in s] for f in FUNCTIONS}
    (statement,) = limited.pop("graphql")

    assert set(_as_list(statement["Action"])) == WRITE
    assert statement["Resource"]["GetAtt"] == "EventsTable.Arn"
    saved, replays, source, sources, *whole = statement["Condition"]["ForAllValues:StringLike"][
        "dynamodb:LeadingKeys"
    ]
    assert keys.library_partition("any tenant", "Segment").startswith(saved.removesuffix("*"))
    assert keys.replay_partition("any tenant").startswith(replays.removesuffix("*"))
    assert keys.source_key("any source").partition.startswith(source.removesuffix("*"))
    assert keys.sources_partition("any tenant").startswith(sources.removesuffix("*"))
    assert (saved, replays) == ("library#*", "replay#*")
    assert (source, sources) == ("source#*", "sources#*")
    assert whole == [
        keys.tenant_key("any tenant").partition,
        keys.refolds_partition(),
        keys.replays_partition(),
    ]
    assert not any(limited.values())


def test_only_graphql_reads_the_token_key() -> None:
    readers = [f for f in FUNCTIONS if any("ssm:" in str(s["Action"]) for s in _statements(f))]

    assert readers == ["graphql"]


@pytest.mark.parametrize("table", ["EventsTable", "MetricsTable"])
def test_a_table_expires_items_is_encrypted_and_outlives_the_stack(table: str) -> None:
    resource = resources("AWS::DynamoDB::Table")[table]

    properties = resource["Properties"]
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_rows_of_another_organization_raise_an_alarm() -> None:
    """Case 10."""
    alarm = resources("AWS::CloudWatch::Alarm")["OtherTenantAlarm"]["Properties"]

    assert alarm["MetricName"] == f"Quarantined_{Reason.OTHER_TENANT.value}"
    assert alarm["Namespace"] == NAMESPACE


def test_the_source_of_truth_can_be_restored() -> None:
    events = resources("AWS::DynamoDB::Table")["EventsTable"]["Properties"]

    assert events["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_a_message_is_not_handed_out_again_while_its_worker_may_run() -> None:
    worker = resources("AWS::Serverless::Function")["AggregateFunction"]["Properties"]
    queue = resources("AWS::SQS::Queue")["FoldQueue"]["Properties"]

    assert queue["VisibilityTimeout"] >= 6 * worker["Timeout"]


def test_a_delivery_is_not_handed_out_again_while_its_batch_may_be_stored() -> None:
    function = resources("AWS::Serverless::Function")["IngestFunction"]["Properties"]
    queue = resources("AWS::SQS::Queue")["DeliveryQueue"]["Properties"]
    batch = function["Events"]["Deliveries"]["Properties"]

    window = batch["MaximumBatchingWindowInSeconds"]
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"] + window
    assert queue["RedrivePolicy"]["maxReceiveCount"] == MAX_RECEIVES
    assert batch["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert batch["BatchSize"] == BATCH
    assert 1_000 * queue["VisibilityTimeout"] <= SETTLED_AFTER_MS


def _statements(function: str) -> list[dict[str, Any]]:
    role = resources("AWS::IAM::Role")[f"{function.capitalize()}Role"]["Properties"]
    return [
        statement
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def _of_tables(function: str) -> list[dict[str, Any]]:
    return [s for s in _statements(function) if "dynamodb:" in str(s["Action"])]


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
