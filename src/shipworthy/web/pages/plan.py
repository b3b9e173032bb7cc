"""Define: the plan before anything is looked at: what could be claimed, sizes, price; and the lock with what it fixes."""

from __future__ import annotations

from typing import Any

from shipworthy.decision.sizing import Sized
from shipworthy.domain.criteria import Criterion
from shipworthy.domain.errors import BadInput, FolderHasProblems, Misused, Refused, ShipworthyError
from shipworthy.narrative import outlook as words
from shipworthy.narrative import wording
from shipworthy.services.lock import Locked, lock
from shipworthy.services.plan import Planned, plan_in
from shipworthy.services.worked_out import worked_out
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.places import Place
from shipworthy.web.visit import Visit


def show(visit: Visit) -> Answer:
    """Show what the sealed cases can show, and the lock; takes no look."""
    return _page(visit)


def save_lock(visit: Visit) -> Answer:
    """Lock the plan that the page showed; another one is refused, and shown as it is now."""
    try:
        made = lock(visit.kept.layout.folder, seen=visit.field("seen"))
    except Refused as error:
        return _page(visit, error=error, status=409)
    return Redirect(f"/plan?locked={'before' if made.was_locked else 'now'}#lock")


def _page(visit: Visit, *, error: ShipworthyError | None = None, status: int = 200) -> Page:
    folder = visit.kept.layout.folder
    try:
        launch = visit.launch
        planned = worked_out(visit.kept, plan_in, lambda: plan_in(launch))
    except FolderHasProblems:
        raise
    except (BadInput, Misused) as refusal:
        return Page("plan.html", {"step_name": "Define", "planned": None, "error": error or refusal}, status)
    refused: ShipworthyError | None = None
    tried: Locked | None = None
    if not planned.locked:
        try:
            tried = worked_out(visit.kept, lock, lambda: lock(folder, dry_run=True))
        except (Refused, BadInput) as refusal:
            refused = refusal
    said = {
        "now": "The plan is locked. The holdout is sealed.",
        "before": "This very plan was locked before.",
    }
    context = _context(planned, str(folder)) | {
        "step_name": "Define", "error": error, "refused": refused, "careful": _careful(tried),
        "said": said.get(visit.query.get("locked", ""), ""),
    }  # fmt: skip
    return Page("plan.html", context, status)


def _context(planned: Planned, folder: str) -> dict[str, Any]:
    outlook, criteria = planned.outlook, planned.plan.asked
    by_id = {c.id: c for c in criteria}
    head = (
        f"Candidate {planned.plan.candidate}, {wording.plural(planned.groups, 'sealed group')}, error "
        f"{wording.chance(planned.plan.error)}, {words.looks_words(planned.plan.looks)}. Nothing is looked at here."
    )
    repeats = [words.repeats(alike) for alike in outlook.alike]
    if not repeats and not planned.open_groups:
        repeats = [f"{words.WHOLE}: nothing is recorded of open cases yet."]
    return {
        "planned": planned, "head": head, "powers": [power for power, _ in outlook.sized[0].prices] if outlook.sized else [],
        "rows": [_row(sized, by_id[sized.criterion]) for sized in (*outlook.sized, *outlook.also)],
        "everywhere": words.everywhere(outlook), "out_of_reach": words.out_of_reach(outlook, criteria), "repeats": repeats,
        "price": [
            words.bill_words(outlook.bill, outlook.currency),
            *(words.bill_words(bill, outlook.currency, wanted=power) for power, bill in outlook.bills if bill.more),
        ],
        "fixed": [f"{c.id}: {words.bar_words(c)}" for c in criteria if c.kind != "diagnostic"],
        "looks": words.looks_words(planned.plan.looks),
        "next": f"Next: {words.next_step(outlook, folder, open_groups=planned.open_groups, locked=planned.locked)}",
    }  # fmt: skip


def _row(sized: Sized, criterion: Criterion) -> dict[str, Any]:
    return {
        "criterion": sized.criterion, "slice": sized.slice or "everywhere", "bar": words.bar_words(criterion),
        "hope": words.hope_words(criterion, sized.hoped), "groups": wording.whole(sized.groups),
        "least": wording.whole(sized.least), "chance": "?" if sized.chance is None else f"{words.hundredths(sized.chance)} of 100",
        "needed": ["?" if n is None else wording.whole(n) for _, n in sized.prices],
    }  # fmt: skip


def _careful(tried: Locked | None) -> list[str]:
    """Say which sealed cases have equals where they should have none."""
    if tried is None:
        return []
    found = (
        (tried.astride.parts, "another part, so it was seen"),
        (tried.astride.groups, "another group, which counts it twice"),
    )
    return [
        f"Careful: {wording.plural(n, 'sealed case has', 'sealed cases have')} the input of a case in {where}."
        for n, where in found
        if n
    ]


PLACES = (Place("Define", "Plan and lock", "/plan"),)
ROUTES = (route("/plan", show), route("/lock", save=save_lock))
