"""One span as it is kept: who, when, how it went, and its attributes as plain values."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from typing import Any

import msgspec

MOST_TEXT = 1024 * 1024
"""Characters of one text that are kept. A longer one is left out and named; its span still counts."""
MOST_ATTRIBUTES = 512
"""Attributes, events and list members of one span that are kept; instrumentation writes a few dozen."""
MOST_DEPTH = 100
TOO_DEEP = "(nested too deep to be kept)"
_SECRET = re.compile(
    r"authorization|cookie|password|passwd|secret|api[_.-]?key|access[_.-]?token|private[_.-]?key"
)
_KEYS: dict[str, tuple[str, bool]] = {}
"""Names of attributes that were met: each as it is kept, and whether it speaks of a secret."""
MOST_KEYS = 10_000
_HEX = re.compile(r"[0-9a-f]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
SERVICE = ("service.name", "service.version", "deployment.environment.name", "deployment.environment")
"""What is kept of the resource: which service answered, in which version, where."""


class BadSpan(ValueError):  # noqa: N818 - reads as a noun wherever it is raised
    """A span that cannot be used; the text says why."""


class Event(msgspec.Struct, gc=False, omit_defaults=True):
    """Something that happened during a span."""

    name: str
    attributes: dict[str, Any] = {}


class Span(msgspec.Struct, gc=False, omit_defaults=True):
    """One span. Times are nanoseconds since 1970 by the sender's clock; 0 is unknown."""

    trace: str
    span: str
    parent: str = ""
    name: str = ""
    start: int = 0
    end: int = 0
    failed: bool = False
    message: str = ""
    """The status message, of a span that failed."""
    attributes: dict[str, Any] = {}
    events: list[Event] = []
    service: dict[str, str] = {}
    cut: list[str] = []
    """Attributes that were left out because they are too long."""

    @property
    def key(self) -> str:
        """Return what tells it from every other span."""
        return f"{self.trace}:{self.span}"

    @property
    def seconds(self) -> float | None:
        """Return how long it took by the sender's clock, None where the clock cannot be right."""
        return (self.end - self.start) / 1e9 if 0 < self.start <= self.end else None


class Kept:
    """Keeps attributes: drops those that speak of secrets, and leaves out texts that are too long.

    Attributes:
        cut: names of the attributes that were left out for their length.
        remarks: what was changed, to how many attributes.
    """

    def __init__(self, remarks: Counter[str]) -> None:
        self.cut: list[str] = []
        self.remarks = remarks

    def put(self, into: dict[str, Any], key: str, value: Any) -> None:
        """Add an attribute, if it may be kept."""
        if value is None:
            return
        if len(into) >= MOST_ATTRIBUTES:
            self.remarks[f"attributes beyond {MOST_ATTRIBUTES} of one span were left out"] += 1
            return
        known = _KEYS.get(key)
        if known is None:
            known = clean(key)[:256], bool(_SECRET.search(key.lower()))
            if len(_KEYS) < MOST_KEYS:
                _KEYS[key] = known
        key, secret = known
        if secret:
            self.remarks["attributes whose names speak of secrets were not kept"] += 1
            return
        if isinstance(value, str):
            if len(value) > MOST_TEXT:
                self._leave_out(key)
                return
            value = clean(value)
        elif isinstance(value, (list, dict)):
            value = cleaned(value)
            if len(msgspec.json.encode(value)) > MOST_TEXT:
                self._leave_out(key)
                return
        into[key] = value

    def _leave_out(self, key: str) -> None:
        self.cut.append(key)
        self.remarks[f"attributes longer than {MOST_TEXT:,} characters were left out"] += 1


def clean(text: str) -> str:
    """Return the text without lone surrogates, which are no text and cannot be written down."""
    return text if text.isascii() or not _SURROGATES.search(text) else _SURROGATES.sub("\ufffd", text)


def cleaned(value: Any, depth: int = MOST_DEPTH) -> Any:
    """Return a value with parts, every text in it cleaned; what is nested too deep is left out, and says so.

    Args:
        value: of JSON.
        depth: how deep it may be nested.
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, (list, dict)) and not depth:
        return TOO_DEEP
    if isinstance(value, list):
        return [cleaned(each, depth - 1) for each in value]
    if isinstance(value, dict):
        return {clean(str(key)): cleaned(each, depth - 1) for key, each in value.items()}
    return value


def id_of(given: Any, length: int, what: str) -> str:
    """Return an id as lower-case hex.

    Args:
        given: hex, `0x` and hex, or base64 (which exporters write by mistake).
        length: of the id in bytes.
        what: named in the error.

    Raises:
        BadSpan: it is none of these, or all zeros.

    >>> id_of("0x592CA59713DDC35A", 8, "span id"), id_of("WSyllxPdw1o=", 8, "span id")
    ('592ca59713ddc35a', '592ca59713ddc35a')
    """
    if isinstance(given, str):
        text = given.lower().removeprefix("0x")
        if len(text) != 2 * length or not _HEX.fullmatch(text):
            text = _from_base64(given)
        if len(text) == 2 * length and text.strip("0"):
            return text
    raise BadSpan(f"its {what} is no id of {length} bytes")


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""


def service_of(attributes: dict[str, Any]) -> dict[str, str]:
    """Return what is kept of a resource's attributes."""
    return {key: clean(str(attributes[key]))[:200] for key in SERVICE if attributes.get(key)}
