"""Promise: what was shown and signed becomes what is watched, written into `promises.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipworthy.domain.errors import FolderHasProblems, Refused
from shipworthy.domain.problem import Problem
from shipworthy.domain.promise import KeptPromise, Tripwire
from shipworthy.domain.verdict import Claim
from shipworthy.services.decide import AboutToLook, Decided, decide
from shipworthy.store.decision_file import read_decisions
from shipworthy.store.layout import Layout
from shipworthy.store.promises import promises_path, read_promises, write_yaml

SHARES = frozenset({"rate", "all_of_k", "any_of_k", "judged_rate"})


@dataclass(frozen=True)
class Promised:
    """What is in the file now.

    Attributes:
        path: the file.
        new: ids that were added.
        kept: ids that were there already and stay as they are.
    """

    path: Path
    new: tuple[str, ...]
    kept: tuple[str, ...]


def promise(folder: Path, *, owner: str = "", labels: int = 60) -> Promised:
    """Make a promise of every claim about a share that holds inside what was signed.

    What is promised is the bar, as it was locked; a promise that is there stays as people wrote it.

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
    there = read_promises(layout, [c.id for c in decided.reading.criteria], problems)
    if problems:
        raise FolderHasProblems(problems)
    inside = set(decided.verdict.scope.included)
    claims = [c for c in decided.verdict.claims if c.state == "holds" and c.decides and c.estimand in SHARES]
    wanted = [
        _of(claim, owner, labels)
        for claim in claims
        if claim.slice is None or not inside or claim.slice in inside
    ]
    names = {each.id for each in there}
    new = [each for each in wanted if each.id not in names]
    rows = [each.model_dump(exclude_defaults=True, mode="json") for each in (*there, *new)]
    path = write_yaml(promises_path(layout), rows) if new else promises_path(layout)
    return Promised(path, tuple(each.id for each in new), tuple(sorted(names)))


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


def _of(claim: Claim, owner: str, labels: int) -> KeptPromise:
    where = claim.slice or ""
    name = re.sub(r"[^a-z0-9]+", "-", f"{claim.criterion}-{where}".lower()).strip("-")[:80]
    return KeptPromise(
        id=name, criterion=claim.criterion, slice=where if "=" in where else "", rate=min(max(claim.bar.value, 0.01), 0.99),
        labels=labels, owner=owner, tripwires=[Tripwire(when="broken", action="look", who=owner)],
        statement=f"{claim.criterion} passes at least {100 * claim.bar.value:g} of 100 outputs"
        + (f" on {where}" if where else ""),
    )  # fmt: skip
