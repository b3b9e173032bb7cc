"""The memo in German: the same evidence as the English one, no English sentence, and nothing that was not shown."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from tests.unit.content.random_launches import Drawn
from tests.unit.narrative.test_memo_property import (
    FACTS,
    NAKED,
    counted,
    prose_of,
    spoken,
    wrongly_shipped,
)

from shipworthy.content.verifier import Report, Translation
from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.domain.verdict import SHIPS, Verdict
from shipworthy.exporters.html import memo_html
from shipworthy.exporters.markdown import memo_markdown
from shipworthy.exporters.memo_tree import memo_tree
from shipworthy.narrative.audience import ORDERS, for_audience
from shipworthy.narrative.catalogue.german import GERMAN
from shipworthy.narrative.document import Memo
from shipworthy.narrative.facts import FailureCount, Stage
from shipworthy.narrative.headline import headline
from shipworthy.narrative.memo import memo
from shipworthy.narrative.prose import Number
from shipworthy.narrative.wording import banned

ENGLISH_WORDS = re.compile(
    r"\b(?:the|of|and|not|is|are|were|with|would|could|each|which|that|than|from|this|these|cases|groups|shown|holds?|"
    r"yet|bar|evidence|failed|passed|look|times|about|more|only|every|nothing|nobody|how|what|where|why|when|least|most|"
    r"unscored|answer|planned|repeats|kept|left|out|corrected|within|better|worse|costs?|by|for|on|at|it)\b",
    re.IGNORECASE,
)
"""Common words that are English and no German."""
LIKELY = re.compile(
    r"\b(?:wahrscheinlich|vermutlich|vielleicht|möglicherweise|selten|meistens|fast)\b", re.IGNORECASE
)


def in_german(seed: int) -> tuple[Memo, Verdict]:
    """Return the German memo of a launch drawn from one seed, with the English one inside, and its verdict."""
    made = Drawn(seed)
    evidence, plan = made.evidence(), made.plan
    groups = sum(n for _, n in next(iter(evidence.tallies.values())).groups)
    verdict = evaluate(plan, evidence, Look(1, groups))
    german, english = (
        memo(made.launch, verdict, plan.criteria, (), FACTS, *language) for language in ((GERMAN,), ())
    )
    return replace(german, in_english=english), verdict


def parted(document: Memo, verdict: Verdict) -> list[str]:
    """Return where a German memo has other numbers, claims, states or another verdict than its English one."""
    report, tree = Report(), memo_tree(document)
    claims = {"verdict": verdict.verdict, "blocked_by": list(verdict.blocked_by)}
    Translation(tree, tree["in_english"], claims, report).check()
    return [line for line in report.lines if line.startswith("DOES NOT")]


def english_left(document: Memo, own: set[str]) -> list[str]:
    """Return texts of a German memo, in every format's words, with a word that only English has.

    Args:
        document: the memo.
        own: what people wrote: names and sentences, which stay as they are.
    """
    said = [
        *spoken(document),
        *document.notices,
        *(part for line in (*document.heading, *document.foot) for part in line),
    ]
    said += [section.title for section in (*document.page, *document.appendix)]
    said += re.findall(r"<(?:title|desc|figcaption|text|th|h1|h2|dt)[^>]*>([^<]+)<", memo_html(document))
    found = []
    for text in said:
        left = text
        for words in sorted(own, key=len, reverse=True):
            left = re.sub(re.escape(words), "…", left, flags=re.IGNORECASE)
        found += [f"{hit[0]}: {text}" for hit in ENGLISH_WORDS.finditer(left)]
    return found


def sins(seed: int) -> list[str]:
    """Return everything that the German memo of one seed should not say."""
    document, verdict = in_german(seed)
    texts = spoken(document)
    found = [f"banned: {text}" for text in texts if banned(text, GERMAN)]
    found += [f"naked: {text}" for text in texts if NAKED.search(text) or "Prozent" in text]
    found += [
        f"likelihood: {t}"
        for t in texts
        if LIKELY.search(t) and not re.search(r"\d", t) and t != "Vermutlich"
    ]
    by_number = dict(enumerate(verdict.claims, 1))
    numbers = [
        part
        for s in document.page
        for b in s.blocks
        for prose in prose_of(b)
        for part in prose
        if isinstance(part, Number)
    ]
    for part in numbers:
        known = {n.replace(",", ".") for n in counted(by_number[part.ref.number])} | {"100"}
        whole = [total for _, total in re.findall(r"([\d.,]+) von (\d+(?:\.\d{3})*)", part.text)]
        found += [f"no evidence: {part.text}" for total in whole if total not in known]
    found += [f"shipped: {text}" for text in wrongly_shipped(verdict)]
    if headline(verdict, GERMAN).startswith(("Freigeben", "Eingeschränkt freigeben")) != (
        verdict.verdict in SHIPS
    ):
        found.append(f"headline: {headline(verdict, GERMAN)}")
    found += english_left(document, {"new", "old", "right", "better", "steady", "a beliebige"})
    return [f"seed {seed}: {each}" for each in (*found, *parted(document, verdict))]


def test_german_memos_say_nothing_that_was_not_shown_and_nothing_in_english():
    """Over launches drawn at random: no banned word, no naked percentage, every number the English one's, no English."""
    assert [sin for seed in range(12) for sin in sins(seed)] == []


