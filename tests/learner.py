"""A scripted learner of the course, who knows what was planted and does with it what a test says."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

from ruamel.yaml import YAML
from tests.conftest import Said

from shipworthy.store.course_file import read_truth

Ship = Callable[..., Said]
TRUTH = read_truth()
SAYS = {
    "wrong-price": "the sum is not the one in our rules",
    "promises-cover": "says that we pay for the repair",
    "wrong-language": "answered in English to a German or Spaniard",
    "half-answered": "only the first of two questions is answered",
    "says-nothing": "no answer in it at all, only thanks",
}
"""What the learner notes on each way to fail."""


def reads(
    ship: Ship,
    folder: Path,
    *,
    n: int = 60,
    fails: Callable[[str, str], bool] = lambda _, planted: bool(planted),
    note: Callable[[str], str] = lambda planted: SAYS.get(planted, "words that I would not use myself"),
) -> None:
    """Label drafts as `fails` says of case and planted way, with a note on each that fails."""
    rows = []
    for case, planted in list(TRUTH.drafts.items())[:n]:
        failing = fails(case, planted)
        row = {"case": case, "variant": "drafts", "reviewer": "ada", "state": "fail" if failing else "pass"}
        rows.append({**row, "note": note(planted)} if failing else row)
    file = folder.parent / "labels.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = ship("look", "import", folder, file)
    assert done.code == 0, done.err


def names(ship: Ship, folder: Path, groups: dict[str, list[str]], *, definition: str = "") -> None:
    """Add failure modes and give them drafts."""
    for name, cases in groups.items():
        said = definition or f"the draft shows what we call {name} here"
        assert ship("taxonomy", "add", folder, name, "--id", name, "--definition", said).code == 0
        if cases:
            done = ship("taxonomy", "group", folder, name, *cases, "--as", "ada")
            assert done.code == 0, done.err


def planted(*ways: str) -> list[str]:
    """Return the cases whose draft fails in one of these ways."""
    return [case for case, way in TRUTH.drafts.items() if way in ways]


OWNER = """
- id: right
  question: Could the shop send the draft as it stands?
  pass: the sum is the one in the rules
  fail: the sum is another
  estimand: judged_rate
  bar: {at_least: 0.8, why: below it the owner answers everything again}
  hoped_for: 0.95
  scorer: {recorded: judge}
  labels: {recorded: human, chosen: random}
  slices: [topic]
- id: no_promise
  kind: guardrail
  question: Does the draft promise no insurance?
  pass: says that the customer pays the repair
  fail: says that we are insured
  bar: {at_least: 0.9, why: one in ten while drafts are read}
  hoped_for: 0.99
  scorer: {recorded: promises_nothing}
  slices: [topic]
- id: quick
  kind: guardrail
  question: Is the draft there within three seconds?
  estimand: quantile
  of: latency_s
  quantile: 0.95
  bar: {at_most: 3.0, why: the owner does not wait for longer}
"""
"""Criteria that say what the owner said."""
SHOWN = """# Ship narrower

