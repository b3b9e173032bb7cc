"""Verifier: derive a verdict and the numbers of its memo again, from an export of the evidence.

    python verifier.py evidence.json [--head HASH]

One file, the standard library, and nothing of the program that made the export: written from the method pages and the
papers they name, so that a slip in one of the two shows as a difference. It needs no network and writes no file.

Each line says *agrees*, *DOES NOT AGREE*, or *not checked because …*. Exit code: 0 when all agrees, 3 when something does
not, 4 when nothing disagrees and something could not be checked. With `--head` the export is held against a journal
head that you kept elsewhere; without it, whoever made the export could have made all of it anew.
"""

from __future__ import annotations

import argparse
import cmath
import hashlib
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import accumulate, combinations
from operator import mul
from statistics import NormalDist
from typing import Any, NamedTuple

FORMAT = "shipworthy evidence 1"
AGREE, DISAGREE, UNCHECKED = 0, 3, 4
STEPS = 4096  # a cost is kept in so many steps of its cap, rounded down
MOST_UNSEEN = 0.1  # of the traffic may lie in slices without cases
FEWEST_GROUPS = 10  # of several cases; fewer cannot tell
FARTHEST = 5000  # planned groups: beyond, only equal steps decide, and this file does not follow them
NEAR = 1e-7  # numbers of the verdict carry nine digits
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
Json = dict[str, Any]


class Unknown(Exception):  # noqa: N818 - no fault: a thing that this file cannot derive
    """Why something is not checked."""


class Report:
    """What was found, line by line."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.lines: list[str] = []
        self.agreed = self.differing = self.unchecked = 0

    def agrees(self, what: str) -> None:
        """Note what was derived again and is the same."""
        self.agreed += 1
        self.lines.append(f"agrees: {what}")

    def differs(self, what: str) -> None:
        """Note what was derived again and is another."""
        self.differing += 1
        self.lines.append(f"DOES NOT AGREE: {what}")

    def skips(self, what: str, why: object) -> None:
        """Note what could not be derived."""
        self.unchecked += 1
        self.lines.append(f"not checked: {what}, because {why}")

    def holds(self, what: str, right: object) -> None:
        """Note whether something is so."""
        (self.agrees if right else self.differs)(what)

    def same(self, what: str, said: object, found: object) -> None:
        """Compare one thing."""
        if said == found:
            self.agrees(what)
        else:
            self.differs(f"{what}: the export says {_short(said)}, and it comes to {_short(found)}")

    @property
    def code(self) -> int:
        """The exit code."""
        return DISAGREE if self.differing else UNCHECKED if self.unchecked else AGREE


def _short(value: object) -> str:
    text = f"{value:.9g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 70 else f"{text[:67]}..."


def near(said: object, found: object) -> bool:
    """Whether two numbers are the same within what the verdict prints; two unknowns are."""
    if isinstance(said, int | float) and isinstance(found, int | float):
        return math.isclose(said, found, rel_tol=NEAR, abs_tol=NEAR)
    return said is None and found is None


# ---- the export -------------------------------------------------------------------------------------------------


def load(path: str) -> tuple[Json, Iterator[list[Any]]]:
    """Read an export: everything but its outputs, and its outputs one by one.

    An export as it was written has one output a line, and millions of them are never in memory together.
    """
    with open(path, encoding="utf-8") as lines:  # noqa: PTH123 - nothing else of a path is needed
        head: list[str] = []
        for line in lines:
            if line.strip() == '"outputs": [':
                return json.loads("".join(head) + '"outputs": []}'), _rows(path, len(head) + 1)
            head.append(line)
    whole = json.loads("".join(head))
    return whole, iter(whole["outputs"])


def _rows(path: str, after: int) -> Iterator[list[Any]]:
    with open(path, encoding="utf-8") as lines:  # noqa: PTH123 - as above
        for number, line in enumerate(lines):
            row = line.strip().rstrip(",")
            if number >= after and row.startswith("["):
                yield json.loads(row)


def sealed(event: Json) -> str:
    """Return the seal of an event of the journal: SHA-256 over its fields and the seal before, each on its line."""
    fields = (str(event["seq"]), event["at"], event["verb"], event["body"], event["prev"])
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()


def check_journal(export: Json, head: str, report: Report) -> None:
    """Check the chain, that it holds the head that was kept, the lock with its plan, and the look."""
    journal, before = export["journal"], "0" * 64
    broken = None
    for number, event in enumerate(journal, start=1):
        if event["seq"] != number or event["prev"] != before or event["hash"] != sealed(event):
            broken = number
            break
        before = event["hash"]
    if broken:
        report.differs(f"journal: event {broken} does not carry the seal of its content")
    else:
        report.agrees(f"journal: {len(journal)} events, each sealed over the one before; head {before}")
    if not head:
        report.skips(
            "that this is the journal that was kept",
            "no head was given (--head): it stands on the memo and in a signed decision",
        )
    elif any(event["hash"] == head for event in journal):
        report.agrees("journal: it holds the head that was kept")
    else:
        report.differs(f"journal: no event carries the head that was kept, {head}")
    _check_lock(export, report)
    _check_decisions(export, report)


def _bodies(export: Json, verb: str) -> list[Json]:
    return [json.loads(event["body"]) for event in export["journal"] if event["verb"] == verb]


def _check_lock(export: Json, report: Report) -> None:
    plan, verdict = export["plan"], export["verdict"]
    sha = hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()
    locks = _bodies(export, "lock")
    report.same("plan: it is the one that was locked last", plan, locks[-1]["plan"] if locks else None)
    report.same("plan: its hash in the journal", locks[-1]["sha"] if locks else None, sha)
    report.same("plan: its hash on the verdict", verdict["plan"], sha)


def _check_look(export: Json, digest: str, groups: int, report: Report) -> int:
    """Check that the look of the verdict was written down; return how many looks the plan had before it."""
    verdict, plan = export["verdict"], export["verdict"]["plan"]
    report.same("evidence: the digest of the counts on the verdict", verdict["evidence"], digest)
    mine = [b for b in _bodies(export, "look") if b["plan"] == plan and b["variant"] == verdict["variant"]]
    own = [b for b in mine if b["evidence"] == digest]
    if not own:
        report.differs("look: the journal has no look at this plan, this variant and these counts")
        return 0
    report.agrees(
        f"look: number {own[0]['number']} of this plan and variant was written down with these counts"
    )
    report.same("look: its number on the verdict", verdict["look"], own[0]["number"])
    report.same("look: the groups it saw", own[0]["groups"], groups)
    return int(own[0]["number"])


def _check_decisions(export: Json, report: Report) -> None:
    seals = {body["file"]: body for body in _bodies(export, "sign")}
    hashes = {event["hash"] for event in export["journal"]}
    for name, content in export.get("decisions", {}).items():
        signed = content["signed"]
        exact = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        seal = seals.pop(name, None)
        found = hashlib.sha256(exact).hexdigest()
        report.same(f"decisions/{name}: the content that the journal saw signed", seal and seal["sha"], found)
        whole = ed25519(content.get("key", ""), content.get("signature", ""), exact)
        report.holds(f"decisions/{name}: its signature is that of its key", whole)
        report.holds(f"decisions/{name}: its head is in the journal", signed.get("journal_head") in hashes)
        _check_signed_memo(export, name, signed, report)
    for name in seals:
        report.differs(f"decisions/{name} was signed, and is not in the export")


def _check_signed_memo(export: Json, name: str, signed: Json, report: Report) -> None:
    memo = export.get("memo") or {}
    hashes: Json = signed["memo"] if isinstance(signed.get("memo"), dict) else {}
    if memo.get("file") and memo["file"] in hashes:
        exact = (json.dumps(memo["tree"], ensure_ascii=False, indent=1) + "\n").encode()
        report.same(
            f"decisions/{name}: the memo it was signed over",
            hashes[memo["file"]],
            hashlib.sha256(exact).hexdigest(),
        )
    others = [file for file in hashes if file != memo.get("file")]
    if others:
        report.skips(f"decisions/{name}: {', '.join(others)}", "an export holds the memo as JSON only")


# ---- counts -----------------------------------------------------------------------------------------------------


class Counted(NamedTuple):
    """What came of one case under one criterion, in the order in which the digest of the evidence has it."""

    cell: int
    planned: int
    passed: int
    unscored: int
    no_answer: int
    points: int = 0
    against_planned: int = 0
    against_passed: int = 0
    labelled_passed: int = 0
    upheld: int = 0
    labelled_failed: int = 0
    rescued: int = 0
    handed_over: int = 0


Group = tuple[Counted, ...]
Groups = dict[Group, int]


class Evidence:
    """The outputs of an export, counted again."""

    def __init__(self, export: Json, outputs: Iterator[list[Any]]) -> None:
        """Count every output under every criterion."""
        self.plan: Json = export["plan"]
        self.claims = claims_of(self.plan)
        self.cells = [frozenset(cell) for cell in export["cells"]]
        self.columns: list[str] = export["columns"]
        self.variant: str = export["verdict"]["variant"]
        self.repeats = {export["verdict"]["variant"]: int(export["repeats"])}
        baseline = self.plan["baseline"]
        self.against = baseline[0]
        self.repeats.setdefault(self.against, int(baseline[2]))
        self.cases: list[list[Any]] = export["cases"]
        self.number = {case[0]: i for i, case in enumerate(self.cases)}
        self.cell_of = [self.cells.index(frozenset(slices_of(self.plan["slices"], c[2]))) for c in self.cases]
        self.until = -1
        self.sums: dict[tuple[str, int, str], Counter[str]] = {}
        self.twice = 0
        seen: set[tuple[Any, ...]] = set()
        for row in outputs:
            key = tuple(row[:3])
            self.twice += key in seen
            seen.add(key)
            self._add(dict(zip(self.columns, row, strict=True)))
        self.groups = {c["id"]: self._tally(c) for c in self.claims}

    def _add(self, row: Json) -> None:
        case = self.number[row["case"]]
        if not 1 <= row["repeat"] <= self.repeats[row["variant"]]:
            raise Unknown(f"the export has repeat {row['repeat']} of {row['case']}, which was not planned")
        if row["variant"] == self.variant:
            self.until = max(self.until, case)
        for criterion in self.claims:
            own = self.sums.setdefault((row["variant"], case, criterion["id"]), Counter())
            own.update(_outcome(criterion, self.plan["series"].get(criterion["id"]), row))

    def counted_cases(self) -> dict[object, list[int]]:
        """Return the cases that count by their group; with several looks, of the groups begun up to the last output."""
        groups: dict[object, list[int]] = {}
        for i, case in enumerate(self.cases):
            groups.setdefault(("case", i) if case[1] is None else ("group", case[1]), []).append(i)
        if self.plan["looks"] == "once":
            return groups
        return {name: cases for name, cases in groups.items() if cases[0] <= self.until}

    def _tally(self, criterion: Json) -> Groups:
        found: Counter[Group] = Counter()
        for cases in self.counted_cases().values():
            found[tuple(sorted(self._case(criterion, i) for i in cases))] += 1
        return dict(sorted(found.items()))

    def _case(self, criterion: Json, i: int) -> Counted:
        sums = self.sums.get((self.variant, i, criterion["id"]), Counter())
        planned = self.repeats[self.variant]
        against = self.repeats[self.against] if criterion.get("estimand") == "difference" else 0
        lost = self.sums.get((self.against, i, criterion["id"]), Counter())["lost"] if against else 0
        return Counted(
            self.cell_of[i],
            planned,
            sums["passed"],
            sums["unscored"],
            planned - sums["rows"] + sums["silent"],
            sums["points"],
            against,
            against - lost if against else 0,
            sums["labelled_passed"],
            sums["upheld"],
            sums["labelled_failed"],
            sums["rescued"],
            sums["handed_over"],
        )

    def digest(self) -> str:
        """Return the digest of the counts, as the journal has it with each look."""
        tallies = {
            name: [
                ([list(case if case.handed_over else case[:-1]) for case in group], n)
                for group, n in groups.items()
            ]
            for name, groups in sorted(self.groups.items())
        }
        content = [self.variant, [sorted(cell) for cell in self.cells], tallies]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def sealed_end(self, cells: set[int], end: int) -> int:
        """Return how many of the first groups, up to the planned end, touch these cells."""
        starts: dict[object, int] = {}
        touched: dict[object, set[int]] = {}
        for i, case in enumerate(self.cases):
            name = ("case", i) if case[1] is None else ("group", case[1])
            starts.setdefault(name, i)
            touched.setdefault(name, set()).add(self.cell_of[i])
        first = sorted(starts, key=lambda name: starts[name])[:end]
        return sum(bool(touched[name] & cells) for name in first) or end


def slices_of(slices: Json, tags: Json) -> list[str]:
    """Return the slices that a case with these tags belongs to."""
    found = []
    for name, rule in slices.items():
        if rule.get("by"):
            found.append(f"{name}={tags.get(rule['by'], '')}")
        elif all(tags.get(tag) == value for tag, value in rule.get("where", {}).items()):
            found.append(name)
    return found


def claims_of(plan: Json) -> list[Json]:
    """Return the criteria of a plan, and behind one that is asked of answered outputs that enough are answered."""
    found: list[Json] = []
    for criterion in plan["criteria"]:
        found.append(criterion)
        if answered := criterion.get("answered"):
            share = {key: criterion[key] for key in ("kind", "slices", "error") if key in criterion}
            share |= {"id": f"{criterion['id']}_answered", "bar": {"at_least": answered["of_cases"]}}
            share |= {
                "scorer": {"recorded": answered["confidence"]},
                "pass_when": {"at_least": answered["at_least"]},
            }
            found.append(share)
    return found


def _outcome(criterion: Json, series: str | None, row: Json) -> Counter[str]:
    """Return what one output adds: passed, unscored or silent; no row of a score is no answer."""
    if of := criterion.get("of"):
        value, answered = row[of], bool(row["answered"])
        bar, cap = criterion["bar"]["at_most"], criterion.get("cap") or 1.0
        found = _ended(value, answered=answered, passes=value is not None and value <= bar)
        if criterion.get("estimand") == "mean":
            known = value is not None and 0.0 <= value <= cap and (answered or of != "latency_s")
            found["points"] = int(STEPS * (cap - (value if known else cap)) / cap)
        return found
    said = row.get(series) if series else None
    if (surer := criterion.get("answered")) and (ended := _not_answered(surer, row, said)):
        return ended
    if said is None:
        return Counter()
    least = (criterion.get("pass_when") or {}).get("at_least", 1.0)
    value = None if isinstance(said, str) else float(said)
    passes = value is not None and value >= least
    found = _ended(value, answered=said != "no answer", passes=passes)
    found["lost"] = value is not None and value < least
    return found + _labelled(criterion, row, passes=passes, least=least)


def _not_answered(surer: Json, row: Json, said: object) -> Counter[str]:
    """Return what an output adds that brought no answer, or is not sure enough to be one; nothing for any other."""
    sure = row.get(f"recorded:{surer['confidence']}")
    if not row["answered"] or said == "no answer":
        return Counter(rows=1, silent=1)
    below = sure is None or isinstance(sure, str) or sure < surer["at_least"]
    return Counter(rows=1, handed_over=1) if below else Counter()


def _ended(value: float | None, *, answered: bool, passes: bool) -> Counter[str]:
    if not answered:
        return Counter(rows=1, silent=1)
    return Counter(rows=1, passed=int(passes), unscored=int(value is None and not passes))


def _labelled(criterion: Json, row: Json, *, passes: bool, least: float) -> Counter[str]:
    name = (criterion.get("labels") or {}).get("recorded")
    brought = [label for label in (f"labels:{name}", f"recorded:{name}") if label in row] if name else []
    said = row[brought[0]] if brought else None
    if said is None or isinstance(said, str):
        return Counter()
    good = said >= (1.0 if brought[0].startswith("labels:") else least)
    if passes:
        return Counter(labelled_passed=1, upheld=int(good))
    return Counter(labelled_failed=1, rescued=int(good))


# ---- statistics -------------------------------------------------------------------------------------------------


def tail(k: int, n: int, rate: float) -> float:
    """Return the chance of k or more passes in n trials: the binomial law, added up from its largest term down."""
    if k <= 0:
        return 1.0
    if k > n or rate <= 0.0:
        return 0.0
    if rate >= 1.0:
        return 1.0
    if k <= n * rate:  # the other tail is the shorter sum
        return 1.0 - _sum_down(n - k + 1, n, 1.0 - rate)
    return _sum_down(k, n, rate)


def _sum_down(k: int, n: int, rate: float) -> float:
    """Add up the terms from k on, where they fall; k is not below the mean by more than one."""
    logs = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    term = math.exp(logs + k * math.log(rate) + (n - k) * math.log1p(-rate))
    terms, odds = [term], rate / (1.0 - rate)
    while k < n and (term > terms[0] * 1e-18 or len(terms) < 3) and term > 0.0:
        term *= (n - k) / (k + 1) * odds
        k += 1
        terms.append(term)
    return math.fsum(terms)


def weighted_tail(parts: list[tuple[float, float]]) -> float:
    """Return P(sum of d·G ≤ 0), the G independent gamma variables of unit scale: pairs of d and shape.

    The inversion integral of the moment generating function, along a line through its saddle point, where the
    integrand falls fastest; the trapezoidal rule in the inverse hyperbolic sine of the distance converges like no other.
    """
    kept = [(d, m) for d, m in parts if d != 0.0]
    low, high = min((d for d, _ in kept), default=0.0), max((d for d, _ in kept), default=0.0)
    if high <= 0.0:
        return 1.0
    if low >= 0.0:
        return 0.0
    if sum(d * m for d, m in kept) < 0.0:
        return 1.0 - weighted_tail([(-d, m) for d, m in kept])

    def slope(z: float) -> float:
        return math.fsum(m * d / (1.0 - d * z) for d, m in kept) - 1.0 / z

    left, right = 1.0 / low, 0.0  # the saddle point lies between the pole of the least d and 0
    for _ in range(70):
        z = (left + right) / 2.0
        left, right = (z, right) if slope(z) < 0.0 else (left, z)
    c = (left + right) / 2.0
    bend = math.fsum(m * (d / (1.0 - d * c)) ** 2 for d, m in kept) + 1.0 / c**2
    width, step = 1.0 / math.sqrt(bend), 0.04

    def exponent(z: complex) -> complex:
        return -sum(m * cmath.log(1.0 - d * z) for d, m in kept) - cmath.log(-z)

    at_saddle = exponent(complex(c)).real
    total, u = 0.5, step
    while u < 40.0:
        y = width * math.sinh(u)
        value = cmath.exp(exponent(complex(c, y)) - at_saddle).real * math.cosh(u)
        total += value
        if abs(value) < 1e-16 and math.exp(exponent(complex(c, y)).real - at_saddle) * math.cosh(u) < 1e-15:
            break
        u += step
    return min(max(math.exp(at_saddle) * width * step * total / math.pi, 0.0), 1.0)


Slices = Sequence[
    tuple[float, Mapping[float, float]]
]  # of each its share of the traffic, and groups by value


class Mean:
    """A mean over groups with values in [0, 1]: exact where they are 0 or 1, else Gaffke's.

    With shares it is the mean over slices, each weighed by its share of the traffic; what has no cases counts as all
    failed from below, and as all passed from above.
    """

    method = ""
    judge: Json | None = None

    def __init__(self, slices: Slices, *, weighed: bool = False) -> None:
        """Take pairs of a share and a histogram of values; with less than all of the traffic the rest has no cases."""
        self.slices = slices
        self.seen = math.fsum(share for share, _ in slices) if weighed else 1.0
        self.n: int = sum(int(sum(values.values())) for _, values in slices)
        self.estimate = math.fsum(
            share * math.fsum(v * n for v, n in values.items()) / sum(values.values())
            for share, values in slices
        )
        self.estimate /= self.seen
        self.plain = not weighed
        self.binary = len(slices) == 1 and all(v in (0.0, 1.0) for v in slices[0][1])

    @property
    def values(self) -> Mapping[float, Any]:
        """The values and how many groups have each, where all weigh alike."""
        return self.slices[0][1]

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the mean is at most the bar"."""
        if bar <= 0.0:
            return 0.0 if self.estimate > 0 and bar < 0 else 1.0
        if self.binary and self.plain:
            return tail(self.values.get(1.0, 0), self.n, bar)
        bar = bar / self.seen
        if bar >= 1.0 and not self.plain:
            return 1.0
        parts = []
        for share, values in self.slices:
            weight = share / sum(values.values())
            parts += [(weight * (value - bar), float(number)) for value, number in values.items()]
        heaviest = max(share / sum(values.values()) for share, values in self.slices)
        return weighted_tail([*parts, (-heaviest * bar, 1.0)])

    def mirrored(self) -> Mean:
        """Return the mean of what is lacking to 1."""
        turned = [(share, {1.0 - v: n for v, n in values.items()}) for share, values in self.slices]
        return Mean(turned, weighed=not self.plain)

    def lower(self, alpha: float) -> float:
        """Return the bar at which the p-value is alpha."""
        if self.estimate <= 0.0 or self.p_above(1e-15) > alpha:
            return 0.0
        low, high = 0.0, min(self.estimate * self.seen, 1.0)
        if self.p_above(high) < alpha:
            high = 1.0
        wanted = normal_score(alpha)  # on the normal scale the p-value rises nearly as a line
        return crossing(lambda bar: wanted - normal_score(self.p_above(bar)), low, high)

    def upper(self, alpha: float) -> float:
        """Return the mirror image of the lower bound."""
        return 1.0 - self.mirrored().lower(alpha)

    def standard_error(self) -> float | None:
        """Return the standard error of the mean of groups; None where a slice has a single one."""
        total = 0.0
        for share, values in self.slices:
            n = sum(values.values())
            if n < 2:
                return None
            middle = math.fsum(v * k for v, k in values.items()) / n
            spread = math.fsum(k * (v - middle) ** 2 for v, k in values.items())
            total += share**2 * spread / (n - 1) / n
        return math.sqrt(total) / self.seen

    def likely(self) -> tuple[float, float] | None:
        """Return the two-sided 95 % interval for display: Jeffreys', on as many cases as the spread is worth."""
        n = float(self.n)
        if not self.binary:
            more = Counter(self.values) + Counter({0.0: 1, 1.0: 1})
            total = self.n + 2
            p = math.fsum(v * k for v, k in more.items()) / total
            spread = math.fsum(k * (v - p) ** 2 for v, k in more.items()) / total
            n = max(self.n * p * (1.0 - p) / spread, n)
        k = n * self.estimate
        low = 0.0 if k <= 0 else beta_quantile(0.025, k + 0.5, n - k + 0.5)
        high = 1.0 if k >= n else beta_quantile(0.975, k + 0.5, n - k + 0.5)
        return low, high


