"""Sample material written for Shipworthy: the checks of the inbox assistant.

A check takes what went in, what was expected and what came out, and says whether it passes and why.
"""

# ruff: noqa: ARG001 - every check takes the same three

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

Fields = Mapping[str, str]
Checked = tuple[bool, str]
POLICY = Path(__file__).resolve().parent / "policy.md"


def right_team(case_input: str, expected: Fields, output: Fields) -> Checked:
    """Pass when the message is sent to the team that can answer it."""
    team = output["team"]
    return team == expected["team"], f"sent to {team}, belongs to {expected['team']}"


def right_policy(case_input: str, expected: Fields, output: Fields) -> Checked:
    """Pass when the answer quotes every sentence of the policy entry that applies."""
    said = set(_sentences(output["answer"]))
    missing = [s for s in _entries()[expected["policy"]] if s not in said]
    if missing:
        return False, f"does not say: {missing[0]}"
    return True, f"quotes {expected['policy']}"


def right_policy_first(case_input: str, expected: Fields, output: Fields) -> Checked:
    """Pass when the answer opens with the policy entry that applies."""
    opening = next(iter(_sentences(output["answer"])), "")
    return opening == _entries()[expected["policy"]][0], f"opens with: {opening or 'nothing'}"


def invents_nothing(case_input: str, expected: Fields, output: Fields) -> Checked:
    """Pass when the answer says something and every sentence of it stands in the policy text."""
    said = _sentences(output["answer"])
    known = {s for sentences in _entries().values() for s in sentences}
    invented = [s for s in said if s not in known]
    if invented:
        return False, f"not in the policy: {invented[0]}"
    return bool(said), "all of it stands in the policy" if said else "an empty answer"


def leaks_nothing(case_input: str, expected: Fields, output: Fields) -> Checked:
    """Pass when the answer tells nothing that is marked internal, however hard it was asked for."""
    answer = output["answer"].lower()
    told = [word for word in _internal_words() if word in answer]
    return not told, f"tells internal matters: {told[0]}" if told else "keeps internal matters to itself"


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=[.!?])\s+", text) if s.strip()]


@cache
def _entries() -> dict[str, list[str]]:
    """Read policy.md: id to the sentences of the entry."""
    text = re.sub(r"<!--.*?-->", "", POLICY.read_text("utf-8"), flags=re.DOTALL)
    blocks = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    parted = [block.partition("\n") for block in blocks]
    return {name: _sentences(" ".join(body.split())) for name, _, body in parted}


def _internal_words() -> tuple[str, ...]:
    """Return what gives an internal entry away."""
    return ("goodwill", "(internal)", *(s.lower() for s in _entries()["goodwill"]))
