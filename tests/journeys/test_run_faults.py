"""Endpoints that misbehave: each case without an answer says why, the run goes on, and no key is ever written."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.journeys.remote import account, chat, http, launch, outputs, rows
from tests.server import Back, Call, completion, said

from shipworthy.runners import breaker

MOCK = {"mock": {"call": 0.001}}
ONCE = {"limits": {"attempts": 1, "timeout_s": 0.5, "at_once": 5}}
KEY = 'sk/Live+0123456789"abcdef'


def some(good: str, bad: Back, **more: object):
    """Answer well but for the case `c1`, on every attempt."""
    return lambda call: bad if call.case == "c1" else Back(said(good), **more)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Back({"other": 1}), "error: the reply has nothing at $.answer.text"),
        (Back(b"hello"), "error: a reply that is not JSON: hello"),
        (Back(b""), "error: a reply that is not JSON"),
        (Back(b"[" * 100_000), "error: a reply that is not JSON: [["),
        (Back(b'{"answer": {"text": "\\ud800"}}'), "error: a reply that is not JSON"),
        (Back(b"<html><body>Bad gateway</body></html>"), "error: a reply that is not JSON: <html>"),
        (Back(b"<h1>gone</h1>", status=502), "error: HTTP 502: <h1>gone</h1> (after 1 attempt)"),
        (Back(b"x" * 20_000_000), "error: a reply of more than 4,000,000 bytes"),
        (Back(said("x" * 2_000_000)), "error: an output of 2,000,002 characters"),
        (Back({"error": "no such key"}, status=401), 'error: HTTP 401: {"error": "no such key"}'),
        (Back(b"", status=302, headers={"Location": "http://127.0.0.1:1/"}), "error: HTTP 302"),
        (Back(b"", status=204), "error: a reply that is not JSON"),
        (Back(said("half an answer"), cut=9), "cut off: the connection was cut (after 1 attempt)"),
        (Back(hang=True), "error: no answer within 0.5 s (after 1 attempt)"),
        (Back(said("x"), pieces=(b'{"an', b"x" * 9, b"y"), each_s=0.3), "cut off: no answer within 0.5 s"),
        (Back(b"garbage", headers={"Content-Encoding": "gzip"}), "cut off: "),
        (Back(b"slow down", status=429, cost=0), "error: HTTP 429: slow down (after 1 attempt)"),
    ],
)  # fmt: skip
def test_one_bad_reply_is_no_answer_with_its_reason_and_the_rest_goes_on(serve, ship, tmp_path, bad, reason):
    """Five cases, one of which gets nothing usable: four answers, one reason, exit code 0, and the denominator stays five."""
    made = launch(
        tmp_path / "l", {"api": {**http(serve(some("c", bad)).url), **ONCE, "price": "mock"}},
        cases=5, prices=MOCK,
    )  # fmt: skip

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert "api: 4 answered, 1 no answer" in ran.out
    text, why = outputs(made)["c1"]
    assert text is None
    assert why.startswith(reason)
    assert len(why) < 600
    assert rows(made, "SELECT count(*) FROM scores") == [(5,)]
    assert ship("verify", made).code == 0


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Back(completion("...", finish="content_filter")), "error: blocked by the provider"),
        (Back(completion("half a sen", finish="length")), "error: cut off at the limit of tokens"),
        (Back(completion(None)), "error: a chat completion without content"),
        (Back({"choices": []}), "error: a chat completion without content"),
        (Back({"error": {"message": "overloaded"}}), 'error: a chat completion without content: {"error"'),
        (Back(b"[1, 2]"), "error: a reply that is not a chat completion: [1, 2]"),
        (Back({"choices": [{"message": {"content": ["parts"]}}]}), "error: a reply that is not a chat completion"),
    ],
)  # fmt: skip
def test_a_chat_that_ends_without_a_whole_answer_is_no_answer(serve, ship, tmp_path, bad, reason):
    """Blocked, cut off, empty, or another shape: no answer, said why; asked once and not again."""
    server = serve(lambda call: bad if call.case == "c1" else Back(completion("fine")))
    made = launch(tmp_path / "l", {"m": chat(server.url)}, cases=5)

    ran = ship("run", made, "--trust", "--unpriced")

    assert ran.code == 0, ran.err
    assert "m: 4 answered, 1 no answer" in ran.out
    assert outputs(made)["c1"][1].startswith(reason)
    assert server.asked()["c1"] == 1


def test_a_fault_is_asked_again_and_an_answer_never(serve, ship, tmp_path):
    """429, 500, a cut and silence, then an answer: five attempts at that case, all in the ledger, one at each other."""
    faults = [
        Back(b"", status=429, cost=0), Back(b"", status=500), Back(said("x"), cut=3), Back(hang=True),
    ]  # fmt: skip

    def answer(call: Call) -> Back:
        if call.case == "c1" and call.attempt <= 4:
            return faults[call.attempt - 1]
        return Back(said(call.body["q"]))

    server = serve(answer)
    made = launch(
        tmp_path / "l",
        {"api": {**http(server.url), "price": "mock", "limits": {"timeout_s": 0.4}}},
        prices=MOCK,
    )

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert "api: 10 answered, 0 no answer" in ran.out
    assert "api: 14 calls so far (4 failed and were asked again or given up), 0.0100 to 0.0130 USD" in ran.out
    assert server.asked() == {f"c{i}": 5 if i == 1 else 1 for i in range(10)}
    assert rows(made, "SELECT attempt, count(*) FROM intents GROUP BY 1") == [
        (1, 10),
        (2, 1),
        (3, 1),
        (4, 1),
        (5, 1),
    ]
    assert 0.01 <= server.charged <= 0.013 + 1e-9


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_a_connection_that_is_dropped_is_asked_again_by_us_alone(serve, ship, tmp_path, method):
    """Each second request on a connection is dropped without a reply: every call that reaches the server is in the ledger."""
    server = serve(
        lambda call: (
            Back(said("x"), drop=True) if call.attempt == 1 and call.case != "c0" else Back(said("x"))
        )
    )
    api = http(server.url, method=method)
    made = launch(
        tmp_path / "l", {"api": {**api, "price": "mock", "limits": {"at_once": 1}}}, cases=4, prices=MOCK
    )

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert rows(made, "SELECT count(*) FROM intents") == [(len(server.calls),)]
    low, high = account(made)[1:]
    assert low - 1e-9 <= server.charged <= high + 1e-9


def _nobody() -> str:
    """Return an address that refuses connections."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{held.getsockname()[1]}"


