"""The eval set in sentences: how it was split, and what its holdout must show."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.decision.claims import POWER
from shipworthy.decision.growth import Need
from shipworthy.decision.marks import Mark
from shipworthy.decision.planning import Bill
from shipworthy.decision.split import Split
from shipworthy.narrative import wording
from shipworthy.narrative.outlook import bill_words, place
from shipworthy.narrative.text import plain

CHAINED = 0.1
"""A unit with a larger share of the cases is worth a word: near twins of near twins hang together."""


def split_head(split: Split, *, seed: int, dry_run: bool) -> str:
    """Return how many cases have another part now."""
    moved = wording.plural(split.moved, "case")
    if not split.moved:
        return f"Nothing to move: every part has its share (seed {seed})."
    return f"A dry run: {moved} would move (seed {seed})." if dry_run else f"{moved} moved (seed {seed})."


def split_words(split: Split) -> list[str]:
    """Return what a reader should know of a split beside its table."""
    cases = sum(held.cases for held in split.held if held.slice == split.held[-1].slice)
    said = []
    if split.spent:
        said.append(
            f"{wording.plural(split.spent, 'group is', 'groups are')} known already, by recorded outcomes or from a "
            "prompt, and can only explore: none was put into the holdout."
        )
    if split.shown:
        said.append(
            f"{wording.plural(split.shown, 'case stands', 'cases stand')} in what a model is shown: see shipworthy "
            "set doctor."
        )
    if split.short:
        said.append(
            f"The holdout lacks {wording.plural(split.short, 'group')} of its share, as too few are fresh: write "
            "more cases."
        )
    if split.sealed:
        said.append(
            f"{wording.plural(split.sealed, 'case is', 'cases are')} sealed by a lock: none was moved."
        )
    if split.together:
        said.append(
            f"{wording.plural(split.together, 'case stays', 'cases stay')} with a twin in another group."
        )
    if split.astride:
        said.append(
            f"{wording.plural(split.astride, 'case has', 'cases have')} a twin in another part that could not be "
            "moved: see shipworthy set doctor."
        )
    if split.largest > max(CHAINED * cases, 5):
        said.append(
            f"One unit of {wording.whole(split.largest)} cases is kept whole, which is much of the set. If it hangs "
            "together by near twins alone, --near 0.95 divides it."
        )
    return said


def mark_cells(mark: Mark) -> tuple[str, str, str]:
    """Return the groups of a claim, how many of them must pass, and the true rate that brings them."""
    groups = wording.whole(mark.sized.groups)
    if mark.sized.groups < mark.sized.least:
        return groups, "out of reach", f"takes {wording.whole(mark.sized.least)}"
    if mark.passes is None or mark.rate is None:
        return groups, "?", "?"
    rate = wording.per_100(mark.rate, towards="up", beside=None, n=1000)
    return groups, wording.whole(mark.passes), rate


def mark_words(marks: Sequence[Mark], unknown: str) -> list[str]:
    """Return what is to be said of the marks beside their table."""
    if unknown:
        return [f"What the holdout can show is not known yet: {plain(unknown)}."]
    said = []
    if any(mark.passes is not None for mark in marks):
        said.append(
            "With such a true rate so many pass 80 times in 100, where groups pass or fail as a whole."
        )
    for mark in marks:
        sized = mark.sized
        if mark.passes is not None or sized.groups < sized.least:
            continue
        if sized.needed is None:
            said.append(f"{sized.criterion}: {sized.reason or 'no number can be said'}.")
        else:
            enough = wording.plural(sized.needed, "group shows", "groups show")
            said.append(f"{sized.criterion}: {enough} what is hoped for 80 times in 100.")
    return list(dict.fromkeys(said))


def mark_place(mark: Mark) -> str:
    """Return the claim with its slice."""
    return place(mark.sized)


def need_words(needs: Sequence[Need], bill: Bill | None, currency: str, *, locked: bool) -> list[str]:
    """Return what is to be said of the needs beside their table."""
    said = []
    if locked:
        said.append("The plan is locked: more sealed cases make another plan, to be locked before a look.")
    for need in needs:
        where = plain(need.slice) if need.slice else "everywhere"
        if need.hopeless:
            said.append(f"{where}: {need.claim} cannot be shown with {wording.plural(need.groups, 'group')}.")
        if need.reason:
            said.append(f"{plain(need.reason, 400)}.")
    if not any(need.more for need in needs):
        said.append("Every claim with a number has enough groups.")
    if bill is not None:
        said.append(f"All together, to ship everywhere: {bill_words(bill, currency, wanted=POWER)}")
    return list(dict.fromkeys(said))
