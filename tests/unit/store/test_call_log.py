"""The call log: what was appended is taken into its ledger once, whatever was cut off, and into no other."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest
from tests.journeys.remote import http, launch

from shipworthy.domain.errors import BadInput
from shipworthy.services.opened import opened
from shipworthy.store.call_log import (
    MAGIC,
    CallLog,
    Entry,
    decode,
    encode,
    left_in,
    new_state,
    note_taken,
    packed,
    whole,
)
from shipworthy.store.ledger import open_ledger, recover
from shipworthy.store.runs import variant_number
from shipworthy.store.scribe import joined, write_down
from shipworthy.store.writing import Writing

WRITING = ("f", 1, "state", 1, "run", 0)
TABLES = ("intents", "receipts", "outputs", "texts", "runs")


def entry(call: int) -> Entry:
    """Return a call of its own case, begun and ended."""
    begun = (call, call, 1, 1, 1_700_000_000_000, 0.25)
    return Entry(
        "run",
        WRITING,
        [begun],
        [(call, 1, 0.1, None, 3, 4, 0.1, 0.2, None)],
        [(call, f"c{call - 1}", 1, f'"ünï {call}"', None, 0.1, 0.2, None)],
    )


@pytest.fixture
def ledger(tmp_path):
    """A ledger of forty cases and one variant, closed."""
    with opened(launch(tmp_path / "l", {"f": http("http://127.0.0.1:1")}, cases=40)) as found:
        with found.ledger.write() as connection:
            assert variant_number(connection, "f", "state") == 1
        return found.layout.ledger


def begun(ledger, *, taken: int, appended: int) -> bytes:
    """Append entries of calls from 1 on, of which the ledger has taken the first; return the log's bytes."""
    engine = open_ledger(ledger)
    log = CallLog(ledger.with_name("calls.log"))
    with engine.write() as connection:
        log.go_on_from(new_state(connection))
    for call in range(1, appended + 1):
        log.append(packed(call, encode(entry(call))))
    if taken:
        with engine.write() as connection:
            for each in joined([entry(call) for call in range(1, taken + 1)]):
                write_down(connection, Writing(*WRITING), each)
            note_taken(connection, taken)
    engine.close()
    log.close()
    return ledger.with_name("calls.log").read_bytes()


def held(ledger) -> dict[str, list[tuple]]:
    """Return all rows that calls make."""
    with closing(sqlite3.connect(ledger)) as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}


