"""A problem: something wrong in the user's own files. A value, collected, never thrown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a launch folder, with its place and its remedy.

    Attributes:
        file: path relative to the launch folder.
        line: 1-based line, 0 when the file as a whole is meant.
        column: 1-based column, 0 when the line as a whole is meant.
        found: what stands there.
        expected: what should stand there.
        remedy: one way to mend it.
    """

    file: str
    line: int
    column: int
    found: str
    expected: str
    remedy: str

    def place(self) -> str:
        """Return `file:line:column`, as editors and terminals open it."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)

    def __str__(self) -> str:
        return f"{self.place()}: found {self.found}; expected {self.expected}. To mend it: {self.remedy}"
