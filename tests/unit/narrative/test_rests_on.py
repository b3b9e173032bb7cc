"""What a verdict rests on is said, method by method."""

from typing import get_args

from shipworthy.domain.criteria import Estimand
from shipworthy.domain.verdict import JudgeFacts
from shipworthy.narrative import wording
from shipworthy.narrative.rests_on import BY_ESTIMAND, LOOKS, SCOPE, judge_words


def test_every_estimand_has_its_sentence_its_weakest_assumption_and_what_breaks_it():
    """None is left out, and none promises more than evidence can give."""
    assert set(BY_ESTIMAND) == set(get_args(Estimand))
    for said in (*BY_ESTIMAND.values(), SCOPE, LOOKS):
        assert all((said.says, said.weakest, said.breaks))
        assert wording.banned(f"{said.says} {said.weakest} {said.breaks}") == []


def test_a_judge_about_whom_labels_tell_nothing_is_not_praised():
    """Without labels on bad outputs there is no figure for what it catches."""
    assert judge_words(JudgeFacts(5, 1.0)) == "How often the judge is right cannot be told from these labels."