@pytest.mark.campaign
@pytest.mark.parametrize("first", range(0, 500, 125))
def test_five_hundred_german_memos_say_nothing_that_was_not_shown(first):
    """The same over five hundred."""
    assert [sin for seed in range(first, first + 125) for sin in sins(seed)] == []


@pytest.fixture
def german(launch, narrower, criteria, taxonomy, facts):
    """Return the German memo of the launch built by hand, with everything in it that a memo may have, and the English one inside."""
    more = replace(
        facts,
        sample=True,
        challenges=("RUN-10 Looked again: the first run broke off (Ada, until 2027-03-01)",),
        failures=(FailureCount("invented_rule", 2, 36, "returns-118"),),
        stages=(Stage("für 5 von 100", "100 gelesen sind", "eine Regel erfunden ist"),),
        quote="Ich lese es immer.",
        review_on="2027-06-01",
    )
    made = [memo(launch, narrower, criteria, taxonomy, more, *language) for language in ((GERMAN,), ())]
    return replace(made[0], in_english=made[1])


def test_every_number_of_the_english_memo_stands_in_the_german_one(german, narrower):
    """Sentence by sentence, cell by cell, figure by figure: the same numbers of the same claims."""
    assert parted(german, narrower) == []


def test_a_changed_number_a_changed_state_and_a_changed_verdict_are_seen(german, narrower):
    """Each of three lies in the German words alone is named."""
    tree = memo_tree(german)
    lead = next(b for s in tree["page"] for b in s["blocks"] if b["kind"] == "paragraph" and b["lead"])
    rows = next(b for s in tree["page"] for b in s["blocks"] if b["kind"] == "table")["rows"]
    lead["prose"][0]["text"] = lead["prose"][0]["text"].replace("Eingeschränkt freigeben", "Freigeben")
    last = next(row for row in rows if row["state"] == "does not hold")["cells"][-1]
    last[0]["text"] = "gilt"
    rows[0]["cells"][3][0]["text"] += " und 7 mehr"
    report = Report()
    Translation(tree, tree["in_english"], {"verdict": narrower.verdict, "blocked_by": []}, report).check()
    told = Counter(
        kind
        for line in report.lines
        if line.startswith("DOES NOT")
        for kind in ("it begins", "stands for does not hold", "has other numbers")
        if kind in line
    )
    assert told == {"it begins": 1, "stands for does not hold": 1, "has other numbers": 1}


def test_what_holds_back_a_ship_is_named_in_german(launch, narrower, criteria, taxonomy, facts):
    """An open challenge stands in the headline and among the doubts by its German title."""
    held = replace(narrower, blocked_by=("RUN-09 Seen above the bar, and not shown",))
    document = memo(launch, held, criteria, taxonomy, facts, GERMAN)
    told = " ".join(spoken(document))
    assert (
        "Aufgehalten durch 1 offenen Einwand: RUN-09 Über der Messlatte gesehen, und nicht gezeigt." in told
    )
    assert "Offen: RUN-09 Über der Messlatte gesehen, und nicht gezeigt." in told
    assert "Erst 1 offenen Einwand beantworten" in told


@pytest.mark.parametrize("audience", ORDERS)
def test_every_audience_reads_german_and_the_english_inside_is_ordered_alike(german, narrower, audience):
    """Order and omissions are those of the audience in both; whoever is outside reads no names of people."""
    seen = for_audience(german, audience)
    assert parted(seen, narrower) == []
    assert seen.language is GERMAN
    if audience == "public":
        assert "Geschrieben für Außenstehende" in seen.notices[-1]
        assert not {"An", "Von"} & {label for label, _ in seen.heading}


def test_documents_carry_their_language(german):
    """The page says `de`, its headings are German, and the tree names its language; English trees stay as they were."""
    page, text, tree = memo_html(german), memo_markdown(german), memo_tree(german)
    assert '<html lang="de">' in page
    assert "<h1>Anhang</h1>" in page
    assert "# Anhang" in text
    assert tree["language"] == "de"
    assert german.in_english is not None
    assert set(memo_tree(german.in_english)) == set(tree) - {"language", "in_english"}


def test_an_english_word_in_a_german_memo_is_seen(german):
    """A heading left in English, and one word of a notice, are found: the check is not blind."""
    broken = replace(german, notices=(*german.notices, "Nur erkundet, and nothing more."))
    assert {each.split(":")[0] for each in english_left(broken, set())} >= {"and", "nothing", "more"}
