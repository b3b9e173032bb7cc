"""Code an excerpt: find the quoted words in the frozen text, and write down what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from shipworthy.decision.heard import reads_as
from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.interview import Coding, Interview, Kind
from shipworthy.domain.theme import Theme
from shipworthy.domain.transcript import speaker_at
from shipworthy.services.listening import Listening, listening, needs_consent
from shipworthy.services.made import made, typed
from shipworthy.similarity.quotes import Found, locate
from shipworthy.store.interview_write import edit_codings
from shipworthy.store.interviews import paths_of
from shipworthy.store.theme_write import put_themes


@dataclass(frozen=True)
class Said:
    """What a person says about an excerpt.

    Attributes:
        codes: ids of themes.
        kind: did, habit, generality, opinion, compliment or wish.
        coder: who codes.
        note: a remark.
        important: worth reading first.
        external_ok: may be quoted outside the team.
        new: whether a code that is not declared is added to taxonomy.yaml.
        title: what people call the code that is added.
    """

    codes: tuple[str, ...]
    kind: Kind
    coder: str = ""
    note: str = ""
    important: bool = False
    external_ok: bool = False
    new: bool = False
    title: str = ""


@dataclass(frozen=True)
class Place:
    """Where the words are: quoted, or told by their characters.

    Attributes:
        quote: the words.
        nth: which of several places that are the same, from 1.
        near: take the passage that is nearest, where the words are not there as they are quoted.
        start: where they begin, from a person's selection; None when they are quoted.
        end: where they end.
    """

    quote: str = ""
    nth: int | None = None
    near: bool = False
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Coded:
    """What was coded, how the words were found, and what to look at once more.

    Attributes:
        coding: the excerpt.
        found: how the quote was found.
        hints: what a second look should go to, one sentence each.
        added: themes that were added to taxonomy.yaml.
        was_there: whether the same passage was coded by the same person before; its codes are kept.
    """

    coding: Coding
    found: Found
    hints: tuple[str, ...]
    added: tuple[str, ...]
    was_there: bool


def interview_code(folder: Path, name: str, place: Place, said: Said, *, seen: str | None = None) -> Coded:
    """Write one excerpt with its codes into the file beside the interview.

    Args:
        folder: the launch.
        name: the interview.
        place: which words.
        said: what the person says about them.
        seen: the hash of the file of excerpts as the person saw it; None where it was only just read.

    Raises:
        Refused: consent was not given, names are not replaced, or the words are not there as they are quoted.
        BadInput: the interview or a code is unknown.
        FolderHasProblems: something in the interviews or themes is wrong.
    """
    there = listening(folder).sound()
    interview = codable(there, name)
    found = _found(interview, place)
    coding = _coding(interview, found, place, said)
    added = declared(there, said)
    before = next((each for each in interview.codings if _same(each, coding)), None)
    if before is not None:
        coding = replace_codes(before, coding)
    edit_codings(
        paths_of(there.layout, name).excerpts,
        add=[coding],
        remove=[before] if before is not None else [],
        seen=seen,
    )
    return Coded(coding, found, hints_on(interview, coding), added, before is not None)


def interview_uncode(
    folder: Path, name: str, start: int, end: int, *, coder: str = "", seen: str | None = None
) -> Coding:
    """Take one excerpt out again, and return it.

    Raises:
        BadInput: there is none at this place by this person.
        Refused: the file was changed in between.
    """
    there = listening(folder)
    interview = there.named(name)
    found = next(
        (e for e in interview.codings if (e.start, e.end, e.coder) == (start, end, coder)),
        None,
    )
    if found is None:
        raise BadInput(
            f"there is no excerpt from {start} to {end}" + (f" by {coder}" if coder else ""),
            where=f"interviews/{name}.excerpts.yaml",
            remedy=f"run `shipworthy interview show . {name}`",
        )
    edit_codings(paths_of(there.layout, name).excerpts, remove=[found], seen=seen)
    return found


def codable(there: Listening, name: str) -> Interview:
    """Return an interview that may be coded.

    Raises:
        Refused: consent was not given, or its names are not replaced.
    """
    interview = there.named(name)
    needs_consent(interview, "coded")
    if there.is_waiting(name) or not interview.head.pseudonymised.done:
        raise Refused(
            f"the names in `{name}` are not replaced yet, and replacing them later would move every excerpt",
            where=name,
            remedy=f"run `shipworthy interview pseudonymise . {name}`",
        )
    return interview


def declared(there: Listening, said: Said) -> tuple[str, ...]:
    """Add the codes that are not declared, where the person wishes, and return them.

    Raises:
        BadInput: a code is not declared.
    """
    known = {theme.id for theme in there.themes}
    missing = tuple(code for code in dict.fromkeys(said.codes) if code not in known)
    if missing and not said.new:
        raise BadInput(
            f"the code `{missing[0]}` is not declared",
            where="taxonomy.yaml",
            remedy=f"use one of: {', '.join(sorted(known))}; or add `--new`"
            if known
            else "add `--new` to declare it now, and define it afterwards",
        )
    if missing:
        put_themes(
            there.layout.taxonomy, [made(Theme, typed({"id": code, "name": said.title})) for code in missing]
        )
    return missing


def hints_on(interview: Interview, coding: Coding) -> tuple[str, ...]:
    """Return what a second look should go to: who speaks, and how the words read."""
    found = []
    who = speaker_at(interview.text, coding.start)
    asks = {interview.head.interviewer.casefold(), "interviewer"} - {""}
    if who and who.casefold() in asks:
        found.append("these are the interviewer's words, which are no evidence")
    if coding.is_strong and (kind := reads_as(coding.text)):
        found.append(f"coded as `{coding.kind}`, but the words read like `{kind}`")
    if not coding.is_strong:
        found.append(f"`{coding.kind}` counts as weak: ask what they did the last time")
    return tuple(found)


def replace_codes(before: Coding, now: Coding) -> Coding:
    """Return what is said now, with the codes of before kept."""
    codes = list(dict.fromkeys((*before.codes, *now.codes)))
    return now.model_copy(update={"codes": codes, "note": now.note or before.note})


def _found(interview: Interview, place: Place) -> Found:
    if place.start is not None and place.end is not None:
        words = interview.text[place.start : place.end]
        if place.end <= place.start or place.end > len(interview.text) or not words.strip():
            raise BadInput("the selection holds no words of the text", remedy="select some words")
        return _trimmed(place.start, words)
    found = locate(interview.text, place.quote)
    if found.state in ("verbatim", "same words"):
        return _chosen(interview, found, place)
    if found.state == "near" and place.near:
        return found
    what = "the words are not in the text as they are quoted"
    nearest = f"; the nearest passage, {found.likeness:.0f} of 100 alike: “{found.text[:300]}”"
    raise Refused(
        what + (nearest if found.state == "near" else ", nor anything near"),
        where=f"interviews/{interview.name}.md",
        remedy="quote the words as they stand there, or add `--near` to take that passage"
        if found.state == "near"
        else "quote the words as they stand there",
    )


def _trimmed(start: int, words: str) -> Found:
    left = len(words) - len(words.lstrip())
    text = words.strip()
    return Found("verbatim", start + left, start + left + len(text), text, 100.0, 1)


def _chosen(interview: Interview, found: Found, place: Place) -> Found:
    """Return the place that was meant where the same words stand several times."""
    if found.times < 2:
        return found
    if place.nth is None or not 1 <= place.nth <= found.times:
        raise Refused(
            f"these words stand {found.times} times in the text",
            where=f"interviews/{interview.name}.md",
            remedy=f"quote more of them, or say which by `--nth` 1 to {found.times}",
        )
    at = -1
    for _ in range(place.nth):
        at = interview.text.index(found.text, at + 1)
    return replace(found, start=at, end=at + len(found.text))


def _coding(interview: Interview, found: Found, place: Place, said: Said) -> Coding:
    if said.external_ok and "quote_external" not in interview.head.consent.scope:
        raise Refused(
            "the consent does not allow to quote it outside",
            where=f"interviews/{interview.name}.md",
            remedy="leave it out, or ask the person",
        )
    if not said.codes:
        raise BadInput("no code is named", remedy="name at least one by `--code`")
    values = {
        "start": found.start,
        "end": found.end,
        "text": found.text,
        "codes": list(dict.fromkeys(said.codes)),
        "kind": said.kind,
        "quoted_as": place.quote.strip() if found.state == "near" else "",
        "important": said.important,
        "external_ok": said.external_ok,
    }
    return made(Coding, values | typed({"coder": said.coder, "note": said.note}))


def _same(one: Coding, other: Coding) -> bool:
    return (one.start, one.end, one.coder) == (other.start, other.end, other.coder)
