"""Labels, undo, resends and stale saves: whatever order they come in, the ledger says what a plain list would."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import threading
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.reviewing import reviewed

from shipworthy.domain.errors import BadInput, Refused, Unavailable
from shipworthy.domain.review import NOTHING, Said, Stale
from shipworthy.services import desk as desk_module
from shipworthy.services.desk import Desk, desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.next_item import next_item
from shipworthy.services.queue_progress import progress
from shipworthy.services.queue_state import QueueState
from shipworthy.services.read_item import read_item
from shipworthy.services.reviewer import reader_number, reviewer_number
from shipworthy.services.save_label import Saving, save_label, submit_label
from shipworthy.services.undo_label import undo_label
from shipworthy.services.verify import verify

PEOPLE = ("ada", "bob")
ITEMS = 4
SLIPPED_IN = (
    "INSERT INTO labels SELECT 3, at, reviewer_no, variant_no, case_no, repeat, criterion, turn, 2, state, note, modes, "
    "step, queue_no, 'x', ms_spent, blind, undoes FROM labels WHERE no = 1"
)
SAID = st.builds(
    Said,
    st.sampled_from(["pass", "fail", "defer"]),
    st.sampled_from(["", "too long", "\u202eodd\x1b[31m"]),
    st.sampled_from([(), ("late",), ("late", "rude")]),
    st.sampled_from([None, 0, 2]),
)


class Labelling(RuleBasedStateMachine):
    """Two people, four outputs, a desk that is closed and opened again, against lists in memory."""

    @initialize()
    def begin(self):
        """Make a launch with a queue that both people label whole."""
        self.room = tempfile.TemporaryDirectory()
        self.folder = reviewed(Path(self.room.name) / "l", ITEMS)
        self.open = contextlib.ExitStack()
        self._desk()
        make_queue(self.desk, QueueWanted("all", ITEMS, overlap=1.0))
        self.chains: dict[tuple[str, int], list[Said]] = defaultdict(list)
        self.acts: dict[str, list[tuple[int, Said]]] = defaultdict(list)
        self.sent: list[tuple[Saving, int]] = []
        self.ids = 0

    @rule(person=st.sampled_from(PEOPLE), at=st.integers(0, ITEMS - 1), said=SAID)
    def saves(self, person, at, said):
        """A save that read what holds is written, one version on."""
        saving = Saving("all", at, person, said, len(self.chains[person, at]), self._id())
        found = save_label(self.desk, saving)
        self.acts[person].append((at, self._now(person, at)))
        self.chains[person, at].append(said)
        self.sent.append((saving, found.version))
        assert (found.position, found.version, found.said) == (at, len(self.chains[person, at]), said)

    @rule(
        person=st.sampled_from(PEOPLE),
        at=st.integers(0, ITEMS - 1),
        said=SAID,
        off=st.sampled_from([-1, 1, 5]),
    )
    def saves_what_is_stale(self, person, at, said, off):
        """A save that read something else is refused, and told what holds."""
        with pytest.raises(Stale) as refused:
            save_label(
                self.desk, Saving("all", at, person, said, len(self.chains[person, at]) + off, self._id())
            )
        assert (refused.value.mine, refused.value.theirs) == (said, self._now(person, at))
        assert refused.value.version == len(self.chains[person, at])

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 50))
    def sends_again(self, which):
        """A save that is sent a second time is acknowledged as the first time, and written once."""
        saving, version = self.sent[which % len(self.sent)]
        assert save_label(self.desk, saving).version == version

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 50))
    def uses_an_id_twice(self, which):
        """An id that stands for one label cannot be used for another."""
        saving, _ = self.sent[which % len(self.sent)]
        other = Said("fail", saving.said.note + "!")
        with pytest.raises(BadInput):
            save_label(
                self.desk,
                Saving("all", saving.position, saving.reviewer, other, saving.version, saving.client_id),
            )

    @rule(person=st.sampled_from(PEOPLE))
    def undoes(self, person):
        """An undo brings back what was there before the last thing that still stands; then the one before."""
        if not self.acts[person]:
            with pytest.raises(Refused):
                undo_label(self.desk, "all", person, self._id())
            return
        at, before = self.acts[person].pop()
        client = self._id()
        found = undo_label(self.desk, "all", person, client)
        self.chains[person, at].append(before)
        assert (found.position, found.said) == (at, before)
        assert undo_label(self.desk, "all", person, client) == found

    @rule()
    def opens_again(self):
        """The server is stopped and started."""
        self.open.close()
        self._desk()

    @invariant()
    def it_is_what_the_lists_say(self):
        """What is read, and the counts, are those of the lists."""
        if not hasattr(self, "desk"):
            return
        for person in PEOPLE:
            for at in range(ITEMS):
                item = read_item(self.desk, "all", at, person)
                assert (item.said, item.version) == (self._now(person, at), len(self.chains[person, at]))
        states = [[self._now(person, at).state for person in PEOPLE] for at in range(ITEMS)]
        firm = [[each for each in both if each in ("pass", "fail")] for both in states]
        counts = progress(self.desk, "all")
        assert counts.passed == sum(each == ["pass", "pass"] for each in firm)
        assert counts.failed == sum(each == ["fail", "fail"] for each in firm)
        assert counts.differ == sum(len(set(each)) == 2 for each in firm)
        assert counts.deferred == sum(
            "defer" in both and len(of) < 2 for both, of in zip(states, firm, strict=True)
        )

    def teardown(self):
        """Everything that was written is sealed."""
        self.open.close()
        assert verify(self.folder).faults == ()
        self.room.cleanup()

    def _desk(self):
        self.open = contextlib.ExitStack()
        self.desk = self.open.enter_context(desk_at(self.folder))

    def _now(self, person, at):
        chain = self.chains[person, at]
        return chain[-1] if chain else NOTHING

    def _id(self):
        self.ids += 1
        return f"id-{self.ids}"


TestLabelling = Labelling.TestCase
TestLabelling.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture
def desk(tmp_path):
    """A desk at a launch of thirty outputs, and a queue of all of them that three people label."""
    with desk_at(reviewed(tmp_path / "l", 30)) as found:
        make_queue(found, QueueWanted("all", 30, overlap=1.0, readers=3))
        for person in ("ada", "bob", "eve"):
            reviewer_number(found, person)
        yield found
        found.commits.committing = lambda: None


@contextlib.contextmanager
def held_up(desk):
    """Hold a commit up just before its end, until the block is left."""
    gate = threading.Event()
    desk.commits.committing = lambda: gate.wait(20)
    try:
        yield
    finally:
        gate.set()


def _saving(
    at: int, person: str = "ada", said: Said | None = None, version: int = 0, client: str = ""
) -> Saving:
    return Saving("all", at, person, said or Said("pass"), version, client or f"{person}-{at}-{version}")


def test_labels_that_wait_are_committed_together(desk):
    """Ninety labels handed over while one commit is held up are sealed by few events, and none is lost."""
    people = ("ada", "bob", "eve")
    with held_up(desk):
        waiting = [submit_label(desk, _saving(at, person)) for person in people for at in range(30)]
    assert {future.result().version for future in waiting} == {1}
    with sqlite3.connect(desk.launch.layout.ledger) as connection:
        events = connection.execute("SELECT count(*) FROM journal WHERE verb = 'labels'").fetchone()[0]
        assert connection.execute("SELECT count(*), max(no) FROM labels").fetchone() == (90, 90)
    assert events <= 3


def test_names_are_written_down_with_the_first_label_and_once(desk):
    """Four people save at once, two of them under one name: three names, three events, and each label has its own."""
    names = ("Ada L.", "Bo", "Ada L.", "Cy")
    with held_up(desk):
        waiting = [desk.commits.meet(name) for name in names]
    numbers = [future.result() for future in waiting]
    assert numbers[0] == numbers[2]
    assert len(set(numbers)) == 3
    assert [reviewer_number(desk, name) for name in names] == numbers
    with sqlite3.connect(desk.launch.layout.ledger) as connection:
        bodies = connection.execute("SELECT body FROM journal WHERE verb = 'reviewer'").fetchall()
    assert sum(any(name in body for name in names) for (body,) in bodies) == 3


def test_who_reads_is_not_written_down(desk):
    """A new name reads: the journal stays as it is, and what they hold is theirs when they save."""
    before = _events(desk)
    held = next_item(desk, "all", "Newcomer", ahead=3).positions
    assert read_item(desk, "all", held[0], "Newcomer").version == 0
    assert _events(desk) == before
    assert save_label(desk, _saving(held[0], "Newcomer")).version == 1
    assert [verb for (verb,) in _events(desk)[len(before) :]] == ["reviewer", "labels"]
    assert next_item(desk, "all", "Newcomer", ahead=2).positions == held[1:]


def _events(desk):
    """Return what the journal holds."""
    with sqlite3.connect(desk.launch.layout.ledger) as connection:
        return connection.execute("SELECT verb FROM journal ORDER BY seq").fetchall()


def test_nothing_is_acknowledged_before_it_is_on_the_disk(desk):
    """While the commit is held up a save has no answer, and no other connection sees it."""
    with held_up(desk):
        future = submit_label(desk, _saving(0))
        with sqlite3.connect(desk.launch.layout.ledger) as connection:
            assert connection.execute("SELECT count(*) FROM labels").fetchone() == (0,)
        assert not future.done()
    assert future.result().version == 1


def test_a_commit_that_fails_is_told_to_all_who_wait_and_the_next_is_tried(desk):
    """A full disk: the save says so, memory is as before, and the same save goes through later."""

    def full() -> None:
        raise Unavailable("the disk is full")

    desk.commits.committing = full
    with pytest.raises(Unavailable):
        save_label(desk, _saving(0))
    assert progress(desk, "all").done == 0
    desk.commits.committing = lambda: None
    assert save_label(desk, _saving(0)).version == 1


def test_two_tabs_in_one_group_only_one_save_holds(desk):
    """Two saves that read the same version, committed together: the second is refused, with both values."""
    with held_up(desk):
        first = submit_label(desk, _saving(0, said=Said("pass"), client="one"))
        second = submit_label(desk, _saving(0, said=Said("fail", "late"), client="two"))
    assert first.result().version == 1
    with pytest.raises(Stale) as refused:
        second.result()
    assert (refused.value.mine, refused.value.theirs) == (Said("fail", "late"), Said("pass"))


def test_what_another_process_wrote_is_seen_before_a_save(desk):
    """A second desk saves; a save at the first that read nothing is stale, and its picture has the other's label."""
    with desk_at(desk.launch.layout.folder) as other:
        save_label(other, _saving(3, said=Said("fail")))
    with pytest.raises(Stale):
        save_label(desk, _saving(3, client="late"))
    assert read_item(desk, "all", 3, "ada").said == Said("fail")


