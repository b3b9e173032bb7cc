"""Labelled outputs as examples of a failure mode."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.labelling import give_labels, graded_launch

from shipworthy.domain.errors import BadInput
from shipworthy.domain.review import Said
from shipworthy.services.bring_in import Order, bring_in
from shipworthy.services.examples import examples, mode_named, named_example, short
from shipworthy.services.opened import opened

LAUNCH = "title: Inbox\ncandidate: new\nvariants: {new: {recorded: true}}\n"
MODES = "- {id: slow, near_miss: [slow but announced]}\n- {id: late, merged_into: slow}\n- {id: rude}\n"


@pytest.fixture
def launch(tmp_path: Path) -> Path:
    """A launch with eight open outputs and two sealed ones."""
    made = tmp_path / "launch"
    (made / "evalset").mkdir(parents=True)
    (made / "launch.yaml").write_text(LAUNCH)
    (made / "criteria.yaml").write_text("[]\n")
    (made / "taxonomy.yaml").write_text(MODES)
    rows = [{"id": f"c{n}", "part": "explore" if n < 8 else "holdout"} for n in range(10)]
    (made / "evalset/cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "new.csv").write_text("case,output\n" + "".join(f"c{n},says {n}\n" for n in range(10)))
    bring_in(made, tmp_path / "new.csv", Order(variant="new", burn_holdout=True))
    return made


def _names(folder: Path, mode: str) -> tuple[list[str], list[str], list[str]]:
    """Return the outputs that are offered as pass, fail and borderline."""
    with opened(folder) as made:
        found = examples(made, mode_named(made, mode))
    return ([e.name for e in found.passes], [e.name for e in found.fails], [e.name for e in found.borderline])


def test_outputs_are_offered_as_they_were_labelled(launch: Path) -> None:
    """What has the failure mode fails, what was put off is hard to judge; another failure mode is no example."""
    give_labels(
        launch,
        {
            "c0": Said("pass"),
            "c1": Said("fail", "took a week", ("slow",)),
            "c2": Said("fail", "", ("rude",)),
            "c3": Said("defer"),
        },
    )
    assert _names(launch, "slow") == (["c0"], ["c1"], ["c3"])


def test_labels_of_a_mode_that_was_merged_count_for_the_one_it_went_into(launch: Path) -> None:
    """`late` was merged into `slow`."""
    give_labels(launch, {"c1": Said("fail", "", ("late",))})
    assert _names(launch, "slow")[1] == ["c1"]


def test_people_who_differ_make_a_hard_one(launch: Path) -> None:
    """Ada fails what Ben passes."""
    give_labels(launch, {"c1": Said("fail", "", ("slow",))})
    give_labels(launch, {"c1": Said("pass")}, reviewer="Ben", key="second")
    assert _names(launch, "slow")[2] == ["c1"]


def test_an_output_of_a_sealed_case_is_never_an_example(launch: Path) -> None:
    """Labelling it is allowed, showing it to whoever writes the criterion is not."""
    give_labels(launch, {"c9": Said("fail", "", ("slow",)), "c8": Said("pass")})
    assert _names(launch, "slow") == ([], [], [])
    with opened(launch) as made, pytest.raises(BadInput, match="no open case"):
        named_example(made, "c9")


def test_a_label_that_was_changed_counts_as_it_stands(launch: Path) -> None:
    """The same person first failed it, then passed it."""
    give_labels(launch, {"c1": Said("fail", "", ("slow",))})
    give_labels(launch, {"c1": Said("pass")}, key="second")
    assert _names(launch, "slow")[:2] == (["c1"], [])


def test_what_the_failure_mode_names_comes_first(launch: Path) -> None:
    """An example in taxonomy.yaml was chosen on purpose."""
    (launch / "taxonomy.yaml").write_text("- {id: slow, examples: [c5, c9]}\n")
    give_labels(launch, {"c1": Said("fail", "", ("slow",))})
    assert _names(launch, "slow")[1] == ["c5", "c1"]


def test_an_output_is_shortened_and_stripped_of_what_cannot_be_seen() -> None:
    """It stays text, at most 500 characters of it, cut between words."""
    assert short('"a\\u202eb\\u0000c"') == "abc"
    assert short(json.dumps("word " * 400)).endswith("word …")
    assert len(short(json.dumps("x" * 4000))) <= 502
    assert short('{"a": [1]}') == '{"a":[1]}'


def test_real_reasons_become_examples_of_a_criterion(tmp_path: Path, shared: Path) -> None:
    """49 of 100 product descriptions failed with a reason; 13 are too long, and the latest of them are offered."""
    said = graded_launch(tmp_path / "graded", shared / "data/evalgen-grades/product.csv.gz")
    give_labels(tmp_path / "graded", said)
    with opened(tmp_path / "graded") as made:
        found = examples(made, mode_named(made, "too-long"), most=100)
    assert (len(said), sum(each.state == "fail" for each in said.values())) == (100, 49)
    assert (len(found.fails), len(found.passes)) == (13, 51)
    assert all("long" in each.note for each in found.fails)
