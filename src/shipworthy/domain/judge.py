"""A judge as people write it in `judges/NAME.md`: how it is reached and under what terms, and below that its prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from shipworthy.domain.authored import Authored, Expected
from shipworthy.domain.evalset import Case
from shipworthy.domain.launch import Name
from shipworthy.domain.target import Chat, Command, Http, Limits

SERIES = "judge:"
"""How the score series of a judge begin; after it come its name, `@` and its fingerprint."""


class Accept(Authored):
    """What a judge must be shown to do on labelled outputs before its verdicts may count.

    The limits are held against bounds, not against what was seen. Twenty-four of thirty failures caught could be as few
    as 64 of 100, and four of thirty good outputs accused as many as 28: the limits are what thirty labels of each
    kind show of a judge that is right about eight failures and about nearly nine good outputs in ten.
    """

    catches: float = Field(0.6, gt=0, lt=1, description="of bad outputs it must be shown to catch this share")
    accuses: float = Field(0.3, gt=0, lt=1, description="of good outputs it may accuse at most this share")

    @model_validator(mode="after")
    def _tells_apart(self) -> Accept:
        if self.catches <= self.accuses:
            raise Expected(
                "`catches` above `accuses`: at equal shares a judge does not look at the output", at="catches"
            )
        return self


class JudgeHead(Authored):
    """The front matter of `judges/NAME.md`: the one criterion, how the judge is reached, and its terms."""

    criterion: Name = Field(description="id of the one criterion it judges")
    chat: Chat | None = Field(None, description="an OpenAI-compatible chat endpoint; its prompt is this file")
    http: Http | None = Field(None, description="an HTTP endpoint; {{input}} is the whole message as text")
    command: Command | None = Field(None, description="a program; its input is the whole message as text")
    model: str | None = Field(
        None,
        pattern=r"^[a-z][a-z0-9-]*:\S+$",
        max_length=200,
        description="PROVIDER:MODEL, as openai:gpt-5-mini; needs shipworthy[judge]",
    )
    max_tokens: int | None = Field(None, ge=1, le=1_000_000, description="for model: tokens of one verdict")
    temperature: float | None = Field(None, ge=0, le=5, description="for model: sampling temperature")
    version: str = Field(
        "", max_length=200, description="snapshot of the model; another one is another judge"
    )
    sees: list[Literal["input", "expected"]] = Field(
        default=["input"], description="what it is shown of the case beside the output"
    )
    examples: list[str] = Field(
        default_factory=list, description="ids of calibrate cases whose `expected` is shown as what passes"
    )
    sentinels: Name | None = Field(
        None,
        description="labels whose calibrate outputs with the tag `sentinel` are judged again in every run",
    )
    accept: Accept = Field(default_factory=Accept, description="what calibration must show")
    flips: float = Field(
        0.2, gt=0, lt=1, description="for pairs: the share that may turn with the order of the outputs"
    )
    limits: Limits | None = Field(None, description="requests at once and a minute, time-outs, attempts")
    price: Name | None = Field(None, description="its entry in `price_list`; the model's name unless said")

    @model_validator(mode="after")
    def _one_way(self) -> JudgeHead:
        ways = (self.chat, self.http, self.command, self.model)
        if sum(way is not None for way in ways) != 1:
            raise Expected("one of chat, http, command, model")
        if self.chat is not None and self.chat.system:
            raise Expected(
                "no `system`: the text below the front matter is what the judge is told", at="chat"
            )
        if self.model is None and (self.max_tokens is not None or self.temperature is not None):
            raise Expected("`max_tokens` and `temperature` beside `model`; a chat has its own", at="model")
        return self


@dataclass(frozen=True)
class JudgeFile:
    """One judge of a launch.

    Attributes:
        name: the file's name without `.md`.
        head: its front matter.
        prompt: the text below it.
        shown: the cases whose expected answers it is shown.
    """

    name: str
    head: JudgeHead
    prompt: str
    shown: tuple[Case, ...] = ()

    @property
    def terms(self) -> dict[str, Any]:
        """What makes it this judge: how it is reached and what it is told, not how fast, at what price or under which limits."""
        kept = {"chat", "http", "command", "model", "max_tokens", "temperature", "version", "sees"}
        return {
            "head": self.head.model_dump(mode="json", include=kept),
            "prompt": self.prompt,
            "shown": [[case.input, case.expected] for case in self.shown],
        }
