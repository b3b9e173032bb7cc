"""Two real features, graded by people with reasons, are read through the product: reasons become failure modes."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Said as Told
from tests.contract.test_real_failures import MODES

from shipworthy.domain.review import Said
from shipworthy.services.desk import Desk, desk_at
from shipworthy.services.next_item import next_item
from shipworthy.services.queue_progress import queue_standing
from shipworthy.services.read_item import read_item
from shipworthy.services.save_label import Saving, save_label

LAUNCH = "title: Graded outputs\nvariants:\n  pipeline: {recorded: true}\n"
CRITERIA = "- {id: good, bar: {at_least: 0.8}, scorer: {labels: grader}}\n"
IDS = {name: re.sub(r"[^a-z]+", "-", name) for name in MODES}


def _graded(shared: Path, name: str) -> dict[str, dict[str, str]]:
    """Return the graded outputs, by case."""
    path = shared / "data" / "evalgen-grades" / f"{name}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return {f"{name}-{i}": row for i, row in enumerate(csv.DictReader(file))}


def _launch(folder: Path, rows: dict[str, dict[str, str]]) -> Path:
    """Write the launch: each document is a case, and what the pipeline made of it lies beside it."""
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(LAUNCH)
    (folder / "criteria.yaml").write_text(CRITERIA)
    cases = (json.dumps({"id": case, "input": row["Var: document"]}) + "\n" for case, row in rows.items())
    (folder / "evalset" / "cases.jsonl").write_text("".join(cases))
    outputs = (json.dumps({"case": case, "output": row["Response"]}) + "\n" for case, row in rows.items())
    (folder / "outputs.jsonl").write_text("".join(outputs))
    return folder


def _read(desk: Desk, queue: str, judge: Callable[[str], Said]) -> Iterator[tuple[str, Any]]:
    """Read a queue to its end, one output at a time, as a person would."""
    while (position := next_item(desk, queue, "grader").position) is not None:
        item = read_item(desk, queue, position, "grader")
        save_label(
            desk,
            Saving(queue, position, "grader", judge(item.case), item.version, f"{queue}-{position}"),
        )
        yield item.case, item


def _modes(reason: str) -> tuple[str, ...]:
    return tuple(IDS[mode] for mode, words in MODES.items() if re.search(words, reason.lower()))


@pytest.mark.parametrize(
    ("name", "outputs", "failed", "modes", "most", "unseen"),
    [
        ("medical", 84, 27, 6, ("names-a-person", 17), 0.1317),
        ("product", 100, 49, 8, ("holds-a-link", 19), 0.1212),
    ],
)
def test_reasons_become_failure_modes_with_rates_and_saturation(
    tmp_path: Path,
    shared: Path,
    ship: Callable[..., Told],
    name: str,
    outputs: int,
    failed: int,
    modes: int,
    most: tuple[str, int],
    unseen: float,
) -> None:
    """First the reasons as notes; then names for them, and the failures once more: counts, rates and what is unseen."""
    rows = _graded(shared, name)
    folder = _launch(tmp_path / "l", rows)
    assert ship("import", folder / "outputs.jsonl", "--launch", folder, "--variant", "pipeline").code == 0
    assert ship("look", "queue", folder, "first", "--n", "100").code == 0

    def first(case: str) -> Said:
        row = rows[case]
        return Said("pass") if row["grade"] == "True" else Said("fail", row["grading_feedback"])

    with desk_at(folder) as desk:
        read = dict(_read(desk, "first", first))
        standing = queue_standing(desk, "first")
    assert len(read) == outputs
    assert all(read[case].output == row["Response"] for case, row in rows.items())
    assert (standing.progress.done, standing.progress.failed) == (outputs, failed)
    assert standing.saturation is not None
    assert (standing.saturation.modes, standing.saturation.unnamed) == (0, failed)
    assert [rate.mode for rate in standing.rates] == [""]

    (folder / "taxonomy.yaml").write_text(
        "".join(f"- {{id: {mode}, name: {name}}}\n" for name, mode in IDS.items())
    )
    bad = [case for case, row in rows.items() if row["grade"] != "True"]
    named = [token for case in bad for token in ("--case", case)]
    assert ship("look", "queue", folder, "name", "--kind", "list", "--afresh", *named).code == 0
    with desk_at(folder) as desk:
        again = dict(
            _read(
                desk,
                "name",
                lambda case: Said("fail", first(case).note, _modes(rows[case]["grading_feedback"])),
            )
        )
    assert {case: item.said.note for case, item in again.items()} == {case: first(case).note for case in bad}

    told = ship("look", "status", folder, "first", "--format", "json").json
    assert (told["progress"]["done"], told["progress"]["failed"]) == (outputs, failed)
    assert (told["saturation"]["modes"], told["saturation"]["unnamed"]) == (modes, 0)
    assert told["saturation"]["upper"] == pytest.approx(unseen, abs=0.0005)
    rates = {rate["mode"]: rate for rate in told["rates"]}
    assert len(rates) == modes
    assert (told["rates"][0]["mode"], told["rates"][0]["groups"]) == most
    assert rates[most[0]]["lower"] < most[1] / outputs < rates[most[0]]["upper"]
    shown = ship("look", "status", folder, "first").out
    assert f"{outputs} of {outputs}, {failed} fail" in shown
    assert "unseen at most" in shown
    assert "journal head" in ship("verify", folder).out
