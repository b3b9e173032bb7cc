"""Words that people wrote: twenty planted sins are found, each where it stands, and a clean text has none."""

from __future__ import annotations

import pytest

from shipworthy.narrative.lint import REMEDIES, lint

LONG = "We will look at every draft that support wrote in the last quarter and we will ask each of them what they did with it and then we will write down what came of it all."
SINS = [
    ("This proves it.", "absolute", "proves"),
    ("Answers are guaranteed to be right.", "absolute", "guaranteed"),
    ("It is safe.", "absolute", "safe"),
    ("A significant gain.", "absolute", "significant"),
    ("The model is robust.", "absolute", "robust"),
    ("It is state of the art.", "absolute", "state of the art"),
    ("It gets 92% right.", "percentage", "92%"),
    ("It gets 92.5 % right.", "percentage", "92.5 %"),
    ("About 30 percent of drafts are edited.", "percentage", "30 percent"),
    ("It saves 12 per cent of the time.", "percentage", "12 per cent"),
    ("It will likely hold.", "likelihood", "likely"),
    ("It is unlikely to fail.", "likelihood", "unlikely"),
    ("It will probably hold.", "likelihood", "probably"),
    ("It might fail.", "likelihood", "might"),
    ("It may fail.", "likelihood", "may"),
    ("It rarely fails.", "likelihood", "rarely"),
    ("It often fails.", "likelihood", "often"),
    ("The NPS rises.", "acronym", "NPS"),
    ("Every SLA holds.", "acronym", "SLA"),
    (LONG, "long", "We will look at every draft … (36 words)"),
]  # fmt: skip
CLEAN = [
    "Today 58 of 60 answers are right, which is 97 of 100; by May we want the net promoter score (NPS) above 40.",
    "250 of 260 drafts (96%) had the rule. The NPS is asked for once a month.",
    "It is likely, in 70 to 80 of 100 weeks, that somebody edits a draft. Agents edit it more often than before.",
    "May we switch it on in the EU? It costs 1.5 cents each.",
]


@pytest.mark.parametrize(("text", "kind", "words"), SINS)
def test_a_planted_sin_is_found_where_it_stands(text, kind, words):
    """One sin in one sentence: found once, with its place and what to write instead."""
    found = lint([("launch.yaml goal", text)])

    assert [(each.where, each.kind, each.words) for each in found] == [("launch.yaml goal", kind, words)]
    assert found[0].remedy == REMEDIES[kind]


def test_twenty_sins_in_one_text_are_all_found():
    """The same twenty together: none hides another."""
    found = lint([("a", " ".join(text for text, _, _ in SINS))])

    assert sorted((each.kind, each.words) for each in found) == sorted(
        (kind, words) for _, kind, words in SINS
    )


def test_a_clean_text_has_none():
    """Counts beside percentages, a number beside a likelihood, an acronym written out once, a month, a comparison."""
    assert lint([(str(n), text) for n, text in enumerate(CLEAN)]) == ()
