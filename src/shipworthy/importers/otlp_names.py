"""Which attribute of a span holds what: given by a map, or guessed from the names that launches use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import ColumnMap
from shipworthy.importers.otlp_span import Span

PLACES = ("trace_id", "span_id")
"""What a map may take the case from instead of an attribute: one output for a trace, or for every call."""
_SINGLE = ("case", "repeat", "group", "expected")
_WORDS = {
    "true": 1.0,
    "pass": 1.0,
    "passed": 1.0,
    "yes": 1.0,
    "false": 0.0,
    "fail": 0.0,
    "failed": 0.0,
    "no": 0.0,
}
_OWN = {"service.name": "service", "service.version": "version"}
MOST_TAG = 200


class Names:
    """Says what an attribute is for; each name is settled once.

    Args:
        path: named in errors.
        given: the column map, which here names attributes; None to guess.

    Raises:
        BadInput: the map names a role that spans do not have.
    """

    def __init__(self, path: Path, given: ColumnMap | None) -> None:
        given = given or ColumnMap({})
        self.mapped = {name: role for role, name in given.columns.items()}
        for role in given.columns:
            if role not in _SINGLE and not role.startswith(("tag.", "score.")):
                raise BadInput(
                    f"the map gives an attribute to {role!r}, which spans settle themselves",
                    where=f"{path}:1",
                    remedy=f"map one of {', '.join(_SINGLE)}, score.NAME, tag.NAME",
                )
        self.by_span = self.mapped.get("span_id") == "case"
        self.by_trace = self.mapped.get("trace_id") == "case"
        self.by_output = given.stream
        """Whether rows are named by their outputs, of which one case may have many."""
        self.tags, self.scores = given.tags, given.scores
        self._known: dict[str, str] = {}

    def role(self, key: str) -> str:
        """Return `case`, `repeat`, `tag.NAME`, `score.NAME` and so on; nothing for any other attribute."""
        found = self._known.get(key)
        if found is None:
            found = self._role(key)
            if len(self._known) < 10_000:
                self._known[key] = found
        return found

    def _role(self, key: str) -> str:
        if key in self.mapped:
            return self.mapped[key]
        for prefix, role in (("shipworthy.tag.", "tag."), ("shipworthy.score.", "score.")):
            if key.startswith(prefix) and len(key) > len(prefix):
                return role + key.removeprefix(prefix)
        last = key.rpartition(".")[2]
        for kind, names in (("score.", self.scores), ("tag.", self.tags)):
            if wanted := next((name for name in names if name in (key, last)), None):
                return kind + wanted
        if "case" not in self.mapped.values() and (key == "shipworthy.case" or last == "case_id"):
            return "case"
        return {"shipworthy.repeat": "repeat", "shipworthy.group": "group"}.get(key, "")

    def given(self, span: Span) -> Iterator[tuple[str, Any]]:
        """Yield role and value of every attribute of a span that has a role."""
        for key, value in span.attributes.items():
            if role := self.role(key):
                yield role, value
            elif key == "metadata" and isinstance(value, str):
                yield from self._metadata(value)

    def _metadata(self, text: str) -> Iterator[tuple[str, Any]]:
        """Yield what OpenInference keeps as JSON in one attribute."""
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            return
        for key, value in held.items() if isinstance(held, dict) else ():
            if role := self.role(key):
                yield role, value

    def own_case(self, given: Iterable[tuple[str, Any]]) -> str:
        """Return the case that a span names itself; nothing where it names none.

        Args:
            given: role and value of its attributes.
        """
        if self.by_span or self.by_trace:
            return ""
        return next((text_of(value) for role, value in given if role == "case"), "")


def service_tags(span: Span) -> dict[str, str]:
    """Return which service answered, in which version, where."""
    tags = {_OWN.get(key, "environment"): value for key, value in span.service.items()}
    return {key: value[:MOST_TAG] for key, value in tags.items() if value}


def text_of(value: Any) -> str:
    """Return a short value as the text that names something; nothing where it cannot."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)):
        text = str(value).strip()
        return text if len(text) <= 1024 else ""
    return ""


def score_of(value: Any) -> float | None:
    """Return an attribute's value as a score, None where it is none."""
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _WORDS:
            return _WORDS[word]
        try:
            value = float(word)
        except ValueError:
            return None
    return float(value) if isinstance(value, (bool, int, float)) and abs(value) < 2**1000 else None
