"""What can be wrong between the prompts of `demo.yaml`: the same words under two names."""

from __future__ import annotations

from collections.abc import Sequence

from shipworthy.domain.demo import DemoPrompt
from shipworthy.domain.evalset import input_hash
from shipworthy.domain.problem import Problem
from shipworthy.store.yaml_file import Loc, YamlFile


def same_words(file: YamlFile, prompts: Sequence[DemoPrompt], positions: dict[str, int]) -> list[Problem]:
    """Return a problem for each wording that stands somewhere above already: it would be counted twice."""
    found: list[Problem] = []
    seen: dict[str, str] = {}
    for prompt in prompts:
        at = positions[prompt.id]
        for number, wording in enumerate(prompt.wordings):
            place: Loc = (at, "rewordings", number - 1) if number else (at, "input")
            hashed = input_hash(wording)
            if hashed in seen:
                found.append(
                    file.problem(
                        place,
                        found=f"the words of {seen[hashed]} once more",
                        expected="words that differ",
                        remedy="put it in other words, or remove it",
                    )
                )
            seen.setdefault(hashed, f"a rewording of `{prompt.id}`" if number else f"`{prompt.id}`")
    return found
