"""Launches drawn at random, decided by the product itself, and exported: what the verifier has to agree with."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from shipworthy.decision.error_budget import Look
from shipworthy.decision.evaluate import evaluate
from shipworthy.decision.plan import Plan, PlannedCases
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evidence import CaseTally, Evidence, Tally
from shipworthy.domain.launch import Launch, PlannedLooks
from shipworthy.exporters.evidence_json import evidence_lines
from shipworthy.exporters.memo_tree import memo_tree
from shipworthy.exporters.verdict_json import as_values
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.memo import memo
from shipworthy.services.gather import digest
from shipworthy.statistics.scaled_mean import favourable_points
from shipworthy.store.journal import GENESIS, sealed

CAP = 8.0
BRIEF: dict[str, Any] = {
    "goal": "Half of the 40 agents stop rewriting answers.",
    "not_worth_it_if": "fewer than 8 of 10 answers are right",
    "value": {
        "unit": "message",
        "low": 0.4,
        "likely": 0.7,
        "high": 1.1,
        "per_week": 1834,
        "basis": "study of 12 days",
    },
    "harm": [{"event": "a wrong refund over $50", "who": "customer", "low": 20, "high": 60}],
}
"""What people wrote of worth and harm, in launches drawn wide."""
LOOKS: tuple[Any, ...] = (
    "once", "once", "open", PlannedLooks(end=60), PlannedLooks(end=150), PlannedLooks(end=150, reserve=0.1),
)  # fmt: skip
"""Policies on looks of launches drawn wide."""


class Drawn:
    """One launch: its cases, its plan, and what came of every output."""

    def __init__(self, seed: int, *, wide: bool = False, surer: bool = False) -> None:
        """Draw everything from one seed.

        Args:
            seed: the same seed draws the same launch.
            wide: draw judged rates, more policies on looks, looks before the end, and traffic without cases too.
            surer: let every output carry a confidence, and ask the first criterion of the surer ones alone.
        """
        self.surer = random.Random(f"surer {seed}") if surer else None
        self.rng = rng = random.Random(seed)
        self.more = random.Random(f"wide {seed}")
        self.wide = wide
        self.topics = ["a", "b", "c", "d"][: rng.choice((0, 1, 2, 3, 4))]
        self.repeats = rng.choice((1, 1, 2, 3))
        self.spanish = rng.random() < 0.4
        self.looks: Any = rng.choice(("once", "once", "once", PlannedLooks(end=rng.choice((60, 150, 400)))))
        grouped = rng.choice((0.0, 0.0, 0.3, 1.0))
        self.cases: list[list[Any]] = []
        sizes = [rng.choice((25, 60, 110)) for _ in self.topics or [0]]
        spanning = rng.random() < 0.2
        for topic, size in zip(self.topics or ["a"], sizes, strict=True):
            for i in range(size):
                group = rng.randrange(size // 2) + 1 if rng.random() < grouped else None
                if group is not None and not spanning:
                    group += 1000 * ("abcd".index(topic) + 1)
                tags = {"topic": topic, "language": "es" if rng.random() < 0.4 else "en"}
                self.cases.append([f"{topic}-{i}", group, tags])
        rng.shuffle(self.cases)
        if wide:
            self.looks = self.more.choice(LOOKS)
        if surer:
            self.looks = "once"
        self.seen = len(self.cases)
        if self.looks != "once" and wide and self.more.random() < 0.5:
            self.seen = self.seen * 7 // 10
        self.criteria = self._criteria()
        self.slices = self._slices()
        self.plan = self._plan()
        self.rows, self.scored = self._outcomes()

    def _criteria(self) -> list[dict[str, Any]]:
        rng = self.rng
        also = ["es"] if self.spanish and rng.random() < 0.5 else []
        made: list[dict[str, Any]] = [
            {"id": "right", "bar": {"at_least": 0.8}, "slices": also},
            {"id": "harmless", "kind": "guardrail", "bar": {"at_least": rng.choice((0.8, 0.9, 0.95))}},
            {"id": "better", "estimand": "difference", "bar": {"at_least": rng.choice((0.0, -0.05, 0.1))}},
            {"id": "steady", "estimand": "all_of_k", "k": 2, "bar": {"at_least": 0.5}},
            {"id": "reached", "estimand": "any_of_k", "k": 2, "bar": {"at_least": 0.85}},
            {
                "id": "quick",
                "estimand": "quantile",
                "of": "latency_s",
                "quantile": 0.9,
                "bar": {"at_most": 6.0},
            },
            {"id": "cheap", "estimand": "mean", "of": "cost_usd", "cap": CAP, "bar": {"at_most": 4.5}},
            {"id": "tidy", "kind": "diagnostic", "bar": {"at_least": 0.7}},
        ]
        if self.surer:
            made[0]["answered"] = {
                "confidence": "sure",
                "at_least": 0.5,
                "of_cases": self.surer.choice((0.3, 0.6, 0.8)),
            }
        kept = [made[0], *[c for c in made[1:] if rng.random() < 0.35]]
        if self.wide:
            kept = self._wider(kept)
        if rng.random() < 0.2:
            kept[-1]["error"] = 0.02
        return [c if "of" in c else {**c, "scorer": {"recorded": c["id"]}} for c in kept]

    def _wider(self, kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Hope for more in some criteria, and add a judge beside labels on some outputs."""
        for criterion in kept:
            if "of" not in criterion and "estimand" not in criterion and self.more.random() < 0.5:
                criterion["hoped_for"] = 0.97
        if self.more.random() < 0.6:
            chosen = self.more.choice(("random", "random", "by_verdict", "enriched", "unknown"))
            labels = {"recorded": "people", "chosen": chosen}
            bar = {"at_least": self.more.choice((0.6, 0.7, 0.8))}
            kept.append({"id": "judged", "estimand": "judged_rate", "bar": bar, "labels": labels})
        return kept

    def _label(self, said: Any) -> float | None:
        """Return what a person said of an output, if one was asked: the judge is mostly right."""
        draw, chosen = self.more, self.criteria[-1]["labels"]["chosen"]
        truth = draw.random() < (0.95 if said == 1.0 else 0.15)
        asked = {"by_verdict": 0.2 if said == 1.0 else 0.7, "enriched": 0.2 if truth else 0.9}.get(
            chosen, 0.3
        )
        return float(truth) if said != "no answer" and draw.random() < asked else None

    @property
    def judged(self) -> bool:
        """Whether the last criterion is a judged rate."""
        return bool(self.criteria[-1]["id"] == "judged")

    def _slices(self) -> dict[str, Any]:
        shares = {t: round(self.rng.uniform(0.1, 0.4), 2) for t in self.topics}
        if shares and self.wide and self.more.random() < 0.3:
            shares["unseen"] = self.more.choice((0.02, 0.3))
        total = sum(shares.values())
        made: dict[str, Any] = {}
        if shares:
            made["topic"] = {
                "by": "topic",
                "shares": {t: round(s / total, 4) for t, s in shares.items()},
                "scope": self.rng.random() < 0.85,
            }
        return made | ({"es": {"where": {"language": "es"}}} if self.spanish else {})

    def _plan(self) -> Plan:
        groups = {("case", c[0]) if c[1] is None else ("group", str(c[1])) for c in self.cases}
        self.launch = Launch.model_validate(
            {
                "title": "Drawn",
                "variants": {"new": {"recorded": True}, "old": {"recorded": True}},
                "slices": self.slices,
                **(BRIEF if self.wide else {}),
            }
        )
        criteria = tuple(Criterion.model_validate(c) for c in self.criteria)
        return Plan(
            "new", "f", "old", "g", self.repeats, 1, criteria,
            {c.id: f"recorded:{c.id}" for c in criteria if c.of is None}
            | ({"right_answered": "recorded:sure"} if self.surer else {}),
            self.launch.slices, self.rng.choice((0.05, 0.05, 0.1)), self.looks,
            PlannedCases("p", len(self.cases), len(groups)), self.rng.choice((1, 1, 2)),
        )  # fmt: skip

    def _outcomes(self) -> tuple[list[list[Any]], dict[tuple[str, str, str], list[Any]]]:
        rng, series = self.rng, [name for name in self.plan.series if name != "right_answered"]
        rate = {
            (name, topic): rng.choice((0.6, 0.85, 0.93, 0.98, 1.0)) for name in series for topic in "abcd"
        }
        slow = {topic: rng.choice((2.0, 4.0, 7.0)) for topic in "abcd"}
        rows: list[list[Any]] = []
        scored: dict[tuple[str, str, str], list[Any]] = {}
        for number, (case, _, tags) in enumerate(self.cases):
            lean = rng.choice((1.0, 1.0, 1.0, 0.5)) if self.repeats > 1 else 1.0
            for variant, repeats in (("new", self.repeats), ("old", 1)):
                for repeat in range(1, repeats + 1):
                    lost = rng.random() < 0.01
                    cells: list[Any] = []
                    for name in series:
                        chance = rate[name, tags["topic"]] * lean * (0.9 if variant == "old" else 1.0)
                        unscored = "unscored" if rng.random() < 0.01 else None
                        cells.append("no answer" if lost else unscored or float(rng.random() < chance))
                        scored.setdefault((variant, case, name), []).append(cells[-1])
                    seconds = None if lost else round(rng.uniform(0.0, 1.4) * slow[tags["topic"]], 3)
                    cost = (
                        None if rng.random() < 0.02 else round(rng.uniform(0.0, 2.2) * slow[tags["topic"]], 4)
                    )
                    if number >= self.seen:  # still to come: planned of the begun groups, and silent
                        for name in series:
                            scored[variant, case, name][-1] = "no answer"
                        scored.setdefault((variant, case, "out"), []).append((False, None, None))
                        continue
                    if self.judged:
                        cells.append(self._label(cells[series.index("judged")]) if variant == "new" else None)
                        scored.setdefault((variant, case, "people"), []).append((cells[-2], cells[-1]))
                    if self.surer:
                        cells.append(self._confidence(self.surer, cells[0], tags["topic"]))
                        scored.setdefault((variant, case, "sure"), []).append(cells[-1])
                    rows.append([variant, case, repeat, not lost, seconds, cost, *cells])
                    scored.setdefault((variant, case, "out"), []).append((not lost, seconds, cost))
        return rows, scored

    def _confidence(self, draw: random.Random, said: Any, topic: str) -> Any:
        """Return how sure the variant was of an output: mostly surer of what is right, and less so in one topic."""
        if said == "no answer":
            return said
        middle = (0.75 if said == 1.0 else 0.45) - 0.3 * (topic == "b")
        return "unscored" if draw.random() < 0.03 else min(max(round(draw.gauss(middle, 0.25), 2), 0.0), 1.0)

    def _surer_tally(self, criterion: Criterion, case: str, cell: int) -> CaseTally:
        """Count the outputs of one case that are answered, or of all of them how many are."""
        both = list(zip(self.scored["new", case, "right"], self.scored["new", case, "sure"], strict=True))
        silent = sum(said == "no answer" for said, _ in both)
        sure = [said for said, of in both if isinstance(of, float | int) and of >= 0.5]
        if criterion.id == "right_answered":
            return CaseTally(cell, len(both), len(sure), sum(of == "unscored" for _, of in both), silent)
        over = len(both) - silent - len(sure)
        return CaseTally(cell, len(both), sure.count(1.0), sure.count("unscored"), silent, handed_over=over)

    def _tally(self, criterion: Criterion, case: str, cell: int) -> CaseTally:
        if self.surer and criterion.id in ("right", "right_answered"):
            return self._surer_tally(criterion, case, cell)
        if criterion.of is None:
            said = self.scored["new", case, criterion.id]
            base = self.scored["old", case, criterion.id] if criterion.estimand == "difference" else []
            return CaseTally(
                cell, len(said), said.count(1.0), said.count("unscored"), said.count("no answer"), 0,
                len(base), len(base) - base.count(0.0), *self._labelled(criterion, case),
            )  # fmt: skip
        out = self.scored["new", case, "out"]
        values = [(there, cost if criterion.of == "cost_usd" else seconds) for there, seconds, cost in out]
        passed = sum(there and v is not None and v <= criterion.bar.value for there, v in values)
        points = 0
        if criterion.estimand == "mean":
            points = sum(favourable_points(CAP if v is None else v, cap=CAP) for _, v in values)
        silent = sum(not there for there, _ in values)
        unknown = sum(there and v is None for there, v in values)
        return CaseTally(cell, len(out), passed, unknown, silent, points)

    def _labelled(self, criterion: Criterion, case: str) -> tuple[int, ...]:
        """Count labels on what the judge passed and on the rest, and how many of each pass."""
        if criterion.labels is None:
            return ()
        said = [
            (judge == 1.0, label)
            for judge, label in self.scored.get(("new", case, "people"), [])
            if label is not None
        ]
        on = [[label for passed, label in said if passed is side] for side in (True, False)]
        return (len(on[0]), on[0].count(1.0), len(on[1]), on[1].count(1.0))

    def evidence(self) -> Evidence:
        """Count the outcomes, by other code than the product's and the verifier's."""
        sets = [
            frozenset(
                [f"topic={tags['topic']}"] * ("topic" in self.slices)
                + ["es"] * ("es" in self.slices and tags["language"] == "es")
            )
            for _, _, tags in self.cases
        ]
        cells = tuple(sorted(set(sets), key=sorted))
        groups: dict[object, list[int]] = {}
        for i, (name, group, _) in enumerate(self.cases):
            groups.setdefault(name if group is None else group, []).append(i)
        begun = [members for members in groups.values() if members[0] < self.seen]
        tallies = {}
        for criterion in self.plan.asked:
            found = Counter(
                tuple(sorted(self._tally(criterion, self.cases[i][0], cells.index(sets[i])) for i in members))
                for members in begun
            )
            tallies[criterion.id] = Tally(tuple(sorted(found.items())))
        ends: Counter[frozenset[int]] = Counter()
        if isinstance(self.looks, PlannedLooks):
            for members in list(groups.values())[: self.looks.end]:
                ends[frozenset(cells.index(sets[i]) for i in members)] += 1
        made = Evidence("new", cells, tallies, sealed=tuple(sorted(ends.items(), key=lambda e: sorted(e[0]))))
        return replace(made, digest=digest(made))


