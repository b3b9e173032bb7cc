"""The process in which a function of scorers.py runs: a case in, an answer out, case after case.

Started by file, not by name, and it loads next to nothing, as it starts once for every go of scoring. The launch folder
is first on the import path, as it is where the feature runs. Whatever the function prints leads nowhere; the pipes have
numbers of their own. A case is marshalled behind its length; an answer is a line, and behind it its words.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

READY, ABSENT, BROKEN, SCORED, RAISED, ODD = "ready", "absent", "broken", "scored", "raised", "odd"
"""How an answer begins; what follows on the line is the value and the length of the words."""
LENGTH = 4
"""Bytes of the length of a case."""
MOST_WORDS = 24_000
"""So many characters are told; what is kept of them is less, and keys are looked for before that cut."""
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 - pathlib takes as long to load as all else here


def main(reads: int, writes: int, life: int, folder: str, name: str) -> None:
    """Load the function, say so, and answer every case until there are no more.

    Args:
        reads: the pipe that cases come through.
        writes: the pipe that answers go through.
        life: a pipe that ends when whoever started this process ends; so does this process then.
        folder: the launch folder.
        name: the function in scorers.py.
    """
    for pipe in (reads, writes, life):
        os.set_inheritable(pipe, False)  # noqa: FBT003 - its only form
    _end_with(life)
    words_of = _words(folder)

    def say(kind: str, value: float | None = None, words: str | None = None) -> None:
        told = b"" if words is None else words.encode("utf-8", "backslashreplace")
        length = -1 if words is None else len(told)
        left = memoryview(f"{kind} {value} {length}\n".encode() + told)
        while left:
            left = left[os.write(writes, left) :]

    function = _load(name, say, words_of)
    if function is None:
        return
    mine = os.getpid()
    with os.fdopen(reads, "rb", buffering=1 << 16) as cases:
        while head := cases.read(LENGTH):
            asked = marshal.loads(cases.read(int.from_bytes(head, "big")))  # noqa: S302 - from our own program
            answer = _answer(function, asked, words_of)
            if os.getpid() != mine:
                os._exit(0)  # a copy that the function made and did not end would answer every case again
            say(*answer)


def _end_with(life: int) -> None:
    """Let the system end this process once the other end of a pipe is gone, even in the middle of a long call."""
    import fcntl  # noqa: PLC0415 - not on every system, and what is said above is needed on all

    if hasattr(fcntl, "F_SETOWN") and hasattr(os, "O_ASYNC"):
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)


def _words(folder: str) -> Callable[..., str]:
    sys.dont_write_bytecode = True
    sys.path[0] = ROOT
    from shipworthy.runners.words import words_of  # noqa: PLC0415 - found only now

    sys.path[0] = folder
    if ROOT not in sys.path:
        sys.path.append(ROOT)
    return words_of


def _load(name: str, say: Callable[..., None], words_of: Callable[..., str]) -> Callable[..., Any] | None:
    try:
        module = __import__("scorers")
    except BaseException as error:  # noqa: BLE001 - anything may happen in it
        say(BROKEN, None, _said(error, words_of))
        return None
    function = getattr(module, name, None)
    if not callable(function):
        say(ABSENT)
        return None
    say(READY)
    return function  # type: ignore[no-any-return]


def _answer(
    function: Callable[..., Any], asked: tuple[Any, ...], words_of: Callable[..., str]
) -> tuple[str, float | None, str | None]:
    try:
        said = function(*asked)
    except BaseException as error:  # noqa: BLE001 - a check may break in any way
        return RAISED, None, _said(error, words_of)
    value, words = said if isinstance(said, tuple) and len(said) == 2 else (said, None)
    told = None if words is None else words_of(words, most=MOST_WORDS)
    if value is None:
        return SCORED, None, told
    if not isinstance(value, bool | int | float) or not 0 <= value <= 1:
        odd = value if isinstance(value, str | float | int) else _named(type(value))
        return ODD, None, words_of(odd, most=200)
    return SCORED, float(value), told


def _named(kind: type) -> str:
    """Return the name of a type, with its module where it is not Python's own: `numpy.bool` is no `bool`."""
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _said(error: BaseException, words_of: Callable[..., str]) -> str:
    return words_of(f"{type(error).__name__}: {words_of(error, most=MOST_WORDS)}", most=MOST_WORDS)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])
