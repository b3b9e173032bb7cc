"""One promptfoo result turned into a row: assertions to scores, errors apart from failures."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from shipworthy.importers.cells import as_text
from shipworthy.importers.interface import Row

ERROR = 2
"""`failureReason`: 0 none, 1 a failed assertion, 2 an error. Only the last is no answer."""
OVERALL = "success"
_CUT_OFF = ("length", "max_tokens")
_BLOCKED = ("content_filter", "safety")


class Provider(msgspec.Struct, gc=False):
    """What answered."""

    id: str = ""
    label: str | None = None


class Prompt(msgspec.Struct, gc=False):
    """The prompt as it was sent, and the name of its template."""

    raw: Any = None
    label: str | None = None


class Response(msgspec.Struct, gc=False):
    """What came back."""

    output: Any = None
    error: str | None = None
    cached: bool | None = None
    cost: float | None = None
    finishReason: str | None = None  # noqa: N815 - promptfoo's own key


class Assertion(msgspec.Struct, gc=False):
    """What was checked."""

    type: str = ""
    metric: str | None = None


class Component(msgspec.Struct, gc=False):
    """The outcome of one assertion."""

    passed: bool | None = msgspec.field(name="pass", default=None)
    score: float | bool | None = None
    reason: str | None = None
    assertion: Assertion | None = None


class Grading(msgspec.Struct, gc=False):
    """The outcomes of all assertions on one output."""

    componentResults: list[Component | None] | None = None  # noqa: N815 - promptfoo's own key
    comment: str | None = None


class TestCase(msgspec.Struct, gc=False):
    """The case as it was configured."""

    __test__ = False

    description: str | None = None
    vars: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None


class Result(msgspec.Struct, gc=False):
    """The parts of a result that are used."""

    provider: Provider | str
    success: bool
    prompt: Prompt | None = None
    promptIdx: int = 0  # noqa: N815 - promptfoo's own key
    vars: dict[str, Any] = {}
    testCase: TestCase | None = None  # noqa: N815 - promptfoo's own key
    response: Response | str | None = None
    error: str | None = None
    failureReason: int | None = None  # noqa: N815 - promptfoo's own key
    latencyMs: float | None = None  # noqa: N815 - promptfoo's own key
    cost: float | None = None
    gradingResult: Grading | None = None  # noqa: N815 - promptfoo's own key
    namedScores: dict[str, float | bool | None] | None = None  # noqa: N815 - promptfoo's own key


def case_key(result: Result) -> str:
    """Return what makes two results repeats of one case: equal variables and description."""
    parts = [{k: v for k, v in result.vars.items() if k != "_conversation"}, own_description(result)]
    canonical = msgspec.json.encode(parts, order="deterministic")
    return hashlib.blake2b(canonical, digest_size=8).hexdigest()


def own_description(result: Result) -> str | None:
    """Return the description, unless promptfoo made it up from the place of the row (`Row #1`)."""
    text = ((result.testCase.description if result.testCase else None) or "").strip()
    return None if not text or re.fullmatch(r"Row #\d+", text) else text


def provider_name(result: Result) -> str:
    """Return the provider's label, else its id."""
    provider = result.provider
    return provider if isinstance(provider, str) else (provider.label or provider.id)


def is_cached(result: Result) -> bool:
    """Say whether the answer was served from promptfoo's cache."""
    return isinstance(result.response, Response) and result.response.cached is True


def output_of(result: Result) -> str | None:
    """Return what the provider gave back, as text."""
    output = result.response.output if isinstance(result.response, Response) else result.response
    return None if output is None else as_text(output)


def row_of(result: Result, *, case: str, variant: str, repeat: int, graded: frozenset[str]) -> Row:
    """Return the result as a row.

    Args:
        result: the result.
        case: the case id.
        variant: the variant.
        repeat: the number of this try at the case, from 1.
        graded: scores that take values between fail and pass somewhere in the file; those are given
            twice, as passed under their name, and graded under `NAME.score`.
    """
    reason = why_no_answer(result)
    scores, words = ({}, {}) if reason is not None else _scores(result, graded)
    metadata = (result.testCase.metadata if result.testCase else None) or {}
    return Row(
        case=case,
        variant=variant,
        repeat=repeat,
        input=result.vars or (result.prompt.raw if result.prompt else None),
        tags={k: as_text(v) for k, v in metadata.items() if not k.startswith("_") and _is_tag(v)} or None,
        status="answered" if reason is None else "no answer",
        reason=reason,
        output=output_of(result),
        scores=scores or None,
        explanations=words or None,
        latency_s=result.latencyMs / 1000 if result.latencyMs is not None and result.latencyMs >= 0 else None,
        cost_usd=_cost(result),
    )


def why_no_answer(result: Result) -> str | None:
    """Return why there is no answer, or None; `error` is filled on failed assertions too and settles nothing."""
    response = result.response if isinstance(result.response, Response) else Response()
    message = (result.error or response.error or "not said")[:500]
    if result.failureReason == ERROR:
        return "timeout" if "timed out" in message.lower() else f"error: {message}"
    if result.failureReason is None and result.gradingResult is None and (result.error or response.error):
        return f"error: {message}"
    if response.finishReason in _BLOCKED:
        return "blocked by the provider"
    return "cut off: the model's token limit" if response.finishReason in _CUT_OFF else None


def components(result: Result) -> Iterator[tuple[str, Component]]:
    """Yield each assertion's outcome with the name of its score: its metric, else its type."""
    for component in (result.gradingResult.componentResults or []) if result.gradingResult else []:
        if component and component.assertion:
            yield component.assertion.metric or component.assertion.type or "assertion", component


def _scores(result: Result, graded: frozenset[str]) -> tuple[dict[str, float | None], dict[str, str]]:
    scores: dict[str, float | None] = {}
    words: dict[str, str] = {}
    for name, component in components(result):
        _lower(scores, name, None if component.passed is None else float(component.passed))
        if name in graded:
            _lower(scores, f"{name}.score", None if component.score is None else float(component.score))
        if component.reason:
            words[name] = f"{words[name]}\n{component.reason}" if name in words else component.reason
    if not scores:
        # Without an assertion promptfoo calls every output a success.
        words[OVERALL] = "unscored: the case has no assertion"
        return {**_named(result), OVERALL: None}, words
    for name, value in _named(result).items():
        scores.setdefault(name, value)
    scores[OVERALL] = float(result.success)
    if result.gradingResult and result.gradingResult.comment:
        words[OVERALL] = result.gradingResult.comment
    return scores, words


def _named(result: Result) -> dict[str, float | None]:
    named = result.namedScores or {}
    return {name: None if value is None else float(value) for name, value in named.items()}


def _lower(scores: dict[str, float | None], name: str, value: float | None) -> None:
    """Keep the lowest of several outcomes of one name: a case passes it when it passes all."""
    if name in scores:
        earlier = scores[name]
        value = None if earlier is None or value is None else min(earlier, value)
    scores[name] = value


def _is_tag(value: Any) -> bool:
    return isinstance(value, (str, bool, int)) and len(str(value)) <= 200


def _cost(result: Result) -> float | None:
    """Return the cost; 0 is what promptfoo writes for a price it does not know, and for a cached answer."""
    cost = result.cost or (result.response.cost if isinstance(result.response, Response) else None)
    return cost if cost is not None and 0 < cost < math.inf else None
