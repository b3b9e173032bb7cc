"""One sample of an Inspect log turned into a row: what its letters, errors and limits mean."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from shipworthy.importers.interface import Row
from shipworthy.importers.names import MAX_REPEAT, can_name

LETTERS = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
"""Inspect's own: correct, partial, incorrect, no answer given."""
WORDS = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
_CUT_OFF = {"max_tokens": "the model's token limit", "model_length": "the model's context length"}
_ATTACHED = "attachment://"
MAX_TAG_CHARS = 200


class Score(msgspec.Struct, gc=False):
    """What one scorer said of one sample."""

    value: Any = None
    explanation: str | None = None
    reason: str | None = None


class Output(msgspec.Struct, gc=False):
    """What the model gave back."""

    completion: str | None = None
    choices: list[dict[str, Any]] = []
    error: str | None = None


class Sample(msgspec.Struct, gc=False):
    """The parts of a sample that are used; all else in it is skipped, not loaded."""

    id: int | str
    epoch: int = 1
    input: Any = None
    target: Any = None
    output: Output | None = None
    scores: dict[str, Score] | None = None
    metadata: dict[str, Any] | None = None
    model_usage: dict[str, dict[str, Any]] | None = None
    total_time: float | None = None
    working_time: float | None = None
    error: Any = None
    limit: Any = None
    invalidation: Any = None
    attachments: dict[str, str] | None = None


def unusable(sample: Sample) -> str | None:
    """Return why the sample cannot become a row, or None."""
    if not can_name(str(sample.id)):
        return f"the sample id {str(sample.id)[:60]!r} cannot name a case"
    if not 1 <= sample.epoch <= MAX_REPEAT:
        return f"sample {sample.id!r} has epoch {sample.epoch}; epochs count from 1 to {MAX_REPEAT}"
    return None


def row_of(
    sample: Sample, *, variant: str | None, scorers: dict[str, list[str]], summary: bool = False
) -> Row:
    """Return the sample as a row.

    Args:
        sample: the sample.
        variant: the model that was evaluated.
        scorers: scorer to the score names that the file's own results report under it; one that left
            nothing on this sample is unscored, not absent.
        summary: the sample is a summary, whose input is shortened and so is not the input.
    """
    reason = why_no_answer(sample)
    scores, words = ({}, {}) if reason is not None else _scores(sample, scorers)
    return Row(
        case=str(sample.id),
        variant=variant,
        repeat=sample.epoch,
        input=None if summary else _input(sample),
        expected=sample.target or None,
        tags=_tags(sample.metadata),
        status="answered" if reason is None else "no answer",
        reason=reason,
        output=None if summary else _text(sample),
        scores=scores or None,
        explanations=words or None,
        latency_s=_seconds(sample),
        cost_usd=_cost(sample.model_usage),
    )


def why_no_answer(sample: Sample) -> str | None:
    """Return why there is no answer that counts, or None; a refusal that the model wrote is an answer."""
    if sample.invalidation:
        return f"invalidated in the log: {_part(sample.invalidation, 'reason')}"
    if sample.error:
        return f"error: {_part(sample.error, 'message')}"
    if sample.limit:
        kind = _part(sample.limit, "type")
        return "timeout" if kind in ("time", "working") else f"cut off: {kind} limit"
    return _why_stopped(sample.output) if sample.output else None


def _why_stopped(output: Output) -> str | None:
    if output.error:
        return f"error: {output.error[:500]}"
    stop = output.choices[0].get("stop_reason") if output.choices else None
    if stop == "content_filter":
        return "blocked by the provider"
    return f"cut off: {_CUT_OFF[stop]}" if stop in _CUT_OFF else None


