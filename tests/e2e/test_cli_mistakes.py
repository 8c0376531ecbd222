"""Every mistake is one clear line on standard error, a status that is not 0, and no trace."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from devstack.environment import DATABASE_FILE
from devstack.server import listening
from tests.unit.devstack.command_line import CommandLine, Ran

ROWS = "who,when,what\nann,2023-11-19T10:00:00Z,Leads\n"
MAPPED = ("--user", "who", "--time", "when", "--feature", "what")


@pytest.fixture
def crm(tmp_path: Path) -> CommandLine:
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "acme", "--time-zone", "UTC")
    return crm


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return path


def assert_told(ran: Ran, message: str, status: int = 1) -> None:
    assert ran.status == status, ran
    assert ran.out == ""
    assert ran.err.startswith("error: ")
    assert ran.err.count("\n") == 1
    assert message in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "{ __typename }", "--tenant", "beta"], "no tenant 'beta'"),
        (["token", "--tenant", "beta"], "no tenant 'beta'"),
        (["aggregate", "--tenant", "beta"], "no tenant 'beta'"),
        (["inspect", "--tenant", "beta", "--day", "2023-11-19"], "no tenant 'beta'"),
        (["inspect", "--tenant", "beta", "--kind", "quarantine"], "no tenant 'beta'"),
        (["source", "create", "--tenant", "beta"], "no tenant 'beta'"),
        (["source", "create", "--tenant", "acme", "--kind", "sugar"], "there are zoho, salesforce"),
        (["token", "--tenant", "acme", "--role", "king"], "admin, manager, rep"),
        (["tenant", "create", "acme", "--time-zone", "Asia/Tokyo"], "'acme' exists already"),
        (["tenant", "create", "beta", "--time-zone", "Mars"], "unknown time zone 'Mars'"),
        (["tenant", "create", "", "--time-zone", "UTC"], "1 to 100 printable characters"),
        (["aggregate", "--from", "2026-02-30"], "--from '2026-02-30' is not a day"),
        (["aggregate", "--to", "20231119"], "--to '20231119' is not a day"),
        (["aggregate", "--from", "2023-11-20", "--to", "2023-11-19"], "reversed"),
        (["inspect", "--tenant", "acme"], "say which day with --day"),
        (["inspect", "--tenant", "acme", "--day", "today"], "'today' is not a day"),
        (["inspect", "--tenant", "acme", "--day", "2023-11-19"], "no events on 2023-11-19"),
        (["inspect", "--tenant", "acme", "--day", "2023-11-19", "--kind", "x"], "no kind 'x'"),
        (["inspect", "--tenant", "acme", "--day", "directory", "--canonical"], "for days"),
        (["query", "home"], "'home' is neither GraphQL nor a file"),
        (["query", "{ __typename }", "--variables", "{"], "--variables is not JSON"),
        (["query", "{ __typename }", "--variables", "[1]"], "no JSON object"),
    ],
)
def test_what_does_not_exist_or_is_misspelt(
    crm: CommandLine, arguments: list[str], message: str
) -> None:
    assert_told(crm.attempt(*arguments), message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tenant", "create", "beta"], "--time-zone"),
        (["import"], "FILE"),
        (["serve", "--port", "70000"], "--port"),
        (["serve", "--port", "http"], "--port"),
        (["query", "{ __typename }", "--colour", "red"], "--colour"),
        (["dance"], "dance"),
    ],
)
def test_a_command_line_that_cannot_be(
    crm: CommandLine, arguments: list[str], message: str
) -> None:
    assert_told(crm.attempt(*arguments), message, status=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--user", "wer"], "no column 'wer' (--user); its columns are: who, when, what"),
        (["--record", "case"], "no column 'case' (--record)"),
        (["--const", "feature=x"], "feature has both a column"),
        (["--const", "colour=red"], "--const 'colour=red' is not name=value"),
        (["--const", "signal=click"], "signal is one of ACTION, CHANGE, SYSTEM"),
        (["--time-zone", "Mars"], "unknown time zone 'Mars'"),
        (["--part", "0/2"], "--part '0/2' is no part"),
        (["--part", "3/2"], "--part '3/2' is no part"),
        (["--part", "half"], "--part 'half' is no part"),
        (["--tenant", "beta"], "no tenant 'beta'"),
    ],
)
def test_an_import_that_cannot_be(
    crm: CommandLine, file: Path, options: list[str], message: str
) -> None:
    assert_told(crm.attempt("import", file, "--tenant", "acme", *MAPPED, *options), message)


def test_an_import_without_a_time(crm: CommandLine, file: Path) -> None:
    ran = crm.attempt("import", file, "--tenant", "acme", "--user", "who", "--feature", "what")
    assert_told(ran, "--time COLUMN")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\0\0", "binary data"),
        (b"when;who;what\n1;2;3\n", "its columns are: when;who;what"),
        (b"who,when,what\nann,2023-11-19 10:00:00,Leads\n", "--time-zone says"),
        (gzip.compress(ROWS.encode(), mtime=0)[:-12], "cut off or damaged"),
    ],
)
def test_a_file_that_is_none(
    crm: CommandLine, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    assert_told(crm.attempt("import", path, "--tenant", "acme", *MAPPED), message)


def test_a_file_that_is_not_there(crm: CommandLine, tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        ran = crm.attempt("import", path, "--tenant", "acme", *MAPPED)
        assert_told(ran, f"the file {path} cannot be read")


def test_a_day_that_is_not_folded_yet(crm: CommandLine, file: Path) -> None:
    crm.run("import", file, "--tenant", "acme", *MAPPED)
    ran = crm.attempt("inspect", "--tenant", "acme", "--day", "2023-11-19", "--canonical")
    assert_told(ran, "`crm-metrics aggregate` does it")


def test_malformed_graphql_is_answered_and_told(crm: CommandLine) -> None:
    ran = crm.run("query", "{ home", status=1)
    assert ran.document()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert ran.err == "error: Syntax Error: Expected Name, found <EOF>.\n"


def test_a_query_without_saying_whose(tmp_path: Path) -> None:
    crm = CommandLine(tmp_path / "data")
    assert_told(crm.attempt("query", "{ __typename }"), "there is no tenant yet")
    for name in ("acme", "beta"):
        crm.run("tenant", "create", name, "--time-zone", "UTC")
    assert_told(crm.attempt("query", "{ __typename }"), "2 tenants: acme, beta")


def test_a_port_in_use(crm: CommandLine) -> None:
    with listening(0) as taken:
        port = taken.getsockname()[1]
        assert_told(crm.attempt("serve", "--port", port), f"port {port} is in use")


@pytest.mark.parametrize("folder", ["/dev/null", "/dev/null/data"])
def test_a_data_folder_that_cannot_be(folder: str) -> None:
    ran = CommandLine(Path(folder)).attempt("tenant", "list")
    assert_told(ran, f"the data folder {folder} cannot be made")


def test_a_data_folder_that_is_not_writable(
    crm: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As root everything is writable, so the answer of the system is made up.
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    assert_told(crm.attempt("tenant", "list"), "is not writable; give another with --data-dir")


def test_a_spoilt_secret(crm: CommandLine) -> None:
    (crm.data_dir / "secret.key").write_text("x")
    assert_told(crm.attempt("tenant", "list"), "64 hexadecimal digits")


def test_a_store_that_is_locked(crm: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.metrics.storage.sqlite._BUSY_SECONDS", 0.05)
    database = crm.data_dir / DATABASE_FILE
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert_told(crm.attempt("tenant", "list"), "locked by another process")


def test_a_database_that_is_none(crm: CommandLine) -> None:
    (crm.data_dir / DATABASE_FILE).write_bytes(b"no database" * 1_000)
    assert_told(crm.attempt("tenant", "list"), "is damaged, or no SQLite database")


def test_a_day_that_cannot_be_folded(
    crm: CommandLine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("of all things")

    crm.run("import", file, "--tenant", "acme", *MAPPED)
    monkeypatch.setattr("functions.aggregate.handler.work", fail)
    told = "error: 1 units could not be folded; `crm-metrics --debug aggregate` shows why"
    assert crm.run("aggregate", status=1).err == f"{told} (2023-11-19 of acme)\n"
    assert "of all things" in crm.run("--debug", "aggregate", status=1).err


def test_what_nobody_expected_is_told_with_where_the_details_are(
    crm: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("of\nall things")

    monkeypatch.setattr("devstack.stack.LocalStack.tenant", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = crm.run("query", "{ __typename }", status=1)
    assert ran.err.startswith("unexpected error: ZeroDivisionError: of all things (details: ")
    assert ran.err.count("\n") == 1
    (details,) = tmp_path.glob("crm-metrics-error-*.txt")
    assert str(details) in ran.err
    assert "Traceback" in details.read_text()
    assert "Traceback" in crm.run("--debug", "query", "{ __typename }", status=1).err