def test_a_label_changed_behind_the_back_is_found(desk):
    """Somebody edits the ledger: `verify` names the group of labels."""
    save_label(desk, _saving(0))
    save_label(desk, _saving(1))
    assert verify(desk.launch.layout.folder).faults == ()
    with sqlite3.connect(desk.launch.layout.ledger) as connection:
        connection.execute("UPDATE labels SET state = 'fail' WHERE no = 2")
    assert verify(desk.launch.layout.folder).faults == ("labels 2 to 2 are not those that were sealed",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM labels WHERE no = 2", "labels 2 to 2 are not those that were sealed"),
        (
            SLIPPED_IN,
            "1 labels count, but no event sealed them",
        ),
        (
            "UPDATE queue_items SET probability = 0.5 WHERE position = 0",
            "the queue all is not the one that was made",
        ),
        (
            "UPDATE reviewers SET name = 'eva' WHERE name = 'eve'",
            "a reviewer is not as it was sealed (2 differ)",
        ),
    ],
)
def test_every_change_of_what_people_said_is_found(desk, change, said):
    """A label taken away or slipped in, another chance of being drawn, another name: each is named."""
    save_label(desk, _saving(0))
    save_label(desk, _saving(1))
    with sqlite3.connect(desk.launch.layout.ledger) as connection:
        connection.execute(change)
    assert said in verify(desk.launch.layout.folder).faults