Only hire and returns; damage is left out. Of 100 drafts on hire at least 92 or 93 could be sent as they stand.
"""


def takes_in(folder: Path, *, grouped: bool = True) -> None:
    """Move the new messages into the eval set, and let those of one customer stand together."""
    pool = folder / "material/pool.jsonl"
    rows = [json.loads(line) for line in pool.read_text(encoding="utf-8").splitlines()]
    group = {case: f"c-{number}" for number, pair in enumerate(TRUTH.twins) for case in pair}
    for row in rows:
        if grouped and row["id"] in group:
            row["group"] = group[row["id"]]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "evalset/pool.jsonl").write_text(text, encoding="utf-8")
    pool.unlink()


def locks(
    ship: Ship, folder: Path, *, criteria: str = OWNER, grouped: bool = True, holdout: str = "0.8"
) -> None:
    """Write criteria, take the messages in, split and lock."""
    (folder / "criteria.yaml").write_text(criteria, encoding="utf-8")
    takes_in(folder, grouped=grouped)
    done = ship("set", "split", folder, "--holdout", holdout)
    assert done.code == 0, done.err
    done = ship("lock", folder)
    assert done.code == 0, done.err


def proves(ship: Ship, folder: Path, *, shown: str = SHOWN) -> None:
    """Bring outcomes and labels in, look once, and write what it showed."""
    for tokens in (
        ("import", folder / "material/outcomes.csv", "--launch", folder, "--variant", "drafts"),
        ("label", folder / "material/labels.csv", "--launch", folder),
    ):
        done = ship(*tokens)
        assert done.code == 0, done.err
    assert ship("decide", folder, "--yes").code in (10, 11)
    (folder / "shown.md").write_text(shown, encoding="utf-8")


TALKS = {"P1": "first", "P2": "second", "P3": "third"}
DID = {"P1": "In the end I hired at the station instead", "P2": "I paid for the lever"}


def asks(
    ship: Ship, folder: Path, *, back: str = "P3", guess: str = "opinion", raw: bool = False, did: str = "did"
) -> None:
    """Bring talks in, take one back, replace names, code what two people did and one guess."""
    for name, file in TALKS.items():
        talk = folder / f"material/talks/{file}.txt"
        words = ("--interviewer", "Ines", "--consent", "given", "--method", "recorded", "--scope", "quote")
        assert ship("interview", "import", folder, talk, "--name", name, *words).code == 0
        if not raw:
            talk.unlink()
    assert ship("interview", "withdraw", folder, back, "--yes").code == 0
    for name in TALKS:
        if name != back:
            assert ship("interview", "pseudonymise", folder, name, "--yes").code == 0
    for name, said in DID.items():
        if name != back:
            code = ("--code", "lost", "--kind", did, "--new")
            assert ship("interview", "code", folder, name, said, *code).code == 0
    if back != "P1":
        code = ("--code", "chat", "--kind", guess, "--new")
        assert ship("interview", "code", folder, "P1", "I would probably use a chat", *code).code == 0


REASONS = {
    "FRM-02": "The shop answers by hand today; nobody wants that back, so no other way is compared.",
    "CRT-01": "Both questions come from what the owner said, word for word, in the brief of the shop.",
    "SET-07": "All messages came through the one form that the shop has on its page.",
}
BRIEF = """
not_worth_it_if: fewer than 7 of 10 replies about hire are right
value: {unit: reply, low: 0.5, likely: 1.0, high: 2.0, per_week: 200, basis: the owner timed forty replies}
"""
"""What closes two gaps of the brief."""
OUTDATED = "how late may I bring the bike back on Monday?"


def owns(
    ship: Ship,
    folder: Path,
    *,
    reasons: dict[str, str] = REASONS,
    undo: str = "fewer than 48 of 60 audited replies of a week are right",
    chosen: str = "ship narrower",
    ends: str = "pause",
    source: str = "sixty replies a week, drawn by chance, read by the owner",
    outside: bool = False,
    weeks: int = 4,
    softer: bool = False,
    blames: str = "right-topic-returns",
    mode: str = "outdated",
    tag: str = "topic=returns",
    differently: str = "I would have asked the counter each Monday which of the rules on the wall are new.",
    redact: bool = True,
) -> None:
    """Answer challenges, sign, promise, take audits in, write the incident and the last page."""
    file = folder / "launch.yaml"
    file.write_text(file.read_text(encoding="utf-8") + BRIEF, encoding="utf-8")
    until = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=40)).isoformat()
    for rule, reason in reasons.items():
        _done(ship, "accept", rule, folder, "--name", "Ada", "--until", until, "--reason", reason)
    _done(ship, "memo", folder)
    other = () if chosen == "ship narrower" else ("--reason", "I would like to see another week of it first")
    words = ("--reverse-if", undo, "--review-on", "2031-03-01", "--expect", "0.7", "--chosen", chosen)
    _done(ship, "sign", folder, "--by", "Ada", *words, *other)
    if chosen != "ship narrower":
        return
    _done(ship, "promise", folder, "--owner", "Ada")
    _keeps(folder, ends=ends, source=source, outside=outside, softer=softer)
    for week in range(1, weeks + 1):
        assert ship("watch", folder, folder / f"material/weeks/week-{week}.csv").code in (0, 13)
    _tells(ship, folder, blames=blames, mode=mode, tag=tag)
    taken = [word for name in TRUTH.names for word in ("--redact", name)] if redact else []
    _done(ship, "portfolio", folder, "--differently", differently, *taken)


def _done(ship: Ship, *tokens: object) -> None:
    done = ship(*tokens)
    assert done.code == 0, done.err


def _keeps(folder: Path, *, ends: str, source: str, outside: bool, softer: bool) -> None:
    """Give promises a source and a tripwire; soften them, or promise what is not switched on, where asked."""
    path = folder / "promises.yaml"
    yaml = YAML(typ="safe", pure=True)
    promises = yaml.load(path.read_text(encoding="utf-8"))
    for each in promises:
        each["source"] = source
        each["tripwires"] = [
            {"when": "broken", "action": ends, "who": "Ada", "tested_on": dt.date(2026, 11, 20)}
        ]
        each["rate"] = 0.3 if softer else each["rate"]
    if outside:
        promises.append({**copy.deepcopy(promises[0]), "id": "right-topic-damage", "slice": "topic=damage"})
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(promises, file)


def _tells(ship: Ship, folder: Path, *, blames: str, mode: str, tag: str) -> None:
    """Write the incident, with a failure mode of its own."""
    said = ("--definition", "The draft gives a rule that the shop has changed since")
    _done(ship, "taxonomy", "add", folder, "Outdated", "--id", "outdated", *said)
    case = ("--input", OUTDATED, "--expected", "Until 15:45.", "--tag", tag) if tag else ()
    named = ("--mode", mode) if mode else ()
    about = ("--promise", blames) if blames else ()
    _done(ship, "incident", folder, "--what", "replies gave the old hours and deposit", *named, *about, *case)
