"""No page tells anything of sealed outcomes before a look, whatever they are; and reading pages is never a look."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route
from tests.asgi import get
from tests.results import SEALED, locked, served

QUERIES = (
    "", "?sealed=yes", "?state=failed", "?state=passed&sealed=yes", "?variant=old", "?criterion=better&sealed=yes",
    "?criterion=quick", "?slice=topic%3Da", "?page=2", "?before=old&after=new&way=fixed",
)  # fmt: skip
RESULTS = (
    "/journal",
    "/memo",
    "/decide",
    "/claims",
    "/outputs",
    "/flips",
    "/spread",
    "/measure",
    "/tradeoff",
)
VALUES = {
    "number": ("1", "3", "6"), "variant": ("new",), "case": ("explore-1", "holdout-1"), "repeat": ("1",),
    "name": ("memo", "rehearsal"),
}  # fmt: skip
CHANGING = re.compile(r"[0-9a-f]{8,}|\d{4}-\d\d-\d\d[T \d:+.]*")
"""Hashes and times: they say nothing of how sealed outputs turned out that could be read from them."""


def addresses(app: Starlette, *, every: bool = False) -> list[str]:
    """Return addresses of routes that answer GET, those of results or all, with what is known to fill their parameters."""
    found = []
    for route in app.routes:
        assert isinstance(route, Route)
        if "GET" not in (route.methods or ()) or route.path.startswith(("/static", "/enter")):
            continue
        paths = [route.path_format]
        for name in route.param_convertors:
            values = VALUES.get(name, ("1",))
            paths = [path.replace(f"{{{name}}}", value) for path in paths for value in values]
        if not every and not route.path.startswith(RESULTS):
            continue
        queries = ("",) if every else QUERIES
        found += [path + query for path in paths for query in queries]
    return found


class Said(dict[str, tuple[int, str]]):
    """What every address answers; a failing test does not print all of it."""

    def __repr__(self) -> str:
        """Return how many there are."""
        return f"{len(self)} pages"


def read(app: Starlette) -> Said:
    """Return what every address answers, without hashes and times."""
    replies = {address: get(app, address) for address in addresses(app)}
    return Said(
        {address: (reply.status, CHANGING.sub("·", reply.text)) for address, reply in replies.items()}
    )


def ledger(folder: Path) -> tuple[Any, ...]:
    """Return how many looks and events the ledger has."""
    with sqlite3.connect(folder / ".shipworthy/ledger.db") as found:
        return tuple(
            found.execute(f"select count(*) from {name}").fetchone()[0] for name in ("looks", "journal")
        )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locked launch with sealed outcomes of both variants, that nobody has looked at."""
    from shipworthy.cli.main import run  # noqa: PLC0415 - so that collecting tests stays quick

    return locked(
        tmp_path_factory.mktemp("sealed") / "launch", lambda *words: run([str(word) for word in words])
    )


@pytest.fixture(scope="module")
def before(made: Path) -> Said:
    """What every page says of it."""
    app, kept = served(made)
    found = read(app)
    kept.close()
    return found


outcome = st.tuples(st.sampled_from([1.0, 0.0, None]), st.sampled_from([0, 1]), st.floats(0.0, 900.0))


@settings(
    max_examples=4, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(turned=st.lists(outcome, min_size=2 * SEALED, max_size=2 * SEALED))
def test_every_page_says_the_same_whatever_the_sealed_outcomes_are(
    made: Path,
    before: Said,
    tmp_path_factory: pytest.TempPathFactory,
    turned: list[Any],
) -> None:
    """Sealed outputs are made to pass, fail, end unscored or without an answer, quickly or slowly: no page moves."""
    copy = tmp_path_factory.mktemp("other") / "launch"
    shutil.copytree(made, copy)
    change(copy, turned)
    app, kept = served(copy)
    after = read(app)
    kept.close()
    assert len(before) > 90
    moved = [address for address in before if before[address] != after[address]]
    assert moved == []
    assert ledger(copy) == ledger(made)


def change(folder: Path, turned: list[Any]) -> None:
    """Overwrite the sealed outcomes in the ledger."""
    with sqlite3.connect(folder / ".shipworthy/ledger.db") as found:
        rows = found.execute(
            "select o.variant_no, o.case_no from outputs o join members m on m.case_no = o.case_no where m.part = 3"
        ).fetchall()
        assert len(rows) == len(turned)
        for (variant, case), (value, answered, took) in zip(rows, turned, strict=True):
            key = (variant, case)
            score = value if answered else None
            found.execute(
                "update scores set value=?, answered=? where variant_no=? and case_no=?",
                (score, answered, *key),
            )
            found.execute(
                "update outputs set answered=?, latency_s=?, cost_usd=? where variant_no=? and case_no=?",
                (answered, took, took / 7, *key),
            )


def test_reading_every_page_is_no_look(made: Path, before: Said) -> None:
    """After every address was opened there is no look, and after those of results no further event either."""
    app, kept = served(made)
    looks, events = ledger(made)
    for address in addresses(app):
        get(app, address)
    assert ledger(made) == (looks, events) == (0, events)
    for address in addresses(app, every=True):
        get(app, address)
        assert ledger(made)[0] == 0, address
    kept.close()
    assert before["/decide"][0] == 200
    assert before["/outputs?sealed=yes"][0] == 409
    assert "holdout-1" not in before["/outputs"][1]


def test_the_page_after_the_look_does_move(made: Path, tmp_path: Path, ship: Callable[..., Any]) -> None:
    """The same comparison, after a look, finds a difference: it would have seen a leak."""
    pages = []
    for name, value in (("a", 1.0), ("b", 0.0)):
        shutil.copytree(made, tmp_path / name)
        change(tmp_path / name, [(value, 1, 0.5)] * 2 * SEALED)
        ship("decide", tmp_path / name, "--yes")
        app, kept = served(tmp_path / name)
        pages.append(CHANGING.sub("·", get(app, "/decide").text))
        kept.close()
    assert pages[0] != pages[1]
