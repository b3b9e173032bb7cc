"""`shipworthy look label`."""

from __future__ import annotations

import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, say

if TYPE_CHECKING:
    from shipworthy.domain.review import Said, State
    from shipworthy.services.desk import Desk
    from shipworthy.services.save_label import Saving

KEYS = {
    "p": "passes",
    "f": "fails, with a note on what went wrong first; #mode names a failure mode",
    "d": "defer",
    "u": "undo, as often as you like",
    "q": "quit; everything is kept",
}
STATES: dict[str, State] = {"p": "pass", "f": "fail", "d": "defer"}


def look_label(
    folder: Path,
    key: str,
    *,
    reviewer: Annotated[str, Parameter(name=["--as", "-a"])],
    settle: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Read a queue, one output at a time: p passes, f fails, d defers, u undoes, q quits.

    Each label is kept before the next output is shown. You see neither whose output it is nor what judges and others
    said. A note on the first thing that went wrong is worth more than a verdict alone. Where the answers are piped in,
    a line is a key and a note: `f invents a refund #invented-policy`. Examples:

        shipworthy look label my-launch first --as ada
        shipworthy look label my-launch shared --as eve --settle

    Args:
        folder: the launch folder.
        key: the queue.
        reviewer: who reads.
        settle: read what people differ on instead, with what each of them said, and settle it.
    """
    from shipworthy.services.desk import desk_at  # noqa: PLC0415 - one command is called

    with desk_at(folder) as desk:
        sitting = _Settling(desk, key, reviewer) if settle else _Reading(desk, key, reviewer)
        if sys.stdin.isatty():
            say("  ".join(f"{name}: {what}" for name, what in KEYS.items()))
        while (position := sitting.next()) is not None:
            out(sitting.shown(position))
            if not sitting.answered(position):
                break
        out(sitting.left())
    return 0


class _Reading:
    """One person reading one queue."""

    def __init__(self, desk: Desk, key: str, reviewer: str) -> None:
        self.desk, self.key, self.reviewer = desk, key, reviewer
        self.back: int | None = None
        self.offered: set[int] = set()
        self.version = 0
        self.began = 0.0

    def next(self) -> int | None:
        """Return what to read now: what an undo brought back, what is left, what was deferred."""
        from shipworthy.services.next_item import next_item  # noqa: PLC0415 - loaded with the command

        if self.back is not None:
            back, self.back = self.back, None
            return back
        found = next_item(self.desk, self.key, self.reviewer)
        if found.position is not None:
            return found.position
        left = [position for position in found.put_off if position not in self.offered]
        self.offered.update(left[:1])
        return left[0] if left else None

    def shown(self, position: int) -> str:
        """Return the output as text."""
        from shipworthy.cli.look_text import item_text  # noqa: PLC0415 - loaded with the command
        from shipworthy.services.read_item import read_item  # noqa: PLC0415

        item = read_item(self.desk, self.key, position, self.reviewer)
        self.version = item.version
        return f"\n{item_text(item, self._where())}"

    def answered(self, position: int) -> bool:
        """Take one answer; False to stop."""
        self.began = time.monotonic()
        while True:
            key, rest = _answer()
            if key in ("q", ""):
                return False
            if key == "u":
                self._undo()
                return True
            if key in STATES:
                self._save(position, _said(STATES[key], rest, self._modes()))
                return True
            say("  ".join(f"{name}: {what}" for name, what in KEYS.items()))

    def left(self) -> str:
        """Return where the queue stands."""
        return self._where()

    def _save(self, position: int, said: Said) -> None:
        from shipworthy.services.save_label import save_label  # noqa: PLC0415 - loaded with the command

        save_label(self.desk, self._saving(position, said))

    def _saving(self, position: int, said: Said) -> Saving:
        from shipworthy.services.save_label import Saving  # noqa: PLC0415 - loaded with the command

        spent = int(1000 * (time.monotonic() - self.began))
        return Saving(self.key, position, self.reviewer, said, self.version, uuid.uuid4().hex, spent)

    def _undo(self) -> None:
        from shipworthy.domain.errors import Refused  # noqa: PLC0415 - loaded with the command
        from shipworthy.services.undo_label import undo_label  # noqa: PLC0415

        try:
            self.back = undo_label(self.desk, self.key, self.reviewer, uuid.uuid4().hex).position
        except Refused as error:
            say(error.what)

    def _modes(self) -> set[str]:
        return {mode.id for mode in self.desk.launch.reading.taxonomy}

    def _where(self) -> str:
        from shipworthy.narrative.review import progress_words  # noqa: PLC0415 - loaded with the command
        from shipworthy.services.queue_progress import progress  # noqa: PLC0415

        return f"{self.key}: {progress_words(progress(self.desk, self.key))}"


class _Settling(_Reading):
    """One person settling what others differ on."""

    def next(self) -> int | None:
        """Return what people differ on."""
        from shipworthy.services.adjudicate import to_settle  # noqa: PLC0415 - loaded with the command

        left = to_settle(self.desk, self.key)
        return left[0] if left else None

    def shown(self, position: int) -> str:
        """Return the output with what each of them said."""
        from shipworthy.cli.look_text import sides_text  # noqa: PLC0415 - loaded with the command
        from shipworthy.services.adjudicate import read_sides  # noqa: PLC0415

        sides = read_sides(self.desk, self.key, position, self.reviewer)
        self.version = sides.version
        return f"\n{sides_text(sides, self._where())}"

    def _save(self, position: int, said: Said) -> None:
        from shipworthy.services.adjudicate import settle_item  # noqa: PLC0415 - loaded with the command

        settle_item(self.desk, self._saving(position, said))


def _said(state: State, rest: str, modes: set[str]) -> Said:
    """Return what a key and a note say; words with # in front that name failure modes are those."""
    from shipworthy.domain.review import Said  # noqa: PLC0415 - loaded with the command

    named = [word[1:] for word in rest.split() if word.startswith("#") and word[1:] in modes]
    note = " ".join(word for word in rest.split() if word[1:] not in named or not word.startswith("#"))
    return Said(state, note, tuple(named))


def _answer() -> tuple[str, str]:
    """Return a key, and the note behind it; of a person at the terminal one key, and a note after f."""
    if sys.stdin.isatty():
        key = _one_key()
        say(key)
        if key != "f":
            return key, ""
        sys.stderr.write("what went wrong first? ")
        sys.stderr.flush()
        return key, sys.stdin.readline().strip()
    line = sys.stdin.readline().strip()
    return line[:1].lower(), line[1:].strip()


def _one_key() -> str:
    """Wait for one key."""
    import termios  # noqa: PLC0415 - only where there is a terminal
    import tty  # noqa: PLC0415

    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    try:
        tty.setcbreak(number, termios.TCSANOW)  # keys typed ahead are kept
        return sys.stdin.read(1).lower()
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
