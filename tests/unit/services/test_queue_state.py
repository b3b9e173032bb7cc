"""Who gets which output next: nobody the same one twice, everything once, and what comes back is offered first."""

from __future__ import annotations

import random
import time

import pytest

from shipworthy.services.queue_state import QueueState
from shipworthy.store.review import ItemRow, Light, Queue

LEASE = 60.0


def _state(n, *, readers=1, again=(), about=None):
    items = [ItemRow(i, 1, i + 1, 1, 1.0, 0, readers) for i in range(n)]
    items += [ItemRow(n + i, 1, case + 1, 1, 1.0, 1, 1) for i, case in enumerate(again)]
    return QueueState(Queue(1, "q", "q", "random", "", 1, about or {}, ""), items)


class _Writer:
    """Tells a queue of labels as the ledger would."""

    def __init__(self, state):
        self.state, self.no, self.versions = state, 0, {}

    def __call__(self, position, who, state="pass", *, turn="", queue_no=1):
        item = self.state.items[position]
        turn = turn or ("again" if item.again else "own")
        key = (who, item.case_no, turn)
        self.versions[key] = self.versions.get(key, 0) + 1
        self.no += 1
        self.state.told(
            Light(self.no, who, 1, item.case_no, 1, "", turn, self.versions[key], state, queue_no)
        )


def test_two_people_never_hold_the_same_output():
    """Ada and Bob take turns: no output is held by both, and a reload gives each what they had."""
    state = _state(10)
    ada, bob = state.next_for(1, 0, 1, LEASE), state.next_for(2, 0, 1, LEASE)
    assert (ada, bob) == ([0], [1])
    assert state.next_for(1, 1, 1, LEASE) == [0]
    assert state.next_for(1, 1, 3, LEASE) == [0, 2, 3]


def test_a_lease_that_runs_out_goes_to_the_next_who_asks():
    """Ada falls silent: after a minute Bob is given her output, before the rest."""
    state = _state(5)
    state.next_for(1, 0, 1, LEASE)
    assert state.next_for(2, 30, 1, LEASE) == [1]
    assert state.next_for(2, 61, 2, LEASE) == [1, 0]


def test_a_lease_is_prolonged_by_whoever_holds_it():
    """Ada asks again after half a minute: at 70 seconds the output is still hers."""
    state = _state(5)
    state.next_for(1, 0, 1, LEASE)
    state.next_for(1, 30, 1, LEASE)
    assert state.next_for(2, 70, 1, LEASE) == [1]


def test_an_undo_brings_the_output_back_first():
    """Ada labels three, undoes the first: it is what she gets next."""
    state = _state(5)
    write = _Writer(state)
    for at in (0, 1, 2):
        assert state.next_for(1, 0, 1, LEASE) == [at]
        write(at, 1)
    write(0, 1, "withdrawn")
    assert state.next_for(1, 0, 1, LEASE) == [0]


def test_what_was_undone_comes_before_what_is_held_ahead():
    """The screen holds three ahead: Ada undoes outputs 2 and 1, and gets both before the third; Bob gets neither."""
    state = _state(9)
    write = _Writer(state)
    for at in (0, 1):
        assert state.next_for(1, 0, 3, LEASE)[0] == at
        write(at, 1)
    state.next_for(1, 0, 3, LEASE)
    write(1, 1, "withdrawn")
    write(0, 1, "withdrawn")
    assert state.next_for(1, 0, 3, LEASE) == [0, 1, 2]
    assert state.next_for(2, 0, 1, LEASE) == [5]


def test_what_one_person_defers_another_is_offered_and_the_first_is_not():
    """Ada defers: Bob gets it, Ada goes on, and it is listed as put off by her."""
    state = _state(3)
    write = _Writer(state)
    state.next_for(1, 0, 1, LEASE)
    write(0, 1, "defer")
    assert state.next_for(2, 0, 1, LEASE) == [0]
    assert state.next_for(1, 0, 2, LEASE) == [1, 2]
    assert state.put_off_by(1) == [0]
    assert state.progress().deferred == 1


def test_an_output_for_two_readers_goes_to_two_and_not_to_three():
    """Ada and Bob hold it together; Eve is given the next one."""
    state = _state(2, readers=2)
    assert [state.next_for(who, 0, 1, LEASE) for who in (1, 2, 3)] == [[0], [0], [1]]


def test_what_comes_back_unannounced_goes_to_the_same_person_alone():
    """Ada labelled it, Bob is never given it; she gets it once more and then it is done."""
    state = _state(2, again=(0,))
    write = _Writer(state)
    state.next_for(1, 0, 1, LEASE)
    write(0, 1)
    assert state.next_for(2, 0, 2, LEASE) == [1]
    write(1, 2)
    assert state.next_for(2, 0, 1, LEASE) == []
    assert state.next_for(1, 0, 1, LEASE) == [2]
    write(2, 1, "fail")
    assert state.next_for(1, 0, 1, LEASE) == []
    counts = state.progress()
    assert (counts.items, counts.done, counts.failed) == (3, 3, 1)


