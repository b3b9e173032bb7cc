"""Promise: what was shown and signed becomes what is watched, written into `promises.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipworthy.domain.criteria import Criterion, share_name
from shipworthy.domain.errors import FolderHasProblems, Refused
from shipworthy.domain.problem import Problem
from shipworthy.domain.promise import KeptPromise, Tripwire
from shipworthy.domain.verdict import Claim
from shipworthy.services.decide import AboutToLook, Decided, decide
from shipworthy.store.decision_file import read_decisions
from shipworthy.store.layout import Layout
from shipworthy.store.promises import promises_path, read_promises, write_yaml

ALONE = "is a difference from the baseline, which no longer answers beside it"
UNWATCHED = (
    "is asked of answered outputs alone, and live outputs are not told apart into answered and handed over"
)
"""Why what holds is no promise."""


@dataclass(frozen=True)
class Promised:
    """What is in the file now.

    Attributes:
        path: the file.
        new: ids that were added.
        kept: ids that were there already and stay as they are.
        left: what holds and cannot be promised, with the reason.
    """

    path: Path
    new: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[tuple[str, str], ...] = ()


def promise(folder: Path, *, owner: str = "", labels: int = 60) -> Promised:
    """Make a promise of every claim that holds inside what was signed: on shares, on seconds and on dollars.

    What is promised is the bar, as it was locked; a promise that is there stays as people wrote it. A difference from
    the baseline is no promise: nobody lets the baseline answer beside it any more. Nor is a rate among answered
    outputs, or that enough is answered: live outputs are not told apart into answered and handed over.

    Args:
        folder: the launch folder.
        owner: who looks at the promises.
        labels: audited outputs wanted in a week.

    Raises:
        Refused: no decision to ship was signed over this evidence.
        FolderHasProblems: `promises.yaml` has mistakes.
    """
    decided = decide(folder, confirm=_never)
    layout = Layout(folder)
    _signed(layout, decided)
    problems: list[Problem] = []
    there = read_promises(layout, decided.reading.criteria, problems)
    if problems:
        raise FolderHasProblems(problems)
    inside = set(decided.verdict.scope.included)
    criteria = {each.id: each for each in decided.reading.criteria}
    claims = [
        claim
        for claim in decided.verdict.claims
        if claim.state == "holds"
        and claim.decides
        and (claim.slice is None or not inside or claim.slice in inside)
    ]
    # Live outputs are not told apart into answered and handed over: neither claim of such a criterion can be watched.
    cannot = {
        claim
        for each in decided.reading.criteria
        if each.answered
        for claim in (each.id, share_name(each.id))
    }
    kept = [claim for claim in claims if claim.estimand != "difference" and claim.criterion not in cannot]
    wanted = [_of(claim, criteria[claim.criterion], owner, labels) for claim in kept]
    left = {
        claim.criterion: UNWATCHED if claim.criterion in cannot else ALONE
        for claim in claims
        if claim not in kept
    }
    names = {each.id for each in there}
    new = [each for each in wanted if each.id not in names]
    rows = [each.as_written() for each in (*there, *new)]
    path = write_yaml(promises_path(layout), rows) if new else promises_path(layout)
    return Promised(path, tuple(each.id for each in new), tuple(sorted(names)), tuple(left.items()))


def _never(_: AboutToLook) -> bool:
    return False


def _signed(layout: Layout, decided: Decided) -> None:
    """Refuse where nobody signed a ship over the evidence of the verdict."""
    signed: list[dict[str, Any]] = [d["signed"] for d in read_decisions(layout).values() if d is not None]
    own = [s for s in signed if s.get("evidence") == decided.verdict.evidence]
    if not any(s["decision"]["chosen"] in ("ship", "ship narrower") for s in own):
        raise Refused(
            "nobody has signed a decision to ship over this evidence",
            where="decisions/",
            remedy=f"decide, write the memo, then `shipworthy sign {layout.folder}`",
        )


def _of(claim: Claim, criterion: Criterion, owner: str, labels: int) -> KeptPromise:
    where = claim.slice or ""
    name = re.sub(r"[^a-z0-9]+", "-", f"{claim.criterion}-{where}".lower()).strip("-")[:80]
    said, statement = _line(claim, criterion)
    return KeptPromise.model_validate(
        {
            "id": name,
            **said,
            "slice": where if "=" in where else "",
            "labels": labels,
            "owner": owner,
            "tripwires": [Tripwire(when="broken", action="look", who=owner)],
            "statement": statement + (f" on {where}" if where else ""),
        }
    )


def _line(claim: Claim, criterion: Criterion) -> tuple[dict[str, Any], str]:
    """Return what is promised: a share of outputs that passes, a share that is in time, or a mean."""
    most, name = claim.bar.value, "seconds" if criterion.of == "latency_s" else "dollars"
    if claim.estimand == "quantile":
        share = criterion.quantile or 0.0
        said = {"measure": criterion.of, "at_most": most, "rate": share}
        return said, f"{100 * share:g} of 100 outputs take at most {most:g} {name}"
    if claim.estimand == "mean":
        said = {"measure": criterion.of, "at_most": most, "cap": criterion.cap}
        return (
            said,
            f"an output takes at most {most:g} {name} on average, none counting more than {criterion.cap:g}",
        )
    rate = min(max(most, 0.01), 0.99)
    return {
        "criterion": claim.criterion,
        "rate": rate,
    }, f"{claim.criterion} passes at least {100 * most:g} of 100 outputs"
