"""What was sent, what it cost, and what nobody can know after a kill."""

from __future__ import annotations

import json
import socket
import sqlite3
import time

from tests.journeys.remote import http, launch
from tests.server import Back, said


def _intents(folder):
    try:
        with sqlite3.connect(f"file:{folder}/.shipworthy/ledger.db?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM intents").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def test_calls_that_a_kill_cut_off_are_listed_with_the_range_that_the_bill_lies_in(program, tmp_path, ship):
    """An endpoint that takes 3 calls and never answers; kill -9; each is in doubt, at 0 to 0.5 USD."""
    silent = socket.create_server(("127.0.0.1", 0))
    folder = tmp_path / "launch"
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(
        f'candidate: new\nvariants:\n  new: {{http: {{url: "http://127.0.0.1:{silent.getsockname()[1]}/"}}, price: it, '
        "limits: {at_once: 3}}\nprice_list: {as_of: 2026-11-01, models: {it: {call: 0.5}}}\n"
    )
    (folder / "criteria.yaml").write_text("[]\n")
    (folder / "evalset/cases.jsonl").write_text(
        "".join(f'{{"id": "c{i}", "input": "x"}}\n' for i in range(9))
    )
    process = program.start("run", folder, "--trust")
    for _ in range(300):
        if _intents(folder) == 3:
            break
        time.sleep(0.1)
    process.kill()
    process.wait()

    said = json.loads(ship("calls", folder, "--format", "json").out)

    assert [(d["case"], d["worst"]) for d in said["doubts"]] == [("c0", 0.5), ("c1", 0.5), ("c2", 0.5)]
    assert (said["bills"][0]["in_doubt"], said["bills"][0]["low"], said["bills"][0]["high"]) == (3, 0.0, 1.5)
    shown = ship("calls", folder).out
    assert "In all 0.0000 to 1.5000 USD, at the prices of 2026-11-01." in shown
    silent.close()


def test_what_is_in_doubt_counts_against_the_cap_of_the_next_go(program, tmp_path, ship):
    """Three calls in doubt at 0.5 USD each fill a cap of 1.5 USD: the next go sends nothing and says why."""
    test_calls_that_a_kill_cut_off_are_listed_with_the_range_that_the_bill_lies_in(program, tmp_path, ship)

    again = ship("run", tmp_path / "launch", "--trust", "--max-cost", "1.5")

    assert again.code == 1
    assert "would pass the cap of 1.5 USD" in again.err
    assert _intents(tmp_path / "launch") == 3


def test_calls_of_unknown_price_are_not_told_as_free(serve, ship, tmp_path):
    """Four calls were agreed to without a price, two have one: 0.0020 USD, and of four nobody knew."""
    server = serve(lambda call: Back(said(call.body["q"])))
    made = launch(tmp_path / "l", {"api": http(server.url)}, cases=4)
    assert ship("run", made, "--trust", "--unpriced").code == 0
    prices = {"m": {"call": 0.001}}
    launch(tmp_path / "l", {"api": {**http(server.url), "price": "m"}}, cases=6, prices=prices)
    assert ship("run", made, "--trust").code == 0

    shown = ship("calls", made)

    assert "In all 0.0020 USD, at the prices of 2026-11-25." in shown.out
    assert "Nobody knew what 4 calls of api cost: they are not in it." in shown.out
    assert ship("calls", made, "--format", "json").json["bills"][0]["unpriced"] == 4


def test_calls_that_are_known_to_be_free_are_free(serve, ship, tmp_path):
    """A price of nothing is a price."""
    server = serve(lambda call: Back(said(call.body["q"])))
    made = launch(tmp_path / "l", {"api": {**http(server.url), "price": "m"}}, prices={"m": {"call": 0}})
    assert ship("run", made, "--trust").code == 0

    assert "Nobody knew" not in ship("calls", made).out
