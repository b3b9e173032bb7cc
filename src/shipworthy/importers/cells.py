"""One row of any table turned into a `Row`: what a cell may say, and what it means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

import msgspec

from shipworthy.importers.interface import Row
from shipworthy.importers.names import MAX_NAME_CHARS, MAX_REPEAT, can_name

PASS = ("true", "pass", "passed", "yes", "1", "1.0", "correct")
FAIL = ("false", "fail", "failed", "no", "0", "0.0", "incorrect")
_WORDS: dict[str, float] = {
    form: value
    for words, value in ((PASS, 1.0), (FAIL, 0.0))
    for word in words
    for form in (word, word.title(), word.upper())
}
ANSWERED = frozenset(
    (
        *("answered", "ok", "success", "succeeded", "complete", "completed", "done", "finished"),
        *("pass", "passed", "fail", "failed", "refused", "refusal"),
    )
)
NO_ANSWER = {
    **dict.fromkeys(("error", "errored", "exception", "crashed"), "error"),
    **dict.fromkeys(("timeout", "timed out", "timed_out"), "timeout"),
    **dict.fromkeys(("cut off", "cut_off", "truncated"), "cut off"),
    **dict.fromkeys(("blocked", "content_filter", "blocked by the provider"), "blocked by the provider"),
    **dict.fromkeys(("no answer", "no_answer", "cancelled", "skipped", "not run"), "no answer recorded"),
}
NO_ERROR = frozenset(("", "none", "null", "nan", "false", "no", "0"))


class BadCell(ValueError):  # noqa: N818 - reads as a noun wherever it is raised
    """A cell that says nothing usable; the caller adds where it stands."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class RowBuilder:
    """Builds rows from cells that stand in a fixed order.

    Args:
        roles: role to column; the cells come in this order, with one None after the last.
        zero_based: the file counts its repeats from 0.
    """

    def __init__(self, roles: dict[str, str], *, zero_based: bool = False) -> None:
        place = {role: index for index, role in enumerate(roles)}
        self._names = roles
        self._case, self._variant, self._repeat = (place.get(r, -1) for r in ("case", "variant", "repeat"))
        self._input, self._expected, self._group = (place.get(r, -1) for r in ("input", "expected", "group"))
        self._output, self._status, self._error = (place.get(r, -1) for r in ("output", "status", "error"))
        self._seconds, self._milliseconds = place.get("latency_s", -1), place.get("latency_ms", -1)
        self._cost, self._time = place.get("cost_usd", -1), place.get("time", -1)
        self._scores = [(r[6:], i) for r, i in place.items() if r.startswith("score.")]
        self._tags = [(r[4:], i) for r, i in place.items() if r.startswith("tag.")]
        self._shift = 1 if zero_based else 0
        self._known: dict[Any, float] = dict(_WORDS)

    def build(self, cells: Sequence[Any]) -> Row:
        """Return the row.

        Raises:
            BadCell: a cell holds something that is neither a value of its column nor empty.
        """
        reason = None
        if self._status >= 0 or self._error >= 0:
            reason = self._why_no_answer(cells[self._status], cells[self._error])
        output, group, variant = cells[self._output], cells[self._group], cells[self._variant]
        return Row(
            case=self._name("case", cells[self._case]),
            variant=None if variant is None or variant == "" else self._name("variant", variant),
            repeat=self._whole(cells[self._repeat]) if self._repeat >= 0 else None,
            input=cells[self._input],
            expected=cells[self._expected],
            group=None if group is None or group == "" else self._name("group", group),
            tags=self._tags_of(cells) if self._tags else None,
            status="answered" if reason is None else "no answer",
            reason=reason,
            output=output if output is None or type(output) is str else as_text(output),
            scores=self._scores_of(cells) if self._scores and reason is None else None,
            latency_s=self._latency(cells),
            cost_usd=self._amount("cost_usd", cells[self._cost]) if self._cost >= 0 else None,
            time=as_text(cells[self._time]) if self._time >= 0 and cells[self._time] is not None else None,
        )

    def _scores_of(self, cells: Sequence[Any]) -> dict[str, float | None]:
        known = self._known
        scores: dict[str, float | None] = {}
        for name, index in self._scores:
            cell = cells[index]
            value = known.get(cell) if type(cell) is str else None
            scores[name] = self._score(name, cell) if value is None else value
        return scores

    def _score(self, name: str, cell: Any) -> float | None:
        if cell is None:
            return None
        if isinstance(cell, bool):
            return float(cell)
        text = cell.strip() if isinstance(cell, str) else None
        if text == "":
            return None
        value = self._known.get(text.lower()) if text else None
        if value is None:
            value = _number(cell if text is None else text)
        if value is None:
            column = self._names[f"score.{name}"]
            raise BadCell(
                f"column {column!r} holds {_short(cell)}, which is no score",
                "write true, false, pass, fail, yes, no or a number, and leave the cell empty where there is no score",
            )
        return value

    def _name(self, role: str, cell: Any) -> str:
        if type(cell) is not str:
            cell = str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else _name_of(cell)
        name: str = cell.strip()
        if not can_name(name):
            column = self._names[role]
            held = f"holds {_short(name)}, which cannot name a {role}" if name else f"names no {role}"
            raise BadCell(
                f"column {column!r} {held}",
                f"give every row its {role}: a whole number, or one line of at most {MAX_NAME_CHARS} characters",
            )
        return name

    def _whole(self, cell: Any) -> int | None:
        if cell is None or cell == "":
            return None
        value = None if isinstance(cell, bool) else _number(cell)
        if value is None or value != int(value) or not 1 <= value + self._shift <= MAX_REPEAT:
            raise BadCell(
                f"column {self._names['repeat']!r} holds {_short(cell)}, which is no repeat",
                f"count repeats 1, 2, 3, … (or 0, 1, 2, …), at most {MAX_REPEAT}",
            )
        return int(value) + self._shift

    def _latency(self, cells: Sequence[Any]) -> float | None:
        if self._seconds >= 0 and (value := self._amount("latency_s", cells[self._seconds])) is not None:
            return value
        if (
            self._milliseconds >= 0
            and (value := self._amount("latency_ms", cells[self._milliseconds])) is not None
        ):
            return value / 1000
        return None

    def _amount(self, role: str, cell: Any) -> float | None:
        if cell is None or cell == "":
            return None
        value = None if isinstance(cell, bool) else _number(cell)
        if value is None or value < 0:
            raise BadCell(
                f"column {self._names[role]!r} holds {_short(cell)}, which is no amount",
                "write a number that is not negative, and leave the cell empty where it is unknown",
            )
        return value

    def _tags_of(self, cells: Sequence[Any]) -> dict[str, str] | None:
        tags = {
            name: as_text(cells[i]).strip()
            for name, i in self._tags
            if cells[i] is not None and cells[i] != ""
        }
        return tags or None

    def _why_no_answer(self, status: Any, error: Any) -> str | None:
        """Return the reason for there being no answer; a refusal that the model wrote is an answer."""
        text = "" if error is None else as_text(error).strip()
        if text.lower() not in NO_ERROR:
            return "error" if text.lower() in ("true", "1", "yes", "error") else f"error: {text[:500]}"
        word = "" if status is None else as_text(status).strip().lower()
        if not word or word in ANSWERED:
            return None
        if word in NO_ANSWER:
            return NO_ANSWER[word]
        raise BadCell(
            f"column {self._names['status']!r} holds {_short(status)}, which says neither answered nor no answer",
            f"write answered, or one of: {', '.join(NO_ANSWER)}",
        )


def as_text(value: Any) -> str:
    """Return a cell as the text a person would write: JSON for what has parts, `true` for a truth value."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, dict, list)) or value is None:
        return msgspec.json.encode(value, order="deterministic", enc_hook=str).decode()
    return str(value)


def _number(cell: Any) -> float | None:
    if isinstance(cell, str) and ("_" in cell or not cell.isascii()):
        return None
    if not isinstance(cell, (str, int, float, Decimal)):
        return None
    try:
        value = float(cell)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _name_of(cell: Any) -> str:
    """Return a number without a fraction as its digits (a table with gaps stores whole numbers as 3.0)."""
    if isinstance(cell, (float, Decimal)) and math.isfinite(cell) and cell == int(cell):
        return str(int(cell))
    return ""


def _short(cell: Any) -> str:
    text = as_text(cell)
    kind: Literal["", "…"] = "…" if len(text) > 60 else ""
    return repr(text[:60]) + kind
