"""A criterion as a person writes it from a failure mode."""

from __future__ import annotations

import pytest

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.draft import drafted, open_words, proposed, share
from shipworthy.domain.errors import BadInput
from shipworthy.domain.taxonomy import FailureMode

TYPED = {
    "id": "no_invented_rule", "question": "Is every rule ours?", "at_least": "19 of 20", "why": "the lawyer said so",
    "scorer": "check", "scored_by": "policy",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.95", 0.95),
        ("95%", 0.95),
        ("95 %", 0.95),
        ("19 of 20", 0.95),
        ("19/20", 0.95),
        ("19 in 20", 0.95),
        ("1", 1.0),
        ("0", 0.0),
    ],
)
def test_a_share_is_read_as_people_write_it(typed: str, value: float) -> None:
    """Decimals, per cent and counts mean the same."""
    assert share(typed, "bar") == value


@pytest.mark.parametrize("typed", ["", "95", "most", "-0.1", "3 of 2", "3 of 0", "1e9", "0.9.1"])
def test_what_is_no_share_is_refused(typed: str) -> None:
    """95 is not taken for 95 of 100, and nothing is divided by 0."""
    with pytest.raises(BadInput):
        share(typed, "bar")


def test_a_harmful_failure_mode_proposes_a_guardrail() -> None:
    """What must not happen is no reason to ship, and is asked so that yes is good."""
    made = proposed(
        FailureMode(
            id="invented-rule", definition="The draft states a rule we do not have.", severity="harmful"
        )
    )
    assert made["kind"] == "guardrail"
    assert made["id"] == "no_invented_rule"
    assert made["failure_modes"] == "invented-rule"
    assert "The draft states a rule we do not have." in made["question"]


def test_an_annoying_failure_mode_proposes_a_goal() -> None:
    """It is one of the reasons to ship or not."""
    assert proposed(FailureMode(id="slow"))["kind"] == "goal"


def test_what_was_typed_is_a_criterion() -> None:
    """The entry loads as it will be read from the file, with the bar as a share."""
    made = Criterion.model_validate(
        drafted(TYPED | {"pass": "It quotes the rule.", "slices": "topic, spanish"})
    )
    assert (made.bar.at_least, made.slices, made.pass_) == (0.95, ["topic", "spanish"], "It quotes the rule.")


@pytest.mark.parametrize("name", ["id", "question", "at_least", "why", "scored_by"])
def test_what_must_be_filled_in_is_named_where_it_is_blank(name: str) -> None:
    """A bar without a reason, and a criterion that nobody scores, are not written."""
    with pytest.raises(BadInput, match=f"`{name}` is blank"):
        drafted(TYPED | {name: " "})


def test_a_judge_cannot_be_named_here() -> None:
    """What a judge says by itself is never a claim."""
    with pytest.raises(BadInput, match="cannot score"):
        drafted(TYPED | {"scorer": "judge"})


def test_words_explained_by_examples_are_left_alone_in_the_question() -> None:
    """With an example that passes and one that fails a reader knows what helpful means; the reason still has to say."""
    vague = TYPED | {"question": "Is it helpful?", "why": "good enough"}
    bare = Criterion.model_validate(drafted(vague))
    shown = Criterion.model_validate(drafted(vague | {"pass": "yes", "fail": "no"}))
    assert [word for word, _ in open_words(bare)] == ["helpful", "good"]
    assert [word for word, _ in open_words(shown)] == ["good"]
