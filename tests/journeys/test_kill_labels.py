"""Kill -9 in the middle of labelling: everything that was acknowledged is there, and nothing else is half there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.reviewing import reviewed

from shipworthy.services.desk import desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.queue_progress import progress
from shipworthy.services.verify import verify
from shipworthy.store.review import current_labels

LABELLING = """
import sys, threading
from pathlib import Path
from shipworthy.domain.review import Said
from shipworthy.services.desk import desk_at
from shipworthy.services.next_item import next_item
from shipworthy.services.save_label import Saving, save_label

told = threading.Lock()

def label(desk, who, start):
    while (at := next_item(desk, "all", who).position) is not None:
        said = Said("fail" if at % 3 else "pass", f"note {at}")
        save_label(desk, Saving("all", at, who, said, 0, f"{start}-{who}-{at}"))
        with told:
            sys.stdout.write(f"{who} {at}\\n")
            sys.stdout.flush()

with desk_at(Path(sys.argv[1])) as desk:
    threads = [threading.Thread(target=label, args=(desk, f"r{i}", sys.argv[2])) for i in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""


def _labelling(folder: Path, told: Path, start: int) -> subprocess.Popen[bytes]:
    with told.open("ab") as out:
        return subprocess.Popen([sys.executable, "-c", LABELLING, str(folder), str(start)], stdout=out)


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    """Eight people label 600 outputs; the process is killed three times, at moments of its own choosing."""
    folder = reviewed(tmp_path / "l", 600)
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("all", 600))
    told = tmp_path / "told.txt"
    told.touch()
    for start in range(3):
        before = told.stat().st_size
        process = _labelling(folder, told, start)
        until = time.monotonic() + 60
        while told.stat().st_size < before + 300 and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        _all_there(folder, told)
    process = _labelling(folder, told, 9)
    assert process.wait(timeout=120) == 0
    _all_there(folder, told)
    with desk_at(folder) as desk:
        assert progress(desk, "all").done == 600


def _all_there(folder: Path, told: Path) -> None:
    """Compare what was acknowledged with what the ledger holds."""
    said = [line.split() for line in told.read_text().splitlines() if len(line.split()) == 2]
    with desk_at(folder) as desk:
        with desk.launch.ledger.read() as connection:
            rows = current_labels(connection)
        where = desk.state("all").own
        names = {number: name for name, number in desk.people.items()}
    there = {(names[row.reviewer_no], where[row.output]): row.said for row in rows}
    for who, at in said:
        found = there.get((who, int(at)))
        assert found is not None, f"{who} was told that {at} is kept"
        assert (found.state, found.note) == ("fail" if int(at) % 3 else "pass", f"note {at}")
    assert len({at for _, at in there}) == len(there), "no output was given to two people"
    assert verify(folder).faults == ()


@pytest.mark.skipif(os.name == "nt", reason="needs a process that can be killed")
def test_what_was_never_acknowledged_leaves_no_half_row(tmp_path: Path) -> None:
    """Killed before the first acknowledgement: the ledger is whole and has no label, or all of a group."""
    folder = reviewed(tmp_path / "l", 50)
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("all", 50))
    told = tmp_path / "told.txt"
    process = _labelling(folder, told, 0)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _all_there(folder, told)
