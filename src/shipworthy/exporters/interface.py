"""What every exporter promises, and the values it takes.

An exporter turns a value into bytes of one format. It reads no file, writes no file and knows no
clock: dates and the journal's head come in the envelope or stand in the memo. It leaves nothing out
and adds no number. Every name, question and note in those values was written by somebody else: it
is shown as text, never as markup, never as an escape sequence, never without an end.

To add a format: one file beside its siblings with one function of the shape below, one test of the
same name, one entry in the documentation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import Verdict
from shipworthy.narrative.document import Memo


@dataclass(frozen=True)
class Envelope:
    """What travels round a verdict and is no part of it: equal verdicts may differ here.

    Attributes:
        journal_head: the journal's head when the verdict was written out.
        made_at: the moment, as ISO 8601 in UTC.
        version: of the program that wrote it.
        asides: what a reader should know that is no evidence and no part of the verdict, such as how a demo went.
    """

    journal_head: str = ""
    made_at: str = ""
    version: str = ""
    asides: tuple[str, ...] = ()


class MemoExporter(Protocol):
    """Writes the memo in one format."""

    def __call__(self, memo: Memo) -> str:
        """Return the document."""
        ...


class VerdictExporter(Protocol):
    """Writes a verdict for people in one format."""

    def __call__(self, verdict: Verdict, criteria: Sequence[Criterion], envelope: Envelope) -> str:
        """Return the text."""
        ...