def export(seed: int, path: Path, *, wide: bool = False, surer: bool = False) -> tuple[str, dict[str, Any]]:
    """Write the export of a drawn launch; return its journal head and the verdict."""
    drawn = Drawn(seed, wide=wide, surer=surer)
    evidence, plan = drawn.evidence(), drawn.plan
    groups = sum(n for _, n in next(iter(evidence.tallies.values())).groups)
    verdict = evaluate(plan, evidence, Look(1, groups))
    locked = json.loads(json.dumps(plan.as_json()))
    look = {"plan": plan.sha, "evidence": evidence.digest, "variant": "new", "number": 1, "groups": groups}
    events: list[dict[str, Any]] = []
    for verb, body in (("lock", {"sha": plan.sha, "plan": locked}), ("look", look)):
        text, before = json.dumps(body, sort_keys=True), events[-1]["hash"] if events else GENESIS
        event = {
            "seq": len(events) + 1,
            "at": "2027-01-02T03:04:05Z",
            "verb": verb,
            "body": text,
            "prev": before,
        }
        events.append({**event, "hash": sealed(event["seq"], event["at"], verb, text, before)})
    facts = Facts(
        date="2027-01-02", author="", locked="2027-01-01", journal_head=events[-1]["hash"], version="0"
    )
    values = as_values(verdict)
    head = {
        "variant": "new", "repeats": drawn.repeats, "plan": locked, "verdict": values,
        "memo": {"file": "", "tree": memo_tree(memo(drawn.launch, verdict, plan.criteria, (), facts))},
        **({"brief": BRIEF} if wide else {}), "decisions": {}, "cells": [sorted(cell) for cell in evidence.cells],
        "columns": ["variant", "case", "repeat", "answered", "latency_s", "cost_usd", *plan.series.values(), *(["recorded:people"] if drawn.judged else [])],
    }  # fmt: skip
    path.write_text(
        "".join(evidence_lines(head, journal=events, cases=drawn.cases, outputs=drawn.rows)), encoding="utf-8"
    )
    return events[-1]["hash"], values
