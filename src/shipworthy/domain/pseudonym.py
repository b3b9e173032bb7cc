"""Names and numbers that point to a person: found by rules, replaced once, and put back by the key alone.

The rules find labels of speakers, names somebody listed, mail and web addresses, phone numbers, long numbers and streets.
They miss what only a reader sees; that is why a person confirms, and why words with a capital letter inside a sentence
are listed beside the proposals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from shipworthy.domain.transcript import speakers

What = Literal["speaker", "name", "e-mail", "web address", "phone", "number", "address"]
RULES: tuple[tuple[What, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
    ("web address", re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]{2,300}")),
    (
        "address",
        re.compile(
            r"\b\d{1,5}[a-z]? (?:[A-Z][\w'.-]{1,30} ){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Square|Sq|Court|Ct|"
            r"Boulevard|Blvd|Way|Place|Pl|Terrace)\b\.?"
            r"|\b[A-ZÄÖÜ][\wäöüß-]{1,30}(?:straße|strasse|gasse|weg|platz|allee) \d{1,4}[a-z]?\b"
            r"|\b(?:Rua|Avenida|Calle|Rue|Via) (?:[A-Z][\w'.-]{1,30}[ ,]{1,2}){1,4}\d{1,5}\b"
        ),
    ),
    ("phone", re.compile(r"(?<![\w.])(?:\+\d|\(?0\d|\(\d{2,5}\))[\d ()/.-]{5,20}\d(?!\w)")),
    ("number", re.compile(r"(?<![\w.,])(?!\d{4}-\d\d-\d\d\b)[A-Z]{0,3}\d(?:[ -]?\d){5,33}(?![\w])(?!\.\d)")),
)
"""Each kind of passage with its pattern; where two overlap, the one that stands first here takes it."""
_SAYS_NAME = re.compile(
    r"\b(?:[Mm]y name is|[Nn]ame's|[Cc]all me|Mr|Mrs|Ms|Dr|Prof)\.? ((?:[A-ZÀ-Ý][\w'\u2019-]{1,30})(?: [A-ZÀ-Ý][\w'\u2019-]{1,30}){0,2})"
)
_CAPITAL = re.compile(r"(?<=[a-z0-9,;] )[A-ZÀ-Ý][\w'\u2019-]{2,30}(?: [A-ZÀ-Ý][\w'\u2019-]{1,30}){0,2}")
_NO_SPEAKER = re.compile(
    r"(?i)^(?:speaker|person|interviewer|participant|user|you|model|chatgpt|assistant|moderator|host|customer)?"
    r"(?: said)?[ #]?[a-z]?\d{0,4}$"
)
MOST_DOUBTS = 60
MOST = 500
"""More passages than this point to persons in a table, not in an interview."""


@dataclass(frozen=True)
class Proposal:
    """One passage that points to a person, and what would stand in its place.

    Attributes:
        was: the words, as they stand.
        now: what replaces them.
        what: what kind of passage it is.
        n: how often it stands in the text.
    """

    was: str
    now: str
    what: What
    n: int = 1


@dataclass(frozen=True)
class Swap:
    """One replacement in the new text, by which it is taken back."""

    at: int
    now: str
    was: str


@dataclass(frozen=True)
class Replaced:
    """The text without the passages, and the key that puts them back."""

    text: str
    swaps: tuple[Swap, ...]


def propose(text: str, *, alias: str, names: Iterable[str] = (), interviewer: str = "") -> list[Proposal]:
    """Return what should be replaced and by what, the longest passages first.

    Args:
        text: what was said.
        alias: what the person is called; it replaces the only speaker beside the interviewer.
        names: further names to look for, as a person listed them.
        interviewer: the label of whoever asks; it becomes `Interviewer`.
    """
    found: dict[str, Proposal] = {}
    for proposal in [*_speakers(text, alias, interviewer), *_names(text, names), *_by_rule(text)]:
        found.setdefault(proposal.was, proposal)
    return sorted(_numbered(found.values(), text), key=lambda p: (-len(p.was), p.was))


def doubts(text: str, proposals: Sequence[Proposal]) -> dict[str, int]:
    """Return words with a capital letter inside a sentence that no proposal touches, the most frequent first."""
    taken = " ".join(p.was for p in proposals).casefold()
    seen = Counter(m[0] for m in _CAPITAL.finditer(text) if m[0].casefold() not in taken)
    return dict(seen.most_common(MOST_DOUBTS))


def adjusted(
    proposals: Sequence[Proposal], *, instead: Mapping[str, str], keep: Iterable[str] = ()
) -> list[Proposal]:
    """Return the proposals as a person corrects them: other words in the place of a passage, further passages, passages to keep."""
    kept = set(keep)
    mine = [replace(p, now=instead.get(p.was, p.now)) for p in proposals if p.was not in kept]
    known = {p.was for p in mine}
    mine += [Proposal(was, now, "name") for was, now in instead.items() if was and was not in known]
    return sorted(mine, key=lambda p: (-len(p.was), p.was))


def replaced(text: str, proposals: Sequence[Proposal]) -> Replaced:
    """Return the text with every passage replaced where it stands as words of its own.

    >>> replaced("Ann met Anna.", [Proposal("Ann", "P1", "name")])
    Replaced(text='P1 met Anna.', swaps=(Swap(at=0, now='P1', was='Ann'),))
    """
    if not proposals:
        return Replaced(text, ())
    by_words = {p.was: p.now for p in proposals}
    ordered = sorted(by_words, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(was)}(?!\w)" for was in ordered))
    parts: list[str] = []
    swaps: list[Swap] = []
    at = done = 0
    for match in pattern.finditer(text):
        now = by_words[match[0]]
        before = text[done : match.start()]
        parts += [before, now]
        swaps.append(Swap(at + len(before), now, match[0]))
        at += len(before) + len(now)
        done = match.end()
    return Replaced("".join([*parts, text[done:]]), tuple(swaps))


def restored(text: str, swaps: Sequence[Swap]) -> str:
    """Return the text as it was, by its key.

    Raises:
        ValueError: the key belongs to another text.
    """
    parts: list[str] = []
    done = 0
    for swap in sorted(swaps, key=lambda s: s.at):
        end = swap.at + len(swap.now)
        if swap.at < done or text[swap.at : end] != swap.now:
            raise ValueError("the key belongs to another text")
        parts += [text[done : swap.at], swap.was]
        done = end
    return "".join([*parts, text[done:]])


def _speakers(text: str, alias: str, interviewer: str) -> list[Proposal]:
    labels = [who for who in speakers(text) if not _NO_SPEAKER.match(who)]
    asked = [who for who in labels if who != interviewer]
    found = []
    for who in labels:
        now = "Interviewer" if who == interviewer else alias if len(asked) == 1 else ""
        found += [Proposal(form, now, "speaker") for form in _forms(who, text)]
    return [p for p in found if p.was != alias]


def _names(text: str, names: Iterable[str]) -> list[Proposal]:
    said = (m[1] for m in _SAYS_NAME.finditer(text))
    listed = (name.strip() for name in names if name.strip())
    wanted = list(dict.fromkeys((*listed, *said)))[: MOST + 1]
    return [Proposal(form, "", "name") for name in wanted for form in _forms(name, text)]


def _forms(name: str, text: str) -> list[str]:
    """Return a name and each of its longer words, as they stand in the text in whatever case."""
    wanted = [name, *[word for word in name.split() if len(word) > 2 and word[0].isupper()]]
    found: list[str] = []
    for each in wanted:
        pattern = re.compile(rf"(?<!\w){re.escape(each)}(?!\w)", re.IGNORECASE)
        found += [m[0] for m in pattern.finditer(text) if m[0][:1].isupper() or m[0] == each]
    return list(dict.fromkeys(found))


def _by_rule(text: str) -> list[Proposal]:
    found: list[Proposal] = []
    taken: list[tuple[int, int]] = []
    for what, pattern in RULES:
        for match in pattern.finditer(text):
            start, was = match.start(), match[0].rstrip(" .,;-")
            end = start + len(was)
            if not any(start < b and a < end for a, b in taken):
                taken.append((start, end))
                found.append(Proposal(was, "", what))
            if len(taken) > 2 * MOST:
                return found
    return found


def _numbered(proposals: Iterable[Proposal], text: str) -> list[Proposal]:
    """Give each passage its words; what belongs to one name gets one number."""
    labels: dict[What, str] = {"speaker": "Person", "name": "Person"}
    given: dict[str, str] = {}
    counts: Counter[str] = Counter()
    found = []
    for proposal in proposals:
        now = proposal.now
        if not now:
            label = labels.get(proposal.what, proposal.what)
            now = _same_person(proposal.was, given) if label == "Person" else ""
            if not now:
                counts[label] += 1
                now = f"[{label} {counts[label]}]"
        if proposal.what in labels:
            given[proposal.was] = now
        n = len(re.findall(rf"(?<!\w){re.escape(proposal.was)}(?!\w)", text))
        found.append(replace(proposal, now=now, n=n))
    return [p for p in found if p.n]


def _same_person(was: str, given: Mapping[str, str]) -> str:
    mine = set(was.casefold().split())
    return next((now for other, now in given.items() if mine & set(other.casefold().split())), "")
