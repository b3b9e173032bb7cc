"""WebVTT and SubRip: captions with times, joined into what each speaker says; markup is taken out, never read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput
from shipworthy.importers.transcripts.interface import Transcript, clock, finished, text_of

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?$")
_VOICE = re.compile(r"<v(?:\.[\w.-]{0,80})?[ \t]+([^<>]{1,80})>")
_TAG = re.compile(r"</?[A-Za-z0-9:.][^<>]{0,1000}>|<!--|-->|</?[bciuv]>|\{\\[^{}]{0,80}\}")
_LABEL = re.compile(r"^(?:-[ \t]*)?([^\W_][^:<>\[\]]{0,39}):[ \t]+(?=\S)")
_BLOCKS = ("NOTE", "STYLE", "REGION")
_JOIN_WITHIN_S = 1.5
_ENDS = (".", "!", "?", "…", '"', "”")


@dataclass
class _Cue:
    start: float
    end: float
    who: str
    words: str


class WebVtt:
    """Captions as browsers and meeting tools write them."""

    name = "webvtt"
    suffixes: tuple[str, ...] = (".vtt",)

    def read(self, path: Path) -> Transcript:
        """Read all cues; notes, styles and regions are left out."""
        text = text_of(path)
        if not re.match("\ufeff?WEBVTT(?:[ \t\r\n]|$)", text):
            remedy = "export it as WebVTT, or rename the file if it is another format"
            raise BadInput("the file does not begin with WEBVTT", where=f"{path}:1", remedy=remedy)
        return _transcript(text, self.name, path)


class SubRip:
    """Captions as video tools write them."""

    name = "srt"
    suffixes: tuple[str, ...] = (".srt",)

    def read(self, path: Path) -> Transcript:
        """Read all cues."""
        return _transcript(text_of(path), self.name, path)


def _transcript(text: str, name: str, path: Path) -> Transcript:
    cues = list(_cues(text))
    if not cues:
        raise BadInput(
            "no line of the file has times such as 00:00:01.000 --> 00:00:04.000",
            where=f"{path}:1",
            remedy="export the captions again; if it is plain text, rename it to .txt",
        )
    notes = ("markup of captions",) if _TAG.search(text) else ()
    lines = [f"{clock(cue.start)} {cue.who}: {cue.words}" if cue.who else f"{clock(cue.start)} {cue.words}" for cue in _joined(cues)]  # fmt: skip
    return finished("\n\n".join(lines), name, path, notes=notes)


def _cues(text: str) -> Iterator[_Cue]:
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n").split("\n")
        at = next((i for i, line in enumerate(lines[:2]) if "-->" in line and len(line) < 500), None)
        timing = _TIMING.match(lines[at]) if at is not None else None
        if timing is None or at is None or lines[0].startswith(_BLOCKS):
            continue
        start, end = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
        for who, words in _said(lines[at + 1 :]):
            yield _Cue(start, end, who, words)


def _said(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield who says what in one cue: a voice, or a label before a colon, begins another one's words."""
    who, words = "", list[str]()
    for line in lines:
        voice = _VOICE.search(line)
        plain = " ".join(html.unescape(_TAG.sub("", line)).split())
        label = None if voice else _LABEL.match(plain)
        if voice or label:
            if words:
                yield who, " ".join(words)
            who = " ".join(html.unescape(voice[1] if voice else label[1]).split()) if voice or label else ""  # type: ignore[index]
            who, words = who.replace(":", " "), []
            plain = plain[label.end() :] if label else plain
        if plain:
            words.append(plain)
    if words:
        yield who, " ".join(words)


def _joined(cues: list[_Cue]) -> Iterator[_Cue]:
    """Join what one speaker says without a break, so that a quote may run over several captions."""
    held: _Cue | None = None
    for cue in cues:
        if held is not None and _goes_on(held, cue):
            held.words, held.end = f"{held.words} {cue.words}", cue.end
            continue
        if held is not None:
            yield held
        held = _Cue(cue.start, cue.end, cue.who, cue.words)
    if held is not None:
        yield held


def _goes_on(held: _Cue, cue: _Cue) -> bool:
    if cue.who:
        return cue.who == held.who
    return cue.start - held.end <= _JOIN_WITHIN_S and not held.words.endswith(_ENDS)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
