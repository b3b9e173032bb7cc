"""`run --fresh` where there is no first answer yet, or only some: what it brings is the first answer, and counts as one."""

from __future__ import annotations

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
