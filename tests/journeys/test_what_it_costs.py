"""What asking everything again, or anew, costs: said before anything is sent, and agreed to where it is asked again."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.journeys.remote import account, chat, http, launch, outputs, rows
from tests.server import Back, Call, completion, said

MOCK = {"mock": {"call": 0.001}}
TOKENS = {"m": {"input": 100, "output": 1000}}


def flaky(call: Call) -> Back:
    """Answer with the case's input, but for the first attempt at `c1`, which fails."""
    if (call.case, call.attempt) == ("c1", 1):
        return Back(b"", status=500)
    return Back(said(call.body["q"]))


def amounts(text: str) -> list[float]:
    """Return the amounts in what was said, in USD."""
    return [float(amount) for amount in re.findall(r"([\d.]+) USD", text)]


def _typed(made: Path, answer: str) -> tuple[int, str]:
    """Run everything again at a terminal and answer its question; return the exit code and the talk."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "shipworthy", "run", str(made), "--trust", "--fresh"]
    process = subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    talk = b""
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        talk += read
        if not read:
            break
    os.close(ours)
    return process.wait(timeout=60), " ".join(talk.decode().split())  # a terminal breaks lines


def test_in_a_pipe_fresh_says_what_it_costs_and_is_refused_until_that_is_agreed_to(serve, ship, tmp_path):
    """Four outputs took five calls at 0.001 USD: about 0.005, at most 0.004 at one call each, 0.024 at six."""
    server = serve(flaky)
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, cases=4, prices=MOCK)
    assert ship("run", made, "--trust").code == 0
    runs = rows(made, "SELECT count(*) FROM runs")

    refused = ship("run", made, "--trust", "--fresh")

    assert refused.code == 3
    assert (
        "api: asks for all 4 outputs again, beside the first ones, which go on to count; "
        "about 0.0050 USD if they cost what the 4 asked for so far did, "
        "at most 0.0040 USD at one call each, at most 0.0240 USD if each takes all its 6 attempts"
    ) in refused.err
    assert "to mend it: leave --fresh out to ask only for what is missing, or add --agree-cost" in refused.err
    assert len(server.calls) == 5
    assert rows(made, "SELECT count(*) FROM runs") == runs

    agreed = ship("run", made, "--trust", "--fresh", "--agree-cost")

    assert agreed.code == 0, agreed.err
    assert "at most 0.0240 USD" in agreed.err
    assert rows(made, "SELECT attempt, count(*) FROM outputs GROUP BY 1 ORDER BY 1") == [(0, 4), (1, 4)]
    capped = ship("run", made, "--trust", "--fresh", "--agree-cost", "--max-cost", "0.002")
    assert "and no more than 0.0020 USD, as --max-cost says" in capped.err


@pytest.mark.parametrize(("answer", "code", "calls"), [("n", 3, 2), ("y", 0, 4)])
def test_a_person_at_the_terminal_is_asked(serve, ship, tmp_path, answer, code, calls):
    """Two outputs: after `n` nothing is sent, after `y` both are asked for again."""
    server = serve(lambda call: Back(said(call.body["q"])))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, cases=2, prices=MOCK)
    assert ship("run", made, "--trust").code == 0

    ended, talk = _typed(made, answer)

    assert "at most 0.0020 USD at one call each" in talk
    assert "ask everything again at this cost? [y/N]" in talk
    assert (ended, len(server.calls)) == (code, calls)


def test_what_is_said_is_never_less_than_what_comes_to_be_charged(serve, ship, tmp_path):
    """A chat charged by tokens, one case of two turns, and each case fails once: the bounds are those of the ledger."""

    def answer(call: Call) -> Back:
        sizes = {"prompt_tokens": 20, "completion_tokens": 100}
        return Back(completion("fine") | {"usage": sizes}) if call.attempt % 2 == 0 else Back(b"", status=503)

    server = serve(answer)
    cases = [{"id": f"c{n}", "input": f"c{n}", "part": "explore"} for n in range(5)]
    cases.append({"id": "t", "input": {"turns": ["t1", "t2"]}, "part": "explore"})
    made = launch(tmp_path / "l", {"m": chat(server.url)}, cases=cases, prices=TOKENS)
    assert ship("run", made, "--trust").code == 0
    first = account(made)[2]

    again = ship("run", made, "--trust", "--fresh", "--agree-cost")

    usual, once, most = amounts(again.err)
    fresh = "run_no = (SELECT max(no) FROM runs)"
    set_aside = rows(made, f"SELECT sum(worst) FROM intents WHERE attempt = 1 AND {fresh}")[0][0]
    charged = rows(made, f"SELECT sum(cost_high) FROM receipts JOIN intents ON no = call_no WHERE {fresh}")[
        0
    ][0]
    assert len(outputs(made)) == 6
    assert first - 1e-9 <= usual <= first + 1e-4
    assert set_aside - 1e-9 <= once <= set_aside + 1e-4
    assert most == pytest.approx(6 * set_aside, abs=1e-4)
    assert charged <= most
    assert charged > once


def test_a_changed_variant_says_what_asking_anew_costs_before_anything_is_sent(serve, ship, tmp_path):
    """Another prompt: three outputs are asked for anew; a dearer price counts at once, and nobody is asked."""
    server = serve(lambda _call: Back(completion("fine")))
    made = launch(
        tmp_path / "l", {"m": chat(server.url, system="Be brief.")}, cases=3, prices={"m": {"call": 0.001}}
    )
    assert ship("run", made, "--trust").code == 0
    launch(tmp_path / "l", {"m": chat(server.url, system="Be kind.")}, cases=3, prices={"m": {"call": 0.01}})

    halted = ship("run", made, "--trust", "--max-cost", "0")

    assert (
        "m: changed since it last ran, so all 3 outputs are asked for anew; about 0.0300 USD "
        "if they cost what the 3 asked for so far did, at most 0.0300 USD at one call each"
    ) in halted.err
    assert len(server.calls) == 3
    assert ship("run", made, "--trust").code == 0
    assert len(server.calls) == 6
    assert "asked for anew" not in ship("run", made, "--trust").err


def test_a_cost_that_nobody_knows_is_said_to_be_so_and_a_free_one_asks_nothing(serve, ship, tmp_path):
    """A function without a price is asked again only after somebody agreed; an endpoint at 0 USD at once."""
    (tmp_path / "l").mkdir()
    (tmp_path / "l/feature.py").write_text("def new(text):\n    return text\n")
    server = serve(lambda call: Back(said(call.body["q"])))
    made = launch(tmp_path / "l", {"it": {"python": "feature:new"}}, cases=2)
    free = launch(
        tmp_path / "f", {"api": {**http(server.url), "price": "own"}}, cases=2, prices={"own": {"call": 0}}
    )
    assert ship("run", made, "--trust").code == 0
    assert ship("run", free, "--trust").code == 0

    refused = ship("run", made, "--fresh", "--trust", "--events")
    agreed = ship("run", made, "--fresh", "--trust", "--unpriced")
    at_once = ship("run", free, "--fresh", "--trust")

    assert refused.code == 3
    told = [json.loads(line) for line in refused.err.splitlines() if line.startswith("{")]
    assert any("nobody knows what that costs, as `price_list` says nothing of it" in e["text"] for e in told)
    assert agreed.code == 0, agreed.err
    assert at_once.code == 0, at_once.err
    assert "that costs nothing, as `price_list` says" in at_once.err
