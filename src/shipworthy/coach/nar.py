"""The memo: whether its numbers have evidence, and its words are those of somebody who measured."""

from __future__ import annotations

from shipworthy.coach.facts import Facts
from shipworthy.coach.recorded import Memo
from shipworthy.coach.rule import Rule, Saw, counted, named


def untraced(_facts: Facts, memo: Memo) -> Saw | None:
    """A number resolves to no evidence."""
    found = memo.untraced or ()
    return Saw(f"no evidence behind {named(found)}", found) if found else None


def stale(_facts: Facts, memo: Memo) -> Saw | None:
    """The memo is about other evidence than there is now."""
    return Saw("the memo in memo/ is about another plan or other evidence") if memo.stale else None


def decision_late(_facts: Facts, memo: Memo) -> Saw | None:
    """The first words lack what is asked, recommended, or for whom."""
    found = tuple(name for name, there in memo.first_words.items() if not there)
    return Saw(f"the first sixty words lack {named(found)}", found) if found else None


def naked(_facts: Facts, memo: Memo) -> Saw | None:
    """A percentage stands without its count."""
    found = memo.naked or ()
    return Saw(f"without a count: {named(found)}", found) if found else None


def vague(_facts: Facts, memo: Memo) -> Saw | None:
    """A word of likelihood stands without a number."""
    found = memo.vague or ()
    return Saw(f"without a number: {named(found)}", found) if found else None


def no_bad_news(_facts: Facts, memo: Memo) -> Saw | None:
    """It leaves out bad news that there is."""
    found = memo.hidden_bad_news or ()
    return Saw(f"left out: {named(found)}", found) if found else None


def too_long(facts: Facts, memo: Memo) -> Saw | None:
    """It is longer than a page, or its sentences are."""
    if memo.words is not None and memo.words > facts.policy["memo_words"]:
        return Saw(f"{memo.words:,} words before the appendix")
    return (
        Saw(f"{counted(memo.long_sentences, 'sentence')} longer than a breath")
        if memo.long_sentences
        else None
    )


def absolute(_facts: Facts, memo: Memo) -> Saw | None:
    """A word promises more than any test shows."""
    found = memo.absolute or ()
    return Saw(f"says {named(found)}", found) if found else None


_MEMO = "shipworthy memo {folder}"
RULES = (
    Rule("NAR-01", "blocks", "A number without evidence",
         "Where is that from?", "One number nobody can trace, and no number is believed.",
         "Link it, or delete it.", _MEMO, "P", untraced, needs=("memo",)),
    Rule("NAR-02", "blocks", "A stale memo",
         "Is this current?", "Copies outlive what they copy.",
         "Write it again.", _MEMO, "P", stale, needs=("memo",)),
    Rule("NAR-03", "warns", "The decision does not come first",
         "What do you want?", "Whoever stops after three lines should know what is asked.",
         "Ask, recommendation and scope in the first sentence.", _MEMO, "bottom line up front", decision_late, needs=("memo",)),
    Rule("NAR-04", "warns", "A naked percentage",
         "Out of how many?", "90 % of 20 is 72 in 100 or better, 90 % of 200 is 86 [M1].",
         "Write *58 of 60*.", _MEMO, "[vdB20]; M1", naked, needs=("memo",)),
    Rule("NAR-05", "warns", "A vague word of likelihood",
         "How likely?", "*Likely* means 55 to 80 % in one standard and 66 to 90 % in another.",
         "The number first, then the word.", _MEMO, "[ICD203] [EFSA]", vague, needs=("memo",)),
    Rule("NAR-06", "warns", "No bad news",
         "What are you not telling me?", "What is found later is held against everything else.",
         "Put in what was left out.", _MEMO, "P", no_bad_news, needs=("memo",)),
    Rule("NAR-07", "notes", "Too long",
         "Say it plainly.", "Readers decide on the first page.",
         "Cut.", _MEMO, "[PL] [SSA]", too_long, needs=("memo",)),
    Rule("NAR-08", "warns", "Words that promise too much",
         "Proves?", "No number of cases proves; 299 without a failure still allow 1 in 100 [M1].",
         "Say what was shown, and what it could be.", _MEMO, "[ICD203]; M1", absolute, needs=("memo",)),
)  # fmt: skip
"""In the order of the catalogue."""
