"""Launches whose variants are asked over HTTP, for the journeys."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

BODY = {"q": "{{input}}", "case": "{{case}}", "repeat": "{{repeat}}"}
CRITERIA = [{"id": "right", "bar": {"at_least": 0.8}, "scorer": {"check": "right"}}]
RIGHT = "def right(given, expected, output):\n    return output == given\n"


def http(url: str, **more: Any) -> dict[str, Any]:
    """Return an endpoint that is sent the case and answers at `$.answer.text`."""
    return {"http": {"url": f"{url}/answer", "body": BODY, "output": "$.answer.text", **more}}


def chat(url: str, **more: Any) -> dict[str, Any]:
    """Return a chat endpoint."""
    return {"chat": {"url": f"{url}/v1", "model": "m", "max_tokens": 100, **more}}


def launch(
    folder: Path,
    variants: dict[str, Any],
    *,
    cases: list[dict[str, Any]] | int = 10,
    prices: dict[str, Any] | None = None,
    **files: str,
) -> Path:
    """Write a launch folder; a number of cases makes open ones `c0`, `c1`, … whose inputs are their names."""
    folder.mkdir(exist_ok=True)
    written: dict[str, Any] = {"title": "Remote", "candidate": next(iter(variants)), "variants": variants}
    if prices is not None:
        written["price_list"] = {"as_of": "2026-11-25", "models": prices}
    (folder / "launch.yaml").write_text(json.dumps(written, indent=1).replace('"2026-11-25"', "2026-11-25"))
    (folder / "criteria.yaml").write_text(json.dumps(CRITERIA))
    (folder / "scorers.py").write_text(RIGHT)
    if isinstance(cases, int):
        cases = [{"id": f"c{i}", "input": f"c{i}", "part": "explore"} for i in range(cases)]
    (folder / "evalset").mkdir(exist_ok=True)
    (folder / "evalset" / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Return rows of a launch's ledger."""
    with sqlite3.connect(folder / ".shipworthy" / "ledger.db") as connection:
        return connection.execute(query).fetchall()


def outputs(folder: Path) -> dict[str, tuple[str | None, str | None]]:
    """Return the first answer of each case's first repeat: its text, or the reason that there is none."""
    query = """SELECT c.key, t.text, t.reason FROM texts t JOIN cases c ON c.no = t.case_no
               WHERE t.attempt = 0 AND t.repeat = 1"""
    return {case: (text, reason) for case, text, reason in rows(folder, query)}


def reasons(folder: Path) -> Counter[str]:
    """Count the reasons that there is no answer."""
    return Counter(reason for _, reason in outputs(folder).values() if reason is not None)


def account(folder: Path) -> tuple[int, float, float]:
    """Return the calls in doubt, and what all calls came to at least and at most, by the product's own fold."""
    from shipworthy.store.calls import bills  # noqa: PLC0415 - so that collecting tests stays quick
    from shipworthy.store.ledger import open_ledger  # noqa: PLC0415

    ledger = open_ledger(folder / ".shipworthy" / "ledger.db", create=False)
    with ledger.read() as connection:
        found = bills(connection)
    ledger.close()
    return sum(b.in_doubt for b in found), sum(b.low for b in found), sum(b.high for b in found)
