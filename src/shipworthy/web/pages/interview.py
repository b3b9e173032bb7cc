"""One interview: consent, names to replace, then the text at the left and its excerpts at the right."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.interview import KINDS, Coding, Kind
from shipworthy.services.interview_code import Place, Said, interview_code, interview_uncode
from shipworthy.services.interview_consent import interview_consent
from shipworthy.services.interview_pseudonymise import Proposed, Wanted, interview_pseudonymise, propose_names
from shipworthy.services.interview_show import Shown, interview_show
from shipworthy.services.interview_table import slug
from shipworthy.services.interview_withdraw import interview_withdraw
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.pages.interviews import USES, about
from shipworthy.web.visit import Visit

KIND: dict[str, Kind] = {each: each for each in get_args(Kind)}
MOST_NAMES = 200


@dataclass(frozen=True)
class Piece:
    """A stretch of the text under the same excerpts; `at` numbers them, and `begins` those that begin here."""

    text: str
    at: tuple[int, ...]
    begins: tuple[int, ...]


def show(visit: Visit) -> Answer:
    """Show what comes next for this interview."""
    shown = interview_show(visit.kept.layout.folder, visit.path["name"])
    interview = shown.interview
    if interview.head.consent.state != "given" or not interview.text:
        return Page("interview_consent.html", _context(shown) | {"uses": USES})
    if shown.row.waits or not interview.head.pseudonymised.done:
        return _names_page(visit, propose_names(visit.kept.layout.folder, interview.name, Wanted()), shown)
    context = {
        "pieces": pieces(interview.text, interview.codings),
        "excerpts": list(zip(interview.codings, shown.hints, strict=True)),
        "themes": shown.themes,
        "kinds": KINDS,
        "quote": visit.query.get("quote", "")[:2000],
    }
    return Page("interview.html", _context(shown) | context)


def consent(visit: Visit) -> Answer:
    """Write down what the person agreed to."""
    interview_consent(visit.kept.layout.folder, visit.path["name"], about(visit))
    return Redirect(f"/interviews/{visit.path['name']}")


def names(visit: Visit) -> Answer:
    """Replace names as the form says: show the list again, or freeze the text."""
    folder, name = visit.kept.layout.folder, visit.path["name"]
    wanted = _wanted(visit)
    if visit.field("do") != "freeze":
        proposed = propose_names(folder, name, wanted)
        return _names_page(visit, proposed, interview_show(folder, name))
    interview_pseudonymise(folder, name, wanted, agree=lambda _: True, seen=visit.field("seen") or None)
    return Redirect(f"/interviews/{name}")


def code(visit: Visit) -> Answer:
    """Code the words that were quoted or selected."""
    folder, name = visit.kept.layout.folder, visit.path["name"]
    chosen = [code for code in visit.form.get("code", []) if code]
    added = visit.field("new").strip()
    codes = (*chosen, *([slug(added)] if added else []))
    kind = KIND.get(visit.field("kind"))
    if kind is None:
        raise BadInput("nobody said what kind of excerpt it is", remedy="go back and choose one")
    said = Said(
        tuple(codes),
        kind,
        coder=visit.who,
        note=visit.field("note").strip()[:4000],
        important=bool(visit.field("important")),
        external_ok=bool(visit.field("external_ok")),
        new=bool(added),
        title=added,
    )
    interview_code(folder, name, _place(visit), said)
    return Redirect(f"/interviews/{name}#excerpts")


def uncode(visit: Visit) -> Answer:
    """Take an excerpt out again."""
    name = visit.path["name"]
    start, end = (_number(visit.field(key)) for key in ("start", "end"))
    if start is None or end is None:
        raise BadInput("the form does not say which excerpt", remedy="load the page again")
    interview_uncode(visit.kept.layout.folder, name, start, end, coder=visit.field("coder"))
    return Redirect(f"/interviews/{name}#excerpts")


def withdraw(visit: Visit) -> Answer:
    """Delete what the person said, once the box is ticked."""
    name = visit.path["name"]
    if not visit.field("sure"):
        raise Refused("nothing was deleted", where=name, remedy="tick the box first")
    gone = interview_withdraw(visit.kept.layout.folder, name, agree=lambda _: True)
    return Page("interview_gone.html", {"step_name": "Listen", "gone": gone})


def pieces(text: str, codings: Sequence[Coding]) -> list[Piece]:
    """Return the text cut where excerpts begin and end; put together it is the text, character by character."""
    cuts = sorted({0, len(text), *(c.start for c in codings), *(c.end for c in codings)})
    found = []
    for start, end in itertools.pairwise(cuts):
        at = tuple(n for n, c in enumerate(codings) if c.start < end and start < c.end)
        begins = tuple(n for n in at if codings[n].start == start)
        found.append(Piece(text[start:end], at, begins))
    return found


def _context(shown: Shown) -> dict[str, Any]:
    return {"step_name": "Listen", "shown": shown, "interview": shown.interview, "head": shown.interview.head}


def _names_page(visit: Visit, proposed: Proposed, shown: Shown) -> Page:
    more = "\n".join(visit.form.get("names", []))[:4000]
    return Page("interview_names.html", _context(shown) | {"proposed": proposed, "names": more})


def _wanted(visit: Visit) -> Wanted:
    was, now = visit.form.get("was", []), visit.form.get("now", [])
    keep = visit.form.get("keep", [])
    instead = {w: n.strip() for w, n in zip(was, now, strict=False) if n.strip() and w not in keep}
    listed = [line.strip() for line in visit.field("names").splitlines() if line.strip()]
    return Wanted(tuple(listed[:MOST_NAMES]), instead, tuple(keep))


def _place(visit: Visit) -> Place:
    start, end = _number(visit.field("start")), _number(visit.field("end"))
    return Place(
        visit.field("quote").replace("\r\n", "\n"),
        _number(visit.field("nth")),
        bool(visit.field("near")),
        start if end is not None else None,
        end if start is not None else None,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


ROUTES = (
    route("/interviews/{name}", show),
    route("/interviews/{name}/consent", save=consent),
    route("/interviews/{name}/names", save=names),
    route("/interviews/{name}/code", save=code),
    route("/interviews/{name}/uncode", save=uncode),
    route("/interviews/{name}/withdraw", save=withdraw),
)
