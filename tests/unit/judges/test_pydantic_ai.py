"""Judges that are reached over a library or over HTTP: a real, typed conversation on the loopback address."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from pydantic_ai import ModelHTTPError
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from shipworthy.domain.errors import BadInput
from shipworthy.domain.launch import Variant
from shipworthy.domain.target import Chat
from shipworthy.judges import reading
from shipworthy.judges.asked import ChatJudge
from shipworthy.judges.interface import Message
from shipworthy.judges.pydantic_ai import ModelJudge, Said
from shipworthy.runners.registry import target_of
from shipworthy.runners.secrets import Secrets
from shipworthy.services.waiting import Planned

MESSAGE = Message("You know a shop.", "<<5f output begins>>\nthirty days\n<<5f output ends>>", "5f")
GOOD = '{"rationale": "It names the time.", "verdict": "pass"}'


def made(model: Any, **more: Any) -> ModelJudge:
    """Return a judge over the library."""
    terms = {"max_tokens": 200, "temperature": 0.0, "timeout_s": 5.0, "where": "judges/policy.md"}
    return ModelJudge(model, **(terms | more))


def asked(judge: ModelJudge) -> Said:
    """Ask once."""
    return asyncio.run(judge.ask(judge.given(MESSAGE)))


class Model:
    """A model whose replies are code, and what it was told."""

    def __init__(self, reply: str | Exception) -> None:
        self.reply, self.seen, self.info = reply, [], None

    def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        """Answer."""
        self.seen.append(messages)
        self.info = info
        if isinstance(self.reply, Exception):
            raise self.reply
        return ModelResponse(parts=[TextPart(self.reply)])


def test_a_typed_conversation_becomes_a_score():
    """The model fills in the object; instructions and material reach it apart, with its settings."""
    model = Model(GOOD)
    judge = made(FunctionModel(model))
    said = asked(judge)

    assert reading.opinion(said.text or "") == reading.Opinion(1.0, "It names the time.")
    assert said.reason is None
    assert (said.tokens_in or 0) > 0
    assert "You know a shop." in (model.info.instructions or "")
    assert MESSAGE.material not in (model.info.instructions or "")
    assert [part.content for part in model.seen[0][-1].parts] == [MESSAGE.material]
    assert model.info.model_settings["max_tokens"] == 200
    assert model.info.function_tools == []


@pytest.mark.parametrize(
    "reply",
    [
        "pass",
        '{"verdict": "pass"}',
        '{"rationale": "x", "verdict": "pass", "score": 1}',
        '{"rationale": "x", "verdict": 1}',
        "",
    ],
)
def test_what_does_not_fill_in_the_object_is_no_answer_and_is_not_asked_again(reply):
    """One request: a judge that cannot answer is not talked into a verdict, and the reason is kept."""
    model = Model(reply)
    said = asked(made(FunctionModel(model)))

    assert said.text is None
    assert (said.reason or "").startswith("error: ")
    assert not said.fault
    assert len(model.seen) == 1


@pytest.mark.parametrize(
    "reply",
    [
        '{"verdict": "pass", "rationale": "It names the time."}',
        '{"rationale": "It names none.", "verdict": "fail", "verdict": "pass"}',
        f"```json\n{GOOD}\n```",
    ],
)
def test_what_the_library_would_mend_into_a_pass_is_unscored(reply):
    """A verdict before its reason, two verdicts, an object in a fence: read as strictly as over a chat endpoint."""
    said = asked(made(FunctionModel(Model(reply))))

    assert reading.opinion(said.text or "").value is None


def test_a_word_that_is_no_verdict_is_unscored():
    """The object is right, the word is not: reading has the last say."""
    said = asked(made(FunctionModel(Model(GOOD.replace("pass", "splendid")))))

    assert reading.opinion(said.text or "").value is None


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ModelHTTPError(status_code=503, model_name="m"), True),
        (ModelHTTPError(status_code=429, model_name="m"), True),
        (ModelHTTPError(status_code=401, model_name="m"), False),
        (TimeoutError(), True),
        (ConnectionResetError("reset"), True),
        (RuntimeError("x" * 5000), False),
    ],
)
def test_only_a_failure_of_the_infrastructure_may_be_asked_again(error, fault):
    """Overload, time-outs and lost connections; a refused key or a broken library is an answer's reason, cut short."""
    said = asked(made(FunctionModel(Model(error))))

    assert (said.text, said.fault) == (None, fault)
    assert len(said.reason or "") < 400


