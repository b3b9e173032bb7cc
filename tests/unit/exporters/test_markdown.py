"""Memo and verdict as Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.domain.launch import Launch
from shipworthy.exporters.interface import Envelope
from shipworthy.exporters.markdown import memo_markdown
from shipworthy.exporters.markdown_text import escaped
from shipworthy.exporters.verdict_markdown import verdict_markdown
from shipworthy.narrative.claim import rows
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.memo import memo

calm = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
LIVE = re.compile(r"(?<!\\)[`|<>\[\]~]|(?<!\\)\*|://|@\w|www\.|(?<![\\&])#\d", re.IGNORECASE)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>", "a|b", "`x`", "```\ncode", "[x](javascript:alert(1))", "![x](http://x.y/z.png)",
        "http://evil.example", "www.evil.example", "@everyone", "#12", "<!-- -->", "\\`x\\`", "**bold**", "~~gone~~",
    ],
)  # fmt: skip
def test_no_foreign_text_becomes_markup(attack):
    """What means something to Markdown or GitHub is shown as the characters it is."""
    assert not LIVE.search(escaped(attack).replace("&#8203;", "\u200b").replace("\\\\", ""))


@pytest.mark.parametrize("text", ["- item", "+ item", "1. item", "12) item", "=== ", "# head", "> quote"])
def test_no_foreign_text_becomes_a_block(text):
    """A line that starts like a list, heading or quote is still a sentence."""
    assert re.match(r"\\|\d+\\|&gt;", escaped(text))


def test_plain_sentences_stay_readable():
    """Numbers and full stops are left as they are."""
    assert escaped("95.4 of 100 (topic), 2.5 in 100.") == "95.4 of 100 (topic), 2.5 in 100."


def test_every_claim_stands_in_both_with_its_counts(launch, narrower, criteria, taxonomy, facts):
    """The comment and the memo's appendix print each claim's counts."""
    comment = verdict_markdown(narrower, criteria)
    document = memo_markdown(memo(launch, narrower, criteria, taxonomy, facts))
    for row in rows(narrower, criteria):
        assert f"| {escaped(row.name)} | {escaped(row.where)} |" in comment
        assert row.counts in comment
        c = row.claim
        counts = f"{c.planned} | {c.passed} | {c.failed} | {c.unscored} | {c.no_answer} |"
        assert f"| {row.ref.number} | {escaped(row.name)} | {escaped(row.where)} | {counts}" in document


def test_the_comment_opens_with_the_verdict_and_names_its_journal(narrower):
    """A pull request shows the verdict first and where it can be checked last."""
    said = verdict_markdown(narrower, (), Envelope("77d0c4e1b2aa9f03", "", "0.1.0")).splitlines()
    assert said[0].startswith("**Ship narrower: only orders and returns")
    assert said[-1].endswith("journal 77d0c4e1b2aa, Shipworthy 0.1.0")


@calm
@given(data=st.data())
def test_hostile_verdicts_keep_the_table_whole(data, hostile_verdicts):
    """No name adds a column, a row, a tag or a link."""
    verdict = data.draw(hostile_verdicts)
    lines = verdict_markdown(verdict).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + len(verdict.claims)
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 7 for line in table)
    assert not any(re.search(r"<|(?<!\\)(?:\\\\)*[`\[]|://", line) for line in lines)


@calm
@given(data=st.data(), text=st.sampled_from(["<img src=x onerror=1>", "x" * 10_000, "a|b\n# c", "[a](b)"]))
def test_hostile_launches_make_no_markup_in_the_memo(data, text, hostile_verdicts):
    """Title, goal and facts of a launch are text as well."""
    launch = Launch(title=text, goal=text, baseline=text, not_worth_it_if=text, users=[text])
    facts = Facts(author=text, to=text, quote=text, challenges=(text,), journal_head=text)
    said = memo_markdown(memo(launch, replace(data.draw(hostile_verdicts)), (), (), facts))
    for line in said.splitlines():
        rest = re.sub(r"^(> |- \[ \] )", "", line)
        assert not re.search(r"<|(?<!\\)(?:\\\\)*[`\[]|://", rest)
        assert len(line) < 20_000
