"""What reviewing costs over HTTP: a hundred people label one queue, each once a second, through `shipworthy serve`.

    python bench/review_http.py [--outputs 50000] [--people 100] [--seconds 60] [--kill] [--profile FILE] [--keep FOLDER]

The server is a process of its own, as a user has it. The people are a second process: each does what the script of
the review screen does: saves, takes from the reply which output comes next, fetches its part of the page, and sends
again under the same id what was not acknowledged. `--kill` ends the server midway with SIGKILL and starts it again.
Beside the times it says what the server process used of the processor for a save and a next together, and holds the
ledger against everything that was acknowledged. `--profile` writes where the server's threads spent processor time
(which makes it slower: take the times from a run without it).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from review import line, prepare

from shipworthy.services.desk import desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue

PORT = 8477
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Sent:
    """A save that was acknowledged."""

    who: str
    position: int
    client_id: str
    state: str
    note: str
    at: float


@dataclass
class Seen:
    """What all people together saw."""

    acknowledged: list[Sent] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    nexts: list[float] = field(default_factory=list)
    again: int = 0
    refused: int = 0


@dataclass
class Server:
    """A server that runs."""

    process: subprocess.Popen[str]
    url: str
    headers: dict[str, str]
    cookie: str
    mark: str

    def used(self) -> float:
        """Return the seconds of processor time that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak(self) -> int:
        """Return the most memory that the process had, in MB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(each.split()[1]) for each in lines if each.startswith("VmHWM")) // 1024


@contextmanager
def launch_at(keep: Path | None, n: int) -> Iterator[Path]:
    """Give a launch of n outputs with a queue of all of them; a kept one is copied and not made again."""
    with tempfile.TemporaryDirectory() as room:
        made = keep or Path(room) / "made"
        if not (made / "l").exists():
            made.mkdir(parents=True, exist_ok=True)
            prepare(made / "l", n)
            with desk_at(made / "l") as desk:
                make_queue(desk, QueueWanted("all", n))
        shutil.copytree(made / "l", Path(room) / "l")
        yield Path(room) / "l"


def started(folder: Path, profile: Path | None) -> subprocess.Popen[str]:
    """Start the server; with its threads watched where a profile is wanted."""
    program = [str(Path(__file__)), "--watched", str(profile)] if profile else ["-m", "shipworthy"]
    command = [sys.executable, *program, "serve", str(folder), "--port", str(PORT)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


async def let_in(process: subprocess.Popen[str]) -> Server:
    """Wait until the server says where it is, and go in as a browser does."""
    assert process.stdout is not None
    enter = (await asyncio.to_thread(process.stdout.readline)).strip()
    url = enter.partition("/enter")[0]
    async with aiohttp.ClientSession() as session:
        async with session.get(enter, allow_redirects=False) as reply:
            cookie = reply.headers["set-cookie"].partition(";")[0]
        headers = {"cookie": f"{cookie}; shipworthy_who=r0", "sec-fetch-site": "same-origin"}
        async with session.get(f"{url}/review/all", headers=headers) as reply:
            page = await reply.text()
    mark = page.partition('data-mark="')[2].partition('"')[0]
    assert mark
    return Server(process, url, {"sec-fetch-site": "same-origin", "origin": url}, cookie, mark)


class Person:
    """One person who labels once a second until time is up."""

    def __init__(self, session: aiohttp.ClientSession, server: Server, number: int, seen: Seen) -> None:
        self.session, self.seen, self.who = session, seen, f"r{number}"
        self.url = f"{server.url}/review/all"
        self.draw = random.Random(number)
        self.headers = server.headers | {"cookie": f"{server.cookie}; shipworthy_who={self.who}"}
        self.posting = self.headers | {
            "accept": "application/json", "content-type": "application/json", "x-form-mark": server.mark,
        }  # fmt: skip

    async def come(self) -> int:
        """Open the review and return where it begins."""
        async with self.session.get(self.url, headers=self.headers) as reply:
            await reply.read()
            return int(reply.url.name)

    async def label(self, at: int, begin: float, until: float, pause: float) -> None:
        """Label once in every pause; who is late goes on at once."""
        due = begin + self.draw.random() * pause
        await asyncio.sleep(due - time.perf_counter())
        while time.perf_counter() < until:
            due += pause
            version = await self.next(at)
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            coming = await self.save(at, version)
            if not coming:
                return
            at = coming[0]

    async def next(self, at: int) -> int:
        """Fetch the part of the page that shows an output; return the version of what was said of it."""
        while True:
            began = time.perf_counter()
            try:
                async with self.session.get(f"{self.url}/{at}?part=1", headers=self.headers) as reply:
                    page = await reply.text()
            except (aiohttp.ClientError, OSError):
                self.seen.again += 1
                await asyncio.sleep(0.25)
                continue
            self.seen.nexts.append(time.perf_counter() - began)
            assert reply.status == 200, page
            assert "was sent on Monday." in page
            return int(page.partition('data-version="')[2].partition('"')[0])

    async def save(self, at: int, version: int) -> list[int]:
        """Save, again and again until it is acknowledged; return which outputs come next."""
        failed = self.draw.random() < 0.3
        note = f"{self.who} at {at}: it does not say where the order is" if failed else ""
        body: dict[str, Any] = {
            "client_id": secrets.token_hex(16), "state": "fail" if failed else "pass", "note": note, "modes": [],
            "step": "", "version": version, "ms": 900,
        }  # fmt: skip
        content = json.dumps(body)
        while True:
            began = time.perf_counter()
            try:
                async with self.session.post(f"{self.url}/{at}", data=content, headers=self.posting) as reply:
                    said = await reply.json()
            except (aiohttp.ClientError, OSError):
                self.seen.again += 1
                await asyncio.sleep(0.25)
                continue
            self.seen.saves.append(time.perf_counter() - began)
            if reply.status != 200:
                self.seen.refused += 1
                print(reply.status, said, file=sys.stderr)
                return []
            now = time.perf_counter()
            self.seen.acknowledged.append(Sent(self.who, at, body["client_id"], body["state"], note, now))
            coming: list[int] = said["ahead"]
            return coming


async def measure(folder: Path, asked: argparse.Namespace) -> None:
    """Start the server, let everybody label, and say what came of it."""
    began = time.perf_counter()
    server = await let_in(started(folder, asked.profile))
    print(f"served after {time.perf_counter() - began:.2f} s")
    seen = Seen()
    limit = aiohttp.TCPConnector(limit=0, force_close=False)
    try:
        async with aiohttp.ClientSession(connector=limit, timeout=aiohttp.ClientTimeout(total=15)) as session:
            people = [Person(session, server, number, seen) for number in range(asked.people)]
            places = [await person.come() for person in people]
            used, start = server.used(), time.perf_counter() + 0.1
            until = start + asked.seconds
            labelling = [
                asyncio.create_task(person.label(at, start, until, asked.pause))
                for person, at in zip(people, places, strict=True)
            ]
            if asked.kill:
                await asyncio.sleep(asked.seconds / 2)
                server.process.send_signal(signal.SIGKILL)
                server.process.wait()
                stopped = time.perf_counter()
                server = await let_in(started(folder, None))
                used = server.used()
                print(f"killed; served again after {time.perf_counter() - stopped:.2f} s")
            await asyncio.gather(*labelling)
            took, used = time.perf_counter() - start, server.used() - used
    finally:
        server.process.send_signal(signal.SIGINT)
        peak = server.peak()
        server.process.wait()
    steady = [sent for sent in seen.acknowledged if start + asked.pause < sent.at < until]
    rate = len(steady) / (asked.seconds - asked.pause)
    told(seen, rate, took, used, peak)
    held(folder, seen, asked.people)


def told(seen: Seen, rate: float, took: float, used: float, peak: int) -> None:
    """Print the times."""
    n = len(seen.saves)
    print(
        f"{n:,} saves in {took:.1f} s, {rate:.0f} durable labels/s once everybody was there, load {os.getloadavg()[0]:.1f}, "
        f"sent again {seen.again}, refused {seen.refused}"
    )
    print(f"server: CPU {used:.1f} s, {1000 * used / n:.2f} ms for a save and a next, peak {peak} MB")
    print(f"people: CPU {time.process_time():.1f} s")
    print(line("save", seen.saves))
    print(line("next", seen.nexts))


def held(folder: Path, seen: Seen, people: int) -> None:
    """Hold the ledger against what was acknowledged."""
    with sqlite3.connect(folder / ".shipworthy/ledger.db") as connection:
        rows = connection.execute(
            "SELECT client_id, name, position + 1, state, note FROM labels JOIN reviewers ON reviewers.no = reviewer_no "
            "JOIN queue_items AS q ON q.queue_no = labels.queue_no AND q.variant_no = labels.variant_no "
            "AND q.case_no = labels.case_no AND q.repeat = labels.repeat"
        ).fetchall()
        commits = connection.execute("SELECT count(*) FROM journal WHERE verb = 'labels'").fetchone()[0]
    found = {row[0]: row[1:] for row in rows}
    lost = sum(each.client_id not in found for each in seen.acknowledged)
    crossed = sum(
        found[each.client_id] != (each.who, each.position, each.state, each.note)
        for each in seen.acknowledged
        if each.client_id in found
    )
    twice = len(rows) - len({row[2] for row in rows})
    print(
        f"acknowledged {len(seen.acknowledged):,} of {people} people, held {len(rows):,}, lost {lost}, crossed {crossed}, "
        f"outputs that two people labelled {twice}, commits {commits:,}"
    )


def watched(profile: Path, command: list[str]) -> None:
    """Run a command with a profile of the processor time of each of its threads."""
    import cProfile  # noqa: PLC0415
    import pstats  # noqa: PLC0415
    import threading  # noqa: PLC0415

    from shipworthy.cli.main import main as shipworthy  # noqa: PLC0415

    profiles: list[cProfile.Profile] = []

    def begin(*_: object) -> None:
        made = cProfile.Profile(time.thread_time)
        profiles.append(made)
        made.enable()

    threading.setprofile(begin)
    begin()
    with suppress(SystemExit, KeyboardInterrupt):
        shipworthy(command)
    sys.setprofile(None)
    with profile.open("w") as file:
        every = pstats.Stats(profiles[0], stream=file)
        for other in profiles[1:]:
            other.create_stats()
            if other.stats:
                every.add(other)
        every.sort_stats("cumulative").print_stats(90)
        every.sort_stats("tottime").print_stats(60)


def main() -> None:
    """Prepare, label, print."""
    if sys.argv[1:2] == ["--watched"]:
        watched(Path(sys.argv[2]), sys.argv[3:])
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("--outputs", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1, help="seconds between two labels of one person")
    parser.add_argument("--kill", action="store_true", help="kill the server midway and start it again")
    parser.add_argument("--profile", type=Path, help="where to write a profile of the server")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the launch for the next time")
    asked = parser.parse_args()
    with launch_at(asked.keep, asked.outputs) as folder:
        asyncio.run(measure(folder, asked))


if __name__ == "__main__":
    main()