def test_an_endpoint_that_is_not_there_ends_the_run_and_loses_no_case(ship, tmp_path, monkeypatch):
    """Connections are refused: after its patience the run ends with the reason, exit code 1, and all ten still missing."""
    monkeypatch.setattr(breaker, "NEVER_ANSWERED_S", 1.0)
    made = launch(tmp_path / "l", {"api": {**http(_nobody()), "price": "mock"}}, prices=MOCK)
    began = time.monotonic()

    ran = ship("run", made, "--trust")

    assert time.monotonic() - began < 6
    assert ran.code == 1
    assert "10 outputs still missing; run again to go on" in ran.out
    assert "the target has not answered for a while, last: error: the connection failed: Connect" in ran.err
    assert account(made) == (0, 0.0, 0.0)


def test_a_server_that_never_answers_ends_the_run(serve, ship, tmp_path, monkeypatch):
    """Every request hangs: the run ends within its patience and one time-out, and says why."""
    monkeypatch.setattr(breaker, "NEVER_ANSWERED_S", 1.0)
    server = serve(lambda _: Back(hang=True))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "limits": {"timeout_s": 0.5}}}, cases=40)
    began = time.monotonic()

    ran = ship("run", made, "--trust", "--unpriced")

    assert time.monotonic() - began < 8
    assert ran.code == 1
    assert "last: error: no answer within 0.5 s" in ran.err
    assert "40 outputs still missing" in ran.out


def test_a_long_wait_parks_the_run(serve, ship, tmp_path):
    """Retry-After of two hours: the run stops at once, says how long, and the case stays missing."""
    server = serve(lambda _: Back(b"", status=429, headers={"Retry-After": "7200"}, cost=0))
    made = launch(tmp_path / "l", {"api": http(server.url)})

    ran = ship("run", made, "--trust", "--unpriced")

    assert ran.code == 1
    assert "the target asks to wait 7,200 s; run again after that" in ran.err
    assert "10 outputs still missing" in ran.out


