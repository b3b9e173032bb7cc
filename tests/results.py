"""A locked launch with open and sealed outcomes of two variants, for tests of what pages show of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette

from shipworthy.services.kept import Kept
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

LAUNCH = """
title: Rules
baseline: old
candidate: new
variants: {new: {recorded: true}, old: {recorded: true}}
slices: {topic: {by: topic, shares: {a: 0.7, b: 0.3}, scope: true}}
looks: open
"""
CRITERIA = """
- {id: right, question: Is it right?, bar: {at_least: 0.8, why: a test}, scorer: {recorded: passed}}
- {id: better, estimand: difference, bar: {at_least: 0.0}, scorer: {recorded: passed}}
- {id: quick, kind: guardrail, estimand: quantile, of: latency_s, quantile: 0.9, bar: {at_most: 0.97}}
"""
OPEN, SEALED = 30, 40
HOSTILE = "<script>alert(1)</script>\u202e"


def cases() -> str:
    """Return the eval set: open and sealed cases in two slices."""
    rows = (
        {"id": f"{part}-{i}", "input": f"{part} {i}", "tags": {"topic": "ab"[i % 2]}, "part": part}
        for part, n in (("explore", OPEN), ("holdout", SEALED))
        for i in range(n)
    )
    return "".join(json.dumps(row) + "\n" for row in rows)


def outcomes(path: Path, part: str, n: int, *, fails_every: int, first: int = 0) -> Path:
    """Write a file of outcomes whose texts are attacks; a case fails where its number can be divided by `fails_every`."""
    draw = random.Random(7)
    rows = (
        f"{part}-{i},{int(bool(i % fails_every))},{draw.random():.3f},{draw.random() / 100:.5f},{HOSTILE} {i}\n"
        for i in range(first, n)
    )
    path.write_text("case,passed,latency_s,cost_usd,output\n" + "".join(rows))
    return path


def locked(folder: Path, ship: Callable[..., object], *, sealed: int = SEALED) -> Path:
    """Make the launch: open outcomes, the lock, then the first sealed outcomes."""
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    (folder / "evalset/cases.jsonl").write_text(cases())
    bring(folder, ship, "explore", OPEN)
    ship("lock", folder)
    if sealed:
        bring(folder, ship, "holdout", sealed)
    return folder


def bring(folder: Path, ship: Callable[..., object], part: str, n: int, first: int = 0) -> None:
    """Import outcomes: of the candidate one in ten fails, of the baseline one in three."""
    for variant, every in (("new", 10), ("old", 3)):
        path = folder.parent / f"{variant}-{part}-{first}.csv"
        outcomes(path, part, n, fails_every=every, first=first)
        ship("import", path, "--launch", folder, "--variant", variant)


def served(folder: Path) -> tuple[Starlette, Kept]:
    """Return the app over a launch; whoever asked closes the launch."""
    kept = Kept(folder)
    return make_app(Serving(kept, b"k" * 32, hosts_of(8321))), kept
