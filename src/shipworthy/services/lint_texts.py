"""Lint: the texts that people wrote for the memo, held against its rules for words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shipworthy.narrative.catalogue.languages import LANGUAGES
from shipworthy.narrative.lint import Sin, lint
from shipworthy.store.read import Reading

_RULE = re.compile(r"^[A-Z]{3}-\d\d ")
"""The name of a rule before what a person wrote of it: no acronym of theirs."""
_BRIEF = ("goal", "if_nothing", "today", "alternative", "worst_case", "good_enough", "not_worth_it_if")


def lint_texts(reading: Reading, accepted: Iterable[str] = ()) -> tuple[Sin, ...]:
    """Return what is wrong, in the launch's language, with the words of the brief, of reasons for bars, and of reasons why challenges were accepted.

    What a criterion asks is left out: it says what is looked for, and claims nothing.

    Args:
        reading: the launch as it was read.
        accepted: challenges that a person accepted, each as a sentence.
    """
    texts = [*_texts(reading), *(("accepted", _RULE.sub("", text)) for text in accepted)]
    return lint(texts, LANGUAGES[reading.launch.language])


def _texts(reading: Reading) -> Iterator[tuple[str, str]]:
    launch = reading.launch
    yield "launch.yaml decision.question", launch.decision.question
    for name in _BRIEF:
        yield f"launch.yaml {name}", getattr(launch, name)
    if launch.value is not None:
        yield "launch.yaml value.basis", launch.value.basis
    for number, harm in enumerate(launch.harm):
        yield f"launch.yaml harm[{number}].event", harm.event
    for criterion in reading.criteria:
        yield f"criteria.yaml {criterion.id}.bar.why", criterion.bar.why
