"""Changes of the taxonomy: file and journal together, under many hands, and over labels that others gave."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.review_launch import queue_for, recorded_launch

from shipworthy.domain.errors import FolderHasProblems, Refused
from shipworthy.domain.review import Said
from shipworthy.services import taxonomy_change
from shipworthy.services.desk import desk_at
from shipworthy.services.save_label import Saving, save_label
from shipworthy.services.taxonomy_group import group_outputs
from shipworthy.services.taxonomy_history import taxonomy_history
from shipworthy.services.taxonomy_matrix import failure_matrix
from shipworthy.services.taxonomy_redefine import redefine_mode
from shipworthy.services.taxonomy_state import open_reads, taxonomy_state
from shipworthy.services.taxonomy_undo import undo_change
from shipworthy.services.taxonomy_write import add_mode, describe_mode
from shipworthy.store.review import current_labels
from shipworthy.store.tables import steps


@pytest.fixture
def desk(tmp_path):
    """Return a desk over eight recorded outputs, all of them in a first reading."""
    made = recorded_launch(tmp_path / "launch", [f"answer {n}" for n in range(8)])
    queue_for(made)
    with desk_at(made) as found:
        yield found


def say(desk, position, said, who="ada", *, version=0, queue="first-reading"):
    """Give a label in a queue."""
    return save_label(desk, Saving(queue, position, who, said, version, uuid.uuid4().hex))


def test_an_event_that_cannot_be_kept_leaves_the_file_as_it_was(desk, monkeypatch):
    """The disk of the ledger is full after the file was written: the file is put back, and nothing was changed."""
    path = desk.launch.layout.taxonomy
    before = path.read_bytes()

    def full(*_args, **_more):
        assert b"promises-a-date" in path.read_bytes()
        raise OSError("no space left")

    monkeypatch.setattr(taxonomy_change.journal, "append", full)
    with pytest.raises(OSError, match="no space"):
        add_mode(desk, "Promises a date", by="ada")
    assert path.read_bytes() == before


def test_a_value_that_no_failure_mode_has_changes_nothing(desk):
    """A severity that there is not: the file and the journal stay, and the problem is named."""
    before = desk.launch.layout.taxonomy.read_bytes()
    with pytest.raises(FolderHasProblems) as caught:
        describe_mode(desk, "wrong-team", by="ada", severity="dreadful")
    assert "severity" in str(caught.value.problems[0])
    assert desk.launch.layout.taxonomy.read_bytes() == before
    assert taxonomy_history(desk) == []


def test_twenty_people_add_at_once_and_nothing_is_lost(desk):
    """Each is kept or refused; what was acknowledged stands in the file and in the journal."""

    def add(number):
        try:
            return add_mode(desk, f"Mode {'abcdefghijklmnopqrst'[number]}", by=f"p{number}").modes[0]
        except Refused:
            return None

    with ThreadPoolExecutor(8) as pool:
        kept = {mode for mode in pool.map(add, range(20)) if mode}
    assert kept
    in_file = {mode.id for mode in taxonomy_state(desk).modes}
    assert in_file == kept | {"invented-policy", "wrong-team"}
    assert {event.body["patches"][0]["id"] for event in taxonomy_history(desk)} == kept


def test_grouping_what_others_noted_settles_and_leaves_their_labels(desk):
    """Ada's labels stay as she gave them; what Eve grouped is settled by Eve, and counts."""
    say(desk, 0, Said("fail", "the team is wrong"))
    say(desk, 1, Said("fail", "wrong team"))
    names = [read.name for read in open_reads(desk)[0]]
    done = group_outputs(desk, names, "wrong-team", by="eve")
    assert (done.outputs, done.had_it) == (2, 0)
    with desk.launch.ledger.read() as connection:
        rows = current_labels(connection)
    by = {number: name for name, number in desk.people.items()}
    assert [(by[row.reviewer_no], row.turn, row.said.modes) for row in rows] == [
        ("ada", "own", ()), ("ada", "own", ()), ("eve", "settled", ("wrong-team",)), ("eve", "settled", ("wrong-team",)),
    ]  # fmt: skip
    assert taxonomy_state(desk).row("wrong-team").count.outputs == 2
    assert [read.note for read in open_reads(desk)[0]] == ["the team is wrong", "wrong team"]
    undo_change(desk, by="eve")
    assert taxonomy_state(desk).row("wrong-team").count.outputs == 0
    assert [read.state for read in open_reads(desk)[0]] == ["fail", "fail"]


def test_grouping_again_changes_nothing(desk):
    """An output that has the failure mode already is counted as such, and no label is written."""
    say(desk, 0, Said("fail", "x"))
    names = [read.name for read in open_reads(desk)[0]]
    group_outputs(desk, names, "wrong-team", by="ada")
    done = group_outputs(desk, names, "wrong-team", by="ada")
    assert (done.outputs, done.had_it) == (0, 1)


def test_a_grouped_output_that_was_labelled_again_is_not_overwritten_by_undo(desk):
    """Ada read it again since: her newer label stays."""
    say(desk, 0, Said("fail", "x"))
    names = [read.name for read in open_reads(desk)[0]]
    group_outputs(desk, names, "wrong-team", by="ada")
    say(desk, 0, Said("pass"), version=2)
    with pytest.raises(Refused, match="labelled again since"):
        undo_change(desk, by="ada")
    assert open_reads(desk)[0][0].state == "pass"