@pytest.mark.parametrize("name", ["nobody:model", "openai:gpt-x"])
def test_a_model_that_cannot_be_used_is_bad_input_with_its_file(name, monkeypatch):
    """An unknown provider, and a known one without a key in the environment."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(BadInput) as caught:
        made(name)

    assert caught.value.where == "judges/policy.md"
    assert "key in the environment" in (caught.value.remedy or "")


Handler = Callable[[dict[str, Any]], Awaitable[web.Response]]


@asynccontextmanager
async def served(reply: str, seen: list[dict[str, Any]], status: int = 200) -> AsyncIterator[str]:
    """Speak chat completions on the loopback address."""

    async def answer(request: web.Request) -> web.Response:
        seen.append(await request.json() | {"key": request.headers.get("Authorization")})
        if status != 200:
            return web.json_response({"error": {"message": "busy"}}, status=status)
        message = {"role": "assistant", "content": reply}
        return web.json_response(
            {
                "id": "c-1",
                "object": "chat.completion",
                "created": 1764115200,
                "model": "gpt-x",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 40, "completion_tokens": 12, "total_tokens": 52},
            }
        )

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/v1"
    finally:
        await runner.cleanup()


def over_library(
    reply: str, monkeypatch: pytest.MonkeyPatch, status: int = 200
) -> tuple[Said, list[dict[str, Any]]]:
    """Ask `openai-chat:gpt-x` with its address and key in the environment."""
    seen: list[dict[str, Any]] = []

    async def go() -> Said:
        async with served(reply, seen, status) as url:
            monkeypatch.setenv("OPENAI_BASE_URL", url)
            monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
            judge = made("openai-chat:gpt-x")
            await judge.start()
            try:
                return await judge.ask(judge.given(MESSAGE))
            finally:
                await judge.stop()

    return asyncio.run(go()), seen


def test_a_model_over_http_is_asked_by_its_provider_once_and_counts_tokens(monkeypatch):
    """The request names the model, the limit and the form of the answer; 40 tokens in and 12 out come back."""
    said, seen = over_library(GOOD, monkeypatch)

    assert reading.opinion(said.text or "").value == 1.0
    assert (said.tokens_in, said.tokens_out) == (40, 12)
    (request,) = seen
    assert request["model"] == "gpt-x"
    assert request["key"] == "Bearer sk-test"
    assert request["messages"][-1] == {"role": "user", "content": MESSAGE.material}
    assert "tools" not in request


def test_a_second_judge_of_the_same_provider_is_asked_in_its_own_loop(monkeypatch):
    """Judges take turns, each in an event loop of its own: nothing of the first stays open, the second is answered."""
    values = [reading.opinion(over_library(GOOD, monkeypatch)[0].text or "").value for _ in range(2)]

    assert values == [1.0, 1.0]
    asyncio.run(made(FunctionModel(Model(GOOD))).stop())


def test_a_busy_provider_is_asked_once_and_left_to_the_pool(monkeypatch):
    """Status 503: the provider's own client does not ask again behind the budget's back."""
    said, seen = over_library("", monkeypatch, status=503)

    assert said.fault
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("reply", "value"), [(GOOD, 1.0), (GOOD.replace("pass", "fail"), 0.0), (f"Sure: {GOOD}", None)]
)
def test_a_judge_over_a_chat_endpoint_sends_two_messages_and_is_read_strictly(tmp_path, reply, value):
    """`chat:` in a judge's file: a system message with the rules, a user message with the material."""
    seen: list[dict[str, Any]] = []

    async def go() -> str:
        async with served(reply, seen) as url:
            target = target_of(tmp_path, Variant(chat=Chat(url=url, model="gpt-x")), Secrets())
            await target.start()
            try:
                got = await target.ask(Planned("c1", 1, ChatJudge().given(MESSAGE), 0, 1, sealed=False))
            finally:
                await target.stop()
            return str(got.text)

    said = asyncio.run(go())

    assert reading.opinion(said).value == value
    assert seen[0]["messages"] == ChatJudge().given(MESSAGE)
    assert json.loads(said)
