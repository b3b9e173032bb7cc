"""Spans of production traffic: received by a real process, killed at any moment, read back, watched, reviewed."""

from __future__ import annotations

import http.client
import io
import json
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.program import Program, Running
from tests.spans import chat, export, protobuf, span

from shipworthy.importers.interface import ColumnMap
from shipworthy.importers.registry import open_file

LAUNCH = """
title: Math helper
candidate: production
variants: {production: {recorded: true}}
decision: {question: "Keep it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: pupil, low: 1, high: 2}]
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: pupils said so}
  scorer: {recorded: user_feedback}
"""
PROMISES = """
- id: right
  criterion: right
  rate: 0.3
  labels: 20
"""
KILLS = 6


@pytest.fixture
def desk(folder) -> Path:
    """A launch after its decision, with a promise about what pupils say of the answers."""
    return folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, promises_yaml=PROMISES)


@contextmanager
def receiving(program: Program, folder: Path, port: int = 0) -> Iterator[tuple[Running, int]]:
    """Run the receiver in a process of its own; at the end it is told to stop, if it still runs."""
    process = program.start("receive", folder, "--port", port, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout is not None
        where = process.stdout.readline()
        assert where.startswith("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:"), process.communicate()
        yield process, int(re.findall(r":(\d+)/", where)[0])
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def post(port: int, body: bytes, kind: str = "application/json") -> int:
    """Send one request, and return the status; an error when there is no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/v1/traces", body, {"content-type": kind})
        reply = connection.getresponse()
        reply.read()
        return reply.status
    finally:
        connection.close()


def received(folder: Path) -> list[Path]:
    """Return the files of what was received."""
    return sorted((folder / ".shipworthy/received").glob("*.jsonl"))


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def test_killed_at_any_moment_nothing_answered_is_lost_and_nothing_counts_twice(
    program: Program, desk: Path, ship
) -> None:
    """Six kills at drawn moments, the exporter sends again what was not answered: every output once, on every file."""
    draw = random.Random(7)
    waiting = list(range(120))
    answered: list[int] = []
    port = free_port()
    kills = 0
    while waiting:
        last = kills >= KILLS
        allowed = len(waiting) if last else draw.randint(3, 20)
        with receiving(program, desk, port) as (process, _):
            for number in range(allowed):
                batch = waiting[0]
                body = protobuf(*(s for n in range(10) for s in pair(batch, n)))
                if number == allowed - 1 and not last:
                    kill_during(process, port, body, draw)
                    kills += 1
                    break  # unanswered as far as the exporter knows: it is sent again
                assert post(port, body, "application/x-protobuf") == 200
                answered.append(waiting.pop(0))
    live = ColumnMap({}, stream=True)
    rows = [
        row for path in received(desk) for batch in open_file(path, columns=live).batches() for row in batch
    ]
    watched = ship("watch", desk, *received(desk), "--format", "json")
    assert [each["audited"] for each in watched.json["promises"]] == [10 * len(answered)]
    assert len(received(desk)) == KILLS + 1
    assert {row.case for row in rows} == {
        f"{trace(b, n):032x}:{2 * trace(b, n):016x}" for b in answered for n in range(10)
    }
    assert all((row.scores or {}) == {} and row.output == "yes" for row in rows)


def trace(batch: int, n: int) -> int:
    """Return the number of a trace."""
    return 1000 * (batch + 1) + n + 1


def pair(batch: int, n: int) -> list[dict[str, object]]:
    """Return a call and the span above it."""
    own = trace(batch, n)
    return [chat(own, 2 * own + 1, 2 * own), span(own, 2 * own, app__user_feedback=1)]


def kill_during(process: Running, port: int, body: bytes, draw: random.Random) -> None:
    """Send a request and kill the receiver before, while, or after it has written it; the answer is not waited for."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = (
            f"POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-protobuf\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        whole = head.encode() + body
        sent = draw.choice([len(whole) // 2, len(whole), len(whole)])
        connection.sendall(whole[:sent])
        time.sleep(draw.choice([0.0001, 0.002, 0.005, 0.02, 0.1]))
        process.kill()
    process.wait(timeout=30)


def test_what_was_sent_twice_over_two_receivers_counts_once_in_watch(
    program: Program, desk: Path, ship
) -> None:
    """The answer got lost with the receiver: the same batch lies in two files, and the promise counts it once."""
    batch = [s for n in range(30) for s in pair(0, n)]
    for more in ([], pair(1, 0)):
        with receiving(program, desk) as (_, port):
            assert post(port, export(*batch, *more)) == 200
    said = ship("watch", desk, *received(desk), "--format", "json")
    assert said.code == 0, said.err
    assert [each["audited"] for each in said.json["promises"]] == [31]
    assert "30 rows were there already" in said.err


def test_real_spans_of_both_generations_reach_promises_and_the_review_queue(
    program: Program, desk: Path, shared: Path, ship
) -> None:
    """Forty real calls under the old names in protobuf, forty under the new in gzipped JSON: one file, watched and read."""
    replay = shared / "data/import-fixtures/otel-replay"
    with receiving(program, desk) as (_, port):
        assert post(port, (replay / "otlp_default_0.pb").read_bytes(), "application/x-protobuf") == 200
        assert post(port, (replay / "otlp_genai_latest.jsonl").read_bytes()) == 200
        assert post(port, (replay / "otlp_default_protobufjson.jsonl").read_bytes()) == 200
    (path,) = received(desk)
    watched = ship("watch", desk, path, "--format", "json")
    assert [each["audited"] for each in watched.json["promises"]] == [
        41
    ]  # 39 with feedback, two without an answer

    taken = ship("import", path, "--launch", desk)
    assert taken.code == 0, taken.err
    assert "80 kept, 80 dropped" in taken.out
    assert "score user_feedback: 21 of 39" in taken.out
    assert ship("look", "queue", desk, "audit", "--n", "20").code == 0
    item = ship("show", desk, "--case", new_case(path))
    assert "Janet" in item.out


def new_case(path: Path) -> str:
    """Return the case of the first question under the new names."""
    rows = (row for batch in open_file(path).batches() for row in batch)
    return next(row.case for row in rows if isinstance(row.input, str) and "Janet" in row.input)


def test_a_second_receiver_and_a_taken_port_are_told_so(
    program: Program, desk: Path, ship, tmp_path: Path
) -> None:
    """Two may not write for one launch, and two may not listen in one place."""
    with receiving(program, desk) as (_, port):
        other = ship("receive", desk, "--port", "0")
        (tmp_path / "other").mkdir()
        taken = ship("receive", tmp_path / "other", "--port", port)
    assert (other.code, taken.code) == (1, 1)
    assert "another process is receiving" in other.err
    assert "choose another with --port" in taken.err
    assert ship("receive", tmp_path / "nowhere").code == 3
    assert not (tmp_path / "nowhere").exists()
    assert ship("receive", desk, "--port", "70000").code == 2


def test_what_it_did_is_said_at_the_end_and_no_content_ever(program: Program, desk: Path) -> None:
    """Counts of kept, skipped, refused; neither words of a user nor a key stands in the terminal."""
    spans = [
        chat(1, 1, says="tell-nobody", http__request__header__authorization="Bearer tell-nobody"),
        span(2, 2, db__system="postgresql"),
        {**chat(3, 3), "traceId": "tell-nobody"},
    ]
    with receiving(program, desk) as (process, port):
        assert post(port, export(*spans)) == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "1 spans kept, 1 of them about generative AI, in 1 requests" in err
    assert "1 skipped: they say nothing about generative AI" in err
    assert "1 refused: its trace id is no id of 16 bytes" in err
    assert "1: attributes whose names speak of secrets were not kept" in err
    assert "tell-nobody" not in out + err
    assert b"Bearer" not in received(desk)[0].read_bytes()
    assert received(desk)[0].read_bytes().endswith(b'{"closed":true}\n')


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file there")
def test_a_full_disk_ends_the_receiver_in_words(desk: Path) -> None:
    """The limit on the size of a file stands for the disk: the request is not answered as kept, and the exit code is 1."""
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000));"
        "from shipworthy.cli.main import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", limited, "receive", str(desk), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    port = int(re.findall(r":(\d+)/", process.stdout.readline())[0])
    codes = []
    for batch in range(10):
        try:
            codes.append(post(port, export(*(s for n in range(10) for s in pair(batch, n)))))
        except (OSError, http.client.HTTPException):
            break
        if codes[-1] != 200:
            break
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "could not be written" in err
    assert "free some space" in err
    (path,) = received(desk)
    rows = [row for batch in open_file(path).batches() for row in batch]
    assert len(rows) == 10 * codes.count(200) > 0
    assert json.loads(path.read_bytes().splitlines()[0]) == {"shipworthy": "received/1"}


def test_received_outputs_are_audited_through_the_review_queue(
    program: Program, desk: Path, shared: Path, ship, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Received, imported, drawn at random, read by two who differ on one: the other nine reach the promise.

    The verdicts of the two readers are made up for this test.
    """
    replay = shared / "data/import-fixtures/otel-replay"
    with receiving(program, desk) as (_, port):
        assert post(port, (replay / "otlp_genai_latest_0.pb").read_bytes(), "application/x-protobuf") == 200
    assert ship("import", *received(desk), "--launch", desk).code == 0
    assert (
        ship("look", "queue", desk, "week", "--n", "10", "--criterion", "right", "--overlap", "1").code == 0
    )
    for who, keys in (("sample-one", "ppppppppff"), ("sample-two", "ppppppppfp")):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{key}\n" for key in keys)))
        assert ship("look", "label", desk, "week", "--as", who).code == 0
    labels = tmp_path / "labels.jsonl"
    assert ship("look", "export", desk, labels).code == 0
    counted = [
        scores for line in labels.read_text().splitlines() if (scores := json.loads(line).get("scores"))
    ]
    assert sorted(scores["right"] for scores in counted) == [0.0] + [1.0] * 8
    watched = ship("watch", desk, labels, "--format", "json")
    assert [each["audited"] for each in watched.json["promises"]] == [9], watched.err
    assert (
        ship("look", "import", desk, labels).code == 0
    )  # what was written for watch is still a file of labels


def test_what_is_odd_stands_on_the_receipt(desk: Path, ship, tmp_path: Path) -> None:
    """A clock in 1970, two dialects that disagree, a health check: an import accounts for each, and keeps both outputs."""
    path = tmp_path / "spans.json"
    path.write_bytes(
        export(chat(1, 1, at=0), chat(2, 2, gen_ai__completion="another"), span(3, 3, http__route="/health"))
    )
    said = ship("import", path, "--launch", desk)
    assert said.code == 0, said.err
    assert "3 rows read: 2 kept, 1 dropped" in said.out
    assert "dropped 1: a span of a trace in which no model was asked" in said.out
    assert "note: 1 outputs whose clock cannot be right" in said.out
    assert "note: 1 spans whose two dialects disagree about output: the newer counts." in said.out
