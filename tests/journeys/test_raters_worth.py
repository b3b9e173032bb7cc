"""What each reviewer is worth where three or more labelled the same outputs: suggested, never settled, and not of sealed ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import Said as Told
from tests.reviewing import reviewed

from shipworthy.services.desk import desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue

Ship = Callable[..., Told]
PEOPLE = ("ada", "bob", "cy", "dee", "eve")
SKILL = (0.97, 0.95, 0.75, 0.7, 0.65)


def labels_file(path: Path, said: Sequence[Sequence[str]]) -> Path:
    """Write a file of labels: for each case what each person said; empty for nothing."""
    lines = (
        {"case": f"c{i}", "reviewer": who, "state": state, "criterion": "right"}
        for i, row in enumerate(said)
        for who, state in zip(PEOPLE, row, strict=False)
        if state
    )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def planted(cases: int) -> tuple[list[bool], list[list[str]]]:
    """Draw the truth and five people's labels: each is right as often as `SKILL` says."""
    rng = np.random.default_rng(7)
    true = rng.random(cases) < 0.7
    right = rng.random((cases, len(SKILL))) < SKILL
    return true.tolist(), [
        ["pass" if t == r else "fail" for r in row] for t, row in zip(true, right, strict=True)
    ]


@pytest.fixture
def labelled(tmp_path: Path, ship: Ship) -> Callable[[Sequence[Sequence[str]]], Path]:
    """Make a launch in whose one queue everything is labelled as given."""

    def make(said: Sequence[Sequence[str]]) -> Path:
        folder = reviewed(tmp_path / "l", len(said))
        with desk_at(folder) as desk:
            make_queue(desk, QueueWanted("all", len(said), criterion="right", overlap=1.0))
        assert ship("look", "import", folder, labels_file(tmp_path / "labels.jsonl", said)).code == 0
        return folder

    return make


def test_planted_skills_are_found_and_their_labels_are_mostly_the_truth(
    ship: Ship, labelled: Callable[..., Path]
) -> None:
    """Five people of unlike skill on 300 outputs: the order is found, and of the labels that change most become right."""
    true, said = planted(300)
    folder = labelled(said)
    found = ship("look", "status", folder, "all", "--format", "json").json["raters"]
    passing = [rater["passing"] for rater in found["raters"]]
    assert [rater["name"] for rater in found["raters"]] == list(PEOPLE)
    assert passing == pytest.approx(SKILL, abs=0.08)
    others = found["others"]
    better = sum((other["by_skill"] == "pass") == true[int(other["case"][1:])] for other in others)
    assert len(others) >= 5
    assert better >= 0.7 * len(others)
    assert all(other["majority"] not in ("", other["by_skill"]) for other in others)

    text = " ".join(ship("look", "status", folder, "all").out.split())
    assert "ada (300 labels): says pass of about" in text
    assert (
        f"would change {len(others)} labels of the majority and break 0 ties: {others[0]['case']} (" in text
    )
    assert "It settles nothing: let somebody read them" in text
    assert "an error that most of them share looks like the truth" in text


def test_settling_suggests_and_settles_nothing_by_itself(ship: Ship, labelled: Callable[..., Path]) -> None:
    """Only what all agree on is written; what differs waits for a person, whom the suggestion is for."""
    _, said = planted(100)
    folder = labelled(said)
    told = ship("look", "settle", folder, "--criterion", "right").out
    agreed = sum(len(set(row)) == 1 for row in said)
    assert told.startswith(
        f"{agreed} labels by human on outputs of new\n{100 - agreed} outputs on which people differ"
    )
    assert "What each is worth" in told
    assert "It settles nothing" in " ".join(told.split())


def test_what_somebody_settled_is_suggested_no_more(
    ship: Ship, labelled: Callable[..., Path], tmp_path: Path
) -> None:
    """An adjudicator settles the first suggestion as the majority has it: it stands, and is no suggestion any more."""
    folder = labelled(planted(300)[1])
    others = ship("look", "status", folder, "all", "--format", "json").json["raters"]["others"]
    line = {"case": others[0]["case"], "reviewer": "zoe", "state": others[0]["majority"], "turn": "settled"}
    file = tmp_path / "settled.jsonl"
    file.write_text(json.dumps({**line, "criterion": "right"}) + "\n")
    assert ship("look", "import", folder, file).code == 0
    left = ship("look", "status", folder, "all", "--format", "json").json["raters"]["others"]
    assert left == others[1:]


def test_two_people_are_told_nothing_of_each_other(ship: Ship, labelled: Callable[..., Path]) -> None:
    """With two nobody can tell whose error it was: agreement stands there, and no word of what each is worth."""
    folder = labelled([("pass", "fail" if i < 4 else "pass") for i in range(20)])
    assert ship("look", "status", folder, "all", "--format", "json").json["raters"] is None
    assert "worth" not in ship("look", "status", folder, "all").out


def test_three_people_who_share_no_output_are_told_why_nothing_is_known(
    ship: Ship, labelled: Callable[..., Path]
) -> None:
    """Each output has two labels of three people: not identified, and said so."""
    rows = [("pass", "pass", ""), ("", "pass", "fail"), ("fail", "", "fail")]
    folder = labelled([rows[i % 3] for i in range(30)])
    text = " ".join(ship("look", "status", folder, "all").out.split())
    assert "is not known: no case has three ratings, so nothing tells whose error it was." in text


def test_sealed_outputs_tell_nothing(ship: Ship, labelled: Callable[..., Path]) -> None:
    """The same labels on cases that are sealed by now: no skill, no share, no suggestion."""
    folder = labelled(planted(60)[1])
    cases = folder / "evalset/cases.jsonl"
    rows = [json.loads(line) for line in cases.read_text().splitlines()]
    cases.write_text("".join(json.dumps({**row, "part": "holdout"}) + "\n" for row in rows))
    told = ship("look", "settle", folder, "--criterion", "right")
    assert told.code == 0
    assert "worth" not in told.out


def test_pandalm_raters_gain_nothing_over_the_majority(
    ship: Ship, labelled: Callable[..., Path], shared: Path
) -> None:
    """Three recorded raters of 999 pairs, asked whether the second answer is better: alike, so use the majority."""
    with gzip.open(shared / "data/pandalm/testset-v1.json.gz") as file:
        rows = json.load(file)
    said = [["pass" if row[f"annotator{i}"] == 2 else "fail" for i in (1, 2, 3)] for row in rows]
    folder = labelled(said)
    found = ship("look", "status", folder, "all", "--format", "json").json["raters"]
    assert (found["outputs"], found["others"]) == (999, [])
    assert all(rater["passing"] > 0.9 and rater["failing"] > 0.9 for rater in found["raters"])
    text = " ".join(ship("look", "status", folder, "all").out.split())
    assert "changes no label of the majority on 999 outputs: no gain over the majority, use that." in text
