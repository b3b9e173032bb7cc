"""Why this verdict."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.domain.verdict import MoreNeeded, Scope
from shipworthy.narrative import wording
from shipworthy.narrative.claim import line, rows
from shipworthy.narrative.document import block_texts
from shipworthy.narrative.explain import how_cautious, needed, next_step, retold, what_would_change_it, why
from shipworthy.narrative.figures import icon_array, load_line, summary
from shipworthy.narrative.headline import headline
from shipworthy.narrative.memo import memo
from shipworthy.narrative.prose import flat

calm = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def test_ship_narrower_names_who_is_in_and_who_is_out(narrower):
    """The sentence says the slices kept, their share of the traffic and the slices left out."""
    assert headline(narrower) == (
        "Ship narrower: only orders and returns (topic), 85 of 100 of the traffic. Not billing (topic)."
    )


def test_exploratory_evidence_is_called_so_before_anything_else(exploring):
    """A rehearsed verdict says first that it cannot confirm, and only then what it would be."""
    assert headline(exploring) == (
        "Not yet: this evidence is exploratory and cannot confirm. On new cases the same counts would give: ship narrower."
    )
    assert next_step(exploring, rows(exploring)).startswith("Fix the plan")


def test_a_blocked_verdict_says_so_first(narrower):
    """Open challenges stand before the counts, so that nobody reads "ship" alone."""
    said = headline(replace(narrower, blocked_by=("no-second-labeler", "old-cases")))
    assert said.startswith("Blocked by 2 open challenges: no-second-labeler and old-cases.")


def test_the_explanation_names_level_groups_closest_call_and_what_was_left_out(narrower, criteria):
    """A second person can retell it: how many claims, on how many groups, the closest, the slice out and why."""
    said = retold(narrower, rows(narrower, criteria))
    for part in (
        "12 claims decide",
        "60 to 110 independent groups",
        "at most 5 times in 100",
        "2.5 to 5 in 100",
        "All 8 claims inside orders and returns (topic) hold",
        "Billing (topic) is left out, because right answer does not hold there: 36 of 60 (60 of 100), at best 71 of 100",
        "There invents nothing is not shown either.",
    ):
        assert part in said


def test_claims_that_do_not_all_hold_are_never_summed_up_as_all(narrower, criteria):
    """Were a claim inside the scope open, the sentence would count instead of saying all."""
    claims = (replace(narrower.claims[0], state="not shown"), *narrower.claims[1:])
    verdict = replace(narrower, claims=claims)
    assert "7 of 8 claims" in retold(verdict, rows(verdict, criteria))


def test_every_sentence_about_the_closest_call_carries_its_claim(narrower, criteria):
    """Numbers in the explanation resolve to a claim of the verdict."""
    refs = [
        p.ref for prose in why(narrower, rows(narrower, criteria)) for p in prose if not isinstance(p, str)
    ]
    assert [(r.criterion, r.slice) for r in refs] == [
        ("invents_nothing", "topic=returns"),
        ("right_answer", "topic=billing"),
    ]


def test_not_yet_gives_its_price_slice_by_slice(make_claim, narrower):
    """The dearest open claim of a slice is its price, since a case answers every criterion."""
    claims = tuple(
        make_claim(
            name,
            part,
            passed=40,
            planned=50,
            state="not shown",
            more_needed=MoreNeeded(n, 0.9, 0.8, fresh=False),
        )
        for name, part, n in (("a", "topic=x", 30), ("b", "topic=x", 42), ("a", "topic=y", 7))
    )
    verdict = replace(narrower, verdict="not yet", claims=claims, scope=Scope(), reasons=())
    said = rows(verdict)
    assert needed(said) == "about 42 more cases in topic x and about 7 more cases in topic y"
    assert headline(verdict) == "Not yet: 3 of 3 claims are not shown."
    assert next_step(verdict, said).startswith("Gather and score about 42 more cases")


def test_no_claims_is_said_and_not_papered_over(narrower):
    """With nothing that decides, the explanation says that nothing decides."""
    verdict = replace(narrower, verdict="not yet", claims=(), scope=Scope(), reasons=())
    assert headline(verdict) == "Not yet: no goal or guardrail decides."


@calm
@given(data=st.data())
def test_no_sentence_promises_more_than_evidence_can(data, verdicts, criteria, launch, taxonomy, facts):
    """Over all verdicts, no sentence the narrative can make holds a banned word or a bare fraction."""
    verdict = data.draw(verdicts)
    said = rows(verdict, criteria)
    document = memo(launch, verdict, criteria, taxonomy, facts)
    texts = [
        headline(verdict),
        next_step(verdict, said),
        how_cautious(said),
        flat(what_would_change_it(verdict, said)),
    ]
    texts += (
        [line(row).text for row in said] + [flat(p) for p in why(verdict, said)] + [summary(load_line(said))]
    )
    texts += [array.words for row in said if (array := icon_array(row))]
    texts += [t for section in (*document.page, *document.appendix) for t in block_texts(section)]
    for text in texts:
        assert wording.banned(text) == []
        assert "nan" not in text.split()
        assert "%" not in text


@calm
@given(data=st.data())
def test_exploratory_evidence_never_holds_and_never_ships(data, verdicts, launch, taxonomy, criteria, facts):
    """No sentence about exploratory evidence says that a claim holds or that anything ships."""
    verdict = replace(
        data.draw(verdicts), verdict="not yet", would_be="ship", exploratory=True, reasons=(), notes=()
    )
    document = memo(launch, verdict, criteria, taxonomy, facts)
    texts = [t for section in (*document.page, *document.appendix) for t in block_texts(section)]
    assert any("exploratory and cannot confirm" in t for t in texts)
    for text in texts:
        assert not text.startswith(("Ship", "holds"))
