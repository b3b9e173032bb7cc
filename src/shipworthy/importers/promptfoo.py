"""promptfoo results: the JSON file (version 3) and the JSONL file of its rows."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.importers.interface import ColumnMap, Header, Row
from shipworthy.importers.json_text import decode, objects_by_line
from shipworthy.importers.names import MAX_REPEAT, can_name
from shipworthy.importers.opened import chunks, head_of, whole
from shipworthy.importers.promptfoo_result import (
    OVERALL,
    Result,
    case_key,
    components,
    is_cached,
    output_of,
    own_description,
    provider_name,
    row_of,
)
from shipworthy.importers.streamed import Streamed

CACHED_REPEAT = "a repeat served from the cache: a copy, not another try"
_ID_NAMES = ("case_id", "caseId", "case", "question_id", "item_id", "id")
_REMEDY = "export it again: promptfoo export eval EVAL_ID -o results.json"


class _Metrics(msgspec.Struct):
    testPassCount: int = 0  # noqa: N815 - promptfoo's own key
    testFailCount: int = 0  # noqa: N815 - promptfoo's own key
    testErrorCount: int = 0  # noqa: N815 - promptfoo's own key
    namedScores: dict[str, float] = {}  # noqa: N815 - promptfoo's own key
    namedScoresCount: dict[str, float] = {}  # noqa: N815 - promptfoo's own key


class _Column(msgspec.Struct):
    """One provider with one prompt: promptfoo's `promptIdx` counts these."""

    metrics: _Metrics | None = None


class _Summary(msgspec.Struct):
    results: list[Result]
    version: int = 3
    timestamp: str = ""
    prompts: list[_Column] = []


class _File(msgspec.Struct):
    results: _Summary
    metadata: dict[str, Any] | None = None
    runtimeOptions: dict[str, Any] | None = None  # noqa: N815 - promptfoo's own key


@dataclass
class _Survey:
    """What a first walk through the results finds out, so that the second can name things."""

    providers: dict[int, tuple[str, str]] = field(default_factory=dict)
    """`promptIdx` to provider and prompt label."""
    ids: dict[str, str | None] = field(default_factory=dict)
    """Case to the id it carries, if it carries one."""
    descriptions: dict[str, str | None] = field(default_factory=dict)
    graded: set[str] = field(default_factory=set)
    repeats: int = 0
    n_rows: int = 0

    def variants(self) -> dict[int, str]:
        """Return a name for each variant, no longer than it takes to tell them apart."""
        names = {index: provider for index, (provider, _) in self.providers.items()}
        if len(set(names.values())) < len(names):
            names = {i: f"{provider} | {prompt[:80]}" for i, (provider, prompt) in self.providers.items()}
        counts = Counter(names.values())
        return {i: name if counts[name] == 1 else f"{name} | {i}" for i, name in names.items()}

    def case_ids(self) -> tuple[dict[str, str], str]:
        """Return an id for each case, and words for where the ids come from."""
        for found, words in (
            (self.ids, "the id among their variables"),
            (self.descriptions, "their descriptions"),
        ):
            names = [name for name in found.values() if name is not None]
            if len(names) == len(found) == len(set(names)):
                return {key: name for key, name in found.items() if name is not None}, words
        return {key: f"vars-{key}" for key in self.ids}, "a hash of their variables and description"


class PromptfooImporter:
    """Reads results of promptfoo."""

    name = "promptfoo"
    description = "promptfoo results, .json or .jsonl: provider and prompt to variant, assertions to scores"

    def recognises(self, path: Path, head: bytes) -> bool:  # noqa: ARG002 - the content says it
        """Say whether the file looks like promptfoo's results."""
        start = head.lstrip()
        if b",Status,Score,Named Scores" in head:
            return True
        if not start.startswith(b"{"):
            return False
        return b'"evalId"' in start[:40] or (b'"promptIdx"' in head) or (b'"gradingResult"' in head)

    def open(self, path: Path, *, columns: ColumnMap | None, partial: bool) -> Streamed:  # noqa: ARG002 - nothing to map
        """Open the results, walk through them once to name variants and cases, then yield rows."""
        head = head_of(path)
        if not head.lstrip().startswith(b"{"):
            raise BadInput("promptfoo's CSV leaves out errors and repeats", where=f"{path}:1", remedy=_REMEDY)
        if _is_one_object(path, head):
            return _open_document(path)
        return _stream(path, lambda: _lines(path), lambda survey: _header(survey, _File(_Summary([]))))


def _open_document(path: Path) -> Streamed:
    file = decode(whole(path), kind=_File, path=path)
    if file.results.version not in (2, 3):
        raise BadInput(
            f"the results have version {file.results.version}; 3 is read", where=f"{path}:1", remedy=_REMEDY
        )
    return _stream(path, lambda: file.results.results, lambda survey: _header(survey, file))


def _stream(
    path: Path, results: Callable[[], Iterable[Result]], header: Callable[[_Survey], Header]
) -> Streamed:
    survey = _look_through(results())
    if not survey.n_rows:
        raise BadInput("there is no result in the file", where=f"{path}:1", remedy=_REMEDY)
    if survey.repeats > MAX_REPEAT:
        raise BadInput(
            f"one case has {survey.repeats} results", where=f"{path}:1", remedy="give each case its own id"
        )
    return Streamed(header(survey), lambda dropped: _rows(path, results(), survey, dropped))


