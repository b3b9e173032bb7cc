"""What every check is to whoever scores: one method, told the case, the output, and what the answer took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from shipworthy.runners.json_path import MISSING, compiled_path

UNSCORED = "unscored: "
"""How the words of an unscored output begin."""
LATE = f"{UNSCORED}out of time: "
"""How the words of an output begin whose check did not end in time."""
Said = tuple[float | None, str | None]
PASSED: Said = (1.0, None)


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an answer beside its text.

    Attributes:
        latency_s: seconds it took; None when nobody measured.
        cost_usd: what it cost; None when nobody knows.
    """

    latency_s: float | None = None
    cost_usd: float | None = None


class Scores(Protocol):
    """A check.

    Attributes:
        name: what it is called in progress and messages.
        needs_text: whether an output of which no text was recorded is beyond it.
    """

    name: str
    needs_text: bool

    def ready(self) -> AbstractContextManager[None]:
        """Return what must be entered before outputs are scored."""
        ...  # pragma: no cover

    def score(self, given: Any, expected: Any, output: Any, about: About) -> Said:
        """Return the value (1 passed, 0 failed, between: graded; None unscored) and why, in words."""
        ...  # pragma: no cover

    def score_all(self, asked: Iterable[tuple[Any, Any, Any, About]]) -> Iterator[Said]:
        """Yield value and words for many outputs, given as `score` is."""
        ...  # pragma: no cover


class Unscored(Exception):  # noqa: N818 - reads as a state wherever it is raised
    """This output cannot be scored, for the reason given."""


def failed(why: str) -> Said:
    """Return a failure with its reason."""
    return 0.0, why


def unscored(why: str) -> Said:
    """Return that nobody can say, with the reason."""
    return None, f"{UNSCORED}{why}"


def late(why: str) -> Said:
    """Return that nobody can say because the check did not end in time."""
    return None, f"{LATE}{why}"


def text_of(output: Any) -> str:
    """Return an output as text: as it is, or as JSON where it is none."""
    return output if isinstance(output, str) else msgspec.json.encode(output).decode()


def json_of(output: Any) -> Any:
    """Return an output as a JSON value: text is read as JSON.

    Raises:
        ValueError: the text is no JSON.
    """
    if not isinstance(output, str):
        return output
    try:
        return msgspec.json.decode(output)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ValueError(str(error).split(" (byte")[0].lower()) from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def shown(value: Any, most: int = 80) -> str:
    """Return a value as people recognise it: quoted, on one line, not too long."""
    text = value if isinstance(value, str) else text_of(value)
    cut = text if len(text) <= most else f"{text[: most - 1]}…"
    return repr(cut) if isinstance(value, str) else cut


def field_of(name: str) -> Callable[[Any, Any], Any]:
    """Return a function from (input, expected) to a part of the case, as `expected.answer` names it.

    The function raises `Unscored` for a case that lacks the part.
    """
    root = "input" if name.startswith("input") else "expected"
    rest = name[len(root) :]
    find = compiled_path(f"${rest}") if rest else None

    def found(given: Any, expected: Any) -> Any:
        value = given if root == "input" else expected
        if find is not None:
            value = find(value)
        if value is MISSING or value is None:
            raise Unscored(f"the case has no `{name}`")
        return value

    return found