class Answered(Mean):
    """What passes of what is answered: tested as a mean for which whatever is handed over is as good as the bar."""

    def __init__(
        self, pairs: Sequence[tuple[float, Mapping[tuple[float, float], int]]], *, weighed: bool
    ) -> None:
        """Take pairs of a share of the traffic and groups by their shares answered, and answered and passed."""
        self.pairs, self.weighed = pairs, weighed
        means = [
            [
                share * math.fsum(pair[i] * n for pair, n in groups.items()) / sum(groups.values())
                for share, groups in pairs
            ]
            for i in (0, 1)
        ]
        self.of, rate = math.fsum(means[0]), math.fsum(means[1]) / math.fsum(means[0])
        super().__init__(self._valued(rate), weighed=weighed)
        self.estimate = rate
        some = [(pair, n) for _, groups in pairs for pair, n in groups.items() if pair[0] > 0.0]
        self.n, self.some = sum(n for _, groups in pairs for n in groups.values()), sum(n for _, n in some)
        self.part = math.fsum(pair[0] * n for pair, n in some) / self.some
        self.binary = not weighed and all(share in (0.0, 1.0) for pair, _ in some for share in pair)

    def _valued(self, bar: float) -> Slices:
        found = []
        for share, groups in self.pairs:
            values: Counter[float] = Counter()
            for (answered, passed), n in groups.items():
                if (
                    self.weighed or answered > 0.0
                ):  # what is as good as the bar adds nothing to a test of equal weights
                    values[min(passed + bar * (1.0 - answered), 1.0)] += n
            found.append((share, dict(values)))
        return found

    def p_above(self, bar: float) -> float:
        """Return the p-value of "of the answered, at most the bar pass"."""
        return 1.0 if bar >= 1.0 else Mean(self._valued(bar), weighed=self.weighed).p_above(bar)

    def mirrored(self) -> Mean:
        """Return the rate of those that do not pass."""
        turned = [
            (share, _added(((a, max(a - s, 0.0)), n) for (a, s), n in groups.items()))
            for share, groups in self.pairs
        ]
        return Answered(turned, weighed=self.weighed)

    def standard_error(self) -> float | None:
        """Return the standard error of the linear claim at the estimate, over what is answered."""
        found = Mean(self._valued(self.estimate), weighed=self.weighed).standard_error()
        return None if found is None else found * self.seen / self.of if self.weighed else found / self.part

    def likely(self) -> None:
        """No range is drawn: no group has a value of its own."""

    def within(self) -> Mean:
        """Return the groups with something answered by what passes of it."""
        values: Counter[float] = Counter()
        for _, groups in self.pairs:
            for (answered, passed), n in groups.items():
                if answered > 0.0:
                    values[round(min(passed / answered, 1.0), 15)] += n
        return Mean([(1.0, dict(values))])


def _added(pairs: Iterable[tuple[tuple[float, float], int]]) -> dict[tuple[float, float], int]:
    found: Counter[tuple[float, float]] = Counter()
    for pair, n in pairs:
        found[pair] += n
    return dict(found)


def crossing(rises: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function that rises crosses 0: a line through both ends, bent by half where one end stays."""
    at_low, at_high = rises(low + 1e-15), rises(high)
    if at_high <= 0.0:
        return high
    side = 0
    for _ in range(200):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        if not low < middle < high or high - low < 1e-12:
            break
        found = rises(middle)
        if abs(found) < 1e-13:
            return middle
        if found > 0.0:
            high, at_high, at_low, side = middle, found, at_low / (2.0 if side > 0 else 1.0), 1
        else:
            low, at_low, at_high, side = middle, found, at_high / (2.0 if side < 0 else 1.0), -1
    return (low + high) / 2.0


def beta_quantile(chance: float, a: float, b: float) -> float:
    """Return the quantile of a beta law, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (middle, high) if beta_below(middle, a, b) < chance else (low, middle)
    return (low + high) / 2.0


def beta_below(x: float, a: float, b: float) -> float:
    """Return the chance that a beta variable is below x: Lentz's continued fraction."""
    if x <= 0.0 or x >= 1.0:
        return float(x >= 1.0)
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_below(1.0 - x, b, a)
    logs = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logs + a * math.log(x) + b * math.log1p(-x)) / a
    f, c, d = 1.0, 1.0, 0.0
    for i in range(2000):
        m = i // 2
        if i == 0:
            step = 1.0
        elif i % 2 == 0:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1.0 / ((1.0 + step * d) or 1e-300)
        c = (1.0 + step / c) or 1e-300
        f *= c * d
        if abs(c * d - 1.0) < 1e-15 and i > 2:
            break
    return front * (f - 1.0)


def above_normal(score: float) -> float:
    """Return the chance that a standard normal variable is above a score."""
    return math.erfc(score / math.sqrt(2.0)) / 2.0


def normal_score(chance: float) -> float:
    """Return the score that a standard normal variable is above with this chance."""
    return -NormalDist().inv_cdf(min(max(chance, 1e-300), 1.0 - 1e-16))


def at_any_look(p: float, *, n: int, end: int, bar: float, graded: bool = False) -> float:
    """Return the chance, with the truth at the bar, that at some look up to the end groups score as high.

    A look's score is the normal quantile of 1 - p, times the share of the planned groups seen to a power
    that is the higher the fewer failures are expected at the bar. Groups of 0 and 1 are added up exactly; for graded
    ones the chance is at least that of a walk of normal steps.
    """
    if n > end:
        return 1.0
    _followed(end)
    if end == 1:
        return p
    if p >= 0.5:
        return 1.0
    score = normal_score(p) * (n / end) ** weight_of_looks(end, bar)
    chance = chance_of_score(score, end, bar)
    if graded:
        chance = max(chance, chance_of_walk(score, end, weight_of_looks(end, bar)))
    return min(max(chance, p), 1.0)


def _followed(end: int) -> None:
    if end > FARTHEST:
        raise Unknown(
            f"more than {FARTHEST:,} planned groups are not followed look by look here; the product does it (`shipworthy verify`)"
        )


def weight_of_looks(end: int, bar: float) -> float:
    """Return the power of the share of groups seen: 1.5, and 7.5 for each failure expected, at most 4."""
    return min(1.5 + 7.5 / (end * (1.0 - bar)), 4.0)


@lru_cache(maxsize=4096)
def chance_of_score(score: float, end: int, bar: float) -> float:
    """Return the chance that groups of 0 and 1, true at the bar, reach a score at some look, over all their paths.

    The chances of so many failures are carried from group to group, up to the most that the end itself would allow.
    """
    fails, weight = 1.0 - bar, weight_of_looks(end, bar)
    levels = [above_normal((score - 1e-9) * (end / look) ** weight) for look in range(1, end + 1)]
    most = -1
    while most < end and tail(end - most - 1, end, bar) <= levels[-1]:
        most += 1
    every, alive, crossed, reached = [1.0], [1.0], 0.0, -1
    for level in levels:
        longer = len(every) <= most
        every = [a * bar + b * fails for a, b in zip([*every, 0.0], [0.0, *every], strict=True)]
        alive = [a * bar + b * fails for a, b in zip([*alive, 0.0], [0.0, *alive], strict=True)]
        if not longer:
            every, alive = every[: most + 1], alive[: most + 1]
        if not every or every[0] > level:
            continue
        below = math.fsum(every[: reached + 1])
        while reached + 1 < len(every) and below + every[reached + 1] <= level:
            reached += 1
            below += every[reached]
        for failures in range(reached + 1):
            crossed += alive[failures]
            alive[failures] = 0.0
    return min(crossed, 1.0)


OVERSHOOT, BENT, BENT_MORE = 0.5826, 0.22, 0.25  # of a walk over its boundary, as the page on looks has them
NODES = 50


@lru_cache(maxsize=4096)
def chance_of_walk(score: float, end: int, weight: float) -> float:
    """Return the chance that a sum of normal steps, over the root of their number, reaches a score at some look.

    Fortet's integral equation for the first passage of a Brownian motion on (0, 1], on fifty nodes; the boundary is lifted by
    what a walk overshoots.
    """
    bent = BENT + BENT_MORE * max(weight - 0.6, 0.0)
    lift = max(OVERSHOOT / math.sqrt(end) - bent * score / end, 0.0)

    def boundary(t: float) -> float:
        return float(score * t ** (0.5 - weight) + lift)

    spots = [1.0 - (i + 1) / NODES for i in range(NODES)]
    times = [math.exp(-3.0 * x * x) for x in spots]
    between = [math.exp(-3.0 * (x + 0.5 / NODES) ** 2) for x in spots]
    at, hit = [boundary(t) for t in times], [boundary(t) for t in between]
    first: list[float] = []
    for i, time in enumerate(times):
        came = [above_normal((at[i] - hit[j]) / math.sqrt(time - between[j])) for j in range(i + 1)]
        before = math.fsum(chance * first[j] for j, chance in enumerate(came[:i]))
        first.append((above_normal(at[i] / math.sqrt(time)) - before) / came[i])
    last = above_normal(score)
    return min(max(math.fsum(first), last), 2.0 * last)


@lru_cache(maxsize=1024)
def score_needed(alpha: float, end: int, bar: float, *, graded: bool) -> float:
    """Return the least score that is reached at some look with a chance of at most alpha."""

    def least(chance: Callable[[float], float], low: float) -> float:
        high = max(normal_score(alpha), low) + 0.1
        while chance(high) > alpha:
            low, high = high, high + 0.3
        while high - low > 1e-10:
            middle = (low + high) / 2.0
            low, high = (middle, high) if chance(middle) > alpha else (low, middle)
        return high

    walk = 0.0
    if graded:
        weight = weight_of_looks(end, bar)
        walk = least(lambda score: chance_of_walk(score, end, weight), 0.0)
        if chance_of_score(walk, end, bar) <= alpha:
            return walk
    return least(lambda score: chance_of_score(score, end, bar), walk) + 2e-9


def level_at_look(alpha: float, *, n: int, end: int, bar: float, graded: bool = True) -> float:
    """Return the level for one look that keeps alpha over all of them; bounds are drawn at that of graded groups."""
    if n > end:
        return 0.0
    _followed(end)
    if end == 1:
        return alpha
    needed = score_needed(alpha, end, bar, graded=graded)
    level = min(above_normal(needed * (end / n) ** weight_of_looks(end, bar)), alpha)
    return level if level > 1e-300 else 0.0


