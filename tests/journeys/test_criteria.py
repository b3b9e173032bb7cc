"""Criteria on the command line: from a failure mode to a locked plan, on outputs that people graded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Said
from tests.labelling import MODES, give_labels, graded_launch

from shipworthy.store.read import read_launch


@pytest.fixture
def fresh(ship: Callable[..., Said], tmp_path: Path) -> Path:
    """A launch as `init` makes it, with failure modes that somebody found and cases to decide on."""
    made = tmp_path / "launch"
    assert ship("init", made).code == 0
    (made / "taxonomy.yaml").write_text(MODES.lstrip())
    rows = [{"id": f"h{n}", "input": f"product {n}", "part": "holdout"} for n in range(120)]
    (made / "evalset/cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return made


def _new(ship: Callable[..., Said], launch: Path, *more: str, **instead: str) -> Said:
    """Write a criterion from a failure mode, with some options in the place of the usual ones."""
    options = {
        "mode": "quotes-bad-review", "at_least": "19 of 20", "scorer": "recorded:correct",
        "why": "a buyer who reads of a fault buys elsewhere",
    } | instead  # fmt: skip
    tokens = [token for name, value in options.items() for token in (f"--{name.replace('_', '-')}", value)]
    return ship("criteria", "new", launch, *tokens, *more)


def test_a_fresh_launch_goes_from_a_failure_mode_to_a_locked_plan(
    ship: Callable[..., Said], fresh: Path
) -> None:
    """Listed as unasked, priced without writing, written, its line drawn elsewhere, locked."""
    assert "quotes-bad-review (harmful)" in ship("criteria", "list", fresh).out
    dry = _new(ship, fresh, "--dry-run")
    assert "no_quotes_bad_review: 120 sealed groups now, 59 at the fewest" in dry.out
    assert len(read_launch(fresh).criteria) == 1
    assert (
        _new(ship, fresh, "--example", "pass=It names what it is for.", "--set", "hoped_for=0.99").code == 0
    )
    assert (
        ship(
            "criteria", "bar", fresh, "no_quotes_bad_review", "--at-least", "0.96", "--why", "as legal asked"
        ).code
        == 0
    )
    text = (fresh / "criteria.yaml").read_text()
    assert "Read about a hundred outputs first" in text
    assert ship("check", fresh).code == 0
    assert ship("lock", fresh).code == 0
    listed = " ".join(ship("criteria", "list", fresh).out.split())
    assert "no_quotes_bad_review · guardrail · at least 96 of 100 pass" in listed
    assert "quotes-bad-review (harmful)" not in listed


def test_vague_words_of_a_new_criterion_are_pointed_at(ship: Callable[..., Said], fresh: Path) -> None:
    """The question and the reason are read; what is saved is what was written."""
    said = _new(ship, fresh, "--set", "question=Is the text good?")
    assert 'question: "good"? good for whom, and what would they do differently?' in said.err
    assert said.code == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"scorer": "policy"}, 2),
        ({"example": "best=x"}, 2),
        ({"set": "bar=1"}, 2),
        ({"at_least": "95"}, 3),
        ({"example": "fail=@h1"}, 3),
        ({"set": "slices=topic"}, 3),
        ({"mode": "unknown"}, 3),
        ({"scorer": "judge:policy"}, 3),
    ],
)
def test_what_cannot_be_written_leaves_the_file_as_it_is(
    ship: Callable[..., Said], fresh: Path, wrong: dict[str, str], code: int
) -> None:
    """No scorer, no kind of example, no such field, no share, a sealed output, no such slice or failure mode, a judge."""
    before = (fresh / "criteria.yaml").read_bytes()
    said = _new(ship, fresh, **wrong)
    assert said.code == code, said.err
    assert "to mend it:" in said.err
    assert (fresh / "criteria.yaml").read_bytes() == before


@pytest.mark.parametrize("side", [["--at-most", "3"], ["--at-least", "0.9", "--at-most", "3"]])
def test_a_line_has_one_side(ship: Callable[..., Said], fresh: Path, side: list[str]) -> None:
    """A rate has no ceiling."""
    assert ship("criteria", "bar", fresh, "right_answer", *side, "--why", "because").code == 2


def test_a_criterion_is_written_from_real_graded_outputs(
    ship: Callable[..., Said], tmp_path: Path, shared: Path
) -> None:
    """Of 100 product descriptions 49 failed with a reason, 19 of them for a link; one of those stands as the example."""
    made = tmp_path / "graded"
    said = graded_launch(made, shared / "data/evalgen-grades/product.csv.gz", sealed=80)
    give_labels(made, said)
    offered = ship("criteria", "examples", made, "broken-link", "--most", "100").out
    assert "pass: 51\n" in offered
    assert "fail: 19\n" in offered
    name = next(case for case, label in said.items() if "broken-link" in label.modes)
    written = ship(
        "criteria", "new", made, "--mode", "broken-link", "--at-least", "0.9", "--why", "the shop's pages move",
        "--scorer", "recorded:passed", "--example", f"fail=@{name}", "--set", "hoped_for=0.97",
    )  # fmt: skip
    assert written.code == 0, written.err
    (criterion,) = read_launch(made).criteria
    assert criterion.kind == "goal"
    assert criterion.fail.startswith("# ")
    assert "no_broken_link: 80 sealed groups now, 29 at the fewest" in written.out