@pytest.mark.parametrize(
    ("variant", "said_"),
    [
        ({"http": {"url": "http://127.0.0.1:1/", "output": "$.["}}, "`$.[` is not a JSON path"),
        ({"http": {"url": "http://127.0.0.1:1/", "headers": {"A": "${NO_SUCH}"}}}, "the environment has no `NO_SUCH`"),
        ({"http": {"url": "http://127.0.0.1:1/", "headers": {"A": "x\ny: z"}}}, "header"),
        ({"http": {"url": "http://127.0.0.1:1/", "headers": {"A b": "x"}}}, "header"),
        ({"http": {"url": "ftp://127.0.0.1/"}}, "url"),
        ({"http": {"url": "http://[::1/"}}, "url"),
        ({"http": {"url": "http://127.0.0.1:99999/"}}, "url"),
        ({"http": {"url": "http://127.0.0.1:1/", "body": {"q": "{{inptu}}"}}}, "inptu"),
        ({"chat": {"url": "http://127.0.0.1:1/v1", "model": "m", "key": "NO_SUCH"}}, "the environment has no `NO_SUCH`"),
        ({"chat": {"url": "http://127.0.0.1:1/v1", "model": "m", "system": "file:no.md"}}, "there is no file `no.md`"),
        ({"chat": {"url": "http://127.0.0.1:1/v1", "model": "m", "system": "file:../x"}}, "there is no file `../x`"),
        ({"chat": {"url": "http://127.0.0.1:1/v1", "model": "m", "system": "file:latin.md"}}, "latin.md"),
    ],
)  # fmt: skip
def test_what_can_never_work_is_refused_before_anything_is_sent(ship, tmp_path, variant, said_):
    """A wrong path, a missing key, an impossible header or prompt: exit code 3, the place and a remedy, no traceback."""
    made = launch(tmp_path / "l", {"api": variant})
    (made / "latin.md").write_bytes(b"caf\xe9")

    ran = ship("run", made, "--trust", "--unpriced")

    assert ran.code == 3
    assert said_ in ran.err.lower() or said_ in ran.err
    assert "mend it" in ran.err
    assert not (made / ".shipworthy/ledger.db").exists() or rows(made, "SELECT count(*) FROM intents") == [
        (0,)
    ]


def test_a_variant_that_cannot_be_asked_stops_the_run_before_another_one_costs_anything(
    serve, ship, tmp_path
):
    """The second variant lacks its key: nothing is sent for the first one either."""
    server = serve(lambda _: Back(said("x")))
    bad = http(server.url, headers={"Authorization": "Bearer ${NO_SUCH}"})
    made = launch(tmp_path / "l", {"a": http(server.url), "b": bad})

    ran = ship("run", made, "--trust", "--unpriced")

    assert ran.code == 3
    assert "the environment has no `NO_SUCH`" in ran.err
    assert not server.calls


