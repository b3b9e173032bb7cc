"""What people wrote down: interviews, promises, stages, decisions, the memo, as rules read them. None means *not known*."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Interview:
    """One interview."""

    alias: str
    relationship: str = "stranger"
    """stranger, customer, colleague, friend."""
    consent: str = "given"
    """given, refused, withdrawn, missing."""
    segment: str = ""
    date: dt.date | None = None
    contradicts: int = 0
    """Assumptions that it speaks against."""
    quoted: bool = False
    """Whether the memo quotes it."""
    external_ok: bool = True
    """Whether it may be quoted outside."""


@dataclass(frozen=True)
class Theme:
    """A group of codes, and what follows from it."""

    name: str
    becomes: tuple[str, ...] = ()
    """criterion, scope line, failure mode, assumption, not now."""
    voices: int = 0
    """Interviews that it rests on."""
    excerpts: int = 0
    opinions: int = 0
    """Excerpts that are hypothetical, a compliment or a wish."""
    in_outputs: bool = False
    """Whether outputs of the feature show it too."""


@dataclass(frozen=True)
class Personal:
    """What a search for personal data found in what is kept and was not masked."""

    hits: int = 0
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assumption:
    """Something the launch rests on."""

    id: str
    importance: int = 1
    evidence: str = "none"
    """none, weak, strong."""


@dataclass(frozen=True)
class Premortem:
    """What could have gone wrong, told beforehand."""

    causes: int = 0
    people: int = 0
    alone: bool = False
    """Whether they wrote independently first."""


@dataclass(frozen=True)
class Regulated:
    """Whether rules of a trade apply, and who looked."""

    domains: tuple[str, ...] = ()
    checked_by: str = ""


@dataclass(frozen=True)
class Stage:
    """One step of going live."""

    share: float
    exit: str = ""
    labels: int | None = None
    """Labels that are gathered before the next step."""
    insiders: bool = False
    """Whether it is staff or power users only."""


@dataclass(frozen=True)
class ScopeWords:
    """What is written about who gets it, and what happens when it fails; each None when there is no place for it yet."""

    excluded: int | None = None
    """Kinds of use that are excluded in words."""
    fallback: str | None = None
    notice: str | None = None
    """What users are told."""
    faces_users: bool = True
    checked_by_people: bool | None = None
    """Whether a person checks outputs before they count."""
    catch_rate: float | None = None
    """Share of planted mistakes that these people caught."""
    review_minutes: float | None = None
    cap: bool | None = None
    """Whether use is capped."""
    public: bool | None = None


@dataclass(frozen=True)
class Tripwire:
    """A state that ends or narrows the launch."""

    modes: tuple[str, ...] = ()
    action: str = "review"
    """pause, roll back, narrow, review."""
    who: str = ""
    tested: bool = False


@dataclass(frozen=True)
class Promise:
    """What the launch says will stay true."""

    criterion: str
    labels: int | None = None
    """Labels in a window."""
    source: str = ""
    status: str = "not enough data"
    """kept, at risk, broken, not enough data."""
    windows_broken: int = 0
    acted: bool = False
    """Whether a breach led to an incident or a decision."""
    judge: str = ""


@dataclass(frozen=True)
class Incident:
    """Something that went wrong after launch."""

    id: str
    days: int = 0
    cases: int = 0
    """Cases that came of it."""


@dataclass(frozen=True)
class ReviewHeld:
    """A call with a reviewer, booked or held."""

    reviewer: str
    held: bool = False
    says: str = ""
    independent: bool = True
    """Whether the reviewer had no part in building it."""
    open_questions: tuple[str, ...] = ()
    """What was asked and nobody has answered."""
    due: tuple[str, ...] = ()
    """What was agreed, is not done, and should be by today."""


@dataclass(frozen=True)
class ArgumentClaim:
    """A claim of the argument."""

    id: str
    evidence: int = 0
    counter: int = 0
    """Counter-arguments that are written down."""
    top: bool = False
    leaf: bool = True


@dataclass(frozen=True)
class Signed:
    """The decision that a person signed."""

    chosen: str
    computed: str
    override_by: str = ""
    dissent: int = 0
    consulted: int = 0
    review_on: dt.date | None = None
    reviewed: bool = False
    fingerprint_differs: bool = False
    """Whether what is switched on is another version than the one that was tested."""


@dataclass(frozen=True)
class Memo:
    """The memo as it was written out."""

    stale: bool | None = None
    untraced: tuple[str, ...] | None = None
    """Numbers that resolve to no evidence."""
    first_words: Mapping[str, bool] = field(default_factory=dict)
    """ask, recommendation, scope: whether the first sixty words have it."""
    naked: tuple[str, ...] | None = None
    """Percentages without their count."""
    vague: tuple[str, ...] | None = None
    """Words of likelihood without a number."""
    absolute: tuple[str, ...] | None = None
    """Words that promise more than any test shows."""
    hidden_bad_news: tuple[str, ...] | None = None
    """Slices, failures or accepted challenges that there are and that it leaves out."""
    words: int | None = None
    long_sentences: int | None = None