STAKES = [1.0 / (1.0 + math.exp(4.5 - i / 2.0)) for i in range(17)]
PARTS = [(u * (1.0 - u)) ** 1.5 for u in STAKES]


def fortune_p(values: Mapping[float, Any], bar: float) -> float:
    """Return one over the joint fortune of seventeen players, each of whom stakes a fixed share on "above the bar".

    A group with value x multiplies what a stake u is worth by 1 - u + u x / bar, which is fair at the bar.
    """
    if bar <= 0.0:
        return 0.0 if any(v > 0 for v in values) else 1.0
    logs = [
        math.log(part) + math.fsum(n * math.log1p(u * (v / bar - 1.0)) for v, n in values.items())
        for u, part in zip(STAKES, PARTS, strict=True)
    ]
    top = max(logs)
    fortune = top + math.log(math.fsum(math.exp(log - top) for log in logs) / math.fsum(PARTS))
    return math.exp(-fortune) if fortune > 0 else 1.0


def fortune_lower(values: Mapping[float, Any], alpha: float) -> float:
    """Return the bar at which the fortune is one over alpha."""
    low, high = 0.0, max(values)
    while high - low > 1e-12:
        middle = (low + high) / 2.0
        low, high = (middle, high) if fortune_p(values, middle) <= alpha else (low, middle)
    return low


def hommel(p_values: list[float], alpha: float) -> tuple[list[bool], list[float]]:
    """Return which hypotheses fall when every set of them is tested by Simes' test, and the level each had to reach."""
    m, ordered = len(p_values), sorted(p_values)
    divisor = 1
    for i in range(m, 0, -1):
        if all(ordered[m - i + k - 1] > k * alpha / i for k in range(1, i + 1)):
            divisor = i
            break
    return [p <= alpha / divisor for p in p_values], [alpha / divisor] * m


def holm(p_values: list[float], alpha: float) -> tuple[list[bool], list[float]]:
    """Return which hypotheses fall when every set of them is tested by Bonferroni's test."""
    left, fallen = len(p_values), set()
    for i in sorted(range(left), key=lambda i: p_values[i]):
        if p_values[i] > alpha / left:
            break
        fallen.add(i)
        left -= 1
    level = alpha / max(left, 1)
    return [i in fallen for i in range(len(p_values))], [level] * len(p_values)


# ---- judged rates -----------------------------------------------------------------------------------------------

Q_POINTS, PLACES = 15, [0.5 - 0.5 * math.cos(math.pi * i / 11) for i in range(12)]
OUTSIDE = 1e-5  # the chance left for the judge's pass rate to lie outside the range searched
RAISED = 0.01  # p-values of the exact test are raised by this share of themselves
GRAIN = 1e-5  # its bounds are found to this distance
LEAST_FAILURES, LEAST_SKILL, TOO_RARE = 10, 0.1, 0.001


class Labelled(NamedTuple):
    """Outputs, how many the judge passed, and what people said of some with either verdict."""

    outputs: int
    passed: int
    of_passed: int
    upheld: int
    of_failed: int
    rescued: int

    @property
    def labels(self) -> int:
        """How many outputs carry a label."""
        return self.of_passed + self.of_failed

    def turned(self) -> Labelled:
        """Return the same with what people passed and failed exchanged."""
        return self._replace(upheld=self.of_passed - self.upheld, rescued=self.of_failed - self.rescued)


def low_share(k: int, n: int, alpha: float) -> float:
    """Return the exact lower bound of a share."""
    return 0.0 if k == 0 else beta_quantile(alpha, k, n - k + 1.0)


def high_share(k: int, n: int, alpha: float) -> float:
    """Return the exact upper bound of a share."""
    return 1.0 - low_share(n - k, n, alpha)


class ByErrorRates:
    """The judge's pass rate put right by how often it passes what people passed and what they failed."""

    def __init__(self, seen: Labelled) -> None:
        """Take the counts."""
        self.n, self.q = seen.outputs, seen.passed
        self.good, self.hits = seen.upheld + seen.rescued, seen.upheld
        self.bad, self.misses = seen.labels - self.good, seen.of_passed - seen.upheld

    def refused(self) -> bool:
        """Whether these labels cannot carry a rate."""
        if self.good == 0 or self.bad < LEAST_FAILURES:
            return True
        skill = low_share(self.hits, self.good, 0.025) - high_share(self.misses, self.bad, 0.025)
        return skill <= LEAST_SKILL

    def turned(self) -> ByErrorRates:
        """Return the same with pass and fail exchanged for judge and people."""
        other = ByErrorRates(Labelled(self.n, 0, 0, 0, 0, 0))
        other.q, other.good, other.hits = self.n - self.q, self.bad, self.bad - self.misses
        other.bad, other.misses = self.good, self.good - self.hits
        return other

    def estimate(self) -> float:
        """Return the rate that explains the judge's pass rate."""
        wrong = self.misses / self.bad
        return min(max((self.q / self.n - wrong) / (self.hits / self.good - wrong), 0.0), 1.0)

    def spread(self) -> float:
        """Return the standard error times the root of the number of outputs."""
        q, right, wrong, rate = (
            self.q / self.n,
            self.hits / self.good,
            self.misses / self.bad,
            self.estimate(),
        )
        variance = q * (1 - q) / self.n + rate**2 * right * (1 - right) / self.good
        variance += (1 - rate) ** 2 * wrong * (1 - wrong) / self.bad
        return math.sqrt(variance * self.n) / (right - wrong)

    def lower(self, alpha: float) -> float:
        """Return the worst of three exact bounds at a third of the error each."""
        q = low_share(self.q, self.n, alpha / 3.0)
        wrong = high_share(self.misses, self.bad, alpha / 3.0)
        right = high_share(self.hits, self.good, alpha / 3.0)
        return 0.0 if q <= wrong or right <= wrong else min((q - wrong) / (right - wrong), 1.0)

    def p_above(self, bar: float) -> float:
        """Return the least error at which the bound reaches the bar."""
        low, high = 0.0, 1.0 - 1e-9
        if bar >= 1.0 or self.lower(high) < bar:
            return 1.0
        while high - low > 1e-9 * high and high > 1e-300:
            middle = (low + high) / 2.0
            low, high = (low, middle) if self.lower(middle) >= bar else (middle, high)
        return high


class Bin(NamedTuple):
    """Numbers of judge passes that are alike for the order of outcomes: their share, and labels on either verdict."""

    share: float
    of_passed: int
    of_failed: int
    counts: list[int]
    weights: list[float]


