"""A judge reached through pydantic-ai: any provider it knows, asked for one object, without tools and without retries.

The library is loaded only when such a judge is asked; it comes with `shipworthy[judge]`.
"""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from shipworthy.domain.errors import BadInput
from shipworthy.judges.asked import ChatJudge

ASK_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
"""Statuses at which the infrastructure failed before any output."""


class Said(msgspec.Struct, frozen=True, gc=False):
    """What came back: the object as JSON, or the reason that there is none."""

    text: str | None
    reason: str | None
    latency_s: float
    fault: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None


class OneVerdict(BaseModel):
    """What the model is asked to fill in; the rationale stands first so that it is written first."""

    model_config = ConfigDict(extra="forbid")
    rationale: str = Field(description="what you saw, in one to three sentences")
    verdict: str = Field(description="the verdict, one of the words that the instructions name")


class ModelJudge(ChatJudge):
    """A model named as PROVIDER:MODEL.

    Args:
        model: its name, or a model of pydantic-ai.
        max_tokens: of one verdict.
        temperature: of sampling.
        timeout_s: seconds one request may take.
        where: the judge's file, for messages.

    Raises:
        BadInput: the library is not installed, or does not know the model.
    """

    def __init__(
        self, model: Any, *, max_tokens: int | None, temperature: float | None, timeout_s: float, where: str
    ) -> None:
        try:
            import pydantic_ai  # noqa: PLC0415 - only a judge that is reached through it needs it
        except ImportError as error:
            raise BadInput(
                f"a judge with `model: {model}` needs a library that is not installed",
                where=where,
                remedy="install shipworthy[judge], or reach the judge by `chat:`",
            ) from error
        self.timeout_s = timeout_s
        self.settings: dict[str, Any] = {"timeout": timeout_s}
        if max_tokens is not None:
            self.settings["max_tokens"] = max_tokens
        if temperature is not None:
            self.settings["temperature"] = temperature
        try:
            made = _model(pydantic_ai, model)
            native = bool(made.profile.get("supports_json_schema_output")) if made.profile else False
        except Exception as error:
            raise BadInput(
                f"the model `{model}` cannot be used: {str(error)[:300]}",
                where=where,
                remedy="write it as openai:NAME or anthropic:NAME, with its key in the environment",
            ) from error
        form = pydantic_ai.NativeOutput if native else pydantic_ai.PromptedOutput
        self.agent: Any = pydantic_ai.Agent(made, output_type=form(OneVerdict), retries=0)
        self.open = AsyncExitStack()

    async def start(self) -> None:
        """Open the connections to the provider."""
        await self.open.enter_async_context(self.agent)

    async def stop(self) -> None:
        """Close them, also when they were never opened."""
        await self.open.aclose()

    async def ask(self, given: Any) -> Said:
        """Ask once; whatever goes wrong is in what comes back."""
        instructions, material = (part["content"] for part in given)
        began = time.monotonic()
        try:
            result = await self.agent.run(
                material, instructions=instructions, model_settings=self.settings, timeout=self.timeout_s
            )
        except Exception as error:  # noqa: BLE001 - a provider may fail in any way
            took = time.monotonic() - began
            status = getattr(error, "status_code", None)
            fault = status in ASK_AGAIN or isinstance(error, TimeoutError | ConnectionError)
            return Said(None, f"error: {type(error).__name__}: {str(error)[:300]}", took, fault=fault)
        usage = result.usage
        # As it was written: the library mends order, fences and keys that stand twice.
        said = result.response.text or ""
        return Said(
            msgspec.json.encode(said).decode(),
            None,
            time.monotonic() - began,
            tokens_in=usage.input_tokens,
            tokens_out=usage.output_tokens,
        )


def _model(library: Any, model: Any) -> Any:
    """Return a model whose own client does not ask again: attempts are counted and paid for by the pool."""
    made = library.models.infer_model(model)
    client: Any = getattr(made, "client", None)
    if hasattr(client, "max_retries"):
        client.max_retries = 0
    return made
