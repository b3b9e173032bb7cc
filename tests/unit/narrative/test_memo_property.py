"""Memos of verdicts that the product computed on launches drawn at random: what none of them may ever say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pytest
from tests.unit.content.random_launches import Drawn

from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import SHIPS, Claim, Verdict
from shipworthy.narrative.document import Block, Bullets, Memo, Paragraph, Table, block_texts
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.headline import headline
from shipworthy.narrative.memo import memo
from shipworthy.narrative.prose import Number, Prose
from shipworthy.narrative.wording import banned

FACTS = Facts(date="2027-01-02", author="", locked="2027-01-02", journal_head="c" * 64, version="0")
NAKED = re.compile(r"\d\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
LIKELIHOOD = re.compile(r"\b(?:likely|probably|perhaps|possibly|rarely|usually|almost)\b", re.IGNORECASE)
DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def drawn(seed: int) -> tuple[Memo, Verdict, tuple[Criterion, ...]]:
    """Return the memo of a launch drawn from one seed, its verdict and its bars."""
    made = Drawn(seed)
    evidence, plan = made.evidence(), made.plan
    groups = sum(n for _, n in next(iter(evidence.tallies.values())).groups)
    verdict = evaluate(plan, evidence, Look(1, groups))
    return memo(made.launch, verdict, plan.criteria, (), FACTS), verdict, plan.criteria


def spoken(document: Memo) -> list[str]:
    """Return every sentence, cell and caption of a memo."""
    return [text for section in (*document.page, *document.appendix) for text in block_texts(section)]


def prose_of(block: Block) -> Iterator[Prose]:
    """Yield the sentences of a block; of a table its cells."""
    if isinstance(block, Paragraph):
        yield block.prose
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, Table):
        yield from (cell for row in block.rows for cell in row.cells)


def counted(claim: Claim) -> set[str]:
    """Return every count of a claim as it is printed."""
    whole = [
        claim.planned,
        claim.passed,
        claim.failed,
        claim.unscored,
        claim.no_answer,
        claim.groups,
        claim.cases,
    ]
    return {
        f"{n:,}" for n in (*whole, *(claim.flips or {}).values(), claim.judge.labels if claim.judge else 0)
    }


def without_evidence(document: Memo, verdict: Verdict) -> list[str]:
    """Return the numbers of the page that lead to no claim, or whose counts that claim does not have."""
    by_number = dict(enumerate(verdict.claims, 1))
    found = []
    for block in (block for section in document.page for block in section.blocks):
        for part in (part for prose in prose_of(block) for part in prose if isinstance(part, Number)):
            claim = by_number.get(part.ref.number)
            counts = re.findall(r"(\d+(?:,\d{3})*) of (\d+(?:,\d{3})*)", part.text)
            known = counted(claim) | {"100"} if claim else set()
            if claim is None or any(whole not in known for _, whole in counts):
                found.append(part.text)
    return found


def loose(document: Memo, verdict: Verdict, criteria: Sequence[Criterion]) -> list[str]:
    """Return sentences of the letter with a digit outside every number, where no fact of the plan has that digit."""
    deciding = [claim for claim in verdict.claims if claim.decides]
    known = {"100", "1", "80", "90", "95", "2027", "01", "02", f"{len(verdict.claims):,}"}
    known |= {f"{len(deciding):,}", *(f"{n:,}" for n in range(len(deciding) + 1))}
    known |= {text for claim in verdict.claims for text in counted(claim)}
    known |= {f"{claim.more_needed.cases:,}" for claim in verdict.claims if claim.more_needed}
    known |= {f"{claim.cases + other.cases:,}" for claim in deciding for other in deciding}
    levels = {f"{float(f'{100 * round(1 - claim.level, 9):.2g}'):g}" for claim in verdict.claims}
    shares = {str(round(100 * share)) for share in (verdict.scope.traffic_share,) if share is not None}
    bars = {f"{round(100 * c.bar.value, 6):g}".lstrip("-") for c in criteria} | {
        f"{c.bar.value:g}" for c in criteria
    }
    bars |= {f"{100 * c.quantile:g}" for c in criteria if c.quantile} | {"5", "10"}
    bars |= {f"{c.bar.value:,.2f}" for c in criteria}
    assumed = {
        f"{round(100 * c.more_needed.assuming, d):g}" for c in verdict.claims if c.more_needed for d in (0, 1)
    }
    total = {
        f"{sum(c.cases for c in deciding if c.criterion == name):,}"
        for name in {c.criterion for c in deciding}
    }
    fine = known | levels | shares | bars | assumed | total
    noted = {f"{note.rstrip('.')}.".casefold() for note in verdict.notes}  # what the evidence says of itself
    found = []
    for section in document.page:
        if section.name in ("tested", "why", "decision"):
            continue  # the table's bars and the brief's own words
        for block in section.blocks:
            for prose in prose_of(block):
                for part in prose:
                    if isinstance(part, str) and part.casefold() not in noted:
                        found += [part for digits in DIGITS.findall(part) if digits.rstrip(",.") not in fine]
    return found


def wrongly_shipped(verdict: Verdict) -> list[str]:
    """Return what is not shown inside the scope of a ship."""
    if verdict.verdict not in SHIPS:
        return []
    outside = {out.slice for out in verdict.scope.excluded}
    return [
        f"{claim.criterion} on {claim.slice}: {claim.state}"
        for claim in verdict.claims
        if claim.decides and claim.slice not in outside and claim.state != "holds"
    ]


def sins(seed: int) -> list[str]:
    """Return everything that the memo of one seed should not say."""
    return sins_of(seed, *drawn(seed))


def sins_of(seed: int, document: Memo, verdict: Verdict, criteria: Sequence[Criterion]) -> list[str]:
    """Return everything that a memo drawn from a seed should not say."""
    texts = spoken(document)
    found = [f"banned: {text}" for text in texts if banned(text)]
    found += [f"naked: {text}" for text in texts if NAKED.search(text)]
    found += [
        f"likelihood: {t}"
        for t in texts
        if LIKELIHOOD.search(t) and not DIGITS.search(t) and t != "Likely" and "Most likely" not in t
    ]
    found += [f"no evidence: {text}" for text in without_evidence(document, verdict)]
    found += [f"loose: {text}" for text in loose(document, verdict, criteria)]
    found += [f"shipped: {text}" for text in wrongly_shipped(verdict)]
    if headline(verdict).startswith("Ship") != (verdict.verdict in SHIPS):
        found.append(f"headline: {headline(verdict)}")
    return [f"seed {seed}: {each}" for each in found]


def test_memos_say_nothing_that_was_not_shown():
    """No banned word, no naked percentage, no number without a claim, no ship over a guardrail that is not shown."""
    assert [sin for seed in range(20) for sin in sins(seed)] == []


@pytest.mark.campaign
@pytest.mark.parametrize("first", range(0, 1000, 250))
def test_a_thousand_memos_say_nothing_that_was_not_shown(first):
    """The same over a thousand verdicts; of each quarter some ship, some ship narrower, some refuse and some are open."""
    said = {seed: drawn(seed) for seed in range(first, first + 250)}

    assert [sin for seed, made in said.items() for sin in sins_of(seed, *made)] == []
    assert {verdict.verdict for _, verdict, _ in said.values()} == {
        "ship", "ship narrower", "not yet", "do not ship",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [("It proves it.", "banned"), ("92% pass.", "naked"), ("It will probably hold.", "likelihood")],
)
def test_the_checks_see_what_they_look_for(text, kind):
    """Planted in a sentence, each of the three is seen: the checks above are not blind."""
    seen = {
        "banned": bool(banned(text)),
        "naked": bool(NAKED.search(text)),
        "likelihood": bool(LIKELIHOOD.search(text)),
    }
    assert [name for name, there in seen.items() if there] == [kind]
