"""Inspect AI logs: the `.eval` archive and the `.json` form, schema version 2."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.importers.inspect_sample import Sample, row_of, unusable
from shipworthy.importers.interface import ColumnMap, Header, Row
from shipworthy.importers.json_text import decode_with_nan
from shipworthy.importers.opened import GZIP_MAGIC, whole
from shipworthy.importers.streamed import Streamed
from shipworthy.importers.zip_members import Archive, Member

ZIP_MAGIC = b"PK\x03\x04"
ZIP_EMPTY = b"PK\x05\x06"
NO_ANSWER_REPLACED = "superseded: an earlier try that had no answer"
FIRST_ANSWER_COUNTS = "superseded: a further try, though the first had an answer"
_JSON_LOG = re.compile(rb'\{\s*"version"\s*:\s*\d+\s*,\s*"status"\s*:')


class _Metric(msgspec.Struct):
    value: Any = None


class _Result(msgspec.Struct):
    name: str
    scorer: str = ""
    reducer: str | None = None
    metrics: dict[str, _Metric] = {}


class _Results(msgspec.Struct):
    total_samples: int | None = None
    scores: list[_Result] = []


class _Dataset(msgspec.Struct):
    sample_ids: list[int | str] | None = None


class _Config(msgspec.Struct):
    epochs: int | None = None


class _Eval(msgspec.Struct):
    task: str
    model: str
    created: str = ""
    dataset: _Dataset = msgspec.field(default_factory=_Dataset)
    config: _Config = msgspec.field(default_factory=_Config)
    packages: dict[str, Any] = {}


class _Log(msgspec.Struct):
    """A log without what is not used; `samples` stand here only in the `.json` form."""

    eval: _Eval
    version: int = 2
    status: str = "started"
    """A journal's first entry has no status: the run was interrupted before it could write one."""
    results: _Results | None = None
    invalidated: bool | None = None
    samples: list[Sample] | None = None


class InspectImporter:
    """Reads logs of Inspect AI."""

    name = "inspect"
    description = "an Inspect AI log, .eval or .json: sample to case, epoch to repeat, model to variant"

    def recognises(self, path: Path, head: bytes) -> bool:
        """Say whether the file looks like an Inspect log."""
        if head.startswith((ZIP_MAGIC, ZIP_EMPTY)):
            return True
        return path.name.endswith(".eval") or bool(_JSON_LOG.match(head.lstrip()))

    def open(self, path: Path, *, columns: ColumnMap | None, partial: bool) -> Streamed:  # noqa: ARG002 - nothing to map
        """Open the log; one that its own tool calls unfinished is refused unless `partial`."""
        with path.open("rb") as file:
            magic = file.read(4)
        if magic.startswith(b"PK"):
            return _open_archive(path, partial=partial)
        if path.name.endswith(".eval") and not magic.startswith((b"{", GZIP_MAGIC)):
            raise BadInput(
                "the file is no Inspect log, whatever it is called", where=f"{path}:1", remedy=_REMEDY
            )
        log = decode_with_nan(whole(path), kind=_Log, path=path)
        if not log.samples:
            raise _without_samples(path)
        _check_status(path, log, partial=partial)
        samples = log.samples
        n_present = len({(str(s.id), s.epoch) for s in samples})
        tries = [(f"{s.id}:{s.epoch}", s) for s in samples]
        header = _header(log, n_present=n_present, n_records=len(samples))
        return Streamed(
            header, lambda dropped: _rows(path, log, tries, Counter(k for k, _ in tries), dropped)
        )


_REMEDY = "export it again with `inspect log convert`, or name the format with --format"


def _open_archive(path: Path, *, partial: bool) -> Streamed:
    archive = Archive(path)
    log = _archive_log(path, archive)
    _check_status(path, log, partial=partial)
    members = [m for m in archive.members if m.name.startswith("samples/") and m.name.endswith(".json")]
    if not members:
        return _open_summaries(path, archive, log)
    tries = Counter(m.name for m in members)

    def samples() -> Iterator[tuple[str, Sample]]:
        for member, data in archive.read(members):
            yield member.name, decode_with_nan(data, kind=Sample, path=path)

    header = _header(log, n_present=len(tries), n_records=len(members))
    return Streamed(header, lambda dropped: _rows(path, log, samples(), tries, dropped))


def _open_summaries(path: Path, archive: Archive, log: _Log) -> Streamed:
    """Read the summaries of a log that keeps no samples: scores without inputs and outputs."""
    members = _last(archive, "summaries.json") or [
        m for m in archive.members if re.fullmatch(r"_journal/summaries/\d+\.json", m.name)
    ]
    found = [
        s for _, data in archive.read(members) for s in decode_with_nan(data, kind=list[Sample], path=path)
    ]
    if not found:
        raise _without_samples(path)
    tries = [(f"{s.id}:{s.epoch}", s) for s in found]
    header = _header(
        log,
        n_present=len(dict(tries)),
        n_records=len(tries),
        extra=("The log keeps no samples: scores are read from its summaries, without inputs and outputs.",),
    )
    counts = Counter(key for key, _ in tries)
    return Streamed(header, lambda dropped: _rows(path, log, tries, counts, dropped, summary=True))


