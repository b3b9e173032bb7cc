"""Users: who was talked to, and what follows from it."""

from __future__ import annotations

from shipworthy.coach.facts import Facts
from shipworthy.coach.recorded import Interview, Personal, Theme
from shipworthy.coach.rule import Rule, Saw, counted, named

_REAL = frozenset({"stranger", "customer"})
_WEIGHTY = frozenset({"criterion", "scope line"})


def few_interviews(facts: Facts, interviews: tuple[Interview, ...]) -> Saw | None:
    """Fewer than three strangers or customers who agreed."""
    wanted = int(facts.policy["interviews"])
    real = [i for i in interviews if i.consent == "given" and i.relationship in _REAL]
    if len(real) >= wanted:
        return None
    heard = 1 - 0.5 ** len(real)
    return Saw(
        f"{counted(len(real), 'interview')} with strangers or customers, {wanted} are asked for; what half of users meet is heard with {heard:.0%}"
    )


def friends_only(facts: Facts, interviews: tuple[Interview, ...]) -> Saw | None:
    """Most were friends or colleagues."""
    near = [i for i in interviews if i.relationship in {"friend", "colleague"}]
    if not interviews or len(near) / len(interviews) <= facts.policy["friends_share"]:
        return None
    return Saw(f"{len(near)} of {counted(len(interviews), 'interview')} were with friends or colleagues")


def quoted_without_consent(_facts: Facts, interviews: tuple[Interview, ...]) -> Saw | None:
    """The memo quotes somebody who did not agree."""
    found = tuple(i.alias for i in interviews if i.quoted and (i.consent != "given" or not i.external_ok))
    return Saw(f"quoted without consent: {named(found)}", found) if found else None


def personal_data(_facts: Facts, personal: Personal) -> Saw | None:
    """Personal data stand where everybody with the folder reads them."""
    if not personal.hits:
        return None
    return Saw(
        f"{counted(personal.hits, 'piece')} of personal data, first in {named(personal.places)}",
        personal.places,
    )


def opinions(facts: Facts, themes: tuple[Theme, ...]) -> Saw | None:
    """A theme that weighs rests mostly on what people say they would do."""
    most = facts.policy["opinion_share"]
    found = [t for t in themes if "criterion" in t.becomes and t.excerpts and t.opinions / t.excerpts > most]
    told = [f"{t.name}: {t.opinions} of {t.excerpts} excerpts" for t in found]
    return Saw(f"opinions, not events ({named(told)})", tuple(t.name for t in found)) if found else None


def one_voice(_facts: Facts, themes: tuple[Theme, ...]) -> Saw | None:
    """A theme that weighs comes from one interview, and no output shows it."""
    found = tuple(t.name for t in themes if _WEIGHTY & set(t.becomes) and t.voices < 2 and not t.in_outputs)
    return Saw(f"one voice stands behind {named(found)}", found) if found else None


def segment_unheard(facts: Facts, interviews: tuple[Interview, ...]) -> Saw | None:
    """A large part of the traffic has met nobody."""
    heard = {i.segment.casefold() for i in interviews}
    found = [
        (value, share)
        for rule in facts.launch.slices.values()
        for value, share in rule.shares.items()
        if share >= facts.policy["heard_share"] and value.casefold() not in heard
    ]
    told = [f"{value}, {share:.0%} of traffic" for value, share in found]
    return Saw(f"no interview from {named(told)}", tuple(value for value, _ in found)) if found else None


def no_consequence(_facts: Facts, themes: tuple[Theme, ...]) -> Saw | None:
    """Nothing follows from a theme."""
    found = tuple(t.name for t in themes if not t.becomes)
    return Saw(f"nothing follows from {named(found)}", found) if found else None


def nothing_against(facts: Facts, interviews: tuple[Interview, ...]) -> Saw | None:
    """Nobody contradicted anything."""
    if len(interviews) < int(facts.policy["interviews"]) or any(i.contradicts for i in interviews):
        return None
    return Saw(f"none of {counted(len(interviews), 'interview')} speaks against an assumption")


def old_interviews(facts: Facts, interviews: tuple[Interview, ...]) -> Saw | None:
    """The newest talk is long ago."""
    dated = [i.date for i in interviews if i.date is not None]
    days = (facts.today - max(dated)).days if dated else 0
    return Saw(f"the newest interview is {days} days old") if days > facts.policy["interview_days"] else None


_LISTEN = "add a transcript under {folder}/interviews/, then: shipworthy check {folder}"
RULES = (
    Rule("USR-01", "warns", "Fewer than three real users",
         "Who did you talk to?",
         "A problem that half of users have shows in at least one of 3 interviews with 88 %, one that 10 % have with 27 % [M11].",
         "Book three people who owe you nothing; 25 minutes each.", _LISTEN, "M11; continuous discovery [Torres]", few_interviews, needs=("interviews",)),
    Rule("USR-02", "warns", "Friends and colleagues only",
         "Were they being nice to you?", "Compliments feel like evidence and are none.",
         "Talk to people with nothing to gain.", _LISTEN, "[Mom]", friends_only, needs=("interviews",)),
    Rule("USR-03", "blocks", "A quote without consent",
         "Did they agree to be quoted?", "Consent that is withdrawn takes the quote with it, and the memo is already out.",
         "Get consent, or drop the quote.", "shipworthy memo {folder}", "user research consent [GOV] [DfE]", quoted_without_consent, needs=("interviews",)),
    Rule("USR-04", "blocks", "Personal data in the launch",
         "Why is a customer's e-mail in this file?", "Masking later breaks every place that was marked before.",
         "Mask it at the door; keep the key outside the folder.", "shipworthy check {folder}", "[GOV]; QualCoder 1139", personal_data, needs=("personal",)),
    Rule("USR-05", "warns", "Opinions dressed as evidence",
         "Is that what they do, or what they say they would do?", "What people say they would do is not what they did.",
         "Ask for the last time it happened.", _LISTEN, "[Mom] [Torres]", opinions, needs=("themes",)),
    Rule("USR-06", "warns", "A theme from one voice",
         "Is that one loud customer?", "A problem that 10 % of users have is missed by 3 interviews 73 times in 100 [M11]; one voice says nothing of how many.",
         "Corroborate it, or write that one person said so.", _LISTEN, "M11, P", one_voice, needs=("themes",)),
    Rule("USR-07", "warns", "A large part of users is unheard",
         "Have you met the people most affected?", "A slice of 5 % at 60 % still averages to 93 [M12]: its people are not in the average.",
         "One interview there.", _LISTEN, "M12, P", segment_unheard, needs=("interviews",)),
    Rule("USR-08", "notes", "Findings without a consequence",
         "So what?", "Findings that lead nowhere are not read again.",
         "Link it to a criterion, to the scope, or to *not now* with a reason.", _LISTEN, "[Repo]", no_consequence, needs=("themes",)),
    Rule("USR-09", "notes", "Nothing speaks against it",
         "Did anyone disagree?", "A search that could not have found a no has not found a yes.",
         "Look for the person who would hate it.", _LISTEN, "P", nothing_against, needs=("interviews",)),
    Rule("USR-10", "notes", "Old interviews",
         "Is this still true?", "What people do today is not what they did half a year ago.",
         "One fresh call.", _LISTEN, "P", old_interviews, needs=("interviews",)),
)  # fmt: skip
"""In the order of the catalogue."""
