"""An interview as people keep it in `interviews/NAME.md`: who spoke, on what terms, and below that what was said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shipworthy.domain.authored import Authored, Expected
from shipworthy.domain.theme import ThemeName

MAX_CHARACTERS = 1_000_000
"""The longest text of one interview: some twenty hours of talk."""

Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Relationship = Literal["stranger", "customer", "colleague", "friend"]
ConsentState = Literal["given", "refused", "withdrawn", "missing"]
Use = Literal["notes", "recording", "quote", "quote_external"]
Kind = Literal["did", "habit", "generality", "opinion", "compliment", "wish"]

STRONG: frozenset[str] = frozenset({"did", "habit"})
"""Kinds of excerpts that say what somebody does; all others count as weak."""

KINDS: dict[Kind, str] = {
    "did": "what they did, once, with a time and a place",
    "habit": "what they do now, as a rule",
    "generality": "what people do, always or never; about nobody in particular",
    "opinion": "what they think, or would do",
    "compliment": "praise for you or the idea",
    "wish": "what they ask for",
}
"""Each kind in plain words, the strongest first."""


class Consent(Authored):
    """What the person agreed to, how and until when."""

    state: ConsentState = Field("missing", description="given, refused, withdrawn, missing")
    method: str = Field("", max_length=200, description="how it was given: signed, on the recording, by mail")
    scope: list[Use] = Field(
        default_factory=list,
        description="what it allows: notes, recording, quote (inside the team), quote_external",
    )
    date: dt.date | None = Field(None, strict=False, description="when it was given, refused or withdrawn")
    retain_until: dt.date | None = Field(None, strict=False, description="when the text has to go")

    @model_validator(mode="after")
    def _dated(self) -> Consent:
        if self.state == "given" and self.date is None:
            raise Expected("the day on which it was given", at="date")
        return self


class Pseudonymised(Authored):
    """Whether names were replaced; the key that leads back is kept outside the folder."""

    done: bool = Field(default=False, description="whether a person confirmed the replacements")
    at: dt.date | None = Field(None, strict=False, description="when")
    replaced: int = Field(0, ge=0, description="how many passages were replaced")


class Commitment(Authored):
    """Something a person gave, not said: the strongest answer to "do you want this?"."""

    kind: Literal["time", "reputation", "money", "data"] = Field(description="time, reputation, money, data")
    what: str = Field(max_length=400, description="what was promised or handed over")


class Snapshot(Authored):
    """One interview on half a page, written on the same day."""

    last_time: str = Field("", max_length=4000, description="the story of the last time, in three sentences")
    facts: list[str] = Field(default_factory=list, description="short facts about the person")
    quote: str = Field("", max_length=1000, description="the sentence to remember, word for word")
    opportunities: list[str] = Field(default_factory=list, description="needs that were heard, not features")
    shown: list[str] = Field(default_factory=list, description="what the person showed: a file, a workaround")


class InterviewHead(Authored):
    """The front matter of `interviews/NAME.md`."""

    alias: str = Field("", max_length=60, description="what the person is called here; never their name")
    segment: str = Field("", max_length=120, description="which users the person stands for")
    role: str = Field("", max_length=120, description="what the person does")
    date: dt.date | None = Field(None, strict=False, description="when you talked")
    relationship: Relationship = Field("stranger", description="stranger, customer, colleague, friend")
    recruited_via: str = Field("", max_length=200, description="how you found the person")
    incentive: str = Field("", max_length=200, description="what the person got for it")
    interviewer: str = Field("", max_length=60, description="the speaker whose words are no evidence")
    consent: Consent = Field(default_factory=Consent, description="what the person agreed to")
    pseudonymised: Pseudonymised = Field(
        default_factory=Pseudonymised, description="whether names were replaced"
    )
    text_sha256: Sha | None = Field(None, description="SHA-256 of the text, from the day it was frozen")
    snapshot: Snapshot = Field(default_factory=Snapshot, description="the interview on half a page")
    commitments: list[Commitment] = Field(default_factory=list, description="what the person gave, not said")
    surprised_by: str = Field("", max_length=1000, description="what you did not expect")
    contradicts: list[str] = Field(default_factory=list, description="assumptions it speaks against")

    @model_validator(mode="after")
    def _has_alias(self) -> InterviewHead:
        if not self.alias and self.consent.state != "withdrawn":
            raise Expected("a name for the person that is not theirs, such as P1", at="alias")
        return self


class Coding(Authored):
    """One excerpt of an interview, with its codes: an entry of `interviews/NAME.excerpts.yaml`."""

    start: int = Field(ge=0, description="where it begins in the text, in characters from 0")
    end: int = Field(gt=0, description="where it ends; the character at this place is not part of it")
    text: str = Field(
        min_length=1, max_length=20_000, description="the words, equal to that part of the text"
    )
    codes: list[ThemeName] = Field(min_length=1, description="ids of themes in taxonomy.yaml")
    kind: Kind = Field(
        description="did, habit, generality, opinion (or what they would do), compliment, wish"
    )
    coder: str = Field("", max_length=60, description="who coded it")
    note: str = Field("", max_length=4000, description="a remark")
    quoted_as: str = Field("", max_length=20_000, description="the words somebody else wrote down for it")
    important: bool = Field(default=False, description="worth reading first")
    external_ok: bool = Field(default=False, description="may be quoted outside the team")

    @model_validator(mode="after")
    def _forward(self) -> Coding:
        if self.end <= self.start:
            raise Expected(f"a place after {self.start}", at="end")
        return self

    @property
    def is_strong(self) -> bool:
        """Whether it says what somebody does, and not what they think, praise or wish."""
        return self.kind in STRONG


@dataclass(frozen=True)
class Interview:
    """One interview: its name, its front matter, its text and its excerpts.

    Attributes:
        name: the file's name without `.md`.
        head: its front matter.
        text: what was said; codings count in its characters.
        codings: the excerpts with their codes.
    """

    name: str
    head: InterviewHead
    text: str = ""
    codings: tuple[Coding, ...] = ()

    @property
    def person(self) -> str:
        """Whom it is counted as: two interviews with one alias are one person."""
        return self.head.alias.strip().casefold()

    @property
    def may_be_coded(self) -> bool:
        """Whether consent was given and the text is frozen without names."""
        return self.head.consent.state == "given" and self.head.pseudonymised.done

    @property
    def may_be_quoted(self) -> bool:
        """Whether the consent allows to show words of it inside the team."""
        return self.head.consent.state == "given" and bool(
            {"quote", "quote_external"} & set(self.head.consent.scope)
        )
