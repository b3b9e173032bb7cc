"""Plain text and Markdown: kept as they are, for both are read as text and never as markup."""

from __future__ import annotations

from pathlib import Path

from shipworthy.importers.transcripts.interface import Transcript, finished, text_of


class Plain:
    """A text file, whatever stands in it."""

    name = "text"
    suffixes: tuple[str, ...] = (".txt", ".text", ".md", ".markdown")

    def read(self, path: Path) -> Transcript:
        """Read the whole file."""
        return finished(text_of(path), self.name, path)
