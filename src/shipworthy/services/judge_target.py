"""From a judge as it is written to what can be asked: the target that answers, its price, what a person is shown of it."""

from __future__ import annotations

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.domain.judge import JudgeFile
from shipworthy.domain.launch import Launch, Variant
from shipworthy.domain.target import Limits, ModelPrice
from shipworthy.judges.asked import ChatJudge, TextJudge
from shipworthy.judges.interface import Judge
from shipworthy.runners.interface import Asked, Reply, Target, tokens_of
from shipworthy.runners.registry import AT_ONCE, target_of
from shipworthy.runners.secrets import Secrets
from shipworthy.services.opened import Opened


class Reached(msgspec.Struct, frozen=True):
    """A judge that can be asked.

    Attributes:
        judge: writes messages and reads answers.
        target: answers.
        limits: rates, time-outs, attempts.
        at_once: requests in flight.
        remote: whether calls leave this machine's own code, so that somebody may charge for them.
    """

    judge: Judge
    target: Target
    limits: Limits
    at_once: int
    remote: bool


def reach(launch: Opened, judge: JudgeFile, secrets: Secrets) -> Reached:
    """Return the judge, ready to be asked.

    Raises:
        BadInput: it cannot be loaded, or the environment lacks a key.
    """
    head = judge.head
    limits = head.limits or Limits()
    at_once = limits.at_once or AT_ONCE
    remote = head.command is None
    if head.model is not None:
        from shipworthy.judges.pydantic_ai import ModelJudge  # noqa: PLC0415 - only where it is asked for

        model = ModelJudge(
            head.model,
            max_tokens=head.max_tokens,
            temperature=head.temperature,
            timeout_s=limits.timeout_s,
            where=f"judges/{judge.name}.md",
        )
        return Reached(model, _ModelTarget(model, head.max_tokens or 0), limits, at_once, remote)
    way = Variant(chat=head.chat, http=head.http, command=head.command, limits=head.limits)
    target = target_of(launch.layout.folder, way, secrets)
    written = ChatJudge() if head.chat is not None else TextJudge()
    return Reached(written, target, limits, at_once, remote)


def shown(judge: JudgeFile) -> str:
    """Return what asking a judge would execute or call, as a person would recognise it."""
    head = judge.head
    if head.command is not None:
        return f"judge {judge.name}, command: {' '.join(head.command.run)}"
    if head.http is not None:
        return f"judge {judge.name}, {head.http.method} {head.http.url}"
    if head.chat is not None:
        return f"judge {judge.name}, chat: {head.chat.model} at {head.chat.url}"
    return f"judge {judge.name}, model: {head.model}"


def judge_price(launch: Launch, judge: JudgeFile) -> ModelPrice | None:
    """Return what a call of a judge costs; None when it is not known, which is never zero.

    Raises:
        BadInput: the price cannot be used, because the worst cost of a call would be unknown.
    """
    head, where = judge.head, f"judges/{judge.name}.md"
    listed = launch.price_list.models if launch.price_list else {}
    entry = head.price or head.model or (head.chat.model if head.chat else None)
    price = listed.get(entry) if entry else None
    if price is None:
        if head.price is not None:
            raise BadInput(
                f"the judge goes by the price `{head.price}`, which `price_list` does not have",
                where=where,
                remedy="add it to `price_list: {as_of: …, models: {…}}` in launch.yaml",
            )
        return None
    if not price.input and not price.output:
        return price
    counted = head.chat is not None or head.model is not None
    if not counted:
        raise BadInput(
            "the judge is charged by tokens, which only a chat endpoint or a model counts",
            where=where,
            remedy="give it a price for a `call`",
        )
    if price.output and (head.chat.max_tokens if head.chat else head.max_tokens) is None:
        raise BadInput(
            "the judge has a price by tokens and no `max_tokens`, so no call has a worst cost",
            where=where,
            remedy="write `max_tokens:` beside the model",
        )
    return price


class _ModelTarget:
    """A model of pydantic-ai, asked like any target."""

    def __init__(self, model: object, max_tokens: int) -> None:
        from shipworthy.judges.pydantic_ai import ModelJudge  # noqa: PLC0415

        assert isinstance(model, ModelJudge)
        self.model = model
        self.max_tokens = max_tokens

    async def start(self) -> None:
        """Open the connections to the provider."""
        await self.model.start()

    async def stop(self) -> None:
        """Close them."""
        await self.model.stop()

    async def ask(self, asked: Asked) -> Reply:
        """Ask once."""
        said = await self.model.ask(asked.given)
        return Reply(
            said.text,
            said.reason,
            said.latency_s,
            fault=said.fault,
            tokens_in=tokens_of(said.tokens_in),
            tokens_out=tokens_of(said.tokens_out),
        )

    def most_tokens(self, asked: Asked) -> tuple[int, int]:
        """Return upper bounds: a token is at least one byte of what is sent; the form of the answer comes on top."""
        return len(msgspec.json.encode(asked.given)) + FORM_TOKENS, self.max_tokens


FORM_TOKENS = 1000
"""What the form of the answer may add to a request."""