class Exact:
    """The exact test of judge and labels: the worst chance, over everything with that rate, of an outcome as good.

    Outcomes are put in an order by estimate less 1.645 standard errors. How many labels fall on which verdict goes with how
    many outputs the judge passes.
    """

    def __init__(self, seen: Labelled, chosen: str) -> None:
        """Lay out the bins, and in each of them find the outcomes as good as the one seen."""
        self.seen, self.random = seen, chosen == "random"
        self.hint: float | None = None
        self.known: dict[float, float] = {}
        self.q_low = low_share(seen.passed, seen.outputs, OUTSIDE / 2)
        self.q_high = high_share(seen.passed, seen.outputs, OUTSIDE / 2)
        self.bins = self._bins()
        mine = next(b for b in self.bins if b.counts[0] <= seen.passed <= b.counts[-1])
        level = self._order(mine.share, seen.of_passed, seen.upheld, seen.of_failed, seen.rescued)
        most = max(b.of_failed for b in self.bins)
        self.fewest = [self._fewest(b, most, level) for b in self.bins]

    def _order(self, share: float, n1: int, x1: int, n0: int, x0: int) -> float:
        n = self.seen.outputs
        a = (x1 + 0.5) / (n1 + 1.0) if n1 else 0.0
        b = (x0 + 0.5) / (n0 + 1.0) if n0 else 0.0
        q = (share * n + 0.5) / (n + 1.0)
        variance = q * q * a * (1 - a) / (n1 + 2.0) + (1 - q) ** 2 * b * (1 - b) / (n0 + 2.0)
        variance += (a - b) ** 2 * q * (1 - q) / (n + 2.0)
        return q * a + (1 - q) * b - 1.6448536269514722 * math.sqrt(variance)

    def _fewest(self, at: Bin, most: int, level: float) -> list[int]:
        found: list[int] = []
        for rescued in range(most + 1):
            low, high = -1, at.of_passed + 1
            while high - low > 1:
                middle = (low + high) // 2
                good = self._order(at.share, at.of_passed, middle, at.of_failed, min(rescued, at.of_failed))
                low, high = (low, middle) if good >= level - 1e-12 else (middle, high)
            found.append(min(high, found[-1]) if found else high)
        return found

    def _bins(self) -> list[Bin]:
        """Gather the judge's passes in bins of four tenths of a standard deviation, apart where labels lie otherwise."""
        n, root = self.seen.outputs, 2.0 * math.sqrt(self.seen.outputs)

        def place(passed: int) -> float:
            return root * math.asin(math.sqrt(passed / n)) / 0.4

        def reach(q: float) -> float:
            return 6.0 * math.sqrt(n * max(q * (1.0 - q), 1.0 / n)) + 10.0

        start = max(math.floor(n * self.q_low - reach(self.q_low)), 0)
        end = min(math.ceil(n * self.q_high + reach(self.q_high)), n)
        edge = max(math.floor(place(start)) * 0.4 / root, 0.0)
        start = min(start, math.ceil(n * math.sin(edge) ** 2))
        edge = min((math.floor(place(end)) + 1) * 0.4 / root, math.pi / 2)
        end = max(end, math.floor(n * math.sin(edge) ** 2))
        found: dict[tuple[int, int, int], list[int]] = {}
        for passed in range(start, end + 1):
            found.setdefault((math.floor(place(passed)), *self._labels(passed)), []).append(passed)
        return [
            Bin((counts[0] + counts[-1]) // 2 / n, ones, zeros, counts, [self._ways(c, ones, zeros) for c in counts])
            for (_, ones, zeros), counts in found.items()
        ]  # fmt: skip

    def _labels(self, passed: int) -> tuple[int, int]:
        """Return how many labels would lie on either verdict, had the judge passed so many."""
        seen, failed = self.seen, self.seen.outputs - passed
        if self.random:
            shift = seen.of_passed - round(seen.passed * seen.labels / seen.outputs)
            ones = min(max(round(passed * seen.labels / seen.outputs) + shift, 0), seen.labels)
            return ones, seen.labels - ones
        if seen.of_failed == seen.outputs - seen.passed:
            zeros = min(failed, seen.labels)
            return min(seen.labels - zeros, passed), zeros
        if seen.of_passed == seen.passed:
            ones = min(passed, seen.labels)
            return ones, min(seen.labels - ones, failed)
        return min(seen.of_passed, passed), min(seen.of_failed, failed)

    def _ways(self, passed: int, ones: int, zeros: int) -> float:
        """Return the logarithm of how likely a random draw lies so; 0 where labels were asked for by verdict."""
        failed = self.seen.outputs - passed
        if not self.random:
            return 0.0
        return ways(passed, ones) + ways(failed, zeros) if ones <= passed and zeros <= failed else -math.inf

    def _masses(self, q: float) -> tuple[list[tuple[int, float]], float]:
        """Return the bins that matter at a pass rate of the judge with their chances, and the chance left out."""
        n, log_q, log_r = self.seen.outputs, math.log(q), math.log1p(-q)
        logs = [
            [ways(n, c) + c * log_q + (n - c) * log_r + w for c, w in zip(b.counts, b.weights, strict=True)]
            for b in self.bins
        ]
        top = max(map(max, logs))
        sums = [math.fsum(math.exp(log - top) for log in each) for each in logs]
        whole = math.fsum(sums)
        kept = [(i, mass / whole) for i, mass in enumerate(sums) if mass / whole >= 1e-7]
        return kept, max(1.0 - math.fsum(mass for _, mass in kept), 0.0)

    def _chance(self, masses: tuple[list[tuple[int, float]], float], a: float, b: float) -> float:
        """Return the chance of an outcome as good, where people pass a of what the judge passed and b of the rest."""
        tails: dict[int, list[float]] = {}
        laws: dict[int, tuple[int, list[float]]] = {}
        total = masses[1]
        for i, mass in masses[0]:
            at = self.bins[i]
            if at.of_passed not in tails:
                tails[at.of_passed] = sums_from_above(at.of_passed, a)
            if at.of_failed not in laws:
                laws[at.of_failed] = binomial_law(at.of_failed, b)
            upheld, (first, rescued) = tails[at.of_passed], laws[at.of_failed]
            fewest = self.fewest[i][first : first + len(rescued)]
            total += mass * sum(map(mul, rescued, map(upheld.__getitem__, fewest)))
        return min(total, 1.0)

    def _worst(self, bar: float, q: float, places: list[float]) -> tuple[float, float, float]:
        masses = self._masses(q)
        low, high = max(0.0, (bar - (1.0 - q)) / q), min(1.0, bar / q)
        found = []
        for place in places:
            a = low + (high - low) * place
            b = min(max((bar - q * a) / (1.0 - q), 0.0), 1.0)
            found.append((self._chance(masses, a, b), place))
        chance = max(chance for chance, _ in found)
        return chance, q, next(place for each, place in found if each == chance)

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the rate is at most the bar"."""
        if bar >= 1.0:
            return 1.0
        if bar not in self.known:
            self.known[bar] = min(self._searched(bar) * (1.0 + RAISED) + OUTSIDE, 1.0)
        return self.known[bar]

    def _searched(self, bar: float) -> float:
        """Search a grid over q and a, then round its two highest peaks in three rounds."""
        low, high = max(self.q_low, 1e-9), min(self.q_high, 1.0 - 1e-9)
        step = (high - low) / (Q_POINTS - 1)
        found = [self._worst(bar, low + step * i, PLACES) for i in range(Q_POINTS)]
        chances = [-1.0, *(each[0] for each in found), -1.0]
        tops = [each for i, each in enumerate(found, 1) if chances[i] >= max(chances[i - 1], chances[i + 1])]
        best = max(each[0] for each in found)
        for top in sorted(tops, reverse=True)[:2]:
            peak = top
            wide, q_step = 1.0 / (len(PLACES) - 1), step / 2
            for _ in range(3):
                places = [min(max(peak[2] + wide * (i - 3) / 3, 0.0), 1.0) for i in range(7)]
                near_by = [min(max(peak[1] + q_step * i, low), high) for i in (-1, 0, 1)]
                peak = max(peak, *(self._worst(bar, q, places) for q in near_by))
                q_step, wide = q_step / 2, wide / 3
            best = max(best, peak[0])
        return min(best, 1.0)

    def lower(self, alpha: float) -> float:
        """Return the bar at which the p-value passes alpha, to its grain; one that was said is tried first."""
        if self.hint is not None and self.is_bound(self.hint, alpha):
            return self.hint
        low, high = 0.0, 1.0
        while high - low > GRAIN:
            middle = (low + high) / 2.0
            low, high = (middle, high) if self.p_above(middle) <= alpha else (low, middle)
        return low

    def is_bound(self, said: float, alpha: float) -> bool:
        """Whether a bar is shown at this error, and one that is a grain higher is not."""
        shown = said <= 0.0 or self.p_above(said) <= alpha * (1.0 + 1e-6)
        return shown and self.p_above(max(said, 0.0) + 1.01 * GRAIN) > alpha * (1.0 - 1e-6)


@lru_cache(maxsize=1 << 16)
def ways(n: int, k: int) -> float:
    """Return the logarithm of the number of ways to take k of n."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def binomial_law(n: int, p: float) -> tuple[int, list[float]]:
    """Return the chances of passes among n that are not negligible, and the fewest passes among those."""
    if p <= 0.0 or p >= 1.0:
        return (n if p >= 1.0 else 0), [1.0]
    middle, odds = min(int((n + 1) * p), n), p / (1.0 - p)
    term = top = math.exp(ways(n, middle) + middle * math.log(p) + (n - middle) * math.log1p(-p))
    up, k = [top], middle
    while k < n and term > top * 1e-17:
        term *= (n - k) / (k + 1) * odds
        k += 1
        up.append(term)
    term, k, down = top, middle, []
    while k > 0 and term > top * 1e-17:
        term *= k / (n - k + 1) / odds
        k -= 1
        down.append(term)
    return k, down[::-1] + up


def sums_from_above(n: int, p: float) -> list[float]:
    """Return the chances of at least 0 to n passes, and none of more."""
    first, law = binomial_law(n, p)
    sums = list(accumulate(reversed(law)))[::-1]
    return [1.0] * first + sums + [0.0] * (n + 2 - first - len(law))


class Judged:
    """A rate from a judge's verdicts on all outputs and people's labels on some; from below and from above."""

    plain = binary = False

    def __init__(
        self, above: Exact | ByErrorRates | Mean, below: Exact | ByErrorRates | Mean, **said: Any
    ) -> None:
        """Take the evidence from either side, and what is said of it."""
        self.above, self.below = above, below
        self.estimate: float = said["estimate"]
        self.n: int = said["n"]
        self.spread: float = said["spread"]
        self.method: str = said["method"]
        self.judge: Json = said["judge"]

    def expects(self, lower: float, upper: float) -> None:
        """Take bounds to be tried before any is searched for."""
        for side, bound in ((self.above, lower), (self.below, 1.0 - upper)):
            if isinstance(side, Exact):
                side.hint = bound

    def mirrored(self) -> Judged:
        """Return the rate of what is lacking to 1."""
        said = {"n": self.n, "spread": self.spread, "method": self.method, "judge": self.judge}
        return Judged(self.below, self.above, estimate=1.0 - self.estimate, **said)

    def p_above(self, bar: float) -> float:
        """Return the p-value of "the rate is at most the bar"."""
        return self.above.p_above(bar)

    def lower(self, alpha: float) -> float:
        """Return the bound from below."""
        return min(self.above.lower(alpha), 1.0)

    def standard_error(self) -> float | None:
        """Return about how far the estimate scatters."""
        return self.spread / math.sqrt(self.n) if self.n > 1 else None


def judged(groups: Groups, chosen: str) -> Judged | None:
    """Return what a judge and labels chosen in this way show; None where they show nothing.

    An output without an answer did not pass: from below it counts as labelled and failed.
    """
    strict, lenient = _labels_of(groups, silent=True), _labels_of(groups, silent=False)
    total, free = _all_of(strict), _all_of(lenient)
    silent = sum(n * case.no_answer for group, n in groups.items() for case in group)
    if not total.labels or (not free.labels and silent) or chosen not in ("random", "by_verdict", "enriched"):
        return None
    if chosen == "random" and lopsided(free, free.outputs - silent):
        return None
    judge = judge_facts(total, chosen)
    single = all(len(group) == 1 and group[0].outputs == 1 for group in strict)
    if chosen == "enriched":
        return _sought(total, free, judge) if single else None
    if single:
        q = total.passed / total.outputs
        a = total.upheld / total.of_passed if total.of_passed else 0.0
        b = total.rescued / total.of_failed if total.of_failed else 0.0
        return Judged(
            Exact(total, chosen), Exact(free.turned(), chosen), estimate=q * a + (1 - q) * b, n=total.outputs,
            spread=_spread(total), method="exact, judge and labels (Buehler)", judge=judge,
        )  # fmt: skip
    above, below = _by_group(strict, chosen), _by_group({_turned(g): n for g, n in strict.items()}, chosen)
    again = _by_group({_turned(g): n for g, n in lenient.items()}, chosen) if silent else below
    middle = math.fsum(v * n for v, n in above.values.items()) / above.n
    spread = math.fsum(n * (v - middle) ** 2 for v, n in above.values.items()) / max(above.n - 1.0, 1.0)
    return Judged(
        above, again, estimate=min(max((above.estimate + 1.0 - below.estimate) / 2.0, 0.0), 1.0), n=above.n,
        spread=math.sqrt(spread), method="Gaffke on groups, each from its own verdicts and labels", judge=judge,
    )  # fmt: skip


LabelledGroup = tuple[Labelled, ...]


def _turned(group: LabelledGroup) -> LabelledGroup:
    return tuple(sorted(case.turned() for case in group))


def _labels_of(groups: Groups, *, silent: bool) -> dict[LabelledGroup, int]:
    found: Counter[LabelledGroup] = Counter()
    for group, n in groups.items():
        cases = [
            Labelled(
                c.planned, c.passed, c.labelled_passed, c.upheld,
                c.labelled_failed + (c.no_answer if silent else 0), c.rescued,
            )
            for c in group
        ]  # fmt: skip
        found[tuple(sorted(cases))] += n
    return dict(found)


def _all_of(groups: dict[LabelledGroup, int]) -> Labelled:
    return Labelled(*(sum(n * case[i] for group, n in groups.items() for case in group) for i in range(6)))


def lopsided(seen: Labelled, answered: int) -> bool:
    """Whether labels said to be a random draw lie on the judge's verdicts as hardly any draw does: Fisher's exact test."""
    failed = answered - seen.passed
    low, high = max(0, seen.labels - failed), min(seen.labels, seen.passed)
    logs = {k: ways(seen.passed, k) + ways(failed, seen.labels - k) for k in range(low, high + 1)}
    top = max(logs.values())
    whole = math.fsum(math.exp(log - top) for log in logs.values())
    rare = math.fsum(math.exp(log - top) for log in logs.values() if log <= logs[seen.of_passed] + 1e-9)
    return rare / whole < TOO_RARE


def _sought(total: Labelled, free: Labelled, judge: Json) -> Judged | None:
    above, below = ByErrorRates(total), ByErrorRates(free)
    if above.refused() or below.refused():
        return None
    return Judged(
        above, below.turned(), estimate=above.estimate(), n=total.outputs, spread=above.spread(),
        method="judge corrected by its error rates (Rogan-Gladen, three exact bounds)", judge=judge,
    )  # fmt: skip


def _spread(t: Labelled) -> float:
    share, a, b = (
        t.passed / t.outputs,
        (t.upheld + 0.5) / (t.of_passed + 1.0),
        (t.rescued + 0.5) / (t.of_failed + 1.0),
    )
    variance = share**2 * a * (1 - a) / (t.of_passed + 2.0) + (1 - share) ** 2 * b * (1 - b) / (
        t.of_failed + 2.0
    )
    variance += (a - b) ** 2 * share * (1 - share) / t.outputs
    return math.sqrt(variance * t.outputs)


def _by_group(groups: dict[LabelledGroup, int], chosen: str) -> Mean:
    """Return one value for each group: what its own labels say, for each verdict by itself if they were asked for so."""
    values: Counter[float] = Counter()
    labelled = partly = without = 0
    for group, n in groups.items():
        sums = [sum(column) for column in zip(*group, strict=True)]
        outputs, passed, of_passed, _, of_failed, _ = sums
        if not of_passed + of_failed:
            without += n
            continue
        labelled += n
        partly += n * bool((passed and not of_passed) or (outputs > passed and not of_failed))
        upheld = math.fsum(c.upheld / c.outputs for c in group)
        rescued = math.fsum(c.rescued / c.outputs for c in group)
        if chosen == "random":
            value = (upheld + rescued) * outputs / (of_passed + of_failed)
        else:
            value = upheld * passed / max(of_passed, 1) + rescued * (outputs - passed) / max(of_failed, 1)
        values[value / len(group)] += n
    if chosen == "by_verdict" and partly > max(1, labelled // 10):
        values[0.0] += without
    return Mean([(1.0, {v: n for v, n in values.items() if n})])


def judge_facts(c: Labelled, chosen: str) -> Json:
    """Return how good the judge is: how often it catches the bad, accuses the good, and what one verdict is worth."""
    found: Json = {
        "labels": c.labels,
        "judge_rate": c.passed / c.outputs,
        "catches": None,
        "accuses": None,
        "worth": None,
    }
    good, missed = c.upheld + c.rescued, c.of_passed - c.upheld
    bad, q = c.labels - good, c.passed / c.outputs
    if chosen == "enriched":
        if not good or not bad:
            return found
        found |= {"catches": (bad - missed) / bad, "accuses": 1.0 - c.upheld / good}
        wrong = (missed + 0.5) / (bad + 1.0)
        skill, q = (c.upheld + 0.5) / (good + 1.0) - wrong, (c.passed + 0.5) / (c.outputs + 1.0)
        rate = min(max((q - wrong) / skill, 0.0), 1.0) if skill > 0 else 0.0
        alike = min(skill**2 * rate * (1 - rate) / (q * (1 - q)), 1.0)
    else:
        if not c.of_passed or not c.of_failed:
            return found
        a, b = c.upheld / c.of_passed, c.rescued / c.of_failed
        passes, fails = q * a + (1 - q) * b, q * (1 - a) + (1 - q) * (1 - b)
        found["catches"] = (1 - q) * (1 - b) / fails if fails > 0 else None
        found["accuses"] = 1.0 - q * a / passes if passes > 0 else None
        a, b = (c.upheld + 0.5) / (c.of_passed + 1.0), (c.rescued + 0.5) / (c.of_failed + 1.0)
        rate = q * a + (1 - q) * b
        alike = min((a - b) ** 2 * q * (1 - q) / (rate * (1 - rate)), 1.0)
    if c.outputs > c.labels:
        times = 1.0 / (1.0 - alike + alike * c.labels / c.outputs)
        found["worth"] = c.labels * (times - 1.0) / (c.outputs - c.labels)
    return found


WHAT = {
    "rate": "group means",
    "all_of_k": "all-of-{k} chances",
    "any_of_k": "any-of-{k} chances",
    "difference": "paired differences",
    "mean": "scaled group means",
    "quantile": "shares within the bar",
    "judged_rate": "a judge's verdicts corrected by labels",
}


# ---- claims -----------------------------------------------------------------------------------------------------


class Tested:
    """One criterion on one slice: counts, mean and p-values; or why there are none."""

    def __init__(self, asked: Asked, criterion: Json, parts: tuple[str, ...], also: str | None) -> None:
        """Measure and test a criterion within parts of the scope, and within a further slice if one is named."""
        self.asked, self.criterion = asked, criterion
        self.estimand = criterion.get("estimand", "rate")
        self.slice = also or (parts[0] if asked.scope and len(parts) == 1 else None)
        self.cells = asked.cells(parts, also)
        self.groups = asked.within(criterion, self.cells)
        own = criterion.get("error")
        self.reason = self._refusal()
        self.mean: Mean | Judged | None = None
        self.measured: Mean | Judged | None = None
        if not self.reason:
            self.mean = self.measured = self._measure(whole=parts == asked.parts and also is None)
            if self.mean is None:
                self.reason = (
                    "the labels, the slices of the traffic with cases, or what is answered do not carry it"
                )
            elif criterion.get("answered") and asked.looks != "once":
                self.mean, self.reason = None, "what is answered is looked at once"
            elif asked.looks == "open" and not self.mean.plain:
                self.mean, self.reason = None, "groups have no one value each, and looking has no end"
        self.strict = max(asked.plan["error"] / own, 1.0) if own and not self.reason else 1.0

    def counts(self) -> dict[str, int]:
        """Return planned = passed + failed + unscored + no answer, and how many cases and groups there are."""
        each = [(case, n) for group, n in self.groups.items() for case in group]
        found = {
            name: sum(n * getattr(case, name) for case, n in each)
            for name in ("planned", "passed", "unscored", "no_answer", "handed_over")
        }
        found["failed"] = 2 * found["planned"] - sum(found.values())
        found["cases"] = sum(n for _, n in each)
        found["groups"] = sum(self.groups.values())
        found["repeats"] = max((case.planned for case, _ in each), default=0)
        return found

    def _refusal(self) -> str:
        """Say why nothing can be estimated, in few words; empty when something can."""
        largest = max((len(group) for group in self.groups), default=0)
        each = [case for group in self.groups for case in group]
        if not sum(case.planned for case in each):
            return "nothing recorded"
        if largest > 1 and sum(self.groups.values()) < FEWEST_GROUPS:
            return "too few groups of several cases"
        k = self.criterion.get("k")
        if k is not None and min(case.planned for case in each) < k:
            return "too few repeats"
        if self.estimand == "difference" and any(case.against_planned == 0 for case in each):
            return "nothing planned of the baseline"
        return ""

    def _measure(self, *, whole: bool) -> Mean | Judged | None:
        """Return the mean; None where there is none."""
        if self.criterion.get("labels"):
            return judged(self.groups, self.criterion["labels"]["chosen"])
        shares = self.asked.mix(self.criterion) if whole and self.estimand != "difference" else None
        if self.criterion.get("answered"):
            return self._answered(shares)
        if shares is None:
            return Mean([(1.0, self._histogram(self.groups))])
        there = [(share, groups) for share, groups in shares if groups]
        if 1.0 - math.fsum(share for share, _ in there) > MOST_UNSEEN:
            return None
        return Mean([(share, self._histogram(groups)) for share, groups in there], weighed=True)

    def _answered(self, shares: list[tuple[float, Groups]] | None) -> Answered | None:
        """Return what passes of what is answered; None where nothing is, or too few groups of several cases."""
        there = [(share, groups) for share, groups in shares or [(1.0, self.groups)] if groups]
        pairs = [
            (share, _added((self._pair(group), n) for group, n in groups.items())) for share, groups in there
        ]
        some = sum(n for _, groups in pairs for pair, n in groups.items() if pair[0] > 0.0)
        several = any(len(group) > 1 for group in self.groups)
        if (
            not some
            or (several and some < FEWEST_GROUPS)
            or 1.0 - math.fsum(s for s, _ in there) > MOST_UNSEEN
        ):
            return None
        return Answered(pairs, weighed=shares is not None)

    def _pair(self, group: Group) -> tuple[float, float]:
        of = math.fsum((case.planned - case.handed_over) / case.planned for case in group) / len(group)
        good = math.fsum(case.passed / case.planned for case in group) / len(group)
        return round(of, 15), round(min(good, of), 15)

    def _histogram(self, groups: Groups) -> dict[float, int]:
        found: Counter[float] = Counter()
        for group, n in groups.items():
            value = math.fsum(self._value(case) for case in group) / len(group)
            found[round(value, 15)] += n
        return dict(found)

    def _value(self, case: Counted) -> float:
        """Return the value of one case in [0, 1]."""
        k = int(self.criterion.get("k") or 0)
        if self.estimand == "all_of_k":
            return math.comb(case.passed, k) / math.comb(case.planned, k)
        if self.estimand == "any_of_k":
            return 1.0 - math.comb(case.planned - case.passed, k) / math.comb(case.planned, k)
        if self.estimand == "mean":
            return case.points / (case.planned * STEPS)
        if self.estimand == "difference":
            gain = case.passed / case.planned - case.against_passed / case.against_planned
            return (gain + 1.0) / 2.0
        return case.passed / case.planned

    @property
    def bar(self) -> float:
        """The bar on the scale from 0 to 1."""
        value = self.criterion["bar"].get("at_least", self.criterion["bar"].get("at_most"))
        if self.estimand == "quantile":
            return float(self.criterion["quantile"])
        if self.estimand == "mean":
            return float(1.0 - value / self.criterion["cap"])
        return float((value + 1.0) / 2.0 if self.estimand == "difference" else value)

    def scaled(self, value: float) -> float:
        """Return a value from 0 to 1 on the scale the criterion is written in."""
        if self.estimand == "mean":
            return float(self.criterion["cap"] * (1.0 - value))
        return 2.0 * value - 1.0 if self.estimand == "difference" else value

    def side(self, *, above: bool) -> tuple[Mean | Judged, float]:
        """Return the mean and the bar, or what is lacking of both to 1."""
        if self.mean is None:
            raise Unknown(self.reason)
        return (self.mean, self.bar) if above else (self.mean.mirrored(), 1.0 - self.bar)

    def _p(self, *, above: bool) -> float:
        if self.reason:
            return 1.0
        mean, bar = self.side(above=above)
        looks, reserve = self.asked.looks, self.reserve
        if looks == "once":
            found = mean.p_above(bar)
        elif looks == "open":
            found = self._fortune(mean, bar)
        elif not 0.0 < bar < 1.0:
            return 1.0
        else:
            graded = not (mean.plain and mean.binary)
            found = at_any_look(mean.p_above(bar), n=mean.n, end=self.end, bar=bar, graded=graded)
            if reserve:
                found = min(found / (1.0 - reserve), self._fortune(mean, bar) / reserve)
        return min(found * self.strict, 1.0)

    def _fortune(self, mean: Mean | Judged, bar: float) -> float:
        return fortune_p(mean.values, bar) if isinstance(mean, Mean) and mean.plain else 1.0

    @property
    def reserve(self) -> float:
        """The share of the error that is kept for looks past the planned end."""
        looks = self.asked.looks
        return 1.0 if looks == "open" else float(looks.get("reserve") or 0.0) if looks != "once" else 0.0

    @property
    def end(self) -> int:
        """The number of groups of this claim at which planned looking ends."""
        return self.asked.evidence.sealed_end(self.cells, int(self.asked.looks["end"]))

    def lower(self, alpha: float, *, above: bool = True) -> float:
        """Return the bound from below, on the scale from 0 to 1, at every look that the plan allows."""
        mean, bar = self.side(above=above)
        if self.asked.looks == "once":
            return mean.lower(alpha)
        found = [0.0]
        if self.asked.looks != "open" and 0.0 < bar < 1.0:
            paid = alpha * (1.0 - self.reserve)
            level = level_at_look(paid, n=mean.n, end=self.end, bar=bar)
            found.append(mean.lower(level) if level > 0.0 else 0.0)
            if mean.plain and mean.binary:
                shown = at_any_look(mean.p_above(bar), n=mean.n, end=self.end, bar=bar) <= paid
                found.append(bar if shown else 0.0)
        if self.reserve and isinstance(mean, Mean) and mean.plain:
            found.append(fortune_lower(mean.values, alpha * self.reserve))
        return max(found)

    def upper(self, alpha: float) -> float:
        """Return the mirror image of the bound from below."""
        return 1.0 - self.lower(alpha, above=False)

    def in_vain(self, alpha: float) -> bool:
        """Whether the bar would be missed at the planned end even if every group to come passed."""
        mean, looks = self.mean, self.asked.looks
        if (
            not isinstance(looks, dict)
            or looks.get("reserve")
            or not isinstance(mean, Mean)
            or not mean.plain
        ):
            return False
        if not 0.0 < self.bar < 1.0 or mean.n >= self.end:
            return False
        best = Mean([(1.0, dict(Counter(mean.values) + Counter({1.0: self.end - mean.n})))])
        level = level_at_look(alpha, n=self.end, end=self.end, bar=self.bar, graded=not mean.binary)
        return best.p_above(self.bar) > level

    def p_above(self) -> float:
        """Return the p-value of "no better than the bar"."""
        return self._p(above=True)

    def p_holds(self) -> float:
        """Return the p-value that decides: nothing holds while what was seen is not above the bar."""
        if self.mean is not None and self.mean.estimate <= self.bar + 1e-14:
            return 1.0
        return self.p_above()

    def p_below(self) -> float:
        """Return the p-value of "at least as good as the bar"."""
        return self._p(above=False)

    def state(self, level: float, refuting: float) -> str:
        """Return one of three states."""
        if level > 0 and self.p_holds() <= level:
            return "holds"
        return "does not hold" if level > 0 and self.p_below() <= refuting else "not shown"

    def method(self) -> str:
        """Return what the verdict calls the method."""
        if self.mean is None:
            return "none"
        how = "Clopper-Pearson" if self.mean.binary else "Gaffke"
        how = self.mean.method or (how if self.mean.plain else "weighted Gaffke")
        if self.asked.looks == "open":
            how = "an e-process"
        elif self.asked.looks != "once":
            how = f"{how}, valid at any look up to {self.end} groups,"
        what = WHAT[self.estimand].format(k=self.criterion.get("k"))
        return f"{how} on {'answered outputs' if self.criterion.get('answered') else what}"

    def flips(self) -> dict[str, int] | None:
        """Return how many groups gained, lost and stayed against the baseline."""
        if self.estimand != "difference" or not isinstance(self.measured, Mean):
            return None
        values = self.measured.values
        same = sum(n for v, n in values.items() if abs(v - 0.5) < 1e-12)
        fixed = sum(n for v, n in values.items() if v > 0.5 + 1e-12)
        return {"fixed": fixed, "broken": self.measured.n - same - fixed, "unchanged": same}


class Asked:
    """What the plan asks of the evidence: parts of the scope, criteria, and slices across."""

    def __init__(self, evidence: Evidence, *, rehearsal: bool) -> None:
        """Read the plan."""
        self.evidence, self.plan = evidence, evidence.plan
        self.looks: Any = "once" if rehearsal else self.plan["looks"]
        scoped = [(name, rule) for name, rule in self.plan["slices"].items() if rule.get("scope")]
        self.scope: str | None = scoped[0][0] if scoped else None
        self.shares: dict[str, float] = dict(scoped[0][1].get("shares", {})) if scoped else {}
        self.parts = tuple(f"{self.scope}={v}" for v in self.shares) if self.scope else ("everywhere",)
        self.deciding = [c for c in evidence.claims if c.get("kind", "goal") != "diagnostic"]
        self.across = [(c, name) for c in self.deciding for name in self._across(c)]
        self._made: dict[tuple[str, tuple[str, ...], str | None], Tested] = {}

    def _across(self, criterion: Json) -> list[str]:
        names: list[str] = []
        for name in criterion.get("slices", []):
            rule = self.plan["slices"][name]
            if name != self.scope:
                names += [f"{name}={v}" for v in rule.get("shares", {})] if rule.get("by") else [name]
        return names

    def test(self, criterion: Json, parts: tuple[str, ...], also: str | None = None) -> Tested:
        """Test a criterion within parts of the scope; the same question is answered once."""
        key = (criterion["id"], parts, also)
        if key not in self._made:
            self._made[key] = Tested(self, criterion, parts, also)
        return self._made[key]

    def cells(self, parts: tuple[str, ...], also: str | None) -> set[int]:
        """Return the cells of the parts, and within a further slice."""
        return {
            i
            for i, names in enumerate(self.evidence.cells)
            if (not self.scope or names & set(parts)) and (also is None or also in names)
        }

    def within(self, criterion: Json, cells: set[int]) -> Groups:
        """Return the groups with their cases in the cells."""
        found: Counter[Group] = Counter()
        for group, n in self.evidence.groups[criterion["id"]].items():
            if kept := tuple(case for case in group if case.cell in cells):
                found[kept] += n
        return dict(found)

    def mix(self, criterion: Json) -> list[tuple[float, Groups]] | None:
        """Return the groups by the slices of the traffic with their shares; None where they cannot be weighed."""
        name, shares = self.scope, self.shares
        if not self.scope:
            ruled = [
                (n, r["shares"]) for n, r in self.plan["slices"].items() if r.get("by") and r.get("shares")
            ]
            name, shares = ruled[0] if ruled else (None, {})
        if name is None or (self.scope and len(shares) < 2):
            return None
        home = {
            i: next((v for v in shares if f"{name}={v}" in names), None)
            for i, names in enumerate(self.evidence.cells)
        }
        for group in self.evidence.groups[criterion["id"]]:
            where = {home[case.cell] for case in group}
            if len(where) > 1 or None in where:
                return None
        total = sum(shares.values())
        return [
            (share / total, self.within(criterion, {i for i, v in home.items() if v == value}))
            for value, share in shares.items()
        ]

    def shares_groups(self) -> bool:
        """Whether a group has cases in two parts of the scope."""
        home = [names & set(self.parts) for names in self.evidence.cells]
        return any(
            len(frozenset().union(*(home[case.cell] for case in group))) > 1
            for groups in self.evidence.groups.values()
            for group in groups
        )

    def steps(self) -> bool:
        """Whether p-values of some part come in few steps, which the closed test then makes use of."""
        if self.looks != "once" or len(self.parts) < 2:
            return False
        return any(all(self._stepped(c, part) for c in self.deciding) for part in self.parts)

    def _stepped(self, criterion: Json, part: str) -> bool:
        groups = self.within(criterion, self.cells((part,), None))
        single = all(len(group) == 1 and group[0].planned == 1 for group in groups)
        counted = criterion.get("estimand", "rate") in ("rate", "quantile") and not criterion.get("answered")
        return bool(groups) and single and counted


# ---- prices -----------------------------------------------------------------------------------------------------

POWER, NEAR_POWER, STEADY = 0.8, 0.03, 15
MOST_GROUPS = 10_000_000
MOST_SCANNED = 50_000  # sizes of an exact test that are tried one by one


class Price(NamedTuple):
    """How many cases show a claim, if what is assumed is so."""

    cases: int
    assuming: float
    fresh: bool
    kind: str


def price_of(tested: Tested, level: float, *, fresh: bool, said: int = 0) -> Price | None:
    """Return about how many cases show a claim with a chance of 80 in 100; None where no number does.

    Where groups in hand count along, a few more may show it, some more not, and many more again: then a number
    that was said is right if it shows the claim and one group fewer does not.

    Raises:
        Unknown: so many sizes are not tried one by one here.
    """
    mean, counts = tested.measured, tested.counts()
    each = counts["cases"] / counts["groups"] if counts["groups"] else 1.0
    near = math.floor(said / each + 1e-6)
    if level <= 0.0:
        return None
    if tested.estimand in ("difference", "mean"):
        if mean is None:
            return None
        hoped, kind = tested.scaled(mean.estimate), tested.estimand
        groups = more_like_these(mean, tested.bar, level, fresh=fresh, near=near)
    else:
        hoped, kind = hoped_for(tested, level), "rate"
        if mean is None and tested.criterion.get("answered"):
            return None
        if isinstance(mean, Answered):
            groups = _price_of_answered(tested, mean, hoped, level, fresh=fresh, near=near)
        elif isinstance(mean, Mean) and mean.plain:
            outcomes = max(round(counts["planned"] / counts["groups"]), 1)
            law = law_as_alike(mean, hoped, outcomes)
            groups = groups_of_law(law, mean, tested.bar, level, fresh=fresh, near=near)
        elif isinstance(mean, Judged):
            groups = more_judged(mean, tested.bar, level, fresh=fresh)
        else:
            groups = binomial_price(tested.bar, hoped, level)
            groups = groups if groups is None or fresh else groups - counts["groups"]
    if groups is None:
        return None
    return Price(math.ceil(round(max(groups, 1) * each, 6)), hoped, fresh, kind)


def _price_of_answered(
    tested: Tested, mean: Answered, hoped: float, level: float, *, fresh: bool, near: int
) -> int | None:
    """Return how many groups it takes so that enough have something answered, as often as was seen."""
    counts = tested.counts()
    if mean.weighed:
        found = binomial_price(tested.bar, hoped, level)
    else:
        outcomes = max(round(max(round(counts["planned"] / counts["groups"]), 1) * mean.part), 1)
        inner = mean.within()
        law = law_as_alike(inner, hoped, outcomes)
        near = math.floor(near * mean.some / mean.n + 1e-6)
        found = groups_of_law(law, inner, tested.bar, level, fresh=fresh, near=near)
    return None if found is None else math.ceil(found * mean.n / mean.some - 1e-9)


def hoped_for(tested: Tested, level: float) -> float:
    """Return the rate that a price assumes: the one hoped for, where what was seen leaves room for it."""
    mean, bar = tested.measured, tested.bar
    hoped = None if tested.estimand == "quantile" else tested.criterion.get("hoped_for")
    if hoped is not None and hoped > bar and (mean is None or not _ruled_out(mean, hoped, level)):
        return float(hoped)
    if mean is None or mean.estimate < bar + (1.0 - bar) / 10 - 1e-9:
        return bar + (1.0 - bar) / 4
    return min(mean.estimate, bar + (1.0 - bar) * 0.8)


def _ruled_out(mean: Mean | Judged, hoped: float, level: float) -> bool:
    turned = mean.mirrored()
    if isinstance(turned, Judged) and isinstance(turned.above, Exact):
        return turned.p_above(1.0 - hoped) <= level
    return hoped > 1.0 - turned.lower(level)


def binomial_price(bar: float, hoped: float, alpha: float, seen: int = 0, passed: int = 0) -> int | None:
    """Return the first size whose exact test has the power and not much more, else the first that has it.

    Sizes are tried from the least on, until fifteen in a row have the power.
    """
    if hoped <= bar:
        return None
    first = near_it = run = 0
    needed = 0
    for new in range(1, MOST_SCANNED):
        while needed <= seen + new and tail(needed, seen + new, bar) > alpha:
            needed += 1
        chance = 1.0 if needed <= passed else tail(needed - passed, new, hoped)
        run = run + 1 if chance >= POWER else 0
        first = first or (new if run else 0)
        near_it = near_it or (new if run and chance <= POWER + NEAR_POWER else 0)
        if run == STEADY:
            return near_it if near_it and near_it <= new - STEADY + 1 else first
    raise Unknown(f"more than {MOST_SCANNED:,} sizes are not tried here; `shipworthy plan` does it")


Law = list[tuple[float, float]]


def law_as_alike(mean: Mean, rate: float, outcomes: int) -> Law:
    """Return a law with this rate whose groups are as alike inside as the ones seen: Beta-binomial shares."""
    n, middle = mean.n, mean.estimate
    if n < 2 or outcomes == 1 or not 0.0 < middle < 1.0:
        return _law([(0.0, 1.0 - rate), (1.0, rate)])
    failures = n * (1.0 - middle)
    scatter = math.fsum(k * (v - middle) ** 2 for v, k in mean.values.items()) / (n - 1.0)
    spread = (scatter / (middle * (1.0 - middle)) * failures + 0.1) / (failures + 0.1)
    alike = min(max((spread * outcomes - 1.0) / (outcomes - 1.0), 0.0), 1.0)
    size = min(outcomes, 256)
    if alike > 1.0 - 1e-9 or rate in (0.0, 1.0):
        return _law([(0.0, 1.0 - rate), (1.0, rate)])
    if alike < 1e-6:
        logs = [ways(size, k) + k * math.log(rate) + (size - k) * math.log1p(-rate) for k in range(size + 1)]
    else:
        a, b = rate * (1.0 / alike - 1.0), (1.0 - rate) * (1.0 / alike - 1.0)
        logs = [ways(size, k) + _beta(k + a, size - k + b) - _beta(a, b) for k in range(size + 1)]
    return _law([(k / size, math.exp(log)) for k, log in enumerate(logs)])


def _beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _law(pairs: Law) -> Law:
    kept = sorted((value, share) for value, share in pairs if share > 1e-12)
    whole = math.fsum(share for _, share in kept)
    return [(value, share / whole) for value, share in kept]


def more_like_these(
    mean: Mean | Judged, bar: float, alpha: float, *, fresh: bool, near: int = 0
) -> int | None:
    """Return how many groups show the mean, if new ones fall as these did."""
    if isinstance(mean, Judged):
        return None
    if mean.plain:
        law = _law([(v, n / mean.n) for v, n in mean.values.items()])
        return groups_of_law(law, mean, bar, alpha, fresh=fresh, near=near)
    if mean.estimate * mean.seen <= bar:
        return None
    scatter = []
    for share, values in mean.slices:
        n = sum(values.values())
        middle = math.fsum(v * k for v, k in values.items()) / n
        scatter.append(
            share**2 * math.fsum(k * (v - middle) ** 2 for v, k in values.items()) / max(n - 1.0, 1.0) / n
        )
    spread = math.sqrt(math.fsum(scatter))

    def shows(n: int) -> bool:
        times = n / mean.n
        unlucky = bar + NormalDist().inv_cdf(POWER) * spread / math.sqrt(times)
        larger = [(share, {v: k * times for v, k in values.items()}) for share, values in mean.slices]
        return unlucky < 1.0 and Mean(larger, weighed=True).p_above(unlucky) <= alpha

    found = _first(shows)
    return found if found is None or fresh else max(found - mean.n, 0)


def more_judged(rate: Judged, bar: float, alpha: float, *, fresh: bool) -> int | None:
    """Return how many groups show a judged rate: the way from estimate to bound shrinks with the root of their number."""
    ahead = rate.estimate - bar
    if ahead <= 0.0:
        return None
    way = rate.estimate - rate.lower(alpha) + NormalDist().inv_cdf(POWER) * rate.spread / math.sqrt(rate.n)
    groups = math.ceil(rate.n * (way / ahead) ** 2)
    if groups > MOST_GROUPS:
        return None
    return groups if fresh else max(groups - rate.n, 0)


def groups_of_law(
    law: Law, seen: Mean, bar: float, alpha: float, *, fresh: bool, near: int = 0
) -> int | None:
    """Return how many new groups of a law show the bar when they come out as low as one time in five."""
    before = {} if fresh else dict(seen.values)
    expected_mean = math.fsum(v * share for v, share in law)
    if all(v in (0.0, 1.0) for v, _ in law) and all(v in (0.0, 1.0) for v in before):
        return binomial_price(bar, expected_mean, alpha, sum(before.values()), before.get(1.0, 0))
    if expected_mean <= bar:
        return None

    def shows(n: int) -> bool:
        shares = unlucky_shares(law, n)
        parts = [(v - bar, n * share) for (v, _), share in zip(law, shares, strict=True) if share > 1e-12]
        return (
            weighted_tail([*parts, *((v - bar, float(k)) for v, k in before.items()), (-bar, 1.0)]) <= alpha
        )

    if near > 1 and shows(near) and not shows(near - 1):
        return near
    return _first(shows)


def _first(shows: Callable[[int], bool]) -> int | None:
    """Return the first size from which on something is shown."""
    low, high = 0, 1
    while not shows(high):
        low, high = high, 2 * high
        if high > MOST_GROUPS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shows(middle) else (middle, high)
    return high


def unlucky_shares(law: Law, n: int) -> list[float]:
    """Return the shares that n draws most likely have when their mean is so low that it is higher with the power."""
    top = law[-1][1]
    if len(law) == 1 or n * math.log(top) >= math.log(POWER):
        return [0.0] * (len(law) - 1) + [1.0]
    step = 1.0 / math.sqrt(n * _tilted(law, 0.0)[3])
    low = high = 0.0
    while _at_least(law, n, low) < POWER:
        low -= step
    while _at_least(law, n, high) > POWER:
        high += step
    while high - low > 1e-4 * step:
        middle = (low + high) / 2.0
        low, high = (middle, high) if _at_least(law, n, middle) > POWER else (low, middle)
    return _tilted(law, low)[0]


def _tilted(law: Law, tilt: float) -> tuple[list[float], float, float, float]:
    """Return the shares times exp(tilt x value), scaled to 1; the log of their sum before; mean and variance."""
    top = max(tilt * v for v, _ in law)
    weights = [share * math.exp(tilt * v - top) for v, share in law]
    total = math.fsum(weights)
    shares = [weight / total for weight in weights]
    mean = math.fsum(s * v for s, (v, _) in zip(shares, law, strict=True))
    variance = math.fsum(s * (v - mean) ** 2 for s, (v, _) in zip(shares, law, strict=True))
    return shares, top + math.log(total), mean, variance


def _at_least(law: Law, n: int, tilt: float) -> float:
    """Return about the chance that n draws have a mean as high as the tilted law's: Lugannani and Rice's formula."""
    _, logs, mean, variance = _tilted(law, tilt)
    w = math.copysign(math.sqrt(max(2 * n * (tilt * mean - logs), 1e-300)), tilt)
    u = tilt * math.sqrt(n * variance)
    if abs(w) < 1e-3:  # 0/0 without a tilt, and smooth through it
        away = 4e-3 / math.sqrt(n * variance)
        return (_at_least(law, n, tilt - away) + _at_least(law, n, tilt + away)) / 2.0
    if u / w < 1e-9:
        return 1.0 if tilt < 0 else 0.0
    return above_normal(w + math.log(u / w) / w)


# ---- scope and verdict ------------------------------------------------------------------------------------------


class Settled(NamedTuple):
    """What was decided: the word, the parts that may ship, and the level of each test."""

    word: str
    included: tuple[str, ...]
    level: float
    whole: float
    levels: tuple[float, ...]
    across: float
    lifted: bool


def level_of(plan: Json, *, number: int, groups: int, rehearsal: bool) -> float:
    """Return the error of a look: the plan's, shared by its tries; none at a second look of one, or past the end."""
    looks, paid = plan["looks"], float(plan["error"] / plan.get("tries", 1))
    if rehearsal:
        return paid
    if looks == "once":
        return paid if number <= 1 else 0.0
    past = isinstance(looks, dict) and groups > looks["end"] and not looks.get("reserve")
    return 0.0 if past else paid


def divide(asked: Asked, level: float) -> tuple[float, float]:
    """Return the error for the slices and the whole, and the quarter kept for claims across parts of the scope."""
    return (level * 3 / 4, level / 4) if asked.across and len(asked.parts) > 1 else (level, 0.0)


def settle(asked: Asked, level: float) -> Settled:
    """Derive scope and word from p-values.

    Raises:
        Unknown: some p-value that decides cannot be derived here.
    """
    parts, n = asked.parts, len(asked.parts)
    whole, rest = divide(asked, level)
    tested = {part: [asked.test(c, (part,)) for c in asked.deciding] for part in parts}
    worst = [max((t.p_holds() for t in tests), default=1.0) for tests in tested.values()]
    procedure = holm if asked.shares_groups() else hommel
    fell, levels = procedure(worst, whole) if whole > 0 else ([False] * n, [0.0] * n)
    held = tuple(part for part, fallen in zip(parts, fell, strict=True) if fallen)

    def across(kept: tuple[str, ...]) -> float:
        return max((asked.test(c, kept, also).p_holds() for c, also in asked.across), default=0.0)

    included, at = held, whole
    if whole <= 0:
        included, at = (), 0.0
    elif len(held) == n and across(parts) <= whole:
        return Settled("ship", parts, level, whole, tuple(levels), whole, lifted=False)
    elif asked.across:
        included, at = _part_with_across(asked, held, rest, across) or ((), whole)
    elif len(held) == n:
        included = ()
    word = "ship narrower" if included else _refused(asked, tested, whole)
    lifted = asked.steps() and len(held) < n
    return Settled(word, included, level, whole, tuple(levels), at, lifted)


def _part_with_across(
    asked: Asked, held: tuple[str, ...], rest: float, across: Callable[[tuple[str, ...]], float]
) -> tuple[tuple[str, ...], float] | None:
    """Return the part that keeps the most traffic whose claims across hold at its share of the error for them."""
    n = len(asked.parts)
    if len(held) > 6:
        raise Unknown("with claims across more than six slices not all parts are tried")
    share = {f"{asked.scope}={value}": part for value, part in asked.shares.items()}
    sizes = range(min(len(held), n - 1), 0, -1)
    parts = [part for size in sizes for part in combinations(held, size)]
    for part in sorted(parts, key=lambda part: -math.fsum(share[name] for name in part)):
        out = n - len(part)
        level = rest * 2.0**-out / math.comb(n, out) / (1.0 - 2.0 ** (1 - n))
        if across(part) <= level:
            return part, level
    return None


def _refused(asked: Asked, tested: dict[str, list[Tested]], level: float) -> str:
    if not any(tested.values()) or level <= 0:
        return "not yet"
    everywhere = all(
        any(t.state(level, level) == "does not hold" for t in tests) for tests in tested.values()
    )
    beside = len(asked.parts) == 1 and any(
        asked.test(c, asked.parts, also).state(level, level) == "does not hold" for c, also in asked.across
    )
    return "do not ship" if everywhere or beside else "not yet"


COUNTS = ("planned", "passed", "failed", "unscored", "no_answer", "cases", "groups", "repeats")


class Expected(NamedTuple):
    """A claim that the verdict must have, in its order, with the level at which it was tested."""

    tested: Tested
    own: float | None
    refuting: float
    decides: bool


def expected(asked: Asked, settled: Settled | None, whole: float) -> list[Expected]:
    """Return every claim of the verdict; without a scope, no level at which each was tested."""
    found = []
    for i, part in enumerate(asked.parts):
        own = settled.levels[i] if settled else None
        found += [Expected(asked.test(c, (part,)), own, whole, decides=True) for c in asked.deciding]
    inside = (settled.included if settled else ()) or asked.parts
    at = settled.across if settled else None
    found += [Expected(asked.test(c, inside, also), at, whole, decides=True) for c, also in asked.across]
    diagnostics = [c for c in asked.evidence.claims if c.get("kind") == "diagnostic"]
    shown = (settled.level or asked.plan["error"]) if settled else None
    found += [Expected(asked.test(c, asked.parts), shown, whole, decides=False) for c in diagnostics]
    return found


def check_claim(claim: Json, wanted: Expected, settled: Settled | None, report: Report) -> None:
    """Check one claim: its counts, then what was estimated, then its state."""
    tested = wanted.tested
    name = f"{claim['criterion']} on {claim['slice'] or 'all cases'}"
    counts = tested.counts()
    together = sum(claim[key] for key in ("passed", "failed", "unscored", "no_answer"))
    if together + claim.get("handed_over", 0) != claim["planned"]:
        report.differs(f"{name}: planned is not passed, failed, unscored, no answer and handed over together")
    if claim.get("handed_over") != (counts["handed_over"] if tested.criterion.get("answered") else None):
        report.differs(f"{name}: handed over counts {counts['handed_over']}")
    said = {key: claim[key] for key in COUNTS}
    counts = {key: counts[key] for key in COUNTS}
    for key in COUNTS:
        if said[key] != counts[key]:
            report.differs(f"{name}: {key} is said to be {said[key]}, and counts {counts[key]}")
    if said == counts:
        report.agrees(
            f"{name}: {counts['passed']} of {counts['planned']} passed, in {counts['groups']} groups"
        )
    _check_bar(claim, tested, name, report)
    if claim["decides"] != wanted.decides:
        report.differs(f"{name}: whether it decides")
    if claim["method"] != tested.method():
        report.differs(f"{name}: its method is said to be {claim['method']}, and is {tested.method()}")
    _check_numbers(claim, wanted, name, report)
    _check_level(claim, wanted, settled, name, report)
    _check_state(claim, wanted, name, report)
    _check_price(claim, wanted, name, report)


def _check_price(claim: Json, wanted: Expected, name: str, report: Report) -> None:
    """Check how many cases would show a claim that is not shown, on what assumption."""
    tested, said, level = wanted.tested, claim["more_needed"], 1.0 - claim["level"]
    found = None
    try:
        if claim["state"] == "not shown":
            fresh = tested.asked.looks == "once" or (not tested.reason and tested.in_vain(level))
            found = price_of(tested, level, fresh=fresh, said=said["cases"] if said else 0)
    except Unknown as why:
        report.skips(f"{name}: the price of showing it", why)
        return
    if said is None and found is None:
        return
    if said is None or found is None:
        report.differs(f"{name}: the price of showing it is said to be {said}, and comes to {found}")
        return
    same = (
        (said["cases"], said["fresh"], said["kind"]) == (found.cases, found.fresh, found.kind)
        and near(said["assuming"], found.assuming) and said["power"] == POWER
    )  # fmt: skip
    if same:
        report.agrees(f"{name}: {found.cases} cases would show it")
    else:
        report.differs(f"{name}: the price of showing it is said to be {said}, and comes to {found}")


def _check_bar(claim: Json, tested: Tested, name: str, report: Report) -> None:
    bar = tested.criterion["bar"]
    op, value = (">=", bar["at_least"]) if "at_least" in bar else ("<=", bar["at_most"])
    if (claim["bar"]["op"], claim["bar"]["value"]) != (op, float(value)):
        report.differs(f"{name}: its bar is said to be {claim['bar']['value']}, and the plan has {value}")
    for key, plain in (("estimand", "rate"), ("kind", "goal")):
        if claim[key] != tested.criterion.get(key, plain):
            report.differs(f"{name}: its {key} is not that of the plan")


def _check_numbers(claim: Json, wanted: Expected, name: str, report: Report) -> None:
    tested = wanted.tested
    try:
        found = _numbers(claim, tested, (1.0 - claim["level"]))
    except Unknown as why:
        report.skips(f"{name}: its bounds", why)
        return
    wrong = [key for key in found if not near(claim[key], found[key])]
    for key in wrong:
        report.differs(f"{name}: {key} is said to be {claim[key]}, and comes to {_short(found[key])}")
    if claim["flips"] != tested.flips():
        report.differs(f"{name}: groups fixed, broken and unchanged are {tested.flips()}")
    likely = tested.measured.likely() if isinstance(tested.measured, Mean) and tested.measured.plain else None
    if (claim["likely"] is None) != (likely is None):
        report.differs(f"{name}: the range it probably lies in")
    elif likely is not None:
        ends = sorted(tested.scaled(end) for end in likely)
        wrong += ["likely"] if not _ends_fit(claim["likely"], ends, name, report) else []
    judge = None if tested.measured is None else tested.measured.judge
    if (claim["judge"] is None) != (judge is None) or any(
        not near(claim["judge"][key], value) for key, value in (judge or {}).items()
    ):
        wrong.append("judge")
        report.differs(f"{name}: what is said of the judge comes to {judge}")
    if not wrong:
        report.agrees(f"{name}: estimate, bounds and p-value")


def _ends_fit(said: Json, ends: list[float], name: str, report: Report) -> bool:
    if near(said["lower"], ends[0]) and near(said["upper"], ends[1]) and said["level"] == 0.95:
        return True
    report.differs(f"{name}: the range it probably lies in comes to {ends[0]:.6g} to {ends[1]:.6g}")
    return False


def _numbers(claim: Json, tested: Tested, shown: float) -> dict[str, float | None]:
    mean = tested.mean
    if mean is None:
        return {"estimate": None, "lower": None, "upper": None, "standard_error": None, "p_value": 1.0}
    if isinstance(mean, Judged) and claim["lower"] is not None and claim["upper"] is not None:
        mean.expects(claim["lower"], claim["upper"])
    ends = sorted((tested.scaled(tested.lower(shown)), tested.scaled(tested.upper(shown))))
    spread = mean.standard_error()
    unit = abs(tested.scaled(1.0) - tested.scaled(0.0))
    found: dict[str, float | None] = {
        "estimate": tested.scaled(mean.estimate),
        "lower": ends[0],
        "upper": ends[1],
        "p_value": tested.p_above(),
    }
    found["standard_error"] = None if spread is None else spread * unit
    return found


def _check_level(claim: Json, wanted: Expected, settled: Settled | None, name: str, report: Report) -> None:
    said = (1.0 - claim["level"]) * wanted.tested.strict
    if settled is None or wanted.own is None:
        report.skips(f"{name}: the level it was tested at", "the scope could not be derived")
        return
    own = wanted.own or settled.level or wanted.tested.asked.plan["error"]
    if near(said, own):
        report.agrees(f"{name}: tested at {own:.6g}")
    elif settled.lifted and said <= settled.whole + NEAR:
        report.skips(
            f"{name}: that it was tested at {said:.6g}",
            "thresholds lifted to attainable steps are not in this file; `shipworthy verify` derives them",
        )
    else:
        report.differs(f"{name}: it is said to be tested at {said:.6g}, and was to be at {own:.6g}")


def _check_state(claim: Json, wanted: Expected, name: str, report: Report) -> None:
    said = (1.0 - claim["level"]) * wanted.tested.strict
    own = wanted.own if wanted.own is not None else said
    own = said if own > 0 else own  # a level that steps lifted is compared above
    try:
        report.same(f"{name}: {claim['state']}", claim["state"], wanted.tested.state(own, wanted.refuting))
    except Unknown as why:
        report.skips(f"{name}: that it {claim['state']}", why)


def check_verdict(export: Json, evidence: Evidence, report: Report) -> None:
    """Check the look, every claim, the scope and the word."""
    verdict, plan = export["verdict"], export["plan"]
    groups = len(evidence.counted_cases())
    report.same("cases: as many as were locked", plan["cases"]["n_cases"], len(evidence.cases))
    if evidence.twice:
        report.differs(f"outputs: {evidence.twice} stand in the export twice")
    number = _check_look(export, evidence.digest(), groups, report)
    rehearsal = bool(verdict["exploratory"])
    asked = Asked(evidence, rehearsal=rehearsal)
    settled = None
    level = level_of(plan, number=number, groups=groups, rehearsal=rehearsal)
    try:
        settled = settle(asked, level)
    except Unknown as why:
        report.skips("scope and verdict", why)
    if settled is not None:
        settled = _check_word(verdict, asked, settled, report)
    wanted = expected(asked, settled, divide(asked, level)[0])
    asked_for = {(each.tested.criterion["id"], each.tested.slice): each for each in wanted}
    said = [(claim["criterion"], claim["slice"]) for claim in verdict["claims"]]
    known = len(said) == len(set(said)) and set(said) == set(asked_for)
    report.holds("claims: all that the plan asks, each once, and no other", known)
    for claim, key in zip(verdict["claims"], said, strict=True):
        if key in asked_for:
            check_claim(claim, asked_for[key], settled, report)
    if verdict["blocked_by"]:
        report.skips(
            "what holds the verdict back",
            "challenges are questions to people: `shipworthy pressure-test` says what each saw",
        )
    if verdict["notes"]:
        report.skips(
            f"{len(verdict['notes'])} notes on the evidence",
            "they are words; what they warn of stands in them",
        )


def _check_word(verdict: Json, asked: Asked, settled: Settled, report: Report) -> Settled:
    key = "would_be" if verdict["exploratory"] else "verdict"
    said = tuple(verdict["scope"]["included"])
    report.same("error: the plan's", verdict["error"], asked.plan["error"])
    if settled.lifted and set(said) > set(settled.included):
        report.skips(
            f"that {', '.join(said)} may ship",
            "thresholds lifted to attainable steps are not in this file; `shipworthy verify` derives them",
        )
        return settled._replace(included=said)
    report.same(f"scope: {', '.join(said) or 'nothing'}", sorted(said), sorted(settled.included))
    out = {each["slice"]: each["share"] for each in verdict["scope"]["excluded"]}
    left = {f"{asked.scope}={v}": s for v, s in asked.shares.items() if f"{asked.scope}={v}" not in said}
    report.same("scope: the slices left out, with their traffic", out, left)
    for each in verdict["scope"]["excluded"]:
        _check_left_out(each, verdict["claims"], report)
    report.same(f"verdict: {verdict[key]}", verdict[key], settled.word)
    shares = [share for value, share in asked.shares.items() if f"{asked.scope}={value}" in said]
    kept = round(sum(shares), 9) if asked.scope else None
    if not near(verdict["scope"]["traffic_share"], kept):
        report.differs(f"scope: the share of the traffic kept is {kept}")
    return settled


def _check_left_out(out: Json, claims: list[Json], report: Report) -> None:
    """Check what a slice is left out for: its worst claim, with its state and its price."""
    open_claims = [c for c in claims if c["slice"] == out["slice"] and c["decides"] and c["state"] != "holds"]
    worst = max(open_claims, key=lambda c: (c["state"] == "does not hold", c["p_value"] or 0.0), default=None)
    found: Json = worst or {"criterion": "across the scope", "state": "not shown", "more_needed": None}
    said = (out["claim"], out["state"], out["more_needed"])
    report.same(
        f"scope: why {out['slice']} is left out",
        said,
        (found["criterion"], found["state"], found["more_needed"]),
    )


# ---- the memo ---------------------------------------------------------------------------------------------------

N, V = r"(\d[\d,]*)", r"([+-]?\$?-?\d[\d,]*(?:\.\d+)?)(?: s\b)?(?: of 100)?"
CUT = 80  # longer names of methods are cut in the memo
RANGE = rf"{V}(?: to {V})?"
NO_CLAIM = "no claim and no word of the brief in the export says it: hold it against the files of the launch"
PRICE = rf"(?i:about) {N} (?:new|more) cases?"
EXACT = {name.replace("_", " ").capitalize(): name for name in COUNTS}


def fits(shown: str, value: float | None, towards: str = "nearest", beside: float | None = None) -> bool:
    """Whether a printed number is this value, rounded as a bound of that side has to be."""
    if value is None:
        return False
    text = shown.replace(",", "").replace("$", "").replace("+", "")
    said, digits = float(text), len(text.partition(".")[2])
    if "$" in shown and digits == 2 and text.endswith("0") and abs(value) >= 1:
        digits = 1  # two figures, and a nought so that it reads as money
    grain = 10.0**-digits
    if not digits and abs(value) >= 100:
        grain = max(grain, 10.0 ** (math.floor(math.log10(abs(value))) - 1))
    close = (
        (beside is not None and abs(value - beside) < grain) or abs(value) < grain or abs(value - 100) < grain
    )
    low, high = {"down": (0.0, grain), "up": (grain, 0.0)}.get(towards, (grain / (1 if close else 2),) * 2)
    return (
        said - low - 1e-6 <= value <= said + high + 1e-6
        if towards != "nearest"
        else abs(value - said) <= low + 1e-6
    )


class Words:
    """Checks the numbers in what is said of one claim."""

    def __init__(self, claim: Json, criterion: Json) -> None:
        """Take the claim and the criterion it is about."""
        self.claim, self.criterion = claim, criterion
        self.less = claim["estimand"] == "mean"
        self.unit = 1.0 if self.less else 100.0
        self.name = claim["criterion"].replace("_", " ")
        self.place = "all cases" if claim["slice"] is None else claim["slice"].replace("=", " ", 1)
        self.bar = float(criterion["quantile"] if claim["estimand"] == "quantile" else claim["bar"]["value"])
        self.counted = claim["planned"] - (claim.get("handed_over") or 0)

    def value(self, key: str) -> float | None:
        """Return an estimate or a bound in the unit it is printed in."""
        found = self.claim[key]
        return None if found is None else found * self.unit

    def fits(self, shown: str, key: str, towards: str = "nearest") -> bool:
        """Whether a printed number is that number of the claim."""
        return fits(shown, self.value(key), towards, self.bar * self.unit)

    def wrong(self, text: str, *, failing: bool = False) -> tuple[list[str], str]:
        """Return the phrases whose numbers are not those of the claim, and what is left of the text."""
        bad: list[str] = []

        def take(pattern: str, right: Callable[[re.Match[str]], bool]) -> None:
            nonlocal text

            def one(match: re.Match[str]) -> str:
                if not right(match):
                    bad.append(match[0])
                return "…"

            text = re.sub(pattern, one, text)

        c, flips = self.claim, self.claim["flips"] or {}
        best = "lower" if self.less else "upper"
        take(PRICE, lambda m: c["more_needed"] is not None and _int(m[1]) == c["more_needed"]["cases"])
        take(rf"could be as low as {V}", lambda m: self.fits(m[1], "lower", "down"))
        take(rf"could be as much as {V}", lambda m: self.fits(m[1], "upper", "up"))
        take(rf"counts for more than {V}", lambda m: fits(m[1], self.criterion.get("cap"), "up", self.bar))
        take(rf"at most {V} take that or more", lambda m: fits(m[1], self._at_cap(), "up"))
        take(rf"at best {V}", lambda m: self.fits(m[1], best, "down" if self.less else "up"))
        take(rf"none of {N} failed", lambda m: _int(m[1]) == self.counted == c["passed"])
        take(rf"of {N} groups?:", lambda m: _int(m[1]) == c["groups"])
        take(
            rf"fixes {N}, breaks {N}",
            lambda m: (_int(m[1]), _int(m[2])) == (flips.get("fixed"), flips.get("broken")),
        )
        take(rf"same in {N}", lambda m: _int(m[1]) == flips.get("unchanged"))
        take(rf"{N} unscored", lambda m: _int(m[1]) == c["unscored"])
        take(rf"{N} handed over", lambda m: _int(m[1]) == c.get("handed_over"))
        take(rf"{N} no answer", lambda m: _int(m[1]) == c["no_answer"])
        take(rf"\({V}(?: by group| cases pass [a-z ]+)?\)", lambda m: self.fits(m[1], "estimate"))
        take(rf"{N} labels? correct", lambda m: c["judge"] is not None and _int(m[1]) == c["judge"]["labels"])
        ended = c["failed"] if failing else c["passed"]
        take(rf"\b{N} of {N}(?! wrong)", lambda m: (_int(m[1]), _int(m[2])) == (ended, self.counted))
        take(rf"{N} outputs?", lambda m: _int(m[1]) == c["planned"])
        return bad, text

    def _at_cap(self) -> float | None:
        """Return how many of 100 may be at the cap or beyond: no more than the bound of the mean over the cap."""
        upper, cap = self.claim["upper"], self.criterion.get("cap")
        return 100.0 * upper / cap if upper is not None and cap else None

    def wrong_in_column(self, head: str, text: str) -> list[str] | None:
        """Check a cell of a table by what stands over it; None for a column without numbers of a claim."""
        c = self.claim
        if head == "Handed over":
            return [] if text.replace(",", "") == str(c.get("handed_over") or 0) else [text]
        if head in EXACT:
            return [] if text.replace(",", "") == str(c[EXACT[head]]) else [text]
        if head in ("Bar", "State", "Holds?"):
            return self._bar(text) if head == "Bar" else self._state(text)
        if head in ("Estimate", "At least", "At most"):
            key, towards = {"At least": ("lower", "down"), "At most": ("upper", "up")}.get(
                head, ("estimate", "nearest")
            )
            match = re.match(V, text)
            return [] if (self.fits(match[1], key, towards) if match else c[key] is None) else [text]
        if head == "Method":
            return [] if text == c["method"] or len(text) >= CUT else [text]
        if head == "Could be as bad as":
            match, worst = re.match(V, text), ("upper", "up") if self.less else ("lower", "down")
            return [] if (self.fits(match[1], *worst) if match else c[worst[0]] is None) else [text]
        if head == "Likely":
            return self._likely(text)
        if head == "Wrong at most":
            figures = float(f"{100 * (1 - c['level']):.2g}")
            return [] if text == f"{figures:g} in 100" else [text]
        return None

    def _state(self, text: str) -> list[str]:
        plain = {"holds": ("holds", "would hold"), "does not hold": ("does not hold", "would not hold")}
        starts = text.startswith(plain.get(self.claim["state"], ("not shown",)))
        return self.wrong(text)[0] + ([] if starts else [text])

    def _bar(self, text: str) -> list[str]:
        bar, plan = self.criterion["bar"], self.criterion
        value = bar.get("at_least", bar.get("at_most"))
        allowed = {
            100.0,
            round(100 * abs(value), 6),
            abs(value),
            plan.get("k"),
            round(100 * self.bar, 6),
        }
        said = [float(found.replace(",", "")) for found in NUMBER.findall(text)]
        return [] if all(number in allowed for number in said) else [text]

    def _likely(self, text: str) -> list[str]:
        match, likely = re.match(rf"{V} to {V}", text), self.claim["likely"]
        if match is None or likely is None:
            return [] if (match is None) == (likely is None) else [text]
        ends = zip(match.groups(), (likely["lower"], likely["upper"]), strict=True)
        return [] if all(fits(m, v * self.unit, beside=self.bar * self.unit) for m, v in ends) else [text]


def _of_hundred(share: float | None, match: re.Match[str]) -> bool:
    return share is not None and abs(float(match[1]) - 100 * share) <= 0.5 + 1e-6


def _of_labels(worth: float | None, match: re.Match[str]) -> bool:
    return worth is not None and match[1] == f"{worth:.2g}"


def _in_range(low: str, high: str | None, said: Json) -> bool:
    return fits(low, said["low"]) and fits(high or low, said["high"])


def _costs(harm: Json, match: re.Match[str]) -> bool:
    return _in_range(match[1], match[2], harm)


def _holding(claims: list[Json]) -> int:
    return sum(claim["state"] == "holds" for claim in claims)


def _int(text: str | None) -> int | None:
    return None if text is None else int(text.replace(",", ""))


class Memo:
    """Checks a memo against the claims, which are checked themselves."""

    def __init__(self, export: Json, report: Report) -> None:
        """Take the export."""
        self.tree, self.verdict, self.report = export["memo"]["tree"], export["verdict"], report
        self.said = self.tree if "language" in self.tree else None
        if self.said is not None:  # in another language: the same memo in English stands in it
            self.tree = self.said["in_english"]
        self.heads = {event["hash"] for event in export["journal"]}
        self.plan = export["plan"]
        self.brief: Json = export.get("brief") or {}
        self.claims = claims_of(export["plan"])
        criteria = {c["id"]: c for c in self.claims}
        self.words = [
            Words(c, criteria[c["criterion"]]) for c in self.verdict["claims"] if c["criterion"] in criteria
        ]
        self.right, self.free = 0, 0

    def check(self) -> None:
        """Check every number of the memo that is about a claim, its verdict and its foot; name the others."""
        for section in (*self.tree["page"], *self.tree["appendix"]):
            for block in section["blocks"]:
                self._block(section["name"], block)
        foot = dict(map(tuple, self.tree["foot"]))
        self.report.same("memo: its plan", foot.get("Plan"), self.verdict["plan"])
        self.report.same(
            "memo: its evidence (another means that it is stale)",
            foot.get("Evidence"),
            self.verdict["evidence"],
        )
        self.report.same("memo: its look", foot.get("Look", "0"), str(self.verdict["look"]))
        self.report.holds("memo: its journal head is in the journal", foot.get("Journal head") in self.heads)
        self.report.agrees(f"memo: {self.right} texts with numbers say what their claims say")
        if self.said is not None:
            Translation(self.said, self.tree, self.verdict, self.report).check()

    def _judge(self, where: str, text: str, bad: list[str], left: str = "") -> None:
        for phrase in bad:
            self.report.differs(f"memo, {where}: “{_short(phrase)}” in “{_short(text)}”")
        if NUMBER.search(left):
            self.report.skips(
                f"memo, {where}: {', '.join(NUMBER.findall(left))} in “{_short(text)}”", NO_CLAIM
            )
        self.right += not bad and bool(NUMBER.search(text))

    def _prose(self, where: str, prose: list[Json]) -> None:
        last: Words | None = None
        for part in prose:
            if part["claim"] is None:
                self._unclaimed(where, part["text"], last)
            elif not 1 <= part["claim"] <= len(self.words):
                self.report.differs(f"memo, {where}: there is no claim {part['claim']}")
            else:
                last = self.words[part["claim"] - 1]
                bad, left = last.wrong(part["text"], failing=where == "wrong")
                self._judge(where, part["text"], bad, left)

    def _unclaimed(self, where: str, text: str, last: Words | None = None) -> None:
        """Check what a running text says of the plan, the scope, or the claim before it; name the other numbers."""
        bad: list[str] = []

        def take(left: str, pattern: str, right: Callable[[re.Match[str]], bool]) -> str:
            bad.extend(match[0] for match in re.finditer(pattern, left) if not right(match))
            return re.sub(pattern, "…", left)

        left = re.sub(
            r"\d{4}-\d\d-\d\d|\b[A-Z]{3}-\d\d\b", "…", text
        )  # a day or a challenge's name is no number
        for pattern, right in (*self._facts(), *self._ranges(), *self._judges(text)):
            left = take(left, pattern, right)
        for written in self._written():
            left = left.replace(written, "…").replace(written[:1].upper() + written[1:], "…")
        if last is not None:
            more = last.claim["more_needed"] or {}
            left = take(
                left, r"\bbar ([^;.]*(?:\.\d[^;.]*)?)", lambda m: not last.wrong_in_column("Bar", m[1])
            )
            left = take(left, PRICE, lambda m: _int(m[1]) == more.get("cases"))
            left = take(left, rf"{V} times in 100", lambda m: fits(m[1], 100 * more.get("power", 0.0)))
            scale = 1.0 if last.less else 100.0
            left = take(
                left,
                rf"the true (?:rate|gain|mean) is {V}",
                lambda m: fits(m[1], scale * more.get("assuming", 0.0)),
            )
        prices = {(claim["more_needed"] or {}).get("cases") for claim in self.verdict["claims"]}
        left = take(left, PRICE, lambda m: _int(m[1]) in prices)
        drawn = r"\bbar ([+$-]{0,2}\d[\d,.]*(?: of 100)?(?: within \$?[\d.,]*\d(?: s)?)?(?:, \w+ \d+ of \d+ repeats)?)"
        left = take(
            left, drawn, lambda m: any(not words.wrong_in_column("Bar", m[1]) for words in self.words)
        )
        self._judge(where, text, bad, re.sub(r"\b(?:of|in) 100\b", "…", left))

    def _facts(self) -> list[tuple[str, Callable[[re.Match[str]], bool]]]:
        """Return what running texts say of plan and verdict, and whether it is so."""
        claims, plan = self.verdict["claims"], self.plan
        deciding = [claim for claim in claims if claim["decides"]]
        groups = [claim["groups"] for claim in deciding] or [0]
        excluded = {out["slice"] for out in self.verdict["scope"]["excluded"]}
        kept = [c for c in deciding if c["slice"] not in excluded]
        share = self.verdict["scope"]["traffic_share"] or 0.0
        levels = [100 * (1 - claim["level"]) for claim in claims]
        tested = [100 * (1 - claim["level"]) for claim in deciding] or [0.0]
        error = 100 * plan["error"]
        states = Counter(claim["state"] for claim in deciding)
        scoped = [rule.get("shares", {}) for rule in plan["slices"].values() if rule.get("scope")]
        shares = {value: part for each in scoped for value, part in each.items()}
        return [
            (rf"Not the other {N} \(", lambda m: _int(m[1]) == len(excluded)),
            (rf"{V} of the traffic", lambda m: fits(m[1], 100 * share)),
            (rf"on {N} cases sealed by the plan", lambda m: _int(m[1]) == self._cases()),
            (rf"(?:Blocked by|Answer) {N} open", lambda m: _int(m[1]) == len(self.verdict["blocked_by"])),
            (
                rf"\b{N} of {N} claims holds?",
                lambda m: (
                    (_int(m[1]), _int(m[2])) in [(_holding(each), len(each)) for each in (kept, deciding)]
                ),
            ),
            (rf"all {N} in the appendix", lambda m: _int(m[1]) == len(claims)),
            (rf"{N} claims? decides?", lambda m: _int(m[1]) == len(deciding)),
            (rf"All {N} claims inside", lambda m: _int(m[1]) == len(kept)),
            (rf"Look {N} has no error left", lambda m: _int(m[1]) == self.verdict["look"]),
            (
                rf"All {N} claims (?:would )?hold;",
                lambda m: _int(m[1]) == _holding(deciding) == len(deciding),
            ),
            (
                rf"\b{N} of {N} claims (?:is|are) not shown",
                lambda m: (_int(m[1]), _int(m[2])) == (states["not shown"], len(deciding)),
            ),
            (rf"\b{N} do(?:es)? not hold", lambda m: _int(m[1]) == states["does not hold"]),
            (
                rf"\b{N} more claims stand in the way",
                lambda m: _int(m[1]) == len(deciding) - states["holds"] - 4,
            ),
            (rf"on {N} to {N} independent", lambda m: (_int(m[1]), _int(m[2])) == (min(groups), max(groups))),
            (rf"on {N} independent", lambda m: {_int(m[1])} == set(groups)),
            (rf"wrong ship at most {V} times in 100", lambda m: fits(m[1], error)),
            (
                rf"wrong at most {V} to {V} in 100",
                lambda m: fits(m[1], min(tested)) and fits(m[2], max(tested)),
            ),
            (rf"wrong at most {V}(?: times)? in 100", lambda m: any(fits(m[1], level) for level in levels)),
            (
                rf"(?:^|(?<=\. ))([^.,]+), {V}: (?:kept|left out)",
                lambda m: m[1] in shares and fits(m[2], 100 * shares[m[1]]),
            ),
        ]

    def _ranges(self) -> list[tuple[str, Callable[[re.Match[str]], bool]]]:
        """Return what the memo says of the brief's ranges: worth, how many a week, harm."""
        value = self.brief.get("value")
        found: list[tuple[str, Callable[[re.Match[str]], bool]]] = []
        if value:
            share = self.verdict["scope"]["traffic_share"] or 1.0
            found += [
                (rf"A good answer is worth {RANGE}", lambda m: _in_range(m[1], m[2], value)),
                (rf"There are about {V} a week", lambda m: fits(m[1], value["per_week"])),
                (rf"{V} of them in this scope", lambda m: fits(m[1], value["per_week"] * share)),
            ]
        for harm in self.brief.get("harm", []):
            event = re.escape(" ".join(harm["event"].split())[:CUT])
            found.append((rf"\({event}\) costs {RANGE}", partial(_costs, harm)))
        return found

    def _judges(self, text: str) -> list[tuple[str, Callable[[re.Match[str]], bool]]]:
        """Return what a line says of the judge of one claim."""
        for claim in self.verdict["claims"]:
            judge, name = claim["judge"], claim["criterion"].replace("_", " ")
            name += f" on {claim['slice']}" if claim["slice"] else ""
            if judge and text.startswith(f"{name}: "):
                return [
                    (r"(?<=catches about )(\d+)", partial(_of_hundred, judge["catches"])),
                    (r"(?<=accuses about )(\d+)", partial(_of_hundred, judge["accuses"])),
                    (r"[Oo]f 100 (?:bad outputs|good ones)", bool),
                    (r"is worth (\d[\d.e-]*) labels", partial(_of_labels, judge["worth"])),
                ]
        return []

    def _written(self) -> list[str]:
        """Return what people wrote in the brief with a number in it, the longest first; the memo may quote it."""
        value, harms = self.brief.get("value") or {}, self.brief.get("harm", [])
        texts = [
            self.brief.get("goal"),
            self.brief.get("not_worth_it_if"),
            value.get("basis"),
            value.get("unit"),
        ]
        texts += [harm[key] for harm in harms for key in ("event", "who")]
        plain = [" ".join(str(text).split()).rstrip(".") for text in texts if text]
        plain += [claim["reason"] for claim in self.verdict["claims"] if claim["reason"]]
        return sorted((text for text in plain if NUMBER.search(text)), key=len, reverse=True)

    def _block(self, where: str, block: Json) -> None:
        kind = block["kind"]
        if kind == "paragraph":
            self._lead("".join(part["text"] for part in block["prose"]) if block["lead"] else "")
            self._prose(where, block["prose"])
        elif kind == "bullets":
            for item in block["items"]:
                if where != "bars" or not self._bar(item[0]["text"]):
                    self._prose(where, item)
        elif kind == "table":
            for row in block["rows"]:
                self._row(where, block["head"], row)
        elif kind == "figures":
            for figure in block["items"]:
                self._figure(where, figure)
        else:
            said = [choice for choice in block["choices"] if choice.startswith("As the verdict says")]
            self.report.same(
                "memo: the verdict to decide on", said, [f"As the verdict says: {self.verdict['verdict']}"]
            )

    def _cases(self) -> int:
        """Return the cases behind the claims: the parts of the scope together, or the largest claim."""
        scope = self.verdict["scope"]
        parts = {*scope["included"], *(out["slice"] for out in scope["excluded"])}
        largest: dict[str | None, int] = {}
        for claim in self.verdict["claims"]:
            largest[claim["slice"]] = max(largest.get(claim["slice"], 0), claim["cases"])
        return max([sum(n for name, n in largest.items() if name in parts), *largest.values(), 0])

    def _bar(self, text: str) -> bool:
        """Check the line of the appendix on one bar: the line drawn, not the words on why."""
        found = next((c for c in self.claims if text.startswith(f"{c['id']} (")), None)
        if found is None:
            return False
        op, key = (">=", "at_least") if "at_least" in found["bar"] else ("<=", "at_most")
        right = f"Bar {op} {found['bar'][key]:g}: " in text
        self._judge("bars", text, [] if right else [text])
        return True

    def _lead(self, text: str) -> None:
        if not text:
            return
        word = self.verdict["verdict"]
        said = text.rpartition("The counts alone say: ")[2] if self.verdict["blocked_by"] else text
        if not re.match(rf"{word}\b(?! narrower)", said.lower()):
            self.report.differs(f"memo: it begins “{_short(text)}”, and the verdict is {word}")

    def _row(self, where: str, head: list[str], row: Json) -> None:
        number = row["claim"]
        if number is None or not 1 <= number <= len(self.words):
            for cell in row["cells"]:
                self._prose(where, cell)
            return
        words = self.words[number - 1]
        if row["state"] not in (None, words.claim["state"]):
            self.report.differs(f"memo, {where}: claim {number} is said to be {row['state']}")
        for title, cell in zip(head, row["cells"], strict=True):
            text = "".join(part["text"] for part in cell)
            bad = words.wrong_in_column(title, text)
            if title == "No.":
                bad = [] if text == str(number) else [text]
            if bad is not None:
                self._judge(where, text, bad)
            elif title not in ("Claim", "Where", "We promise"):
                self._prose(where, cell)

    def _figure(self, where: str, figure: Json) -> None:
        text = figure["words"]
        marks = [
            (m.start(), m.end(), w)
            for w in self.words
            for m in re.finditer(re.escape(f"{w.name}, {w.place}: "), text)
        ]
        marks.sort(key=lambda mark: mark[:2])
        if not marks:
            self._unclaimed(where, text)
            return
        ends = [start for start, _, _ in marks[1:]] + [len(text)]
        for (_, start, words), end in zip(marks, ends, strict=True):
            self._segment(where, text[start:end].strip(), words)
        if figure["figure"] == "icon array" and figure["caption"] != text:
            self.report.differs(
                f"memo, {where}: the caption “{_short(figure['caption'])}” is not what the figure says"
            )

    def _segment(self, where: str, text: str, words: Words) -> None:
        icon = re.match(rf"{N} of 100 wrong as seen; it could be {V}", text)
        if icon:
            estimate, lower = words.value("estimate"), words.value("lower")
            right = (
                estimate is not None and lower is not None
                and fits(icon[1], 100 - estimate, "up" if estimate == 100 else "nearest", beside=0.0)
                and fits(icon[2], 100 - lower, "up")
            )  # fmt: skip
            self._judge(where, text, [] if right else [text])
            return
        line = re.search(r"\bbar (.*?)(?:, (?:would |does |not |holds)|\.$)", text)
        bad = words._bar(line[1]) if line else []  # noqa: SLF001 - of this file
        bad_words, left = words.wrong(text.replace(line[1], "") if line else text)
        for reason in (words.claim["reason"], words.claim["reason"][:159]):
            left = left.replace(reason, "…") if reason else left
        self._judge(where, text, bad + bad_words, left)


# ---- a memo in another language ----------------------------------------------------------------------------------

VERDICTS = {
    "de": {"ship": "Freigeben", "ship narrower": "Eingeschränkt freigeben", "not yet": "Noch nicht", "do not ship": "Nicht freigeben"}
}  # fmt: skip
BLOCKED = {"de": "Die Zahlen allein sagen: "}
STATES = {
    "de": {"holds": r"(?:gilt|würde gelten)(?! nicht)", "does not hold": r"(?:gilt nicht|würde nicht gelten)", "not shown": r"noch nicht gezeigt"}
}  # fmt: skip


def _digits_of(text: str) -> Counter[str]:
    """Return the numbers of a text, whatever separates thousands and decimals there, and a day as year, month, day."""
    text = re.sub(r"\b(\d\d)\.(\d\d)\.(\d{4})\b", r"\3-\2-\1", text)
    return Counter(re.sub(r"[.,]", "|", found) for found in re.findall(r"\d+(?:[.,]\d+)*", text))


class Translation:
    """Checks that a memo in another language has the sections, claims, states and numbers of the English one."""

    def __init__(self, said: Json, english: Json, verdict: Json, report: Report) -> None:
        """Take the memo, the same in English, and the verdict."""
        self.said, self.english, self.verdict, self.report = said, english, verdict, report
        self.language, self.right = str(said["language"]), 0

    def check(self) -> None:
        """Walk both side by side; where they part, say so and go on."""
        for name in ("heading", "foot", "notices", "page", "appendix", "title"):
            self._alike(f"memo, {name}", self.said[name], self.english[name])
        known = self.language in VERDICTS
        if known:
            self._verdict()
        self.report.agrees(
            f"memo: {self.right} texts in `{self.language}` have the numbers of the English ones"
        )
        read = "its numbers, claims, states and verdict" if known else "its numbers and claims"
        self.report.skips(f"memo: every other word in `{self.language}`", f"this reads {read}")

    def _alike(self, where: str, said: Json, english: Json) -> None:
        if isinstance(said, str) and isinstance(english, str):
            self._text(where, said, english)
        elif isinstance(said, list) and isinstance(english, list):
            self._list(where, said, english)
        elif isinstance(said, dict) and isinstance(english, dict) and said.keys() == english.keys():
            for key in said:
                self._alike(f"{where}, {key}" if key in ("name", "kind") else where, said[key], english[key])
            self._fixed(where, said, english)
        elif said != english:
            self.report.differs(
                f"{where}: {_short(said)} in `{self.language}`, and {_short(english)} in English"
            )

    def _list(self, where: str, said: list[Json], english: list[Json]) -> None:
        if said and all(
            isinstance(part, dict) and part.keys() == {"text", "claim"} for part in (*said, *english)
        ):
            # A sentence may put its numbers in another order: they have to be the same, of the same claims.
            claims = [sorted(p["claim"] for p in each if p["claim"] is not None) for each in (said, english)]
            if claims[0] != claims[1]:
                self.report.differs(
                    f"{where}: a sentence in `{self.language}` has other claims than in English"
                )
            for number in [None, *dict.fromkeys(claims[0])]:
                parts = ["".join(p["text"] for p in each if p["claim"] == number) for each in (said, english)]
                self._text(where, *parts)
        elif len(said) != len(english):
            self.report.differs(
                f"{where}: {len(said)} parts in `{self.language}`, and {len(english)} in English"
            )
        else:
            for mine, theirs in zip(said, english, strict=True):
                self._alike(where, mine, theirs)

    def _text(self, where: str, said: str, english: str) -> None:
        mine, theirs = _digits_of(said), _digits_of(english)
        cut = "…" in said or "…" in english  # a long name or reason, and the languages cut it elsewhere
        if mine != theirs and not (cut and (mine <= theirs or theirs <= mine)):
            self.report.differs(f"{where}: “{_short(said)}” has other numbers than “{_short(english)}”")
        self.right += bool(mine) and mine == theirs

    def _fixed(self, where: str, said: Json, english: Json) -> None:
        """Check what no language changes, and the words of a state."""
        fixed = ("name", "kind", "figure", "lead", "claim", "state")
        changed = [key for key in fixed if key in said and said[key] != english[key]]
        if changed:
            self.report.differs(f"{where}: {', '.join(changed)} in `{self.language}` and in English differ")
        pattern = STATES.get(self.language, {}).get(str(said.get("state")))
        last = "".join(part["text"] for part in said["cells"][-1]) if pattern else ""
        if pattern and not re.match(pattern, last):
            self.report.differs(f"{where}: “{_short(last)}” stands for {said['state']}")

    def _verdict(self) -> None:
        word = VERDICTS[self.language][self.verdict["verdict"]]
        blocks = [block for section in self.said["page"] for block in section["blocks"]]
        for text in (
            "".join(p["text"] for p in b["prose"]) for b in blocks if b["kind"] == "paragraph" and b["lead"]
        ):
            told = text.rpartition(BLOCKED[self.language])[2] if self.verdict["blocked_by"] else text
            if not told.startswith(f"{word}") or not re.match(r"[: ]", told[len(word) :]):
                self.report.differs(
                    f"memo: it begins “{_short(text)}”, and the verdict is {self.verdict['verdict']}"
                )
        for choice in (block["choices"][0] for block in blocks if block["kind"] == "decision"):
            if not choice.lower().endswith(f": {word.lower()}"):
                self.report.differs(
                    f"memo: to decide on is “{_short(choice)}”, and the verdict is {self.verdict['verdict']}"
                )


# ---- signatures -------------------------------------------------------------------------------------------------

FIELD, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
TWIST = -121665 * pow(121666, -1, FIELD) % FIELD
Point = tuple[int, int, int, int]


def ed25519(public: str, signature: str, message: bytes) -> bool:
    """Whether an Ed25519 signature is that of a public key over a message: RFC 8032, section 5.1.7."""
    try:
        key, signed = bytes.fromhex(public), bytes.fromhex(signature)
    except ValueError:
        return False
    if len(key) != 32 or len(signed) != 64:
        return False
    a, r, s = _point(key), _point(signed[:32]), int.from_bytes(signed[32:], "little")
    base = _point((4 * pow(5, -1, FIELD) % FIELD).to_bytes(32, "little"))
    if a is None or r is None or base is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signed[:32] + key + message).digest(), "little") % ORDER
    left, right = _times(s, base), _add(r, _times(h, a))
    return all((left[i] * right[2] - right[i] * left[2]) % FIELD == 0 for i in (0, 1))