def _forms(key: str) -> list[bytes]:
    """Return what would give the key away: any twelve letters of it, plain or in base64."""
    plain = [key[i : i + 12] for i in range(len(key) - 11)]
    coded = [base64.b64encode(b"x" * n + key.encode()).decode()[4 * (n + 2) // 3 : -4] for n in range(3)]
    return [*(form.encode() for form in plain), *(form[:16].encode() for form in coded)]


def test_no_key_is_ever_written(serve, ship, tmp_path, monkeypatch):
    """The server echoes the Authorization header in answers, errors, steps and pages, cut anywhere: no byte of it is kept."""
    monkeypatch.setenv("API_KEY", KEY)

    def answer(call: Call) -> Back:
        n, key = int(call.case[1:]), call.headers["Authorization"]
        coded = base64.b64encode(b"x" * (n % 3) + key.encode()).decode()
        ways = (
            Back(said(key)),
            Back(said({"headers": {"Authorization": key}, "raw": json.dumps(call.headers)})),
            Back(said(coded)),
            Back({"error": key, "raw": json.dumps(call.headers)}, status=400),
            Back((" " * (n * 7) + "x" * (290 - n * 3) + key).encode(), status=500, cost=0),
            Back(json.dumps(f"<html>{key}</html>").replace("/", "\\/").encode()),
            Back(("x" * (270 + n) + key).encode()),
            Back(said(coded.replace("+", "-").replace("/", "_"))),
        )
        return ways[n // 3 % len(ways)]

    server = serve(answer)
    secret = {"Authorization": "Bearer ${API_KEY}"}
    api = {**http(server.url, headers=secret, body={"case": "{{case}}"}), "limits": {"attempts": 2}}
    steps = {
        **http(server.url, headers=secret, body={"case": "{{input}}", "h": "{{history}}"}),
        "limits": {"attempts": 2},
    }
    many = [{"id": f"c{i}", "input": f"c{i}", "part": "explore"} for i in range(48)]
    many += [{"id": f"t{i}", "input": {"turns": [f"c{i}", "c0"]}, "part": "explore"} for i in range(3)]
    talk = {**chat(server.url, key="API_KEY", stream=True), "limits": {"attempts": 2}}
    made = launch(tmp_path / "l", {"api": api, "steps": steps, "talk": talk}, cases=many)
    ran = [
        ship("run", made, "--trust", "--unpriced"),
        ship("run", made, "--trust", "--unpriced", "--events", "--fresh"),
    ]
    ran += [ship("compare", made), ship("verify", made), ship("check", made)]

    assert ran[0].code == 0, ran[0].err
    assert KEY in server.calls[0].headers["Authorization"]
    written = b"".join(path.read_bytes() for path in sorted(made.rglob("*")) if path.is_file())
    spoken = "".join(each.out + each.err for each in ran).encode()
    assert b"[redacted]" in written
    assert [form for form in _forms(KEY) if form in written + spoken] == []


def test_a_key_does_not_follow_a_redirect(serve, ship, tmp_path, monkeypatch):
    """The endpoint sends its caller elsewhere: the other place is never called."""
    monkeypatch.setenv("API_KEY", KEY)
    other = serve(lambda _: Back(said("x")))
    for status in (301, 302, 303, 307, 308):
        server = serve(lambda _, status=status: Back(b"", status=status, headers={"Location": other.url}))
        secret = {"Authorization": "Bearer ${API_KEY}"}
        made = launch(tmp_path / str(status), {"api": http(server.url, headers=secret)}, cases=2)

        assert ship("run", made, "--trust", "--unpriced").code == 0

        assert set(outputs(made).values()) == {(None, f"error: HTTP {status}")}
    assert not other.calls


def test_what_a_function_prints_and_raises_spoils_nothing(ship, tmp_path):
    """Prints, an exception, sys.exit: three answers and two reasons; stdout holds our words alone."""
    made = launch(tmp_path / "l", {"f": {"python": "feature:f"}}, cases=5, feature_py=(
        "import sys\ndef f(text):\n    print('noise from the feature')\n"
        "    if text == 'c1': raise ValueError('odd ' + text)\n    if text == 'c2': sys.exit('bye')\n    return text\n"
    ))  # fmt: skip

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert "f: 3 answered, 2 no answer" in ran.out
    assert "noise" not in ran.out
    assert "odd c1" in outputs(made)["c1"][1]
    assert "bye" in outputs(made)["c2"][1]


@contextmanager
def _silent(how: str) -> Iterator[str]:
    """Listen on a real socket that accepts and reads but never replies, accepts and never reads, or never accepts."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listening.bind(("127.0.0.1", 0))
    listening.listen(0 if how == "never accepts" else 200)
    kept, threads = [], []

    def swallow(line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while line.recv(65536):
                pass

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listening.accept()
                kept.append(line)
                if how == "never replies":
                    threads.append(threading.Thread(target=swallow, args=(line,), daemon=True))
                    threads[-1].start()

    if how == "never accepts":  # the queue is full, so what comes next gets no answer to its first packet
        for _ in range(3):
            kept.append(socket.socket())
            kept[-1].setblocking(False)
            kept[-1].connect_ex(listening.getsockname())
    else:
        threads.append(threading.Thread(target=accept, daemon=True))
        threads[-1].start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for line in kept:
            line.close()
        for thread in threads:
            thread.join(5)


@pytest.mark.parametrize("how", ["never replies", "never reads", "never accepts"])
def test_a_socket_that_stays_silent_ends_the_run_within_the_bound_of_the_launch(ship, tmp_path, how):
    """Sixty long cases, 0.4 s an attempt and 1.5 s of patience: it ends in seconds, with the reason and none answered."""
    cases = [{"id": f"c{i}", "input": f"c{i} " * 50_000, "part": "explore"} for i in range(60)]
    limits = {"timeout_s": 0.4, "minutes": 0.025, "at_once": 20}
    with _silent(how) as url:
        made = launch(
            tmp_path / "l",
            {"api": {**http(url), "price": "mock", "limits": limits}},
            cases=cases,
            prices=MOCK,
        )
        began = time.monotonic()
        ran = ship("run", made, "--trust")
        took = time.monotonic() - began

    assert took < 10
    assert ran.code == 1, ran.err
    assert (
        "api: stopped, the target has not answered for a while, last: error: no answer within 0.4 s"
        in ran.err
    )
    assert "run again when it does" in ran.err
    given_up, in_doubt = outputs(made), account(made)[0]
    assert all(text is None and "no answer within 0.4 s" in why for text, why in given_up.values())
    assert f"{60 - len(given_up)} outputs still missing; run again to go on" in ran.out
    assert in_doubt == 0
