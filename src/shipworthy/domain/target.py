"""How a variant is reached, as people write it in `launch.yaml`: a command, an HTTP endpoint, a chat endpoint."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from shipworthy.domain.authored import Authored, Expected

Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+", max_length=2000)]
EnvName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=200)]


class Command(Authored):
    """A program of your own: a case as JSON goes in, an answer as JSON comes out."""

    run: list[str] = Field(min_length=1, description="program and arguments, started in the launch folder")
    protocol: Literal["line", "once"] = Field(
        "line", description="line: stays alive, one JSON line a case; once: started anew for each case"
    )


class Http(Authored):
    """Any HTTP endpoint that takes and returns JSON."""

    url: Url = Field(description="where requests go")
    method: Literal["POST", "PUT", "GET"] = Field("POST", description="the HTTP method")
    headers: dict[str, str] = Field(
        default_factory=dict, description="sent with each request; ${NAME} is taken from the environment"
    )
    body: Any = Field(
        default_factory=lambda: {"input": "{{input}}"},
        description="JSON sent; {{input}}, {{case}}, {{repeat}}, {{seed}} stand for the case's values",
    )
    output: str = Field("$", description="JSON path of the answer in the reply, as $.answer.text")
    stream: Literal["no", "sse", "lines"] = Field(
        "no", description="how the reply arrives: at once, as server-sent events, as JSON lines"
    )


class Chat(Authored):
    """An endpoint that speaks the OpenAI chat-completions protocol."""

    url: Url = Field(description="base address, as https://host/v1")
    model: str = Field(min_length=1, max_length=200, description="the model's name")
    system: str = Field("", description="system prompt; `file:NAME` takes it from a file of the launch")
    key: EnvName | None = Field(None, description="environment variable that holds the key")
    max_tokens: int | None = Field(None, ge=1, le=1_000_000, description="most tokens of one answer")
    temperature: float | None = Field(None, ge=0, le=5, description="sampling temperature")
    stream: bool = Field(default=False, description="stream the answer, which times its first byte")


class Limits(Authored):
    """What the feature may be asked to bear, and how long one case may take."""

    at_once: int | None = Field(
        None, ge=1, le=2000, description="requests in flight; 20 unless said, 1 for a Python function"
    )
    per_minute: float | None = Field(None, gt=0, description="requests a minute")
    tokens_per_minute: float | None = Field(None, gt=0, description="tokens a minute, both ways")
    timeout_s: float = Field(60.0, gt=0, le=3600, description="seconds one attempt may take")
    attempts: int = Field(6, ge=1, le=20, description="attempts at a case when the infrastructure fails")
    minutes: float = Field(15.0, gt=0, le=240, description="minutes a case may take with all attempts")


class ModelPrice(Authored):
    """What one model or endpoint charges."""

    call: Annotated[float, Field(ge=0)] = Field(0.0, description="one call, whatever its length")
    input: Annotated[float, Field(ge=0)] = Field(0.0, description="a million tokens sent")
    output: Annotated[float, Field(ge=0)] = Field(0.0, description="a million tokens received")


class PriceList(Authored):
    """Prices by model or endpoint, with the day they were read."""

    as_of: dt.date = Field(description="the day these prices were read")
    models: dict[str, ModelPrice] = Field(description="price by name of model or endpoint, in USD")

    @field_validator("models")
    @classmethod
    def _some(cls, given: dict[str, ModelPrice]) -> dict[str, ModelPrice]:
        if not given:
            raise Expected("at least one model with its price")
        return given
