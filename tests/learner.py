"""A scripted learner of the course, who knows what was planted and does with it what a test says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Said

from shipworthy.store.course_file import read_truth

Ship = Callable[..., Said]
TRUTH = read_truth()
SAYS = {
    "wrong-price": "the sum is not the one in our rules",
    "promises-cover": "says that we pay for the repair",
    "wrong-language": "answered in English to a German or Spaniard",
    "half-answered": "only the first of two questions is answered",
    "says-nothing": "no answer in it at all, only thanks",
}
"""What the learner notes on each way to fail."""


def reads(
    ship: Ship,
    folder: Path,
    *,
    n: int = 60,
    fails: Callable[[str, str], bool] = lambda _, planted: bool(planted),
    note: Callable[[str], str] = lambda planted: SAYS.get(planted, "words that I would not use myself"),
) -> None:
    """Label drafts as `fails` says of case and planted way, with a note on each that fails."""
    rows = []
    for case, planted in list(TRUTH.drafts.items())[:n]:
        failing = fails(case, planted)
        row = {"case": case, "variant": "drafts", "reviewer": "ada", "state": "fail" if failing else "pass"}
        rows.append({**row, "note": note(planted)} if failing else row)
    file = folder.parent / "labels.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = ship("look", "import", folder, file)
    assert done.code == 0, done.err


def names(ship: Ship, folder: Path, groups: dict[str, list[str]], *, definition: str = "") -> None:
    """Add failure modes and give them drafts."""
    for name, cases in groups.items():
        said = definition or f"the draft shows what we call {name} here"
        assert ship("taxonomy", "add", folder, name, "--id", name, "--definition", said).code == 0
        if cases:
            done = ship("taxonomy", "group", folder, name, *cases, "--as", "ada")
            assert done.code == 0, done.err


def planted(*ways: str) -> list[str]:
    """Return the cases whose draft fails in one of these ways."""
    return [case for case, way in TRUTH.drafts.items() if way in ways]