def _rows(
    path: Path,
    log: _Log,
    samples: Iterable[tuple[str, Sample]],
    tries: Counter[str],
    dropped: Counter[str],
    *,
    summary: bool = False,
) -> Iterator[Row]:
    """Yield one row for each case and repeat.

    A recovered and retried log holds some samples twice. A later record replaces one that had no
    answer; where the earlier one had an answer that one stays, for failures must not be re-rolled.
    """
    variant, scorers = log.eval.model or None, _scorers(log)
    kept: dict[str, Row] = {}
    left = tries.copy()
    for key, sample in samples:
        if why := unusable(sample):
            raise BadInput(why, where=f"{path}:1", remedy="give the samples of the task other ids")
        row = row_of(sample, variant=variant, scorers=scorers, summary=summary)
        if tries[key] > 1:
            earlier = kept.pop(key, None)
            if earlier is not None:
                answered = earlier.status == "answered"
                dropped[FIRST_ANSWER_COUNTS if answered else NO_ANSWER_REPLACED] += 1
                row = earlier if answered else row
            left[key] -= 1
            if left[key]:
                kept[key] = row
                continue
        yield row


def _archive_log(path: Path, archive: Archive) -> _Log:
    members = _last(archive, "header.json") or _last(archive, "_journal/start.json")
    if not members:
        raise BadInput("the archive is no Inspect log: it has no header", where=f"{path}:1", remedy=_REMEDY)
    ((_, data),) = archive.read(members)
    return decode_with_nan(data, kind=_Log, path=path)


def _last(archive: Archive, name: str) -> list[Member]:
    """Return the last member of that name: an archive that was added to keeps the superseded ones."""
    return [member for member in archive.members if member.name == name][-1:]


def _check_status(path: Path, log: _Log, *, partial: bool) -> None:
    if log.version != 2:
        raise BadInput(
            f"the log has schema version {log.version}; 2 is read", where=f"{path}:1", remedy=_REMEDY
        )
    if log.status != "success" and not partial:
        raise BadInput(
            f"the log calls its own run {log.status!r}: what it holds is not all that was planned",
            where=f"{path}:1",
            remedy="finish it with `inspect eval-retry`, or import it with --partial: what is missing stays no answer",
        )


def _without_samples(path: Path) -> BadInput:
    return BadInput(
        "the log keeps no samples, only totals, and totals are not evidence",
        where=f"{path}:1",
        remedy="run the task again with `--log-samples`",
    )


def _scorers(log: _Log) -> dict[str, list[str]]:
    scorers: dict[str, list[str]] = {}
    for result in log.results.scores if log.results else []:
        names = scorers.setdefault(result.scorer or result.name, [])
        if (name := _score_name(result)) not in names:
            names.append(name)
    return scorers


def _score_name(result: _Result) -> str:
    return result.name if result.scorer in ("", result.name) else f"{result.scorer}.{result.name}"


def _header(log: _Log, *, n_present: int, n_records: int, extra: tuple[str, ...] = ()) -> Header:
    ids = log.eval.dataset.sample_ids
    version = str(log.eval.packages.get("inspect_ai", ""))
    return Header(
        format="inspect",
        tool=f"inspect_ai {version}".strip(),
        created=log.eval.created,
        variant=log.eval.model or None,
        planned_cases=None if ids is None else tuple(str(i) for i in ids),
        repeats=log.eval.config.epochs or 1,
        headline=_headline(log),
        notes=(*extra, *_notes(log, n_present=n_present, n_records=n_records)),
    )


def _headline(log: _Log) -> dict[str, float]:
    headline: dict[str, float] = {}
    for result in log.results.scores if log.results else []:
        metric = result.metrics.get("accuracy") or result.metrics.get("mean")
        if result.reducer in (None, "mean") and metric and type(metric.value) in (int, float):
            headline.setdefault(_score_name(result), float(metric.value))
    return headline


def _notes(log: _Log, *, n_present: int, n_records: int) -> Iterator[str]:
    yield f"Inspect task {log.eval.task!r}; its sample ids are the case ids."
    yield "Latencies include Inspect's own queueing: they are upper bounds."
    if log.status != "success":
        yield f"The log calls its own run {log.status!r}: planned outputs that are missing are no answer."
    if log.invalidated:
        yield "Some samples were invalidated in the log: they stay in the plan, as no answer."
    if n_records > n_present:
        yield f"{n_records - n_present} samples are recorded more than once; the first answer counts."
    ids, repeats = log.eval.dataset.sample_ids, log.eval.config.epochs or 1
    if ids is not None and n_present != len(ids) * repeats:
        yield f"The log plans {len(ids)} cases x {repeats} repeats and holds {n_present} outputs."
