"""Score outputs with the checks of a launch's scorers.py: `check(case_input, expected, output)`."""

from __future__ import annotations

import contextlib
import io
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.runners.function import load_function
from shipworthy.runners.scoring import About, Said
from shipworthy.runners.words import words_of, words_of_error


class Check:
    """One check of scorers.py.

    Args:
        folder: the launch folder.
        name: the function's name.
    """

    needs_text = False
    """It is given None instead, as ever."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.function = load_function(folder, f"scorers:{name}")

    def ready(self) -> AbstractContextManager[None]:
        """Return nothing to enter: a check of your own code is not timed."""
        return nullcontext()

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Return the value (1 passed, 0 failed, between: graded) and the check's words.

        A check that breaks leaves the output *unscored*, with the reason; it never counts as a pass.

        Raises:
            BadInput: it returned something that is not a score; the check is wrong, not the output.
        """
        del about
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                said = self.function(given, expected, output)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - a check may break in any way
            return None, f"unscored: the check raised {words_of_error(error)}"
        value, words = said if isinstance(said, tuple) and len(said) == 2 else (said, None)
        if value is None:
            return None, "unscored: the check returned None" if words is None else words_of(
                words, most=20_000
            )
        if not isinstance(value, bool | int | float) or not 0 <= value <= 1:
            raise BadInput(
                f"the check `{self.name}` returned {_shown(value)}",
                where="scorers.py",
                remedy="return True or False, a number from 0 to 1, or a pair of that and a text",
            )
        return float(value), None if words is None else words_of(words, most=20_000)


def _shown(value: Any) -> str:
    """Return an odd value as a person would recognise it."""
    return words_of(value if isinstance(value, str | float | int) else type(value).__name__, most=200)
