"""Score outputs with the checks of a launch's scorers.py: `check(case_input, expected, output)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.domain.scorer import SECONDS
from shipworthy.runners.check_child import ABSENT, BROKEN, ODD, RAISED
from shipworthy.runners.check_process import Answer, CheckProcess, LateError, LostError, packed
from shipworthy.runners.posix import need_posix
from shipworthy.runners.scoring import About, Said, late, unscored
from shipworthy.runners.secrets import Secrets
from shipworthy.store.check_version import CheckVersions
from shipworthy.store.layout import Layout

LOADING_S = 60.0
"""How long scorers.py may take to load."""
LOST_AT_FIRST = 3
"""So many outputs lost before any was scored mean that the check is at fault, and not an output."""
MOST_AT_ONCE = 256
MOST_WORDS, MOST_OF_ERROR = 20_000, 2000
"""Characters that are kept of what a check says, and of what it raises."""
Asked = tuple[Any, Any, Any, About]
"""The input of a case, what is expected, the output, and what the answer took."""


class Check:
    """One check of scorers.py, in a process of its own.

    Args:
        folder: the launch folder.
        name: the function's name.
        seconds: how long it may take for one output.
    """

    needs_text = False
    """It is given None instead, as ever."""

    def __init__(self, folder: Path, name: str, seconds: float = SECONDS) -> None:
        self.folder, self.name, self.seconds = folder, name, seconds
        self.secrets = Secrets()
        self.secrets.remember_keys()
        self.process: CheckProcess | None = None
        self.version: str | None = None
        """Of the check, when it was first loaded."""
        self.entered = False
        self.lost = 0
        self.scored = False

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Load the function in its process; end that when it is left.

        Raises:
            BadInput: scorers.py cannot be loaded, or has no such function.
        """
        self.entered = True
        try:
            self._alive()
            yield
        finally:
            self.entered = False
            self._end()

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Return the value and the check's words for one output; see `score_all`."""
        return next(iter(self.score_all([(given, expected, output, about)])))

    def score_all(self, asked: Iterable[Asked]) -> Iterator[Said]:
        """Yield the value (1 passed, 0 failed, between: graded) and the check's words for each output.

        A check that breaks, ends its process or never ends leaves the output *unscored*, with the reason; it never counts
        as a pass, and the next output is scored all the same.

        Raises:
            BadInput: it returned something that is not a score, or was lost on all of the first outputs.
        """
        cases: list[bytes] = []
        for given, expected, output, _ in asked:
            cases.append(packed((given, expected, output)))
            if len(cases) == MOST_AT_ONCE:
                yield from self._score(cases)
                cases = []
        yield from self._score(cases)

    def _score(self, cases: Sequence[bytes]) -> Iterator[Said]:
        done = 0
        while done < len(cases):
            try:
                for answer in self._alive().answers(cases[done:], self.seconds):
                    self.scored = True
                    done += 1
                    yield self._said(answer)
            except LostError as error:
                done += 1
                yield self._without(error)

    def _alive(self) -> CheckProcess:
        if self.process is None:
            assert self.entered, "a process that nobody would end"
            need_posix("a check that is a function of scorers.py", where=str(self.folder / "scorers.py"))
            self.process = CheckProcess(self.folder, self.name)
            try:
                kind, _, words = self.process.first(max(LOADING_S, self.seconds))
            except LostError as error:
                self._end()
                raise self._not_loaded(f"it {error} while it was loaded") from error
            if kind == BROKEN:
                raise self._not_loaded(self.secrets.hide(words or "")[:MOST_OF_ERROR])
            if kind == ABSENT:
                raise BadInput(
                    f"`scorers` has no function `{self.name}`",
                    where=str(self.folder),
                    remedy="correct the name",
                )
            self._keep_version()
        return self.process

    def _keep_version(self) -> None:
        """Refuse to go on with another check than the one that was begun with: its scores go under the version of that."""
        now = CheckVersions(Layout(self.folder)).of(self.name)
        if self.version not in (None, now):
            raise BadInput(
                f"the check `{self.name}` was changed while it scored",
                where=str(self.folder / "scorers.py"),
                remedy="score again",
            )
        self.version = now

    def _end(self) -> None:
        if self.process is not None:
            self.process.end()
            self.process = None

    def _without(self, why: LostError) -> Said:
        """Return that an output has no score because the process was lost; end what is left of it."""
        self._end()
        self.lost += 1
        if not self.scored and self.lost == LOST_AT_FIRST:
            raise BadInput(
                f"the check `{self.name}` {why}, on each of the first {self.lost} outputs",
                where="scorers.py",
                remedy=f"mend it, or give it more time: `scorer: {{check: {self.name}, seconds: {2 * self.seconds:g}}}`",
            )
        if isinstance(why, LateError):
            return late(f"`{self.name}` in scorers.py {why}")
        return unscored(f"the check {why}")

    def _said(self, answer: Answer) -> Said:
        kind, value, said = answer
        words = None if said is None else self.secrets.hide(said)[:MOST_WORDS]
        if kind == RAISED:
            return unscored(f"the check raised {(words or '')[:MOST_OF_ERROR]}")
        if kind == ODD:
            raise BadInput(
                f"the check `{self.name}` returned {words}",
                where="scorers.py",
                remedy="return True or False, a number from 0 to 1, or a pair of that and a text",
            )
        return (
            (None, "unscored: the check returned None") if value is None and words is None else (value, words)
        )

    def _not_loaded(self, said: str) -> BadInput:
        return BadInput(
            f"`scorers` cannot be loaded: {said}",
            where=str(self.folder / "scorers.py"),
            remedy="run it with python in that folder and mend what it says",
        )