def test_labels_from_before_do_not_count_where_a_queue_is_read_afresh():
    """A failure mode was split: the output is labelled, and still to be read in the new queue."""
    state = _state(1, about={"afresh": True})
    write = _Writer(state)
    write(0, 1, "fail", queue_no=7)
    assert state.next_for(1, 0, 1, LEASE) == [0]
    write(0, 1, "fail")
    assert state.progress().failed == 1


def test_a_settled_disagreement_counts_as_it_was_settled():
    """Two people differ, an adjudicator says fail: one failure, and nothing differs any more."""
    state = _state(1, readers=2)
    write = _Writer(state)
    write(0, 1)
    write(0, 2, "fail")
    assert state.progress().differ == 1
    write(0, 3, "fail", turn="settled")
    assert (state.progress().differ, state.progress().failed) == (0, 1)
    write(0, 3, "withdrawn", turn="settled")
    assert state.progress().differ == 1


def test_of_sealed_outputs_only_how_many_are_done_is_told():
    """Labels on sealed outputs: done is counted, passes and failures are not told."""
    state = _state(3, about={"sealed": True})
    _Writer(state)(0, 1, "fail")
    counts = state.progress()
    assert (counts.done, counts.passed, counts.failed, counts.differ) == (1, None, None, None)


@pytest.mark.parametrize("seed", range(20))
def test_everything_is_read_by_as_many_as_wanted_whatever_happens(seed):
    """Four people who label, defer, undo, fall silent: in the end every output has its readers, and none too many."""
    draw = random.Random(seed)
    state = _state(40, readers=draw.choice((1, 2)), again=range(5))
    write, now, last = _Writer(state), 0.0, {}
    for step in range(2000):
        now += draw.choice((0.1, 1.0, 20.0))
        who = draw.randrange(1, 5)
        if step < 500 and who in last and draw.random() < 0.1:
            write(last.pop(who), who, "withdrawn")
            continue
        for at in state.next_for(who, now, draw.choice((1, 2)), LEASE):
            firm = sum(each in ("pass", "fail") for each in state.given[at].values())
            assert firm + len(state.leases[at]) <= state.items[at].readers
            if draw.random() < 0.8:
                defer = step < 500 and draw.random() < 0.1
                write(at, who, "defer" if defer else draw.choice(("pass", "fail")))
                last[who] = at
    left = [p for p in range(45) if state.standing_of(p) not in ("pass", "fail", "differ")]
    assert all((state.given[p] and "defer" in state.given[p].values()) or state.items[p].again for p in left)


def test_the_next_of_a_hundred_thousand_is_found_at_once():
    """10,000 labels, every tenth output deferred, in a queue of 100,000: a next takes less than 2 ms on average."""
    state = _state(100_000, readers=1)
    write, spent = _Writer(state), 0.0
    for step in range(10_000):
        who = 1 + step % 2
        began = time.thread_time()
        [at] = state.next_for(who, 0, 1, LEASE)
        spent += time.thread_time() - began
        write(at, who, "pass" if step % 10 else "defer")
    assert state.progress().done >= 9_000
    assert spent / 10_000 < 0.002


def test_who_comes_late_does_not_go_through_what_others_hold():
    """Two thousand outputs are with fifty people: the next fifty who come look at one each, and none is given twice."""
    state, looked = _state(4_000), []
    plain = state._free
    state._free = lambda position, who: looked.append(position) or plain(position, who)
    held = [at for who in range(1, 51) for at in state.next_for(who, 0, 40, LEASE)]
    del looked[:]
    held += [at for who in range(51, 101) for at in state.next_for(who, 0, 1, LEASE)]
    assert len(looked) == 50
    assert sorted(held) == list(range(2_050))


def test_what_comes_back_behind_the_first_to_take_is_given_again():
    """Everything is held; one lease runs out, one output is deferred, one is wanted by two: each is offered again."""
    state = _state(3, readers=2)
    write = _Writer(state)
    assert [state.next_for(who, 0, 3, LEASE) for who in (1, 2)] == [[0, 1, 2]] * 2
    assert state.next_for(3, 0, 3, LEASE) == []
    write(0, 1, "defer")
    write(1, 1)
    write(1, 2)
    assert state.next_for(3, 1, 3, LEASE) == [0]
    assert sorted(state.next_for(3, 61, 3, LEASE)) == [0, 2]


def test_what_a_guest_held_stays_theirs_under_their_number():
    """Somebody reads before their name is written down: with the number they hold the same, and go on after it."""
    state = _state(5)
    assert state.next_for(-1, 0, 2, LEASE) == [0, 1]
    state.renumber(-1, 7)
    assert state.next_for(2, 1, 1, LEASE) == [2]
    assert state.next_for(7, 1, 3, LEASE) == [0, 1, 3]
