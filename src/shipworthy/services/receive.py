"""Receive: take in spans of production traffic as exporters send them, and keep them before saying so.

A request is read, what is worth keeping becomes lines, and one thread writes whatever has come in: while one group is
on its way to the disk the next gathers. A request is answered when its group is on the disk, so what was answered
survives a kill and a loss of power; what was not, the exporter sends again, and it is counted once when it is read.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from shipworthy.domain.errors import BadInput, ShipworthyError, Unavailable
from shipworthy.importers.genai import about
from shipworthy.importers.otlp_json import loads
from shipworthy.importers.otlp_json import spans_of as spans_of_json
from shipworthy.importers.otlp_protobuf import spans_of as spans_of_protobuf
from shipworthy.importers.otlp_rows import DAY, EARLIEST
from shipworthy.importers.otlp_span import BadSpan, Span
from shipworthy.services.clock import now_ns
from shipworthy.services.one_run import one_receiver
from shipworthy.store.layout import Layout
from shipworthy.store.received import Segment, close_after_crash, files_in

Encoding = Literal["json", "protobuf"]
MOST_WAITING = 64 * 1024 * 1024
"""Bytes that wait for the disk; beyond this exporters are asked to come again."""
MOST_GROUP = 16 * 1024 * 1024
"""Bytes of one group; the next one follows at once."""


class Busy(Exception):  # noqa: N818 - reads as a state
    """More has come in than the disk takes; the exporter sends it again."""


@dataclass
class Taken:
    """What became of one request."""

    lines: list[bytes] = field(default_factory=list)
    skipped: int = 0
    """Spans that say nothing about generative AI, and nothing that their own program wrote on them."""
    refused: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    genai: int = 0
    """Spans that speak of generative AI; the others that are kept say something of their own program's."""


@dataclass
class Totals:
    """What a receiver has done since it began."""

    requests: int = 0
    kept: int = 0
    genai: int = 0
    skipped: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)

    def add(self, taken: Taken) -> None:
        """Count a request that was kept."""
        self.requests += 1
        self.kept += len(taken.lines)
        self.genai += taken.genai
        self.skipped += taken.skipped
        self.refused += taken.refused
        self.remarks += taken.remarks


@dataclass
class _Waiting:
    taken: Taken
    size: int
    kept: Future[None]


@contextmanager
def receiving(folder: Path, *, broke: Callable[[], None] = lambda: None) -> Iterator[Receiver]:
    """Receive for a launch for a while; at the end what still waits is written, and the file closed.

    Args:
        folder: the launch.
        broke: told once, from another thread, when the disk no longer takes anything.

    Raises:
        BadInput: there is no such folder.
        Unavailable: another process receives for this launch, or the disk failed on the way.
    """
    if not folder.is_dir():
        raise BadInput(
            "there is no such launch folder", where=str(folder), remedy=f"run `shipworthy init {folder}`"
        )
    with one_receiver(Layout(folder)):
        receiver = Receiver(folder, broke=broke)
        try:
            yield receiver
        finally:
            receiver.close()
    if receiver.broken is not None:
        raise receiver.broken


class Receiver:
    """Takes in spans for one launch.

    Args:
        folder: the launch.
        broke: told once, from the thread that writes, when the disk no longer takes anything.

    Raises:
        Unavailable: what an earlier receiver left cannot be closed.
    """

    def __init__(self, folder: Path, *, broke: Callable[[], None] = lambda: None) -> None:
        self.folder = Layout(folder).received
        self.left_open = sum(close_after_crash(path) for path in files_in(self.folder))
        """Files that an earlier receiver, killed, had left open."""
        self.totals = Totals()
        self.broken: ShipworthyError | None = None
        self._broke = broke
        self._segment: Segment | None = None
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._write, name="received", daemon=True)
        self._thread.start()

    def read(self, body: bytes, encoding: Encoding) -> Taken:
        """Read a request; nothing is kept yet.

        Args:
            body: its bytes, unpacked.
            encoding: how they are to be read.

        Raises:
            BadInput: they are no export of spans.
            Unavailable: protobuf cannot be read here.
        """
        taken = Taken()
        encode = msgspec.json.Encoder().encode
        latest = now_ns() + DAY
        for span in self._spans(body, encoding, taken):
            speaks = about(span)
            if not speaks:
                taken.skipped += 1
                continue
            taken.genai += speaks == "genai"
            if not EARLIEST <= span.start <= latest:
                taken.remarks["a clock that cannot be right"] += 1
            taken.lines.append(encode(span))
        return taken

    def _spans(self, body: bytes, encoding: Encoding, taken: Taken) -> list[Span]:
        try:
            if encoding == "protobuf":
                return list(spans_of_protobuf(body, taken.refused, taken.remarks))
            return list(spans_of_json(loads(body), taken.refused, taken.remarks))
        except RecursionError as error:
            raise BadInput("the JSON is nested too deep") from error
        except BadSpan as error:
            raise BadInput(f"this is no export of spans: {error}") from error
        except (ValueError, msgspec.MsgspecError) as error:
            raise BadInput("the body is not JSON in UTF-8") from error

    def keep(self, taken: Taken) -> Future[None]:
        """Hand over what was read; the future is done when it is on the disk.

        Raises:
            Busy: too much waits for the disk.
            Unavailable: the disk takes nothing any more.
        """
        waiting = _Waiting(taken, sum(map(len, taken.lines)), Future())
        with self._lock:
            if self.broken is not None:
                raise Unavailable(self.broken.what, where=self.broken.where, remedy=self.broken.remedy)
            if self._waiting and self._waiting + waiting.size > MOST_WAITING:
                raise Busy
            self._waiting += waiting.size
        self._queue.put(waiting)
        return waiting.kept

    def close(self) -> None:
        """Write what still waits, and close the file."""
        self._queue.put(None)
        self._thread.join()
        if self._segment is not None:
            self._segment.close()

    def _write(self) -> None:
        """Write group after group, until told to stop."""
        ends = False
        while not ends:
            first = self._queue.get()
            if first is None:
                return
            group, size = [first], first.size
            while size < MOST_GROUP and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    ends = True
                    break
                group.append(following)
                size += following.size
            self._write_group(group, size)

    def _write_group(self, group: list[_Waiting], size: int) -> None:
        lines = [line for each in group for line in each.taken.lines]
        try:
            if self.broken is not None:
                raise self.broken
            if lines:
                at = now_ns()
                self._file(at).append(lines, at)
        except ShipworthyError as error:
            self._stop(error, group)
        else:
            for each in group:
                self.totals.add(each.taken)
                each.kept.set_result(None)
        finally:
            with self._lock:
                self._waiting -= size

    def _stop(self, error: ShipworthyError, group: list[_Waiting]) -> None:
        first = self.broken is None
        with self._lock:
            self.broken = error
        for each in group:
            each.kept.set_exception(error)
        if first:
            self._broke()

    def _file(self, at: int) -> Segment:
        """Return the file of today, begun when the day or the last file is full."""
        day = datetime.fromtimestamp(at / 1e9, UTC).date().isoformat()
        held = self._segment
        if held is not None and (held.full or held.day != day):
            held.close()
            held = None
        if held is None:
            held = self._segment = Segment(self.folder, day)
        return held
