"""Shipworthy as one more tool in a comparison that hands out cases as JSON lines with `id`, `input` and `target`.

python bench/peer.py prepare DATA URL AT_ONCE FOLDER     # writes a launch folder that asks URL/chat/completions
python bench/peer.py verify FOLDER                       # prints {"scored": …, "correct": …, "errors": …} from the ledger
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

LAUNCH = """
candidate: mock
variants:
  mock:
    chat: {{url: "{url}", model: mock}}
    limits: {{at_once: {at_once}, timeout_s: 5, attempts: 11}}
price_list: {{as_of: 2026-11-25, models: {{mock: {{call: 0}}}}}}
"""
CRITERIA = """
- id: exact
  question: Does it hold what is expected?
  bar: {at_least: 0.5, why: a benchmark}
  scorer: {check: exact}
"""


def prepare(data: str, url: str, at_once: str, folder: str) -> None:
    """Write a launch folder."""
    launch = Path(folder)
    (launch / "evalset").mkdir(parents=True, exist_ok=True)
    (launch / "launch.yaml").write_text(LAUNCH.format(url=url, at_once=at_once))
    (launch / "criteria.yaml").write_text(CRITERIA)
    (launch / "scorers.py").write_text("def exact(given, expected, output):\n    return expected in output\n")
    with Path(data).open() as rows, (launch / "evalset/cases.jsonl").open("w") as cases:
        for row in map(json.loads, rows):
            case = {"id": str(row["id"]), "input": row["input"], "expected": row["target"]}
            cases.write(json.dumps(case) + "\n")


def verify(folder: str) -> None:
    """Count scores."""
    ledger = f"file:{folder}/.shipworthy/ledger.db?mode=ro"
    with sqlite3.connect(ledger, uri=True) as connection:
        query = "SELECT count(value), coalesce(sum(value), 0), coalesce(sum(answered = 0), 0) FROM scores"
        scored, correct, errors = connection.execute(query).fetchone()
    print(json.dumps({"scored": scored, "correct": int(correct), "errors": errors}))


{"prepare": prepare, "verify": verify}[sys.argv[1]](*sys.argv[2:])
