"""One failure mode: what it is, how bad, what stands against it, its outputs; and merging, splitting and linking it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException

from shipworthy.decision.mode_changes import mode_id
from shipworthy.domain.errors import BadInput, FolderHasProblems, Refused, ShipworthyError
from shipworthy.domain.taxonomy import SEVERITIES, Control, FailureMode
from shipworthy.services.taxonomy_change import Changed
from shipworthy.services.taxonomy_link import link_mode
from shipworthy.services.taxonomy_merge import merge_modes
from shipworthy.services.taxonomy_outputs import where_read
from shipworthy.services.taxonomy_redefine import Redefined, redefine_mode
from shipworthy.services.taxonomy_split import split_mode
from shipworthy.services.taxonomy_state import taxonomy_state
from shipworthy.services.taxonomy_write import describe_mode
from shipworthy.web.desks import desk_of
from shipworthy.web.page import Answer, Page, Redirect, route
from shipworthy.web.taxonomy_view import bar_of, done_of
from shipworthy.web.visit import Visit

TEXTS = (
    "name",
    "definition",
    "severity",
    "severity_reason",
    "who",
    "detectable",
    "owner",
    "status",
    "origin",
)
LISTS = ("includes", "excludes", "near_miss", "examples")
KINDS = ("prevent", "detect", "recover")
PARTS = 4
"""Parts that the form of a split has room for."""
AGAIN = {"": "no output", "narrower": "those that have it", "wider": "also those that may have it now"}
SHOWN = 200


def show(visit: Visit) -> Answer:
    """Show one failure mode with everything that answers for it."""
    return _page(visit)


def describe(visit: Visit) -> Answer:
    """Write what was typed, and queue the outputs that are to be read again."""
    mode, desk = _mode(visit), desk_of(visit.serving)
    values = {key: value for key, value in _typed(visit).items() if value != _written(mode, key)}
    seen, again = visit.field("seen") or None, visit.field("again")
    try:
        if again in ("narrower", "wider"):
            done = redefine_mode(desk, mode.id, by=visit.who, wider=again == "wider", seen=seen, **values)
        else:
            done = Redefined(describe_mode(desk, mode.id, by=visit.who, seen=seen, **values))
    except (Refused, FolderHasProblems, BadInput) as error:
        return _page(visit, error=error)
    return _to(mode.id, done.change)


def merge(visit: Visit) -> Answer:
    """Merge it into another one."""
    mode, into = _mode(visit), visit.field("into")
    done = merge_modes(
        desk_of(visit.serving), [mode.id], into, by=visit.who, seen=visit.field("seen") or None
    )
    return _to(into, done)


def split(visit: Visit) -> Answer:
    """Split it, and go on with the outputs that are to be read again."""
    mode = _mode(visit)
    try:
        parts = _parts(visit, mode)
        done = split_mode(
            desk_of(visit.serving), mode.id, parts, by=visit.who, seen=visit.field("seen") or None
        )
    except (Refused, FolderHasProblems, BadInput) as error:
        return _page(visit, error=error)
    return _to(mode.id, done.change)


def link(visit: Visit) -> Answer:
    """Name it in a criterion, or take it out of one."""
    mode, remove = _mode(visit), bool(visit.field("remove"))
    done = link_mode(desk_of(visit.serving), mode.id, visit.field("criterion"), by=visit.who, remove=remove)
    return _to(mode.id, done)


def _page(visit: Visit, *, error: ShipworthyError | None = None) -> Page:
    """Return the page; after a refusal with what was typed, so that nothing of it is lost."""
    mode, desk = _mode(visit), desk_of(visit.serving)
    state = taxonomy_state(desk)
    row = state.row(mode.id)
    reading = desk.launch.reading
    shown = row.outputs[:SHOWN] if row else ()
    return Page(
        "taxonomy_mode.html",
        {
            "mode": mode, "row": row, "bar": bar_of(row.count) if row else None, "state": state,
            "others": [each.mode for each in state.rows if each.mode.id != mode.id],
            "unlinked": [each for each in reading.criteria if row is None or each.id not in row.criteria],
            "severities": SEVERITIES, "typed": _kept(visit, mode), "error": error, "again": AGAIN,
            "parts": [*visit.form.get("part", []), *[""] * PARTS][:PARTS],
            "stays": not visit.form or bool(visit.field("stays")),
            "outputs": shown, "where": where_read(desk, shown), "done": done_of(desk, visit.query.get("done", "")),
            "problems": error.problems if isinstance(error, FolderHasProblems) else (),
        },
        status=200 if error is None else 409 if isinstance(error, Refused | FolderHasProblems) else 422,
    )  # fmt: skip


def _mode(visit: Visit) -> FailureMode:
    wanted = visit.path["mode"]
    found = next((each for each in desk_of(visit.serving).launch.reading.taxonomy if each.id == wanted), None)
    if found is None:
        raise HTTPException(404)
    return found


def _typed(visit: Visit) -> dict[str, Any]:
    """Return what the form says of a failure mode, in the shape of the file; a field it does not have is left alone."""
    found: dict[str, Any] = {key: " ".join(visit.field(key).split()) for key in TEXTS if key in visit.form}
    found |= {key: _lines(visit.field(key)) for key in LISTS if key in visit.form}
    if "controls" in visit.form:
        tested: dict[tuple[Any, str], list[str]] = {
            (c.kind, c.what): c.tested_by for c in _mode(visit).controls
        }
        found["controls"] = [_control(line, tested) for line in _lines(visit.field("controls"))]
    return found


def _written(mode: FailureMode, key: str) -> Any:
    value = getattr(mode, key)
    if key == "controls":
        return [_as_written(control) for control in value]
    return "" if value is None else value


def _control(line: str, tested: Mapping[tuple[Any, str], list[str]]) -> Any:
    """Return a control that stands on a line, as `prevent: what`."""
    head, sign, tail = line.partition(":")
    kind: Any = head.strip().lower() if sign and head.strip().lower() in KINDS else None
    what = tail.strip() if kind else line
    return _as_written(Control(kind=kind, what=what or line, tested_by=tested.get((kind, what), [])))


def _as_written(control: Control) -> Any:
    said = control.model_dump(exclude_defaults=True)
    return control.what if set(said) == {"what"} else said


def _kept(visit: Visit, mode: FailureMode) -> dict[str, str]:
    """Return what stands in the fields: what was typed and not saved, else what is written."""
    controls = [f"{c.kind}: {c.what}" if c.kind else c.what for c in mode.controls]
    found = {key: _written(mode, key) for key in TEXTS}
    found |= {key: "\n".join(getattr(mode, key)) for key in LISTS} | {"controls": "\n".join(controls)}
    return found | {key: visit.field(key) for key in found if key in visit.form}


def _parts(visit: Visit, mode: FailureMode) -> dict[str, str]:
    """Return id to name of the parts that the form of a split names."""
    names = [name.strip() for name in visit.form.get("part", []) if name.strip()]
    parts = {mode_id(name): name for name in names}
    if len(parts) < len(names):
        raise BadInput("two parts have nearly the same name", where="split", remedy="name them apart")
    return {mode.id: mode.title, **parts} if visit.field("stays") else parts


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _to(mode: str, done: Changed) -> Redirect:
    return Redirect(f"/taxonomy/mode/{mode}?done={done.number}" if done.number else f"/taxonomy/mode/{mode}")


ROUTES = (
    route("/taxonomy/mode/{mode}", show, describe),
    route("/taxonomy/mode/{mode}/merge", save=merge),
    route("/taxonomy/mode/{mode}/split", save=split),
    route("/taxonomy/mode/{mode}/link", save=link),
)
