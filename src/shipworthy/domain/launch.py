"""The launch as people write it in `launch.yaml`: the decision, the variants, the slices."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from shipworthy.domain.authored import Authored, Expected
from shipworthy.domain.brief import Against, Assumption, Budget, Job, Premortem, Regulated
from shipworthy.domain.going_live import InUse, RolloutStage
from shipworthy.domain.target import Chat, Command, Http, Limits, PriceList

Name = Annotated[str, Field(min_length=1, max_length=200)]
Share = Annotated[float, Field(gt=0, le=1)]
Money = Annotated[float, Field(ge=0)]
LanguageCode = Literal["en", "de"]
"""The languages that a memo can be written in."""


class Question(Authored):
    """The decision to be made: by whom, by when, and whether it can be taken back."""

    question: str = Field("", description="what is to be decided, as a question")
    who: str = Field("", description="the person who decides")
    by: dt.date | None = Field(None, description="the day it has to be decided")
    door: Literal["one-way", "two-way"] = Field("two-way", description="one-way: it cannot be taken back")


class Variant(Authored):
    """One configuration of the feature: how it is reached, or outcomes recorded elsewhere."""

    python: str | None = Field(None, pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$", description="module:function")
    command: Command | None = Field(None, description="a program that answers cases")
    http: Http | None = Field(None, description="an HTTP endpoint")
    chat: Chat | None = Field(None, description="an OpenAI-compatible chat endpoint")
    recorded: bool = Field(default=False, description="its outputs come from imported files")
    like: str | None = Field(None, description="another variant this one starts from")
    repeats: int | None = Field(None, ge=1, le=64, description="goes at each case; 1 unless said")
    limits: Limits | None = Field(None, description="requests at once and a minute, time-outs, attempts")
    price: Name | None = Field(
        None, description="its entry in `price_list`; the chat model's name unless said"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Variant:
        if sum(way is not None for way in (self.python, self.command, self.http, self.chat)) > 1:
            raise Expected("one of python, command, http, chat")
        return self

    @property
    def runs(self) -> bool:
        """Whether it can be asked from here."""
        return bool(self.python or self.command or self.http or self.chat)


class Value(Authored):
    """What one good answer is worth, as a range, in money."""

    unit: str = Field("answer", description="what is counted")
    low: Money = Field(0.0, description="worth of one good answer, at least")
    likely: Money = Field(0.0, description="worth of one good answer, most likely")
    high: Money = Field(0.0, description="worth of one good answer, at most")
    per_week: Annotated[float, Field(ge=0, description="how many there are in a week")] = 0
    criterion: Name | None = Field(
        None, description="the goal that makes an answer good; all goals together unless said"
    )
    basis: str = Field("", description="where these numbers come from")

    @model_validator(mode="after")
    def _ordered(self) -> Value:
        if not self.low <= self.likely <= self.high:
            raise Expected("a range that runs low <= likely <= high", at="likely")
        return self


class Harm(Authored):
    """What one bad answer costs, and who pays."""

    event: Name = Field(description="what goes wrong")
    who: str = Field("", description="who pays")
    low: Money = Field(0.0, description="cost of one, at least")
    high: Money = Field(0.0, description="cost of one, at most")
    criterion: Name | None = Field(
        None, description="the criterion whose failure is this event; without it the event has no rate"
    )
    detectable: Literal["at once", "later", "never"] = Field("later", description="when it is noticed")

    @model_validator(mode="after")
    def _ordered(self) -> Harm:
        if self.high and not self.low <= self.high:
            raise Expected("a range that runs low <= high", at="high")
        return self


class Prices(Authored):
    """What an evaluation costs, so that a plan can be priced; every part is optional."""

    output: Money | None = Field(None, description="one output of the feature")
    label: Money | None = Field(None, description="one label from a person")
    label_minutes: Annotated[float, Field(ge=0)] | None = Field(
        None, description="minutes a person takes for one label"
    )
    case: Money | None = Field(None, description="one further case, written and checked")
    currency: str = Field("USD", max_length=12, description="of these prices")


class Slice(Authored):
    """A rule that selects cases: `by` a tag (a partition), or `where` tags have given values."""

    by: str | None = Field(None, description="a tag: each of its values is one part")
    shares: dict[str, Share] = Field(default_factory=dict, description="expected traffic share of each value")
    where: dict[str, str] = Field(default_factory=dict, description="tags and the values they must have")
    scope: bool = Field(default=False, description="the one partition that the scope is chosen from")

    @model_validator(mode="after")
    def _one_rule(self) -> Slice:
        if bool(self.by) == bool(self.where):
            raise Expected("either `by: TAG` or `where: {TAG: VALUE}`")
        if self.scope and not self.shares:
            raise Expected(
                "`shares` for the slice that the scope is chosen from, one for each value", at="scope"
            )
        if self.shares and abs(sum(self.shares.values()) - 1) > 0.005:
            raise Expected("shares that add up to 1", at="shares")
        return self


class PlannedLooks(Authored):
    """Looks at any time up to a planned number of groups."""

    end: int = Field(ge=2, le=1_000_000, description="the number of groups at which looking ends")
    reserve: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="share of the error kept for looks after the end, as 0.1; none unless said",
    )


class Stage(Authored):
    """One step of going live."""

    name: str = Field(min_length=1, max_length=60, description="what it is called, as pilot")
    share: float = Field(gt=0, le=1, description="its share of the traffic, as 0.05")
    insiders: bool = Field(default=False, description="staff or power users only")
    min_days: int = Field(0, ge=0, le=3650, description="days that it lasts at least")
    labels: int = Field(0, ge=0, le=1_000_000, description="audited outputs before the next step")
    exit: str = Field("", max_length=1000, description="what else has to hold before the next step")
    owner: str = Field("", max_length=120, description="who decides about the next step")
    began_on: dt.date | None = Field(None, description="the day on which it began; none while it is planned")


Looks = Literal["once", "open"] | PlannedLooks


class Launch(Authored):
    """The folder's `launch.yaml`: what is decided, about which variants, for whom."""

    title: str = Field("", description="the name of the launch")
    sample: bool = Field(default=False, description="sample material: every memo says so")
    language: LanguageCode = Field(
        "en", description="the language of the memo, and of what people wrote in this file: en or de"
    )
    goal: str = Field("", description="what is better for whom when this works")
    decision: Question = Field(default_factory=Question, description="what is decided, by whom, by when")
    if_nothing: str = Field("", description="what happens if nothing is built")
    users: list[str] = Field(default_factory=list, description="who meets the feature")
    job: Job = Field(default_factory=Job, description="what they are trying to get done")
    today: str = Field("", description="how it is done today")
    alternative: str = Field(
        "", description="what would do it without a model: a form, a rule, a search, a person"
    )
    baseline: str | None = Field(None, description="the variant that is compared against")
    candidate: str | None = Field(None, description="the one variant that the plan judges")
    variants: dict[str, Variant] = Field(
        default_factory=dict, description="the configurations of the feature"
    )
    value: Value | None = Field(None, description="what a good answer is worth")
    prices: Prices | None = Field(None, description="what outputs, labels and cases cost, for `plan`")
    price_list: PriceList | None = Field(None, description="what models and endpoints charge, with its date")
    harm: list[Harm] = Field(default_factory=list, description="what a bad answer costs")
    worst_case: str = Field("", description="the worst that one wrong answer does, in one sentence")
    good_enough: str = Field("", description="what somebody would see when it is good enough")
    not_worth_it_if: str = Field("", description="the result at which you would stop")
    budget: Budget = Field(default_factory=Budget, description="ceilings of cost and speed")
    assumptions: list[Assumption] = Field(
        default_factory=list, description="what has to be true for it to be worth anything"
    )
    premortem: Premortem = Field(default_factory=Premortem, description="six months on, it failed: why?")
    argument: list[Against] = Field(
        default_factory=list, description="the strongest that speaks against it, and what is answered"
    )
    rollout: list[RolloutStage] | None = Field(
        None, description="how it goes live, step by step; [] where everybody gets it at once"
    )
    in_use: InUse | None = Field(None, description="what stands round it: fallback, notice, who checks")
    regulated: Regulated = Field(default_factory=Regulated, description="rules of a trade, and who looked")
    slices: dict[str, Slice] = Field(default_factory=dict, description="kinds of cases that may differ")
    error: float = Field(0.05, gt=0, le=0.2, description="chance of a wrong ship that the plan accepts")
    tries: int = Field(
        1,
        ge=1,
        le=100,
        description="variants that may be judged on the sealed cases; all fixed by the lock, each with an equal share of the error",
    )
    stages: list[Stage] = Field(default_factory=list, description="how it goes live, step by step")
    looks: Looks = Field("once", description="how often the sealed cases will be looked at")

    def scope_slice(self) -> tuple[str, Slice] | None:
        """Return the name and rule of the partition that scope is chosen from, if one is declared."""
        return next(((name, rule) for name, rule in self.slices.items() if rule.scope), None)

    def resolved(self, name: str) -> Variant:
        """Return a variant with what it takes over from the ones it is `like`.

        Raises:
            KeyError: the variant, or one it is like, is not declared or leads in a circle.
        """
        chain: list[Variant] = []
        seen: set[str] = set()
        step: str | None = name
        while step is not None:
            if step in seen:
                raise KeyError(name)
            seen.add(step)
            chain.append(self.variants[step])
            step = self.variants[step].like
        way = next((v for v in chain if v.runs), Variant())
        return Variant(
            python=way.python,
            command=way.command,
            http=way.http,
            chat=way.chat,
            recorded=any(v.recorded for v in chain),
            repeats=next((v.repeats for v in chain if v.repeats), 1),
            limits=next((v.limits for v in chain if v.limits), None),
            price=next((v.price for v in chain if v.price), None),
        )