def _point(text: bytes) -> Point | None:
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(TWIST * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    if y >= FIELD or (x * x - square) % FIELD or (x == 0 and sign):
        return None
    x = FIELD - x if x & 1 != sign else x
    return x, y, 1, x * y % FIELD


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * TWIST, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def _times(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


# ---- all of it --------------------------------------------------------------------------------------------------


def verify(path: str, head: str = "") -> Report:
    """Check an export.

    Args:
        path: the file.
        head: a journal head that was kept elsewhere; empty when there is none.
    """
    report = Report()
    try:
        export, outputs = load(path)
        if export.get("format") != FORMAT:
            report.differs(f"the file: its format is {_short(export.get('format'))}, and this reads {FORMAT}")
            return report
        check_journal(export, head, report)
        check_verdict(export, Evidence(export, outputs), report)
        if export.get("memo"):
            Memo(export, report).check()
        else:
            report.skips("the memo", "the export has none")
        for scored in export.get("judged", []):
            report.skips(
                f"whether {scored} scored rightly",
                "an export holds scores and no outputs: read some of them and label them again",
            )
    except Unknown as why:
        report.differs(f"the file: {why}")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        report.differs(f"the file: it is no whole export ({type(error).__name__}: {_short(error)})")
    return report


def main() -> int:
    """Check the export named on the command line, and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("export", help="the file that `shipworthy export-evidence` wrote")
    parser.add_argument("--head", default="", help="a journal head that was kept elsewhere")
    asked = parser.parse_args()
    try:
        report = verify(asked.export, asked.head)
    except (OSError, RecursionError) as error:
        sys.stderr.write(f"the export cannot be read: {error}\n")
        return 1
    for line in report.lines:
        sys.stdout.write(
            f"{line.encode('ascii', 'backslashreplace').decode() if not line.isprintable() else line}\n"
        )
    sys.stdout.write(
        f"{report.agreed} agree, {report.differing} do not agree, {report.unchecked} not checked\n"
    )
    return report.code


if __name__ == "__main__":
    sys.exit(main())
