"""Leaks: cases whose text stands in what the variant or a judge is shown.

Three measures. *Verbatim*: the words of the case stand there in their order. *Shared runs*: so many of its runs of
eight words stand there, of those that few cases have in common. *Edited*: somewhere there the words of the case's own
lie close together, and the passage round them is alike letter by letter. A paraphrase is not found.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shipworthy.domain.likeness import Leak
from shipworthy.similarity.words import common_words, core, shortened, words

RUN = 8
"""Words in a row that two texts hardly share by chance."""

SHORT = 5
"""A text of fewer words leaks only where it is a whole line: "hello" stands in many prompts."""

SHARED, FEWEST_RUNS = 0.3, 5
"""A case leaks by shared runs with so large a share of its own, and at least so many."""

EVERYBODYS = 0.02
"""A run that a larger share of the cases have, and at least five of them, is a frame and no case's own."""

RARE = 20
"""A word that stands oftener than this in the material does not tell where to look."""

CLOSE, ALIKE, OWN = 0.4, 0.84, 0.6
"""An edited leak has so many of its marks close together, is so alike letter by letter, and keeps so many own words."""

BRIEF, OWN_OF_BRIEF = 12, 0.8
"""Of a text with fewer words more own words must be kept: one word makes another question of it."""

SLIP, LETTERS = 75, 4
"""Words of so many letters that are so alike, of 100, are one word with a slip of the pen."""


@dataclass
class Material:
    """The words of what a model is shown, with their files and lines."""

    words: list[str] = field(default_factory=list)
    starts: list[tuple[int, str, int]] = field(default_factory=list)
    """Position of the first word of each line, its file, its number."""
    lines: dict[str, tuple[str, int]] = field(default_factory=dict)
    """The words of a whole line, to where it stands first."""

    def add(self, name: str, text: str) -> None:
        """Add a file; words of different files never stand side by side."""
        for number, line in enumerate(text.splitlines(), start=1):
            found = words(line)
            if found:
                self.starts.append((len(self.words), name, number))
                self.words += found
                self._whole(found, line, (name, number))
        self.words.append("")

    def _whole(self, found: list[str], line: str, where: tuple[str, int]) -> None:
        """Keep short lines as they are, and what comes after `Input:` in them."""
        if len(found) < 2 * SHORT:
            self.lines.setdefault(" ".join(found), where)
        label, colon, rest = line.partition(":")
        if colon and len(label) <= 20 and len(after := words(rest)) < SHORT:
            self.lines.setdefault(" ".join(after), where)

    def where(self, position: int) -> tuple[str, int]:
        """Return the file and line of a word."""
        _, name, line = self.starts[bisect_right(self.starts, position, key=lambda start: start[0]) - 1]
        return name, line


def leaks(texts: Sequence[Sequence[str]], material: Material) -> Iterator[Leak]:
    """Yield the first place where each case stands in the material, if it does.

    Args:
        texts: the words of each case.
        material: what is shown.
    """
    if not material.starts:
        return
    finder = _Finder(texts, material)
    for position, text in enumerate(texts):
        found = finder.find(position, text) if text else None
        if found is not None:
            yield found