def _scores(sample: Sample, scorers: dict[str, list[str]]) -> tuple[dict[str, float | None], dict[str, str]]:
    scores: dict[str, float | None] = {}
    words: dict[str, str] = {}
    given = sample.scores or {}
    for scorer in [*given, *(name for name in scorers if name not in given)]:
        score = given.get(scorer)
        for name, value in _parts(scorer, score.value if score else None, scorers.get(scorer, [])):
            scores[name], why = _number(value)
            said = score.explanation if score else None
            if scores[name] is None:
                why = (score.reason if score else "the scorer left nothing") or why
                said = f"unscored: {why}" + (f": {said}" if said else "")
            if said or why:
                words[name] = said or why
    return scores, words


def _parts(scorer: str, value: Any, known: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield each named part of a score; nothing given for a score with parts is nothing for each part."""
    if isinstance(value, dict):
        yield from ((f"{scorer}.{key}", part) for key, part in value.items())
        yield from ((name, None) for name in known if name.partition(".")[2] not in value)
    elif isinstance(value, list):
        yield from ((f"{scorer}.{index}", part) for index, part in enumerate(value))
    elif value is None and known:
        yield from ((name, None) for name in known)
    else:
        yield scorer, value


def _number(value: Any) -> tuple[float | None, str]:
    """Return the value as a number, and words for what the number does not say."""
    if value is None:
        return None, "no value was given"
    if isinstance(value, str):
        word = value.strip()
        if word in LETTERS:
            return LETTERS[word], "no answer was found to score (N)" if word == "N" else ""
        if word.lower() in WORDS:
            return WORDS[word.lower()], ""
        try:
            value = float(word)
        except ValueError:
            return None, f"the value {word[:60]!r} is neither C, P, I, N nor a number"
    if isinstance(value, (bool, int, float)) and abs(value) < 2**1000 and math.isfinite(value):
        return float(value), ""
    return None, "the value is not a finite number"


def _input(sample: Sample) -> Any:
    if isinstance(sample.input, list):
        return [_message(m, sample) if isinstance(m, dict) else m for m in sample.input]
    return _attached(sample.input, sample)


def _message(message: dict[str, Any], sample: Sample) -> dict[str, Any]:
    """Return who speaks and what; ids and sources differ from run to run."""
    return {key: _attached(message[key], sample) for key in ("role", "content") if key in message}


def _text(sample: Sample) -> str | None:
    output = sample.output
    if output is None:
        return None
    if output.completion:
        return str(_attached(output.completion, sample))
    message = output.choices[0].get("message") if output.choices else None
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        content = "\n".join(
            str(p.get("text") or "") for p in content if isinstance(p, dict) and p.get("type") == "text"
        )
    text = _attached(content, sample)
    return text if isinstance(text, str) else ("" if output.choices else None)


def _attached(value: Any, sample: Sample) -> Any:
    if isinstance(value, str) and value.startswith(_ATTACHED) and sample.attachments:
        return sample.attachments.get(value.removeprefix(_ATTACHED), value)
    return value


def _tags(metadata: dict[str, Any] | None) -> dict[str, str] | None:
    """Return what can name a slice: short texts, truth values, whole numbers; not amounts such as 0.27."""
    tags = {}
    for name, value in (metadata or {}).items():
        if isinstance(value, bool):
            tags[name] = "true" if value else "false"
        elif (isinstance(value, int) and abs(value) < 2**63) or (
            isinstance(value, str) and 0 < len(value) <= MAX_TAG_CHARS
        ):
            tags[name] = str(value)
    return tags or None


def _seconds(sample: Sample) -> float | None:
    value = sample.working_time if sample.working_time is not None else sample.total_time
    return value if value is not None and value >= 0 else None


def _cost(usage: dict[str, dict[str, Any]] | None) -> float | None:
    """Return the cost of all models used, unless one has no price: a cost of 0 means that none was known."""
    total = 0.0
    for used in (usage or {}).values():
        cost = used.get("total_cost")
        if not isinstance(cost, (int, float)) or not 0 < cost < math.inf:
            return None
        total += cost
    return total or None


def _part(value: Any, key: str) -> str:
    if isinstance(value, dict):
        value = value.get(key) or "not said"
    return str(value)[:500]
