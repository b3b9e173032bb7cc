"""A small launch in which every page has something to show; what people and programs wrote in it may be hostile."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from sqlalchemy import select
from tests.review_launch import queue_for

from shipworthy.cli.main import run
from shipworthy.domain.review import Said
from shipworthy.services.accept import Wish, accept
from shipworthy.services.desk import Desk, desk_at
from shipworthy.services.interview_table import slug
from shipworthy.services.pressure_test import pressure_test
from shipworthy.services.read_item import read_item
from shipworthy.services.save_label import Saving, save_label
from shipworthy.services.set_from_failures import from_failures
from shipworthy.store.tables import explanations, outputs, scores, steps

OPEN, SEALED = 24, 60
NEW, OLD, TOPICS = "drafts", "macros", ("orders", "returns")
Tell = Callable[[str], str]
"""Returns what stands in a field: what it is given, or an attack in its place."""


def plain(text: str) -> str:
    """Return a text as it is."""
    return text


class Attacks:
    """Puts the next of some texts wherever a text belongs, and remembers how many were asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.told = 0

    def __call__(self, _text: str) -> str:
        """Return the next text."""
        self.told += 1
        return self.texts[(self.told - 1) % len(self.texts)]


def everything(folder: Path, tell: Tell = plain, *, until: Literal["read", "defended"] = "defended") -> Path:
    """Make the launch: brief, interviews, outputs read by two people, a lock, a look, a signature, a promise, an incident.

    Args:
        folder: to be made.
        tell: what stands in every field that takes a text.
        until: whether to stop before the lock.
    """
    (folder / "evalset").mkdir(parents=True)
    for name, content in (
        ("launch.yaml", _launch(tell)),
        ("criteria.yaml", _criteria(tell)),
        ("taxonomy.yaml", _taxonomy(tell)),
    ):
        (folder / name).write_text(_yaml(content), encoding="utf-8")
    _lines(folder / "evalset/cases.jsonl", _cases(tell))
    _interviews(folder, tell)
    for variant in (NEW, OLD):
        _bring(folder, variant, "explore", OPEN, tell)
    _behind_outputs(folder, tell)
    _read(folder, tell)
    from_failures(folder, NEW)
    if until == "defended":
        _after_the_look(folder, tell)
    return folder


def names_of(tell: Tell) -> tuple[str, str]:
    """Return the names of two reviewers."""
    return tell("Ada")[:60], tell("Bo")[:60]


def _launch(tell: Tell) -> dict[str, Any]:
    return {
        "title": tell("Inbox assistant"), "goal": tell("A customer is answered on the day of writing."),
        "decision": {"question": tell("Switch it on?"), "who": tell("head of support"), "by": dt.date(2027, 3, 1)},
        "if_nothing": tell("people go on choosing macros"), "users": [tell("customers"), tell("the people of support")],
        "job": {"when": tell("a message arrives"), "want": tell("send the rule"), "so_that": tell("nobody writes twice")},
        "today": tell("macros"), "alternative": tell("a search box"), "baseline": OLD, "candidate": NEW,
        "variants": {NEW: {"recorded": True}, OLD: {"recorded": True}},
        "value": {"unit": tell("message"), "low": 0.4, "likely": 0.7, "high": 1.1, "per_week": 1800, "basis": tell("a time study")},
        "harm": [{"event": tell("a rule that is not ours"), "who": tell("customer"), "low": 20, "high": 60}],
        "worst_case": tell("a refund is promised"), "good_enough": tell("three of four"),
        "not_worth_it_if": tell("fewer than three in four"),
        "assumptions": [{"id": "read", "statement": tell("drafts are read"), "test": tell("count what is sent unread")}],
        "premortem": {"together": dt.date(2026, 10, 1), "causes": [{"participant": tell("support"), "cause": tell("sent unread"), "early_sign": tell("quick sends"), "failure_mode": "next-door", "tripwire": tell("one in ten")}]},
        "slices": {"topic": {"by": "topic", "shares": {TOPICS[0]: 0.6, TOPICS[1]: 0.4}, "scope": True}, "spanish": {"where": {"language": "es"}}},
        "looks": "open",
    }  # fmt: skip


