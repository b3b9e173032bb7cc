"""All readers of transcripts; a file is read by the one whose ending it has."""

from __future__ import annotations

from pathlib import Path

from shipworthy.domain.errors import BadInput
from shipworthy.importers.transcripts.captions import SubRip, WebVtt
from shipworthy.importers.transcripts.interface import Reader, Transcript
from shipworthy.importers.transcripts.plain import Plain
from shipworthy.importers.transcripts.word import Word

READERS: tuple[Reader, ...] = (Plain(), Word(), WebVtt(), SubRip())


def read_transcript(path: Path) -> Transcript:
    """Read a transcript by the ending of its name.

    Raises:
        BadInput: the ending is unknown, or the file is not what it says.
    """
    ending = path.suffix.lower()
    reader = next((each for each in READERS if ending in each.suffixes), None)
    if reader is None:
        known = ", ".join(suffix for each in READERS for suffix in each.suffixes)
        raise BadInput(
            f"no transcript ends in `{ending or path.name}`",
            where=str(path),
            remedy=f"save it as one of {known}",
        )
    return reader.read(path)