def test_an_undo_in_one_queue_does_not_overwrite_what_another_queue_said_since(desk):
    """Labelled in one queue, changed in a second: the undo in the first is refused and nothing is lost."""
    save_label(desk, _saving(0))
    make_queue(desk, QueueWanted("second", 30, overlap=1.0))
    at = desk.state("second").own[desk.state("all").items[0].output]
    save_label(desk, Saving("second", at, "ada", Said("fail", "on second thought"), 1, "second"))
    with pytest.raises(Refused):
        undo_label(desk, "all", "ada", "undo")
    assert read_item(desk, "all", 0, "ada").said == Said("fail", "on second thought")


def test_the_desk_closes_after_it_has_written_what_was_handed_over(tmp_path):
    """Labels handed over before the end are in the ledger after it."""
    folder = reviewed(tmp_path / "l", 10)
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("all", 10))
        waiting = [submit_label(desk, _saving(at)) for at in range(10)]
    assert all(future.done() for future in waiting)
    with desk_at(folder) as again:
        assert isinstance(again, Desk)
        assert progress(again, "all").passed == 10


def test_a_queue_is_loaded_once_however_many_come_at_once(desk, monkeypatch):
    """The server starts again and twenty people ask in the same moment: one loads the queue, all read from it."""
    loads, plain = [], QueueState
    monkeypatch.setattr(desk_module, "QueueState", lambda *of: loads.append(of) or plain(*of))
    desk.states.clear()
    together = threading.Barrier(20)

    def come():
        """Ask for the queue with the others."""
        together.wait()
        states.append(desk.state("all"))

    states = []
    people = [threading.Thread(target=come) for _ in range(20)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(loads) == 1
    assert {id(state) for state in states} == {id(desk.states[desk.queue("all").no])}


def test_two_readers_never_share_a_number(desk):
    """Xa and Yo read, Xa saves, then Zu begins to read: three numbers, so that Zu is not given what Yo holds."""
    reading = [reader_number(desk, name) for name in ("Xa", "Yo")]
    reviewer_number(desk, "Xa")
    assert reader_number(desk, "Zu") not in {*reading, reader_number(desk, "Xa")}
