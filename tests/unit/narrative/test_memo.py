"""The memo as a tree."""

from __future__ import annotations

from dataclasses import replace

from shipworthy.domain.launch import Launch
from shipworthy.narrative.document import Bullets, Table, block_texts
from shipworthy.narrative.facts import FailureCount, Stage
from shipworthy.narrative.memo import EXPLORATORY, SAMPLE, memo
from shipworthy.narrative.prose import Number, flat


def section(document, name):
    """Return a section's texts as one."""
    return " ".join(block_texts(next(s for s in (*document.page, *document.appendix) if s.name == name)))


def test_the_first_page_of_a_typical_launch_is_short(launch, narrower, criteria, taxonomy, facts):
    """Four criteria on three slices fit on a page of 600 words."""
    assert memo(launch, narrower, criteria, taxonomy, facts).first_page_words() <= 600


def test_sections_stand_in_the_order_a_decision_is_read(launch, narrower, criteria, taxonomy, facts):
    """Question and answer first, the bad news before the plan, the box to sign last."""
    assert [s.name for s in memo(launch, narrower, criteria, taxonomy, facts).page] == [
        "bottom-line", "why", "tested", "wrong", "left-out", "cost", "going-live", "doubts", "decision"
    ]  # fmt: skip


def test_every_number_of_the_page_resolves_to_a_claim_of_the_appendix(
    launch, narrower, criteria, taxonomy, facts
):
    """A number carries criterion, slice and variant of a claim that the appendix prints with its counts."""
    document = memo(launch, narrower, criteria, taxonomy, facts)
    tables = [b for s in document.appendix for b in s.blocks if isinstance(b, Table)]
    printed = {row.ref for row in tables[0].rows}
    numbers = [
        part
        for s in document.page
        for b in s.blocks
        for prose in (
            b.items if hasattr(b, "items") else [c for r in getattr(b, "rows", ()) for c in r.cells]
        )
        if isinstance(prose, tuple)
        for part in prose
        if isinstance(part, Number)
    ]
    assert len(numbers) > 10
    assert {n.ref for n in numbers} <= printed


def test_the_appendix_accounts_for_every_planned_output(launch, narrower, criteria, taxonomy, facts):
    """Planned is passed, failed, unscored and no answer together, in every row."""
    document = memo(launch, narrower, criteria, taxonomy, facts)
    table = next(b for s in document.appendix for b in s.blocks if isinstance(b, Table))
    assert len(table.rows) == len(narrower.claims)
    for row in table.rows:
        planned, passed, failed, unscored, none = (int(row.cells[i][0].replace(",", "")) for i in range(3, 8))
        assert planned == passed + failed + unscored + none


def test_failures_are_counted_by_criterion_and_slice(launch, narrower, criteria, taxonomy, facts):
    """What goes wrong is a count for each slice, with unscored and no answer beside it."""
    said = section(memo(launch, narrower, criteria, taxonomy, facts), "wrong")
    assert (
        "right answer failed 6 of 110 (orders), 6 of 80 and 1 no answer (returns), 22 of 60 and 2 unscored"
        in said
    )
    assert "Nobody has counted them yet." in said


def test_counted_failure_modes_replace_the_bare_list(launch, narrower, criteria, taxonomy, facts):
    """Failure modes that people counted are given as counts with an example."""
    counted = replace(facts, failures=(FailureCount("invented-policy", 6, 28, "b-17"),))
    said = section(memo(launch, narrower, criteria, taxonomy, counted), "wrong")
    assert "By failure mode: invents a policy 6 of 28 read (for example case b-17)." in said


def test_the_table_keeps_the_closest_call_and_what_left_a_slice_out(
    launch, narrower, criteria, taxonomy, facts
):
    """The page shows for each promise its closest call inside the scope, then the claim that cost a slice."""
    document = memo(launch, narrower, criteria, taxonomy, facts)
    table = next(b for s in document.page if s.name == "tested" for b in s.blocks if isinstance(b, Table))
    assert [(r.ref.criterion, r.ref.slice) for r in table.rows] == [
        ("right_answer", "topic=returns"), ("invents_nothing", "topic=returns"), ("right_answer", "topic=billing")
    ]  # fmt: skip


def test_sample_material_and_exploration_are_noticed_at_the_top(launch, exploring, criteria, taxonomy, facts):
    """A reader meets both notices before anything else, and only where they apply."""
    assert memo(launch, exploring, criteria, taxonomy, facts).notices == (SAMPLE, EXPLORATORY)
    real = memo(
        launch, replace(exploring, exploratory=False), criteria, taxonomy, replace(facts, sample=False)
    )
    assert real.notices == ()


def test_nothing_goes_live_on_a_verdict_that_cannot_confirm(
    launch, exploring, narrower, criteria, taxonomy, facts
):
    """Stages are asked for when something ships, and nothing goes live on exploration."""
    assert "Nothing goes live" in section(memo(launch, exploring, criteria, taxonomy, facts), "going-live")
    assert "Before anybody signs" in section(memo(launch, narrower, criteria, taxonomy, facts), "going-live")
    staged = replace(
        facts, stages=(Stage("5 of 100 conversations", "100 drafts are read", "any invented policy"),)
    )
    said = section(memo(launch, narrower, criteria, taxonomy, staged), "going-live")
    assert said == "5 of 100 conversations. Next step when 100 drafts are read. Stop if any invented policy."


def test_an_empty_launch_still_has_a_memo(narrower, facts):
    """With nothing written in the brief the memo says what is missing and invents nothing."""
    document = memo(Launch(), narrower, (), (), replace(facts, date="", author="", to=""))
    assert document.title == "A launch without a title"
    assert "Nobody has written down what this is worth yet." in section(document, "why")


def test_where_a_mean_stops_counting_is_said_with_its_claim(launch, narrower, criteria, taxonomy, facts):
    """A mean cost counts nothing above its cap, and how many outputs may lie there carries the claim it comes from."""
    counted = memo(launch, narrower, criteria, taxonomy, facts).appendix[1]
    items = [item for block in counted.blocks if isinstance(block, Bullets) for item in block.items]
    means = [i for i, claim in enumerate(narrower.claims, 1) if claim.estimand == "mean"]

    assert [part.ref.number for item in items for part in item if isinstance(part, Number)] == means
    assert flat(items[0]) == (
        "cost on topic orders: no output counts for more than $0.25; at most 20 of 100 take that or more, "
        "and how much more is not known."
    )
