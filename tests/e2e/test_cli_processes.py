"""Several processes at once, and processes that are ended in the middle."""

import http.client
import json
import os
import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.devstack.command_line import PATIENCE_SECONDS, CommandLine
from tests.unit.devstack.events import delivery, event

if TYPE_CHECKING:
    import subprocess

MAPPED = ("--user", "who", "--time", "when", "--feature", "what")
FIRST_MS = 1_700_000_000_000
HEADER = "who,when,what\n"
HITS = '{ home(range: {from: "2023-11-01", to: "2023-11-20"}) { totalHits { value } } }'


def rows(number: int) -> str:
    return "".join(f"u{at % 50},{FIRST_MS + at * 2_000},F{at % 9}\n" for at in range(number))


def tenant(data_dir: Path, zone: str = "Europe/Rome") -> CommandLine:
    crm = CommandLine(data_dir)
    crm.run("tenant", "create", "acme", "--time-zone", zone)
    return crm


def days_of(data_dir: Path, file: Path, zone: str = "Europe/Rome") -> dict[str, str]:
    """The days of an undisturbed import."""
    crm = tenant(data_dir, zone)
    crm.run("import", file, "--tenant", "acme", *MAPPED)
    crm.run("aggregate")
    return crm.days("acme")


@pytest.mark.parametrize("zone", ["Europe/Rome", "Asia/Tokyo"])
def test_parts_of_a_file_may_be_imported_at_once_while_days_are_folded(
    tmp_path: Path, zone: str
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(HEADER + rows(4_000) + rows(50))
    crm = CommandLine(tmp_path / "data")  # the processes make folder, secret and database
    crm.run("tenant", "create", "acme", "--time-zone", zone)
    arguments = ("import", file, "--tenant", "acme", *MAPPED, "--json", "--part")
    with (
        crm.process(*arguments, "1/2") as one,
        crm.process(*arguments, "2/2") as two,
        crm.process("aggregate") as folding,
    ):
        parts = [process.communicate() for process in (one, two)]
        folding.communicate()
        assert [one.returncode, two.returncode, folding.returncode] == [0, 0, 0], parts
    assert [json.loads(out)["accepted"] for out, _ in parts] == [2_025, 2_025]
    crm.run("aggregate")
    assert crm.days("acme") == days_of(tmp_path / "expected", file, zone)


def test_an_import_that_is_killed_loses_nothing_and_can_be_completed(tmp_path: Path) -> None:
    """It is killed while it sends its first 50 000 rows, or waits for more from a pipe."""
    content = HEADER + rows(51_000)
    crm = tenant(tmp_path / "data")
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    arguments = ("import", pipe, "--tenant", "acme", *MAPPED)
    with crm.process(*arguments) as process, pipe.open("w") as feed:
        feed.write(content)
        feed.flush()
        assert process.stderr is not None
        line = process.stderr.readline()
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    acknowledged = int(line.split()[0].replace(",", ""))
    folded = crm.run("aggregate", "--json").document()
    assert 0 < acknowledged <= folded["rows"] <= 51_000

    file = tmp_path / "rows.csv"
    file.write_text(content)
    again = crm.run("import", file, "--tenant", "acme", *MAPPED, "--json").document()
    assert again["accepted"] == 51_000
    crm.run("aggregate")
    assert crm.days("acme") == days_of(tmp_path / "expected", file)


def test_an_import_that_is_interrupted_says_so_in_one_line(tmp_path: Path) -> None:
    crm = tenant(tmp_path / "data")
    pipe = tmp_path / "rows.csv"
    os.mkfifo(pipe)
    # Opening the pipe waits for the import to open its other end; that one then waits for rows.
    with (
        crm.process("import", pipe, "--tenant", "acme", *MAPPED) as process,
        pipe.open("w") as feed,
    ):
        feed.write(HEADER + rows(10))
        feed.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "", "interrupted\n")
    pipe.unlink()
    pipe.write_text(HEADER + rows(10))
    assert crm.days("acme") == {}
    crm.run("import", pipe, "--tenant", "acme", *MAPPED)
    assert crm.run("aggregate", "--json").document()["rows"] == 10


def test_a_terminal_that_is_not_utf8_is_shown_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    crm = CommandLine(tmp_path / "data")
    crm.run("tenant", "create", "büro", "--time-zone", "UTC")
    for arguments in (["tenant", "list"], ["tenant", "list", "--json"], ["token", "--tenant", "ü"]):
        with crm.process(*arguments) as process:
            out, err = process.communicate()
        assert "\\xfc" in out + err
        assert "unexpected" not in err


class Client:
    """Speaks to a server that has said where it is."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.fullmatch(r"serving http://127\.0\.0\.1:(\d+) .*\n", line)
        assert found, line
        self.port = int(found[1])

    def post(self, path: str, body: bytes, bearer: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {"content-type": "application/json", "authorization": f"Bearer {bearer}"}
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        answer = response.status, json.loads(response.read())
        connection.close()
        return answer

    def hits(self, token: str) -> int:
        status, answer = self.post("/graphql", json.dumps({"query": HITS}).encode(), token)
        assert status == 200, answer
        value: int = answer["data"]["home"]["totalHits"]["value"]
        return value


def test_a_server_takes_events_answers_questions_and_ends_cleanly(tmp_path: Path) -> None:
    crm = tenant(tmp_path / "data", "UTC")
    key = crm.run("source", "create", "--tenant", "acme", "--json").document()["secret"]
    token = crm.run("token", "--tenant", "acme").out.strip()
    with crm.process("serve", "--port", 0) as process:
        client = Client(process)
        for number in range(1, 4):
            status, counts = client.post("/v1/events", delivery(event(number)), key)
            assert (status, counts["accepted"]) == (200, 1)
            assert client.hits(token) == number
        assert client.post("/v1/events", delivery(event()), "wrong")[0] == 401
        assert client.post("/graphql", b"{}", "wrong")[0] == 401
        assert client.post("/v1/events", b"x" * 1_000_001, key)[0] == 413

        assert (
            f"port {client.port} is in use" in crm.run("serve", "--port", client.port, status=1).err
        )
        doctor = crm.run("doctor", "--port", client.port)
        assert f"our server answers at http://127.0.0.1:{client.port}" in doctor.out

        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "", "stopped\n")


def test_a_server_folds_what_is_dirty(tmp_path: Path) -> None:
    crm = tenant(tmp_path / "data", "UTC")
    file = tmp_path / "rows.csv"
    file.write_text(HEADER + rows(10))
    crm.run("import", file, "--tenant", "acme", *MAPPED)
    with crm.process("serve", "--port", 0) as process:
        Client(process)
        patience = time.monotonic() + PATIENCE_SECONDS
        while not crm.days("acme"):
            assert time.monotonic() < patience
        process.send_signal(signal.SIGINT)
        process.communicate()
        assert process.returncode == 0
    assert list(crm.days("acme")) == ["2023-11-14"]


def test_what_a_server_acknowledged_survives_its_death(tmp_path: Path) -> None:
    crm = tenant(tmp_path / "data", "UTC")
    key = crm.run("source", "create", "--tenant", "acme", "--json").document()["secret"]
    token = crm.run("token", "--tenant", "acme").out.strip()
    with crm.process("serve", "--port", 0) as process:
        client = Client(process)
        for number in range(20):
            at = event(20, record_id=str(number))
            assert client.post("/v1/events", delivery(at), key)[0] == 200
        process.kill()
        process.communicate()
    with crm.process("serve", "--port", 0) as process:
        assert Client(process).hits(token) == 20