class _Finder:
    """Finds cases in one material."""

    def __init__(self, texts: Sequence[Sequence[str]], material: Material) -> None:
        self.material = material
        self.common = common_words(texts)
        self.runs = _positions(material.words, RUN)
        self.shorter: dict[int, dict[str, int]] = {}
        self.frame = _frame(texts, self.runs)
        self.marks: dict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(material.words):
            if word and word not in self.common:
                self.marks[word].append(position)
        for position, pair in enumerate(zip(material.words, material.words[1:], strict=False)):
            if all(pair):
                self.marks[" ".join(pair)].append(position)

    def find(self, case: int, text: Sequence[str]) -> Leak | None:
        """Return how and where one case leaks."""
        if len(text) < SHORT:
            whole = self.material.lines.get(" ".join(text))
            return Leak(case, *whole, "verbatim", 1.0) if whole else None
        at = self._verbatim(text)
        if at is not None:
            return Leak(case, *self.material.where(at), "verbatim", 1.0)
        return self._edited(case, shortened(text)) or self._shared(case, text)

    def _verbatim(self, text: Sequence[str]) -> int | None:
        n = min(len(text), RUN)
        if n < RUN and n not in self.shorter:
            self.shorter[n] = _positions(self.material.words, n)
        starts = self.runs if n == RUN else self.shorter[n]
        runs = [starts.get(" ".join(text[i : i + n])) for i in range(len(text) - n + 1)]
        if any(at is None for at in runs):
            return None
        first = " ".join(text[:n])
        wanted = list(text)
        for at in range(starts[first], len(self.material.words)):
            if self.material.words[at] == wanted[0] and self.material.words[at : at + len(wanted)] == wanted:
                return at
        return None

    def _shared(self, case: int, text: Sequence[str]) -> Leak | None:
        own = [run for run in _runs(text) if run not in self.frame]
        there = [self.runs[run] for run in own if run in self.runs]
        if len(there) < max(FEWEST_RUNS, SHARED * len(own)):
            return None
        return Leak(case, *self.material.where(there[0]), "shared runs", round(len(there) / len(own), 4))

    def _edited(self, case: int, text: Sequence[str]) -> Leak | None:
        from rapidfuzz import fuzz  # noqa: PLC0415 - only when texts are compared

        own = core(text, self.common)
        span = len(text) + len(text) // 3 + 2
        marks = [*own, *(" ".join(pair) for pair in itertools.pairwise(text))]
        for start in _thick(marks, self.marks, span):
            low = max(start - span // 3, 0)
            passage, skipped = _inside(self.material.words[low : start + span + span // 3], start - low)
            first = low + skipped
            if _kept(own, passage) < (OWN if len(text) >= BRIEF else OWN_OF_BRIEF):
                continue
            joined = " ".join(passage)
            found = fuzz.partial_ratio_alignment(" ".join(text), joined, score_cutoff=100 * ALIKE)
            if found is not None:
                begins = joined.count(" ", 0, found.dest_start + 1)
                where = self.material.where(first + begins)
                return Leak(case, *where, "edited", round(min(found.score / 100, 0.9999), 4))
        return None


def _inside(passage: list[str], at: int) -> tuple[list[str], int]:
    """Return the part of a passage that lies in the file of the word at a position, and how many words precede it."""
    ends = [i for i, word in enumerate(passage) if not word]
    low = max((end for end in ends if end <= at), default=-1)
    high = min((end for end in ends if end > at), default=len(passage))
    return passage[low + 1 : high], low + 1


def _kept(own: Sequence[str], passage: Sequence[str]) -> float:
    """Return the share of a case's own words that a passage has, slips of the pen forgiven."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - only when texts are compared

    have = Counter(passage)
    left = list((Counter(own) - have).elements())
    kept = len(own) - len(left)
    others = [word for word in set(passage) - set(own) if len(word) >= LETTERS]
    for word in left:
        if len(word) >= LETTERS and not word.isdigit():
            kept += any(fuzz.ratio(word, other, score_cutoff=SLIP) for other in others)
    return kept / len(own)


def _runs(text: Sequence[str]) -> list[str]:
    return [" ".join(text[i : i + RUN]) for i in range(len(text) - RUN + 1)]


def _positions(material: Sequence[str], n: int) -> dict[str, int]:
    """Return where each run of n words stands first; none crosses from one file into the next."""
    found: dict[str, int] = {}
    for i in range(len(material) - n + 1):
        run = material[i : i + n]
        if all(run):
            found.setdefault(" ".join(run), i)
    return found


def _frame(texts: Sequence[Sequence[str]], there: dict[str, int]) -> frozenset[str]:
    """Return the runs of the material that so many cases have that they are nobody's own."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update({run for run in _runs(text) if run in there})
    most = max(EVERYBODYS * len(texts), 5)
    return frozenset(run for run, n in seen.items() if n > most)


def _thick(marks: Sequence[str], positions: dict[str, list[int]], span: int) -> Iterator[int]:
    """Yield where marks lie thick, at most two places, the thickest first.

    Every mark that is not too frequent counts, also one that stands nowhere: so most texts are done with here.
    """
    telling = {mark: at for mark in set(marks) if len(at := positions.get(mark, ())) <= RARE}
    there = sorted(position for at in telling.values() for position in at)
    wanted = max(CLOSE * len(telling), 1)
    if len(there) < wanted:
        return
    fewest = math.ceil(wanted)
    best: list[tuple[int, int]] = []
    for i in range(len(there) - fewest + 1):
        if there[i + fewest - 1] - there[i] <= span:
            last = bisect_right(there, there[i] + span)
            best.append((i - last, there[i]))
    best.sort()
    yielded: list[int] = []
    for _, start in best:
        if all(abs(start - other) > span for other in yielded):
            yielded.append(start)
            yield start
        if len(yielded) == 2:
            return
