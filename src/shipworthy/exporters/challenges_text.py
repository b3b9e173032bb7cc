"""The sceptic's challenges on a terminal: five at a time, each with what it saw, why it matters and one remedy."""

from __future__ import annotations

from collections.abc import Mapping

from shipworthy.coach.facts import Facts
from shipworthy.coach.next_step import Step
from shipworthy.coach.rule import Rule, Severity, counted
from shipworthy.coach.sceptic import SHOWN, Challenged, Finding, Readiness
from shipworthy.coach.voices import Voice, heard, question
from shipworthy.domain.article import Article
from shipworthy.exporters.terminal import bold, wrapped

SIGN: dict[Severity, str] = {"blocks": "✕", "warns": "◇", "notes": "·"}
WORD: dict[Severity, str] = {
    "blocks": "holds back a ship",
    "warns": "mend it, or accept it by name",
    "notes": "advice",
}


def challenges_text(
    challenged: Challenged,
    facts: Facts,
    ready: tuple[Readiness, ...] = (),
    *,
    everything: bool = False,
    voice: Voice | None = None,
    articles: Mapping[str, Article] | None = None,
    colour: bool = False,
) -> str:
    """Return the challenges as plain text of at most 80 columns.

    Args:
        challenged: what was found.
        facts: of which launch.
        ready: the five parts, the weakest first.
        everything: show all of them, and what could not be asked.
        voice: who asks.
        articles: by the id of a rule what the library says of it.
        colour: True where the reader's terminal shows it.
    """
    ordered = heard(challenged.findings, voice)
    shown = ordered if everything else tuple(found for found in ordered if found.is_open)[:SHOWN]
    lines = wrapped(summary(challenged))
    for found in shown:
        lines += ["", *_finding(found, facts, voice, colour=colour)]
        lines += _read((articles or {}).get(found.rule.id), indent="    ")
    more = len(challenged.open) - len([found for found in shown if found.is_open])
    if more > 0:
        lines += ["", *wrapped(f"{more} more: shipworthy pressure-test {facts.folder} --all")]
    if ready:
        lines += ["", *readiness_lines(ready)]
    if everything and challenged.not_asked:
        lines += ["", "Not asked, because it is not recorded"]
        by_fact: dict[str, list[str]] = {}
        for rule, lacks in challenged.not_asked.items():
            by_fact.setdefault(", ".join(lacks).replace("_", " "), []).append(rule)
        for fact, rules in by_fact.items():
            lines += wrapped(f"{fact}: {', '.join(rules)}", indent="  ")
    return "\n".join(lines) + "\n"


def _read(article: Article | None, *, indent: str) -> list[str]:
    """Return where to read about it; nothing where the library does not speak of it."""
    if article is None:
        return []
    lines = wrapped(f"Read: {article.head.title}", indent=indent)
    return [*lines, f"{indent}    $ shipworthy learn {article.slug}"]


def _typed(command: str) -> str:
    """Return a command as it is typed; what begins with an editor is said, not typed."""
    return f"$ {command}" if command.startswith("shipworthy ") else command


def summary(challenged: Challenged) -> str:
    """Return how many challenges are open, what they do, and how many questions could not be asked."""
    count = {severity: sum(f.severity == severity for f in challenged.open) for severity in SIGN}
    accepted = len(challenged.findings) - len(challenged.open)
    said = f"{counted(len(challenged.open), 'open challenge')}: {count['blocks']} hold back a ship, {count['warns']} warn, {count['notes']} advise"
    if accepted:
        said += f"; {accepted} accepted"
    return f"{said}. {challenged.asked} rules asked, {len(challenged.not_asked)} not: what they need is not recorded."


def _finding(found: Finding, facts: Facts, voice: Voice | None, *, colour: bool) -> list[str]:
    rule = found.rule
    head = f"{SIGN[found.severity]} {rule.id} {rule.title} ({WORD[found.severity]})"
    lines = [bold(line, colour=colour) for line in wrapped(head)]
    lines += wrapped(f"“{question(found, voice)}”", indent="    ")
    lines += wrapped(f"Saw: {found.saw.text}.", indent="    ")
    lines += wrapped(f"Why: {rule.matters}", indent="    ")
    lines += wrapped(f"Do: {rule.fix}", indent="    ")
    lines += wrapped(_typed(rule.command.format(folder=facts.folder)), indent="        ")
    if found.accepted is not None:
        kept = found.accepted
        lines += wrapped(
            f"Accepted by {kept.name} until {kept.until.isoformat()}: {kept.reason}", indent="    "
        )
    return lines


def readiness_lines(ready: tuple[Readiness, ...]) -> list[str]:
    """Return the five parts, the weakest first, in counts."""
    lines = (
        [f"Weakest: {ready[0].area}"]
        if ready[0].blocks + ready[0].warns + ready[0].notes
        else ["Nothing open"]
    )
    for part in ready:
        known = f"; {part.not_asked} not asked" if part.not_asked else ""
        lines += wrapped(
            f"{part.area}: {part.blocks} block, {part.warns} warn, {part.notes} advise{known}", indent="  "
        )
    return lines


def rule_text(rule: Rule, facts: Facts | None = None) -> str:
    """Return everything a rule says of itself."""
    folder = facts.folder if facts else "my-launch"
    needs = (
        f"It needs to know: {', '.join(rule.needs)}." if rule.needs else "It reads the files of the launch."
    )
    parts = [
        f"{rule.id} {rule.title} ({rule.severity}: {WORD[rule.severity]})", f"“{rule.asks}”", f"Finds: {rule.saw.__doc__ or ''}",
        f"Why: {rule.matters}", f"Do: {rule.fix} {rule.command.format(folder=folder)}", f"{needs} Source: {rule.source}.",
    ]  # fmt: skip
    return "\n".join(line for part in parts for line in wrapped(part)) + "\n"


def step_text(
    step: Step, ready: tuple[Readiness, ...] = (), *, article: Article | None = None, colour: bool = False
) -> str:
    """Return the one next step as plain text of at most 80 columns.

    Args:
        step: the step.
        ready: the five parts, the weakest first.
        article: what the library says of it.
        colour: True where the reader's terminal shows it.
    """
    lines = [bold(line, colour=colour) for line in wrapped(f"{step.phase}: {step.do}")]
    lines += wrapped(f"Why: {step.why}", indent="  ")
    lines += wrapped(f"About {step.minutes} minutes.", indent="  ")
    lines += wrapped(_typed(step.command), indent="  ")
    for other in step.instead:
        lines += wrapped(f"Or {other}", indent="  ")
    lines += _read(article, indent="  ")
    if ready:
        lines += ["", *readiness_lines(ready)]
    return "\n".join(lines) + "\n"
