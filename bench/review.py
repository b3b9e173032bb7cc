"""What reviewing costs at the services: many people label one queue at once, each about once a second.

    python bench/review.py [--outputs 50000] [--people 100] [--seconds 30] [--flat-out]

Each person is a thread: next output, read it, wait for the next second, save, wait until that is durable. Beside the
times it says how many labels the ledger holds afterwards, and whether any output was labelled by two people.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sqlite3
import tempfile
import threading
import time
from pathlib import Path

from shipworthy.domain.review import Said
from shipworthy.services.bring_in import Order, bring_in
from shipworthy.services.desk import Desk, desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.next_item import next_item
from shipworthy.services.queue_progress import progress, queue_saturation
from shipworthy.services.read_item import read_item
from shipworthy.services.reviewer import reviewer_number
from shipworthy.services.save_label import Saving, save_label


def prepare(folder: Path, n: int) -> None:
    """Write a launch of n cases with an output of about 600 letters each."""
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text("title: bench\nvariants:\n  new: {recorded: true}\n")
    (folder / "criteria.yaml").write_text("- {id: right, bar: {at_least: 0.8}, scorer: {labels: human}}\n")
    with (
        (folder / "evalset/cases.jsonl").open("w") as cases,
        (folder.parent / "outputs.jsonl").open("w") as outputs,
    ):
        for i in range(n):
            cases.write(json.dumps({"id": f"c{i}", "input": f"Where is order {i}?"}) + "\n")
            text = f"Order {i} was sent on Monday. " * 20
            outputs.write(json.dumps({"case": f"c{i}", "output": text}) + "\n")
    bring_in(folder, folder.parent / "outputs.jsonl", Order(variant="new"))


class Person(threading.Thread):
    """One person who labels once a second until time is up."""

    def __init__(self, desk: Desk, number: int, until: float, *, pause: float) -> None:
        super().__init__()
        self.desk, self.who, self.until, self.pause = desk, f"r{number}", until, pause
        self.draw = random.Random(number)
        self.next: list[float] = []
        self.read: list[float] = []
        self.save: list[float] = []

    def run(self) -> None:
        """Label."""
        time.sleep(self.draw.random() * self.pause)
        while time.perf_counter() < self.until:
            began = time.perf_counter()
            position = next_item(self.desk, "all", self.who).position
            got = time.perf_counter()
            assert position is not None
            item = read_item(self.desk, "all", position, self.who)
            shown = time.perf_counter()
            time.sleep(max(began + self.pause - shown, 0) * self.draw.uniform(0.8, 1.2))
            said = (
                Said("pass")
                if self.draw.random() < 0.7
                else Said("fail", "it does not say where the order is")
            )
            sent = time.perf_counter()
            save_label(
                self.desk, Saving("all", position, self.who, said, item.version, f"{self.who}-{position}")
            )
            self.save.append(time.perf_counter() - sent)
            self.next.append(got - began)
            self.read.append(shown - got)


def line(name: str, times: list[float]) -> str:
    """Return the middle, the ninety-ninth and the largest of some times."""
    ordered = sorted(times)
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return (
        f"{name}: median {1000 * middle:.1f} ms, p99 {1000 * late:.1f} ms, most {1000 * ordered[-1]:.1f} ms"
    )


def main() -> None:
    """Prepare, label, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--outputs", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--flat-out", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "l"
        prepare(folder, asked.outputs)
        with desk_at(folder) as desk:
            began = time.perf_counter()
            make_queue(desk, QueueWanted("all", asked.outputs))
            made = time.perf_counter() - began
            for number in range(asked.people):
                reviewer_number(desk, f"r{number}")
            first = time.perf_counter()
            next_item(desk, "all", "r0")
            read_item(desk, "all", 0, "r0")
            print(f"queue made in {made:.2f} s, first next and read in {time.perf_counter() - first:.2f} s")
            used = time.process_time()
            start = time.perf_counter()
            pause = 0.0 if asked.flat_out else 1.0
            people = [Person(desk, n, start + asked.seconds, pause=pause) for n in range(asked.people)]
            for person in people:
                person.start()
            for person in people:
                person.join()
            took = time.perf_counter() - start
            used = time.process_time() - used
            began = time.perf_counter()
            done = progress(desk, "all").done
            queue_saturation(desk, "all")
            print(f"progress and saturation in {time.perf_counter() - began:.2f} s")
        saves = [each for person in people for each in person.save]
        print(
            f"{len(saves):,} labels in {took:.1f} s: {len(saves) / took:.0f} durable labels/s, load {os.getloadavg()[0]:.1f}"
        )
        print(
            f"CPU {1000 * used / len(saves):.2f} ms a label, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
        )
        print(line("save", saves))
        print(line("next", [each for person in people for each in person.next]))
        print(line("read", [each for person in people for each in person.read]))
        with sqlite3.connect(folder / ".shipworthy/ledger.db") as connection:
            held, outputs = connection.execute(
                "SELECT count(*), count(DISTINCT case_no) FROM labels"
            ).fetchone()
            groups = connection.execute("SELECT count(*) FROM journal WHERE verb = 'labels'").fetchone()[0]
        print(
            f"acknowledged {len(saves):,}, held {held:,}, done {done:,}, crossed {held - outputs}, commits {groups:,}"
        )


if __name__ == "__main__":
    main()
