"""Lesson 3, Ask: names replaced, a talk that was taken back deleted, and what people did told from what they guess."""

from __future__ import annotations

from dataclasses import dataclass

from shipworthy.coach.lesson import Marked, Point
from shipworthy.coach.rule import counted, named

TALKS, PEOPLE = 3, 2


@dataclass(frozen=True)
class Asked:
    """What became of the talks.

    Attributes:
        talks: how many were brought in, one that was taken back among them.
        frozen: how many stand with their names replaced.
        taken_back: how many were withdrawn.
        right_one: whether none that stands is the one whose person took it back.
        exposed: files in which a name, a number or words that were taken back still stand.
        did: people with an excerpt of what they did.
        guesses: excerpts that touch a passage that is no evidence.
        guesses_as_facts: how many of these are coded as what somebody did or does.
    """

    talks: int = 0
    frozen: int = 0
    taken_back: int = 0
    right_one: bool = True
    exposed: tuple[str, ...] = ()
    did: int = 0
    guesses: int = 0
    guesses_as_facts: int = 0


def mark_ask(asked: Asked) -> Marked:
    """Mark lesson 3."""
    return Marked(3, (_talks(asked), _back(asked), _names(asked), _did(asked), _guesses(asked)))


def _talks(asked: Asked) -> Point:
    said = f"{asked.talks} of {TALKS} are" if asked.talks else "none is yet: `shipworthy interview import`"
    return Point("the three talks are brought in, with consent", done=asked.talks >= TALKS, said=said)


def _back(asked: Asked) -> Point:
    what = "the talk that was taken back is withdrawn, and only that one"
    if asked.taken_back == 1 and asked.right_one:
        return Point(what, done=True, said="it is")
    if not asked.taken_back:
        said = "none is withdrawn. There is a mail beside the talks: read it, then `shipworthy interview withdraw`"
    elif not asked.right_one:
        said = "another one is. Whose mail is it? Order of the files and order of the talks are the same"
    else:
        said = (
            f"{asked.taken_back} are. Nobody else asked for it, and what they said is gone from your evidence"
        )
    return Point(what, done=False, said=said)


def _names(asked: Asked) -> Point:
    what = "names and numbers are replaced, and no file of the folder holds them or what was taken back"
    if asked.frozen < PEOPLE:
        said = f"{counted(asked.frozen, 'talk stands', 'talks stand')} without names: `shipworthy interview pseudonymise` comes before coding"
        return Point(what, done=False, said=said)
    if not asked.exposed:
        return Point(what, done=True, said="none does")
    said = (
        f"look into {named(asked.exposed)}. A folder is shared and committed: once a talk is brought in, the raw file has "
        "nothing to do here any more"
    )
    return Point(what, done=False, said=said)


def _did(asked: Asked) -> Point:
    what = "an excerpt of each of the two others says what they did, once, in the past"
    if asked.did >= PEOPLE:
        return Point(what, done=True, said="it does")
    said = (
        f"so far {counted(asked.did, 'person has', 'people have')} one. Look for a time and a place, and code the words with "
        "`--kind did`; praise and wishes do not count"
    )
    return Point(what, done=False, said=said)


def _guesses(asked: Asked) -> Point:
    what = "a guess about what somebody would do is coded, and as no more than that"
    if asked.guesses and not asked.guesses_as_facts:
        return Point(what, done=True, said="it is")
    if asked.guesses_as_facts:
        said = (
            f"{counted(asked.guesses_as_facts, 'excerpt', 'excerpts')} coded as done or as a habit did not happen. 'Would', 'might' and "
            "'always' are the signs: an opinion, a wish or a generality"
        )
        return Point(what, done=False, said=said)
    return Point(
        what,
        done=False,
        said="none is coded yet: find what somebody says they would do, and give it the kind that it is",
    )
