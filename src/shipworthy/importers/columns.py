"""Which column holds what: given as a map, or guessed from well-known names and said aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import ColumnMap

WELL_KNOWN: dict[str, tuple[str, ...]] = {
    # A bare `id` comes last: beside `question_id` it names the row, and a row is not a case.
    # `doc_hash` comes before `doc_id`, which shifts with the selection of documents.
    "case": (
        *("case", "case_id", "question_id", "item_id", "example_id", "sample_id", "task_id", "test_id"),
        *("instance_id", "prompt_id", "query_id", "doc_hash", "doc_id", "id"),
    ),
    "variant": ("variant", "variant_id", "model", "model_name", "model_id", "system", "candidate"),
    "repeat": (
        "repeat",
        "trial",
        "epoch",
        "repetition",
        "run_index",
        "repeat_index",
        "seed_index",
    ),
    "input": ("input", "prompt", "question", "query"),
    "expected": ("expected", "expected_output", "target", "reference", "ideal"),
    "group": ("group", "group_id", "cluster", "cluster_id"),
    "output": ("output", "response", "completion", "actual_output"),
    "status": ("status",),
    "error": ("error", "error_message", "exception"),
    "latency_s": ("latency_s", "latency_seconds", "duration_s", "latency_sec"),
    "latency_ms": ("latency_ms", "duration_ms"),
    "cost_usd": ("cost_usd", "total_cost_usd", "usd"),
}
OF_A_STREAM: dict[str, tuple[str, ...]] = {
    "case": ("outcome_id", "output_id", "trace_id", "request_id"),
    "time": ("time", "timestamp", "ts", "at", "created_at", "start_time", "date"),
}
"""In a stream of live outputs every output is its own case."""
SCORES = (
    "passed",
    "pass",
    "correct",
    "is_correct",
    "score",
    "reward",
    "success",
    "resolved",
    "exact_match",
    "acc",
)
PREFIXES = {"score.": "score.", "scores.": "score.", "tag.": "tag.", "tags.": "tag."}


@dataclass(frozen=True)
class Layout:
    """The columns that are read, each with its role, and the sentences that say so."""

    roles: dict[str, str]
    """Role (`case`, `score.NAME`, …) to column."""
    notes: tuple[str, ...] = ()


def lay_out(path: Path, names: Sequence[str], given: ColumnMap | None) -> Layout:
    """Return the role of each column that is used.

    Args:
        path: named in errors.
        names: the columns found; for nested JSON, dotted paths.
        given: the map to follow; None, or one without columns, guesses.

    Raises:
        BadInput: the map names a role or column that does not exist, or no column names the case.
    """
    guessed = given is None or not given.columns
    roles = _follow(path, names, given) if given and given.columns else dict(_guess(names))
    if guessed and given is not None:
        if given.stream:
            roles |= dict(_named(names, OF_A_STREAM))
        roles |= {f"tag.{tag}": tag for tag in given.tags if tag in names and tag not in roles.values()}
        roles |= {
            f"score.{name}": name for name in given.scores if name in names and name not in roles.values()
        }
    if "case" not in roles:
        raise BadInput(
            f"no column names the case; the columns are {_list(names)}",
            where=f"{path}:1",
            remedy="say which one does: --map case=COLUMN (and --map score.NAME=COLUMN for scores)",
        )
    return Layout(roles, tuple(_notes(names, roles, guessed=guessed)))


def _guess(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    plain = {_plain(name): name for name in reversed(names)}
    yield from _named(names, WELL_KNOWN)
    holders = {name.partition(".")[0] for name in names if "." in name}
    for word in SCORES:
        if word in plain and plain[word] not in holders:
            yield f"score.{plain[word]}", plain[word]
    for name in names:
        for prefix, role in PREFIXES.items():
            if name.startswith(prefix) and len(name) > len(prefix):
                yield role + name.removeprefix(prefix), name


def _named(names: Sequence[str], wanted: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    plain = {_plain(name): name for name in reversed(names)}
    for role, known in wanted.items():
        if name := next((plain[word] for word in known if word in plain), None):
            yield role, name


def _follow(path: Path, names: Sequence[str], given: ColumnMap) -> dict[str, str]:
    for role, name in given.columns.items():
        if (
            role not in WELL_KNOWN
            and not (given.stream and role == "time")
            and not re.match(r"(score|tag)\..", role)
        ):
            known = ", ".join([*WELL_KNOWN, "score.NAME", "tag.NAME"])
            raise BadInput(
                f"the map gives a column to {role!r}, which is no role",
                where=f"{path}:1",
                remedy=f"use one of: {known}",
            )
        if name not in names:
            raise BadInput(
                f"the map reads {role} from {name!r}, which is not there; the columns are {_list(names)}",
                where=f"{path}:1",
                remedy=f"map {role} to a column of the file, or leave it out",
            )
    return dict(given.columns)


def _notes(names: Sequence[str], roles: dict[str, str], *, guessed: bool) -> Iterator[str]:
    used = ", ".join(f"{role} from {name!r}" for role, name in roles.items())
    yield f"{'Columns guessed from their names' if guessed else 'Columns read by the map'}: {used}."
    known = frozenset(names)
    touched = {name.partition(".")[0] for name in roles.values()}
    if unused := [
        name for name in names if _top(name, known) == name and name.partition(".")[0] not in touched
    ]:
        yield f"Columns not used: {_list(unused)}."
    if not any(role.startswith("score.") for role in roles):
        yield "No column holds a score: these are outputs still to be scored."


def _top(name: str, names: frozenset[str]) -> str:
    """Return the column that a dotted path leads into, or the name itself."""
    parent = name.partition(".")[0]
    return parent if parent in names else name


def _plain(name: str) -> str:
    """Return `questionId`, `Question ID` and `question-id` as `question_id`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s\-]+", "_", spaced).lower()


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:30])
    return shown + (f" and {len(names) - 30} more" if len(names) > 30 else "")