def _criteria(tell: Tell) -> list[dict[str, Any]]:
    said = {
        "pass": tell("it names the rule"),
        "fail": tell("it names another"),
        "borderline": tell("it names two"),
    }
    return [
        {"id": "right", "question": tell("Is the rule right?"), **said, "bar": {"at_least": 0.6, "why": tell("macros reach 61")}, "hoped_for": 0.95, "scorer": {"recorded": "passed"}, "failure_modes": ["next-door"]},
        {"id": "better", "kind": "diagnostic", "estimand": "difference", "bar": {"at_least": 0.0, "why": tell("else why")}, "scorer": {"recorded": "passed"}},
        {"id": "quick", "kind": "guardrail", "estimand": "quantile", "of": "latency_s", "quantile": 0.7, "bar": {"at_most": 9.0, "why": tell("patience")}},
    ]  # fmt: skip


def _taxonomy(tell: Tell) -> dict[str, Any]:
    return {
        "failure_modes": [
            {"id": "next-door", "name": tell("The rule next door"), "definition": tell("It quotes a rule that does not apply."), "includes": [tell("how much for when")], "excludes": [tell("another team")], "severity": "costly", "severity_reason": tell("we pay"), "who": tell("customer"), "controls": [{"kind": "detect", "what": tell("people read every draft")}], "owner": tell("support")},
            {"id": "vague", "name": tell("The message does not say"), "definition": tell("The words fit several rules."), "near_miss": [tell("a clear message")]},
            {"id": "rude", "name": tell("Rude"), "severity": "harmful"},
        ],
        "themes": [
            {"id": "waiting", "name": tell("Waiting"), "definition": tell("They wait and do not know how long."), "kind": "pain", "becomes": {"not_now": tell("a status page comes first")}},
            {"id": "search", "name": tell("Searching"), "includes": tell("typing words into the box"), "becomes": {"scope": tell("orders alone")}},
        ],
    }  # fmt: skip


def _cases(tell: Tell) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{part}-{i}", "input": tell(f"{part} {i}: where is my parcel?"), "expected": tell("Your parcel left."), "part": part,
            "tags": {"topic": TOPICS[i % 2], "language": "es" if i % 5 == 0 else "en", "mark": tell("usual")}, "source": tell("the inbox"),
        }
        for part, n in (("explore", OPEN), ("holdout", SEALED))
        for i in range(n)
    ]  # fmt: skip


def _interviews(folder: Path, tell: Tell) -> None:
    (folder / "interviews").mkdir()
    for n in (1, 2):
        words = f"I waited for a week. {' '.join(tell('nobody wrote').split())} Then I gave up.\n\nI searched twice."
        head = {
            "alias": tell(f"P{n}")[:60], "segment": tell("small shops"), "role": tell("buyer"), "interviewer": tell("Ann")[:60], "recruited_via": tell("a note"),
            "date": dt.date(2026, 9, 1), "consent": {"state": "given", "date": dt.date(2026, 9, 1), "scope": ["quote"], "method": tell("in writing")}, "pseudonymised": {"done": True},
        }  # fmt: skip
        (folder / f"interviews/P{n}.md").write_text(f"---\n{_yaml(head)}---\n\n{words}\n", encoding="utf-8")
        marks = [
            {"start": 0, "end": 20, "text": words[:20], "codes": ["waiting"], "kind": "did", "coder": tell("Ann")[:60], "note": tell("says it twice")},
            {"start": 0, "end": 8, "text": words[:8], "codes": ["search"], "kind": "wish", "quoted_as": tell("I waited long")},
        ]  # fmt: skip
        (folder / f"interviews/P{n}.excerpts.yaml").write_text(_yaml(marks), encoding="utf-8")
    for n, state in ((3, "missing"), (4, "given")):
        head = {
            "alias": f"P{n}",
            "segment": tell("shops"),
            "consent": {"state": state, "date": dt.date(2026, 9, 1)},
        }
        words = f"Ann: Hello {tell('Maria Lopez')}.\n\nMaria Lopez: Mail me at maria@corp.example."
        (folder / f"interviews/P{n}.md").write_text(f"---\n{_yaml(head)}---\n\n{words}\n", encoding="utf-8")


