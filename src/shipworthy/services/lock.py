"""Lock: fix the plan, seal the holdout, say what the evidence will have to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, func, select

from shipworthy.decision.plan import Plan
from shipworthy.decision.sizing import Sized, size
from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused
from shipworthy.services.check import check
from shipworthy.services.clock import now
from shipworthy.services.opened import Opened, opened
from shipworthy.services.planned import last_lock, plan_of
from shipworthy.services.sealed import sealed_parts
from shipworthy.store import journal
from shipworthy.store.astride import Astride, astride
from shipworthy.store.digest import index_digest
from shipworthy.store.tables import PARTS, cases, members, outputs


@dataclass(frozen=True)
class Locked:
    """The plan as it was locked."""

    plan: Plan
    head: str
    was_locked: bool
    """True when this very plan was locked before; nothing was written then."""
    sized: tuple[Sized, ...] = ()
    """What the plan can show, claim by claim."""
    astride: Astride = field(default_factory=Astride)
    """Sealed cases whose input stands in another part or group too; equal inputs alone, as a lock is quick."""


def lock(folder: Path, *, dry_run: bool = False, seen: str | None = None) -> Locked:
    """Lock a launch's plan.

    Args:
        folder: the launch folder.
        dry_run: only say what the plan could show; write nothing.
        seen: the plan's hash as the person saw it; None where the plan was only just read.

    Raises:
        Refused: the plan is another one than the person saw; there is nothing to decide by or about, or the holdout's outcomes are known already.
        FolderHasProblems: the folder has mistakes.
    """
    if folder.is_dir() and (problems := check(folder).problems):
        # also what only a look at every case finds, as a tag without a share
        raise FolderHasProblems(problems)
    with opened(folder) as launch:
        plan = plan_of(launch)
        _refuse_empty(plan)
        if seen is not None and seen != plan.sha:
            raise Refused(
                "the plan was changed after you opened the page; nothing is locked",
                where=f"plan {plan.sha[:16]}",
                remedy="read the plan as it is now, and lock that one",
            )
        with launch.ledger.write() as connection:
            several = plan.cases.n_cases > plan.cases.n_groups
            groups = {part: n.groups for part, n in sealed_parts(launch, connection).items()}
            sized = size(plan, groups, several=several)
            twins = astride(connection, launch.cases.no)
            before = last_lock(connection, plan)
            if before is not None and before.holds:
                return Locked(plan, journal.head(connection)[1], was_locked=True, sized=sized, astride=twins)
            _refuse_spent(launch, connection)
            if not dry_run:
                index = index_digest(connection, launch.cases.no)
                body = {
                    "plan": plan.as_json(),
                    "sha": plan.sha,
                    "set": launch.cases.fingerprint,
                    "index": index,
                    "astride": twins.parts,
                }
                journal.append(connection, verb="lock", body=body, at=now())
            return Locked(plan, journal.head(connection)[1], was_locked=False, sized=sized, astride=twins)


def _refuse_empty(plan: Plan) -> None:
    if not any(c.kind != "diagnostic" for c in plan.criteria):
        raise BadInput(
            "there is nothing to decide by: no goal and no guardrail",
            where="criteria.yaml",
            remedy="write at least one criterion of kind goal",
        )
    if plan.cases.n_cases == 0:
        raise BadInput(
            "there is nothing to decide on: no case has `part: holdout`",
            where="evalset/",
            remedy='write cases with `"part": "holdout"`, or add them with `shipworthy import --cases --part holdout`',
        )


def _refuse_spent(launch: Opened, connection: Connection) -> None:
    """A holdout whose outcomes are in the ledger could have been looked at: it can only explore."""
    recorded = cases.c.no.in_(select(outputs.c.case_no))
    known_inputs = select(cases.c.input_hash).where(recorded, cases.c.input_hash != "")
    query = (
        select(func.count())
        .select_from(members.join(cases, cases.c.no == members.c.case_no))
        .where(
            members.c.set_no == launch.cases.no,
            members.c.part == PARTS.index("holdout"),
            recorded | cases.c.input_hash.in_(known_inputs),  # an input under a new id is known all the same
        )
    )
    spent = connection.execute(query).scalar() or 0
    if spent:
        raise Refused(
            f"{spent:,} holdout cases, or others with the same input, have outcomes already, so they cannot confirm anything",
            where="evalset/",
            remedy='give those cases `"part": "explore"` and write fresh holdout cases',
        )