def _rows(path: Path, results: Iterable[Result], survey: _Survey, dropped: Counter[str]) -> Iterator[Row]:
    variants, (cases, _) = survey.variants(), survey.case_ids()
    graded = frozenset(survey.graded)
    tries: Counter[tuple[int, str]] = Counter()
    answers: defaultdict[tuple[int, str], set[bytes]] = defaultdict(set)
    for result in results:
        key = (result.promptIdx, case_key(result))
        tries[key] += 1
        answer = hashlib.blake2b((output_of(result) or "").encode(errors="replace"), digest_size=8).digest()
        if is_cached(result) and answer in answers[key]:
            dropped[CACHED_REPEAT] += 1
            continue
        answers[key].add(answer)
        case, variant = cases[key[1]], variants[result.promptIdx]
        if not (can_name(case) and can_name(variant)):
            raise BadInput(
                f"{case[:60]!r} or {variant[:60]!r} is no name", where=f"{path}:1", remedy="rename it"
            )
        yield row_of(result, case=case, variant=variant, repeat=tries[key], graded=graded)


def _look_through(results: Iterable[Result]) -> _Survey:
    survey = _Survey()
    tries: Counter[tuple[int, str]] = Counter()
    for result in results:
        key = case_key(result)
        survey.n_rows += 1
        tries[result.promptIdx, key] += 1
        label = (result.prompt.label if result.prompt else None) or ""
        survey.providers.setdefault(result.promptIdx, (provider_name(result), label))
        survey.ids.setdefault(key, _own_id(result))
        description = own_description(result)
        survey.descriptions.setdefault(key, description if description and can_name(description) else None)
        survey.graded.update(n for n, c in components(result) if c.score not in (None, 0, 1))
    survey.repeats = max(tries.values(), default=0)
    return survey


def _own_id(result: Result) -> str | None:
    for place in (result.vars, (result.testCase.metadata if result.testCase else None) or {}):
        for name in _ID_NAMES:
            value = place.get(name)
            if isinstance(value, (str, int)) and not isinstance(value, bool) and can_name(str(value).strip()):
                return str(value).strip()
    return None


def _lines(path: Path) -> Iterator[Result]:
    for number, text in objects_by_line(path):
        yield decode(text, kind=Result, path=path, line=number)


def _is_one_object(path: Path, head: bytes) -> bool:
    """Say whether the file is one JSON object rather than one a line."""
    if b'"evalId"' in head.lstrip()[:40]:
        return True
    return not any(mark in head for mark in (b'"promptIdx"', b'"gradingResult"')) and b'"results"' in next(
        chunks(path)
    )


def _header(survey: _Survey, file: _File) -> Header:
    variants = survey.variants()
    metadata = file.metadata or {}
    return Header(
        format="promptfoo",
        tool=f"promptfoo {metadata.get('promptfooVersion', '')}".strip(),
        created=str(metadata.get("evaluationCreatedAt") or file.results.timestamp),
        variant=next(iter(variants.values())) if len(variants) == 1 else None,
        repeats=_planned_repeats(file),
        headline=_headline(file, variants, survey.graded),
        notes=tuple(_notes(survey, file)),
    )


def _planned_repeats(file: _File) -> int | None:
    repeats = (file.runtimeOptions or {}).get("repeat")
    return repeats if isinstance(repeats, int) and 0 < repeats <= MAX_REPEAT else None


def _headline(file: _File, variants: dict[int, str], graded: set[str]) -> dict[str, float]:
    headline: dict[str, float] = {}
    for index, column in enumerate(file.results.prompts):
        metrics = column.metrics
        if metrics is None or index not in variants:
            continue
        of = f" of {variants[index]}" if len(variants) > 1 else ""
        n_planned = metrics.testPassCount + metrics.testFailCount + metrics.testErrorCount
        if n_planned:
            headline[OVERALL + of] = metrics.testPassCount / n_planned
        for name, total in metrics.namedScores.items():
            if n_scored := metrics.namedScoresCount.get(name, 0):
                headline[name + (".score" if name in graded else "") + of] = total / n_scored
    return headline


def _notes(survey: _Survey, file: _File) -> Iterator[str]:
    ids, words = survey.case_ids()
    yield f"The file numbers no cases: {len(ids)} cases are told apart by their variables and named by {words}."
    if survey.repeats > 1:
        planned = _planned_repeats(file)
        agreed = (
            f"as its options say (repeat {planned})"
            if planned == survey.repeats
            else "which its options do not say"
        )
        yield f"Cases that are equal in every variable are read as repeats, up to {survey.repeats}, {agreed}."
    n_reported = sum(
        c.metrics.testPassCount + c.metrics.testFailCount + c.metrics.testErrorCount
        for c in file.results.prompts
        if c.metrics
    )
    if n_reported and n_reported != survey.n_rows:
        yield f"The file's own totals speak of {n_reported} results; it holds {survey.n_rows}."
    yield "Latencies include promptfoo's own queueing: they are upper bounds."
    yield "A cost of 0 is read as unknown."
