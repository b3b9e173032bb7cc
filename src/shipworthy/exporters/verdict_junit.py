"""The verdict as JUnit XML: one test for each claim, one for each open challenge that blocks, one for the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.verdict import Verdict
from shipworthy.exporters.interface import Envelope
from shipworthy.narrative.claim import ClaimRow, line, rows
from shipworthy.narrative.explain import next_step, why
from shipworthy.narrative.headline import headline
from shipworthy.narrative.prose import flat
from shipworthy.narrative.text import plain

CLASS = "shipworthy.decide"
ASIDE = "decides nothing"
CANNOT = "would hold, and evidence that only explores cannot confirm it"


def verdict_junit(
    verdict: Verdict, criteria: Sequence[Criterion] = (), envelope: Envelope | None = None
) -> str:
    """Return the verdict for programs that read test reports.

    A claim that holds passes; one that does not hold or is not shown fails. What decides nothing is skipped, and so is
    what only would hold. The last test is the verdict: it passes only where `decide` exits with 0.

    Args:
        verdict: what to write.
        criteria: the criteria behind its claims.
        envelope: when given, its asides and journal head stand in the output of the suite.
    """
    said = rows(verdict, criteria)
    suite = ET.Element("testsuite", name="shipworthy decide")
    for row in said:
        _claim(suite, row, exploratory=verdict.exploratory)
    for name in verdict.blocked_by:
        _failed(_test(suite, f"challenge: {name}"), "an open challenge holds a ship back", name)
    last = _test(suite, "verdict")
    if verdict.exit_code:
        _failed(last, headline(verdict), "\n".join(flat(prose) for prose in why(verdict, said)))
    for kind, found in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        suite.set(kind, str(sum(1 for _ in suite.iter(found))))
    suite.set("errors", "0")
    ET.SubElement(suite, "system-out").text = _about(verdict, said, envelope)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _test(suite: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=CLASS, name=plain(name, 160))


def _failed(test: ET.Element, message: str, text: str) -> None:
    failure = ET.SubElement(test, "failure", message=plain(message, 400))
    failure.text = "\n".join(plain(each, 2000) for each in text.splitlines())


def _claim(suite: ET.Element, row: ClaimRow, *, exploratory: bool) -> None:
    test = _test(suite, f"{row.name}, {row.where}")
    if not row.claim.decides:
        ET.SubElement(test, "skipped", message=f"{ASIDE}: {plain(line(row).text, 400)}")
    elif row.state != "holds":
        _failed(test, row.state_words, "\n".join(part for part in (line(row).text, row.price) if part))
    elif exploratory:
        ET.SubElement(test, "skipped", message=CANNOT)


def _about(verdict: Verdict, said: Sequence[ClaimRow], envelope: Envelope | None) -> str:
    lines = [headline(verdict), f"Next: {next_step(verdict, said)}"]
    lines += [f"Note: {note}" for note in verdict.notes]
    lines += [f"plan {verdict.plan}", f"evidence {verdict.evidence}"]
    if envelope is not None:
        lines += [f"Beside it: {aside}" for aside in envelope.asides]
        lines += [f"journal {envelope.journal_head}"] if envelope.journal_head else []
    return "\n".join(plain(text, 1000) for text in lines)