def test_a_wider_definition_queues_what_it_could_take_in(desk):
    """Those that have it, a failure without a mode, and one whose note speaks of it; nothing that passes."""
    say(desk, 0, Said("fail", "x", ("wrong-team",)))
    say(desk, 1, Said("fail", "odd"))
    say(desk, 2, Said("fail", "promises a refund too early", ("invented-policy",)))
    say(desk, 3, Said("fail", "states a rule", ("invented-policy",)))
    say(desk, 4, Said("pass"))
    narrower = redefine_mode(desk, "wrong-team", by="ada", wider=False, definition="Another team is named")
    assert [again.why for again in narrower.again] == ["has it"]
    wider = redefine_mode(
        desk, "wrong-team", by="ada", wider=True, definition="It promises a refund too early"
    )
    assert [again.why for again in wider.again] == [
        "has it", "fails, and has no failure mode", "its note speaks of it",
    ]  # fmt: skip
    assert taxonomy_state(desk).row("wrong-team").to_read == 3


def test_sealed_outputs_are_counted_nowhere(tmp_path):
    """A failure on a sealed case is labelled, and no count, note or matrix tells of it."""
    made = recorded_launch(tmp_path / "launch", [f"answer {n}" for n in range(4)])
    cases = made / "evalset/cases.jsonl"
    queue_for(made)
    with desk_at(made) as desk:
        for position in range(4):
            say(desk, position, Said("fail", f"secret {position}", ("wrong-team",), 0))
    cases.write_text(cases.read_text().replace('"part": "explore"', '"part": "holdout"', 2))
    with desk_at(made) as desk:
        state = taxonomy_state(desk)
        assert (state.counted.read, state.row("wrong-team").count.outputs) == (2, 2)
        assert len(open_reads(desk)[0]) == 2
        found = failure_matrix(desk)
        assert len(found.beyond) + sum(map(len, found.cells.values())) == 2


def test_outputs_picked_for_being_wrong_do_not_raise_the_rate(tmp_path):
    """Four of eight were drawn, one of them fails; the other four were picked, and all fail: the rate is 1 of 4."""
    made = recorded_launch(tmp_path / "launch", [f"answer {n}" for n in range(8)])
    queue_for(made, n=4)
    with desk_at(made) as desk:
        drawn = {item.output for item in desk.state("first-reading").items}
        for position in range(4):
            modes = () if position else ("wrong-team",)
            say(desk, position, Said("fail" if modes else "pass", "x", modes))
        names = {f"c-{n}" for n in range(8)} - {read.name.split("/")[0] for read in open_reads(desk)[0]}
    queue_for(made, "picked", kind="list", cases=sorted(names))
    with desk_at(made) as desk:
        assert not drawn & {item.output for item in desk.state("picked").items}
        for position in range(4):
            say(desk, position, Said("fail", "x", ("wrong-team",)), queue="picked")
        state = taxonomy_state(desk)
    found = state.row("wrong-team").count
    assert (found.outputs, found.read, found.rate, found.picked) == (1, 4, 0.25, 4)
    assert (state.counted.drawn, state.counted.picked) == (True, 4)


def test_first_failures_are_counted_by_the_steps_that_were_recorded(desk):
    """Two outputs go wrong at the look-up, one at its answer; a passing one and one without a mark are not counted."""
    steps_of = [
        {"role": "user", "content": "Where is it?"},
        {"role": "assistant", "tool_calls": [{"function": {"name": "find_order"}}]},
        {"role": "assistant", "content": "It left."},
    ]
    items = desk.state("first-reading").items
    with desk.launch.ledger.write() as connection:
        for item in items:
            row = {
                "variant_no": item.variant_no,
                "case_no": item.case_no,
                "repeat": item.repeat,
                "attempt": 0,
            }
            connection.execute(steps.insert().values(**row, run_no=1, text=json.dumps(steps_of)))
    say(desk, 0, Said("fail", "x", ("wrong-team",), 1))
    say(desk, 1, Said("fail", "y", (), 1))
    say(desk, 2, Said("fail", "z", (), 2))
    say(desk, 3, Said("pass", "", (), 1))
    say(desk, 4, Said("fail", "no mark"))
    found = failure_matrix(desk)
    assert found.count("user", "assistant calls find_order") == 2
    assert found.count("assistant calls find_order", "assistant") == 1
    assert sum(map(len, found.cells.values())) == 3
    assert sum(map(len, failure_matrix(desk, mode="wrong-team").cells.values())) == 1


def test_outputs_on_which_variants_differ_stand_for_no_others(desk):
    """They were drawn by chance, but from the odd ones: a rate on them describes what was read, and says so."""
    folder = desk.launch.layout.folder
    key = queue_for(folder, "odd", kind="disagreements", criterion="right", variants=["zebra", "yak"])
    desk.refresh(always=True)
    drawn = {item.output for item in desk.state("first-reading").items}
    odd = [n for n, item in enumerate(desk.state(key).items) if item.output not in drawn]
    assert odd
    say(desk, odd[0], Said("fail", "x", ("wrong-team",)), queue=key)
    found = taxonomy_state(desk).counted
    assert (found.read, found.drawn) == (1, False)