def test_what_is_appended_is_read_as_it_was():
    """A hundred entries of all sizes, in one piece: place and body of each."""
    draw = random.Random(1)
    bodies = [draw.randbytes(draw.choice((0, 1, 100, 70_000))) for _ in range(100)]
    piece = b"".join(packed(place, body) for place, body in enumerate(bodies))

    found = list(whole(piece))

    assert [(place, body) for place, body, _ in found] == list(enumerate(bodies))
    assert found[-1][2] == len(piece)
    assert decode(encode(entry(7))) == Entry(
        *(list(map(tuple, v)) if isinstance(v, list) else v for v in entry(7))
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_log_cut_anywhere_gives_every_entry_before_the_cut_once(ledger, seed):
    """Nine entries, some taken already, cut at a drawn byte: the ledger is as if those that are whole had been written."""
    draw = random.Random(seed)
    taken = draw.randint(0, 4)
    data = begun(ledger, taken=taken, appended=9)
    cut = draw.randint(0, len(data)) if seed else len(data)
    ledger.with_name("calls.log").write_bytes(data[:cut])
    there = max(taken, len(left_in(ledger.with_name("calls.log"))[1]))

    open_ledger(ledger).close()

    found = held(ledger)
    calls = list(range(1, there + 1))
    assert [row[0] for row in found["intents"]] == [row[0] for row in found["receipts"]] == calls
    assert [row[1] for row in found["outputs"]] == [row[1] for row in found["texts"]] == calls
    assert len(found["runs"]) == (1 if calls else 0)
    assert ledger.with_name("calls.log").read_bytes() == b""


def test_a_log_is_taken_once_however_often_a_crash_brings_it_back(ledger):
    """All nine are in the ledger, and the emptied log is back as after a loss of power: nothing changes."""
    data = begun(ledger, taken=2, appended=9)
    open_ledger(ledger).close()
    before = held(ledger)
    ledger.with_name("calls.log").write_bytes(data)

    open_ledger(ledger).close()

    assert held(ledger) == before
    assert len(before["intents"]) == 9


def test_a_changed_byte_ends_what_is_read(ledger):
    """One byte in the fifth entry is another: four are taken, and what follows was not as it was written."""
    data = bytearray(begun(ledger, taken=0, appended=9))
    ends = [
        end
        for _, _, end in whole(data, len(data) - sum(len(packed(c, encode(entry(c)))) for c in range(1, 10)))
    ]
    data[ends[3] + 25] ^= 1
    ledger.with_name("calls.log").write_bytes(data)

    open_ledger(ledger).close()

    assert len(held(ledger)["intents"]) == 4


def test_a_log_is_not_taken_into_another_ledger(ledger):
    """The ledger was made anew beside the log of a run: it is refused by name, and nothing is written."""
    begun(ledger, taken=0, appended=3)
    ledger.unlink()

    with pytest.raises(BadInput, match="does not go on from this ledger") as caught:
        open_ledger(ledger)

    assert "calls.log" in caught.value.where
    assert "move the file away" in caught.value.remedy
    assert held(ledger)["intents"] == []


def test_a_log_whose_calls_have_numbers_of_others_is_refused_whole(ledger):
    """A program that knows no log has written a call 3 meanwhile: nothing of the log is taken in, and it stays."""
    data = begun(ledger, taken=0, appended=5)
    with sqlite3.connect(ledger) as connection:
        connection.execute("INSERT INTO intents VALUES (3,'run',1,9,1,1,1,0,0.0)")

    with pytest.raises(BadInput, match="cannot be taken in: the ledger has other calls of the same numbers"):
        open_ledger(ledger)

    assert [row[0] for row in held(ledger)["intents"]] == [3]
    assert ledger.with_name("calls.log").read_bytes() == data


def test_a_log_that_goes_on_from_a_later_state_of_its_ledger_is_refused(ledger):
    """An older copy of the ledger is put back: what it lacks would be lost without a word, so nothing is taken in."""
    data = begun(ledger, taken=0, appended=9)
    later = data[: len(data) - sum(len(packed(call, encode(entry(call)))) for call in range(1, 10))]
    later += b"".join(packed(call, encode(entry(call))) for call in range(5, 10))
    ledger.with_name("calls.log").write_bytes(later)

    with pytest.raises(BadInput, match="goes on from a later state of this ledger"):
        open_ledger(ledger)

    assert held(ledger)["intents"] == []
    assert ledger.with_name("calls.log").read_bytes() == later


@pytest.mark.parametrize(
    "body",
    [
        b"\xc1",
        encode(["run", "f", [], [], []]),
        encode(entry(1)._replace(begun=[(1, 2)])),
        encode(entry(1)._replace(begun=[("x", {}, [], 1, 1, 1)])),
        encode(entry(1)._replace(writing=("f", 99, "state", 1, "run", 0))),
        encode(entry(1)._replace(outputs=entry(1).outputs * 2)),
        encode(entry(1)._replace(outputs=[(1, "c0", 77, "1", None, 0.1, 0.2, None)])),
    ],
)
def test_a_log_with_what_no_run_has_written_is_refused_by_its_name(ledger, body):
    """Whole entries of another shape, of a variant that is not there, of an output twice: said of the log, not a crash."""
    begun(ledger, taken=0, appended=0)
    with closing(sqlite3.connect(ledger)) as connection:
        state = connection.execute("PRAGMA application_id").fetchone()[0]
    data = MAGIC + state.to_bytes(4, "big") + packed(1, body)
    ledger.with_name("calls.log").write_bytes(data)

    with pytest.raises(BadInput, match=r"^calls.log, in which a run left its last calls") as caught:
        open_ledger(ledger)

    assert "move the file away" in caught.value.remedy
    assert held(ledger)["intents"] == []
    assert ledger.with_name("calls.log").read_bytes() == data


@pytest.mark.parametrize("data", [b"something else entirely", b"shipworthy calls 2\n\0\0\0\1" + b"x" * 50])
def test_a_file_that_is_no_log_is_left_alone(ledger, data):
    """Another file of that name, or one of a later version: refused, and still there."""
    ledger.with_name("calls.log").write_bytes(data)

    with pytest.raises(BadInput, match="is no log of calls of this version"):
        open_ledger(ledger)

    assert ledger.with_name("calls.log").read_bytes() == data


def test_a_log_is_left_to_the_run_that_writes_it(ledger):
    """While another holds the launch, whoever opens the ledger reads it as it is."""
    from shipworthy.store.alone import RUN, alone  # noqa: PLC0415 - beside its use

    data = begun(ledger, taken=2, appended=9)
    with alone(ledger.with_name(RUN)) as mine:
        assert mine
        open_ledger(ledger).close()
        assert len(held(ledger)["intents"]) == 2
        assert ledger.with_name("calls.log").read_bytes() == data


def test_where_nobody_can_be_known_to_run_only_the_next_run_takes_the_log(ledger, monkeypatch):
    """A system without locks: whoever reads leaves the log alone, and a run, which has the launch, takes it in."""
    data = begun(ledger, taken=2, appended=9)
    monkeypatch.setattr("shipworthy.store.ledger.can_hold", lambda: False)
    engine = open_ledger(ledger)
    assert ledger.with_name("calls.log").read_bytes() == data

    recover(engine, ledger, held=True)
    engine.close()

    assert len(held(ledger)["intents"]) == 9


def test_entries_of_one_run_are_written_together():
    """Three entries of one run and one of a demo: two lots, in order, with all rows."""
    demo = entry(4)._replace(purpose="demo")

    lots = joined([entry(1), entry(2), entry(3), demo])

    assert [(lot.purpose, [row[0] for row in lot.begun]) for lot in lots] == [
        ("run", [1, 2, 3]),
        ("demo", [4]),
    ]
    assert [len(lot.outputs) for lot in lots] == [3, 1]
