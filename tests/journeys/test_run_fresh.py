"""`run --fresh` where there is no first answer yet, or only some: what it brings is the first answer, and counts as one."""

from __future__ import annotations

import sqlite3

from tests.journeys.remote import http, launch, rows
from tests.server import Back, said

MOCK = {"mock": {"call": 0.001}}


def _echoing(serve, tmp_path, cases=6):
    """Return a server that answers with the case's input, and a launch whose variant it is."""
    server = serve(lambda call: Back(said(call.body["q"])))
    return server, launch(
        tmp_path / "l", {"api": {**http(server.url), "price": "mock"}}, cases=cases, prices=MOCK
    )


def test_first_answers_that_fresh_brought_are_scored_as_any_other(serve, ship, tmp_path):
    """The first go of all is a fresh one, and each answer is right: the check is given `c0`, not `"c0"` in quotes."""
    _, made = _echoing(serve, tmp_path)

    assert ship("run", made, "--trust", "--fresh", "--agree-cost").code == 0

    assert rows(made, "SELECT value, count(*) FROM scores GROUP BY 1") == [(1.0, 6)]


def test_first_answers_of_an_interrupted_fresh_go_count_once_run_has_brought_the_rest(serve, ship, tmp_path):
    """A cap stops --fresh after 4 of 6, `run` asks for the other 2: all 6 count, each was paid once."""
    server, made = _echoing(serve, tmp_path)
    assert ship("run", made, "--trust", "--fresh", "--agree-cost", "--max-cost", "0.004").code == 1

    assert ship("run", made, "--trust").code == 0

    assert rows(made, "SELECT count(*) FROM outputs JOIN closings USING (run_no)") == [(6,)]
    assert "6 of 6 passed" in ship("show", made).out
    assert set(server.asked().values()) == {1}
    assert ship("verify", made).code == 0


def test_first_answers_of_an_interrupted_run_count_once_fresh_has_brought_the_rest(serve, ship, tmp_path):
    """A cap stops `run` after 4 of 6, --fresh asks for all: the 4 first answers count, and the 2 that were new."""
    _, made = _echoing(serve, tmp_path)
    assert ship("run", made, "--trust", "--max-cost", "0.004").code == 1

    assert ship("run", made, "--trust", "--fresh", "--agree-cost").code == 0

    counted = "SELECT attempt, count(*) FROM outputs JOIN closings USING (run_no) GROUP BY 1"
    assert rows(made, counted) == [(0, 6), (1, 4)]
    assert "6 of 6 passed" in ship("show", made).out


def test_a_fresh_go_that_was_whole_when_it_was_interrupted_counts_and_the_next_asks_again(
    serve, ship, tmp_path
):
    """All 6 answers are there and the end is not: going on ends it for free, and another --fresh asks for 6 again."""
    server, made = _echoing(serve, tmp_path)
    fresh = ("run", made, "--trust", "--fresh", "--agree-cost")
    assert ship(*fresh).code == 0
    with sqlite3.connect(made / ".shipworthy/ledger.db") as connection:
        connection.execute("DELETE FROM closings")

    assert ship(*fresh).code == 0
    assert set(server.asked().values()) == {1}
    assert rows(made, "SELECT count(*) FROM closings") == [(1,)]
    assert ship(*fresh).code == 0

    assert set(server.asked().values()) == {2}