def _bring(folder: Path, variant: str, part: str, n: int, tell: Tell) -> None:
    every = 8 if variant == NEW else 3
    rows = [
        {"case": f"{part}-{i}", "output": tell(f"Your parcel left on day {i}."), "passed": bool(i % every), "latency_s": 0.5 + i % 7, "cost_usd": 0.001 * (1 + i % 5)}
        if i % 29 != 7 else {"case": f"{part}-{i}", "error": tell("no answer came")}
        for i in range(n)
    ]  # fmt: skip
    path = folder.parent / f"{folder.name}-{variant}-{part}.jsonl"
    _lines(path, rows)
    assert run(["import", str(path), "--launch", str(folder), "--variant", variant]) == 0


def _behind_outputs(folder: Path, tell: Tell) -> None:
    """Write what a run by our own runners leaves beside outputs: steps, and what a scorer said."""
    with desk_at(folder) as desk, desk.launch.ledger.write() as connection:
        for row in connection.execute(select(outputs)).mappings().all():
            key = {name: row[name] for name in ("variant_no", "case_no", "repeat", "attempt", "run_no")}
            turns = [
                {"role": "user", "content": tell("Where is it?")},
                {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": tell("find"), "arguments": tell("{}")}}]},
                {"role": "tool", "name": tell("find"), "tool_call_id": "1", "content": tell("on its way")},
            ]  # fmt: skip
            connection.execute(steps.insert().values(**key, text=json.dumps(turns)))
        for row in connection.execute(select(scores)).mappings().all():
            key = {name: value for name, value in row.items() if name not in ("answered", "value")}
            connection.execute(explanations.insert().values(**key, text=tell("names no rule")))


def _read(folder: Path, tell: Tell) -> None:
    """Let two people read the same outputs and differ on some."""
    queue_for(folder, n=16, overlap=1.0, name=tell("first reading")[:80])
    queue_for(folder, "asked", n=8, criterion="right")
    with desk_at(folder) as desk:
        for who, every in zip(names_of(tell), (3, 4), strict=True):
            for position in range(12):
                _label(desk, "first-reading", position, who, _said(position, every, tell))
            for position in range(4):
                _label(desk, "asked", position, who, Said("pass" if position else "fail", tell("hm")))


def _said(position: int, every: int, tell: Tell) -> Said:
    if position % every:
        return Said("pass")
    modes = ("next-door",) if position % 2 else ("vague", "rude")
    return Said("fail", tell(f"quotes rule {position}, which is another"), modes if position else (), 1)


def _label(desk: Desk, queue: str, position: int, who: str, said: Said) -> None:
    version = read_item(desk, queue, position, who).version
    save_label(desk, Saving(queue, position, who, said, version, f"{queue}-{slug(who)}-{position}"))


def run_the_holdout(folder: Path, tell: Tell = plain) -> None:
    """Bring in the outcomes of sealed cases, once the plan is locked."""
    for variant in (NEW, OLD):
        _bring(folder, variant, "holdout", SEALED, tell)


def _after_the_look(folder: Path, tell: Tell) -> None:
    """Lock, look, defend, sign, promise; a week later something happens."""
    assert run(["lock", str(folder)]) == 0
    run_the_holdout(folder, tell)
    who = tell("Ada")
    assert run(["decide", str(folder), "--yes"]) in (0, 10, 11, 12)
    _accept(folder, tell)
    assert run(["decide", str(folder), "--yes"]) in (0, 10, 11, 12)
    run(["memo", str(folder)])
    signed = (
        "--by",
        who,
        "--reverse-if",
        tell("the promise breaks"),
        "--review-on",
        "2027-04-15",
        "--dissent",
        f"Ben: {tell('too early')}",
    )
    assert run(["sign", str(folder), *signed]) == 0
    assert run(["promise", str(folder), "--owner", tell("Ada")]) == 0
    assert (
        run(
            [
                "incident",
                str(folder),
                "--what",
                tell("a refund was promised"),
                "--input",
                tell("After 40 days?"),
                "--expected",
                tell("No"),
                "--tag",
                f"topic={TOPICS[1]}",
            ]
        )
        == 0
    )


def _accept(folder: Path, tell: Tell) -> None:
    """Take upon somebody what blocks a ship."""
    for each in pressure_test(folder).challenged.blocking:
        reason = f"The messages of March are like those of April, and we read them all: {tell('so we go')}"
        accept(
            folder,
            Wish(each.rule.id, tell("Ada"), reason, dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20)),
        )


def _lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _yaml(content: object) -> str:
    text = io.StringIO()
    YAML(typ="safe").dump(content, text)
    return text.getvalue()
