"""Lesson 6, Own: challenges answered by name, a decision signed, promises watched, and what broke written down."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shipworthy.coach.lesson import Marked, Point
from shipworthy.coach.rule import counted, named

ANSWERED, REASON, DIFFERENTLY = 5, 6, 10
NOT_YET = "Not written yet."


@dataclass(frozen=True)
class Signed:
    """The decision that was signed last.

    Attributes:
        chosen: what was chosen.
        computed: what was computed.
        reverse_if: what would undo it.
        has_review: whether a day is named on which it is looked at again.
        expect: the chance that was stated that every promise is kept; None where none was.
    """

    chosen: str
    computed: str
    reverse_if: str = ""
    has_review: bool = False
    expect: float | None = None


@dataclass(frozen=True)
class Promised:
    """A promise as it is written, and where it stands.

    Attributes:
        name: its id.
        where: its slice; empty for the whole scope.
        guards: whether its criterion is a guardrail.
        looked_after: whether it has an owner and a source of audited outputs.
        ends: whether a tripwire pauses, narrows or rolls back, by somebody named, and was tried.
        audited: outputs that came in.
        broken: whether it is broken.
    """

    name: str
    where: str
    guards: bool = False
    looked_after: bool = False
    ends: bool = False
    audited: int = 0
    broken: bool = False


@dataclass(frozen=True)
class Happened:
    """An incident.

    Attributes:
        promises: those that it names.
        mode: its failure mode; empty where none is named.
        slices: where its new cases belong, as TAG=VALUE.
    """

    promises: tuple[str, ...] = ()
    mode: str = ""
    slices: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Owned:
    """What somebody answered for.

    Attributes:
        opened: whether the holdout was opened; nothing else is read before.
        mended: gaps of the brief as it was handed out that are closed.
        accepted: challenge to the reason for which it was taken on by name.
        blocking: open challenges that hold a ship back.
        memo: whether a memo of this verdict is there.
        sins: what its words or numbers do that they should not.
        signed: the decision; None while there is none.
        included: slices of the verdict's scope.
        promises: what is promised.
        wanted: slice to how many audited outputs came with the course.
        happened: incidents that were written down.
        page: the portfolio page; empty where there is none.
        differently: what it says one would do differently.
        exposed: whether a name from the talks stands on it.
    """

    opened: bool = False
    mended: tuple[str, ...] = ()
    accepted: tuple[tuple[str, str], ...] = ()
    blocking: tuple[str, ...] = ()
    memo: bool = False
    sins: tuple[str, ...] = ()
    signed: Signed | None = None
    included: tuple[str, ...] = ()
    promises: tuple[Promised, ...] = ()
    wanted: tuple[tuple[str, int], ...] = ()
    happened: tuple[Happened, ...] = ()
    page: str = ""
    differently: str = ""
    exposed: bool = False


def mark_own(owned: Owned) -> Marked:
    """Mark lesson 6."""
    points = (_answered, _blocked, _memo, _signed, _promised, _wires, _watched, _written, _learned)
    return Marked(6, tuple(point(owned) for point in points))


def _answered(owned: Owned) -> Point:
    asked = f"at least {ANSWERED} challenges are answered: mended, or accepted by name for a reason"
    thin = [rule for rule, reason in owned.accepted if len(set(reason.casefold().split())) < REASON]
    n = len({*owned.mended, *(rule for rule, _ in owned.accepted)})
    if not owned.opened:
        return Point(
            asked, done=False, said="lesson 5 comes first: nothing was opened that could be defended"
        )
    if thin:
        said = (
            f"a reason of fewer than {REASON} words stands for {named(thin)}. Say what was weighed, and why it may stay open "
            "until that day: accept it again, the latest counts"
        )
        return Point(asked, done=False, said=said)
    if n >= ANSWERED:
        return Point(asked, done=True, said=f"{n} are")
    said = (
        f"{n} {'is' if n == 1 else 'are'}. `shipworthy pressure-test` asks them. Mend what half an hour in launch.yaml can mend, "
        "and take the rest upon yourself with `shipworthy accept`"
    )
    return Point(asked, done=False, said=said)


def _blocked(owned: Owned) -> Point:
    asked = "no challenge holds the launch back"
    if not owned.opened:
        return Point(asked, done=False, said="lesson 5 comes first")
    if not owned.blocking:
        return Point(asked, done=True, said="none does")
    said = f"{named(owned.blocking)}: `shipworthy pressure-test --explain` says of each what it takes"
    return Point(asked, done=False, said=said)


def _memo(owned: Owned) -> Point:
    asked = "a memo of this verdict is written, and its wording and numbers hold"
    if not owned.memo:
        said = "none is there yet, or it is of other evidence: `shipworthy memo`, after what you mended and accepted"
        return Point(asked, done=False, said=said)
    if not owned.sins:
        return Point(asked, done=True, said="it is")
    said = f"look at what it says of {named(owned.sins)}: your own words in the launch go into it"
    return Point(asked, done=False, said=said)


def _signed(owned: Owned) -> Point:
    asked = "the decision is signed as it was computed, with a count that would undo it, a day of review and a stated chance"
    signed = owned.signed
    if signed is None:
        said = "nobody has signed yet: `shipworthy sign`, when the memo says what you would stand for"
    elif signed.chosen != signed.computed:
        said = (
            "what was chosen is not what was computed. That may be right in life, with a reason and an end; here nothing "
            "speaks for it. Sign again: the latest counts"
        )
    elif not signed.has_review:
        said = (
            "no day of review is named. A decision that nobody looks at again is never wrong, and never right"
        )
    elif not re.search(r"\d", signed.reverse_if):
        said = (
            "what would undo it is a feeling. `--reverse-if` wants what somebody can count on a Friday: so many of so many "
            "audited replies"
        )
    elif signed.expect is None:
        said = "you stated no chance that every promise is kept. `--expect` is how you find out how good your hunches are"
    else:
        return Point(asked, done=True, said="it is")
    return Point(asked, done=False, said=said)


def _promised(owned: Owned) -> Point:
    asked = "every part of the scope has its promises, no other part has, and each has an owner and a source of audits"
    bare = [each.name for each in owned.promises if not each.looked_after]
    outside = [each.name for each in owned.promises if each.where and each.where not in owned.included]
    there = {each.where for each in owned.promises}
    absent = [where for where in owned.included if where not in there and "" not in there]
    if not owned.promises:
        said = "nothing is promised yet: `shipworthy promise` makes promises of what was shown and signed"
    elif outside:
        said = f"{named(outside)} speaks of replies that are not switched on. Look at what you signed, and take it out"
    elif absent:
        said = f"{counted(len(absent), 'part')} of the scope has none. Nothing tells you when it goes wrong there"
    elif bare:
        said = (
            f"not yet: {named(bare)}. Write into promises.yaml who looks at it, and where the audited replies come from: "
            "a promise without labels cannot break"
        )
    else:
        return Point(asked, done=True, said=f"{counted(len(owned.promises), 'promise')} have")
    return Point(asked, done=False, said=said)


def _wires(owned: Owned) -> Point:
    asked = "the promise of each guardrail has a tripwire that ends something, with a name, and was tried"
    guards = [each for each in owned.promises if each.guards]
    bare = [each.name for each in guards if not each.ends]
    if guards and not bare:
        return Point(asked, done=True, said="each has")
    if not guards:
        return Point(asked, done=False, said="no promise is about what must not happen yet")
    said = (
        f"not yet: {named(bare)}. 'Look' ends nothing. Say what is paused, narrowed or rolled back, who can do it at any "
        "hour, and the day on which that was tried"
    )
    return Point(asked, done=False, said=said)


def _watched(owned: Owned) -> Point:
    asked = "the audits of all weeks came in"
    short = _short(owned)
    if owned.promises and not short:
        return Point(asked, done=True, said="they did")
    if not owned.promises:
        return Point(asked, done=False, said="nothing is promised yet, so nothing can be watched")
    said = (
        f"some are missing for {named(short)}. `shipworthy watch` takes material/weeks/ in, one file after the other. Good "
        "weeks count as much as bad ones: leave none out"
    )
    return Point(asked, done=False, said=said)


def _short(owned: Owned) -> list[str]:
    """Return promises for which fewer audits came in than there are."""
    wanted = dict(owned.wanted)
    return [each.name for each in owned.promises if each.audited < wanted.get(each.where, 0)]


def _written(owned: Owned) -> Point:
    asked = "what broke is written down as an incident: which promise, which failure mode, and a case of that kind"
    broken = {each.name: each.where for each in owned.promises if each.broken}
    about = [each for each in owned.happened if set(each.promises) & set(broken)]
    if not broken and not _short(owned) and owned.promises:
        said = "all weeks came in and nothing is broken. Is each `rate` in promises.yaml still the bar that was locked?"
    elif not broken:
        said = "no promise is broken by what came in so far. Read every word that `watch` says, week by week"
    elif not owned.happened:
        said = "nothing is written down. `watch` said what broke; the audited replies and the note beside them say why"
    elif not about:
        said = "your incident names no promise that is broken. Which one was it? `shipworthy watch` says it without a file"
    elif not any(each.mode for each in about):
        said = (
            "it has no failure mode. If none of yours fits, name a new one first (`shipworthy taxonomy add`), then write the "
            "incident with `--mode`"
        )
    elif "" not in broken.values() and not any(
        each.mode and each.slices & set(broken.values()) for each in about
    ):
        said = (
            "no case came of it that is from where it broke. Take a message of those that failed, with `--input`, `--expected` "
            "and its `--tag`: the next change is then asked it too"
        )
    else:
        return Point(asked, done=True, said="it is")
    return Point(asked, done=False, said=said)


def _learned(owned: Owned) -> Point:
    asked = "one page says how it turned out and what you would do differently, and names nobody who was interviewed"
    if not owned.page.strip():
        said = "there is none yet: `shipworthy portfolio` writes it, after `shipworthy outcome` has told you what to say"
    elif owned.exposed:
        said = "a name of somebody who talked to you in confidence stands on it. `--redact` takes it out"
    elif owned.differently in ("", NOT_YET) or len(owned.differently.split()) < DIFFERENTLY:
        said = (
            f"it does not say yet what you would do differently, in {DIFFERENTLY} words or more. Which step, earlier, would have "
            "shown you what the audits showed?"
        )
    elif not any(each.audited for each in owned.promises):
        said = "it was written before anything was audited: watch first, then write it again"
    elif any(each.broken for each in owned.promises) and "broken" not in owned.page:
        said = "it is older than the bad news. Write it again: a page without it is worth nothing to the one who reads it"
    else:
        return Point(asked, done=True, said="it does")
    return Point(asked, done=False, said=said)
