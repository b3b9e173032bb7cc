"""A plugin for pytest: outcomes of marked tests become outcomes of cases, in a file for `shipworthy import`.

It does nothing unless `--shipworthy FOLDER` is given. Then each test with
`@pytest.mark.shipworthy(case="order-17", criterion="right")` is written down: passed, failed, or not scored where the
test was skipped or its set-up broke. Several tests of one case and criterion are one outcome, which passes only where
all of them do; say `repeat=2` for a second go. Nothing is counted or summed here: that is for `decide` and `gate`.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

MARK = "shipworthy"
KEY = "shipworthy outcome"
WORST = {"failed": 0, "unscored": 1, "passed": 2}
Place = tuple[str, int]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("shipworthy", "outcomes for a launch")
    group.addoption("--shipworthy", metavar="FOLDER", help="write outcomes of marked tests for this launch")
    group.addoption("--shipworthy-variant", metavar="NAME", help="the variant that the tests ask")
    group.addoption(
        "--shipworthy-file", metavar="FILE", help="where to; FOLDER/.shipworthy/pytest.jsonl unless said"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark, and begin to write where a launch is named."""
    config.addinivalue_line(
        "markers",
        f"{MARK}(case, criterion, repeat=1): this test's outcome is an outcome of that case of a launch",
    )
    folder = config.getoption("--shipworthy")
    if not folder:
        return
    launch = Path(folder)
    if not (launch / "launch.yaml").is_file():
        raise pytest.UsageError(f"--shipworthy {folder}: there is no launch.yaml in that folder")
    file = config.getoption("--shipworthy-file")
    target = Path(file) if file else launch / ".shipworthy" / "pytest.jsonl"
    config.pluginmanager.register(Outcomes(launch, target, config.getoption("--shipworthy-variant")), KEY)


class Outcomes:
    """Collects outcomes of marked tests, and writes them when all have run.

    Args:
        launch: the launch folder.
        target: the file to write.
        variant: the variant that the tests ask; None leaves it to `import`.
    """

    def __init__(self, launch: Path, target: Path, variant: str | None) -> None:
        self.launch, self.target, self.variant = launch, target, variant
        self.found: dict[Place, dict[str, str]] = {}
        self.written = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note on each marked test which case and criterion it is about; the note travels between processes."""
        for item in items:
            for mark in item.iter_markers(MARK):
                item.user_properties.append((KEY, json.dumps(_about(item, mark))))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a phase of a marked test says: the call counts, and a set-up or clean-up that broke."""
        outcome = _outcome(report)
        if outcome is None:
            return
        for name, value in report.user_properties:
            if name == KEY:
                case, criterion, repeat = json.loads(str(value))
                scores = self.found.setdefault((case, repeat), {})
                scores[criterion] = min(scores.get(criterion, outcome), outcome, key=WORST.__getitem__)

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Write the file, whole or not at all; a worker of several processes writes none."""
        yield
        if hasattr(session.config, "workerinput") or not self.found:
            return
        rows = [
            json.dumps(self._row(place, scores), ensure_ascii=False) + "\n"
            for place, scores in self.found.items()
        ]
        self.target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.target.with_name(f".{self.target.name}.unfinished")
        unfinished.write_text("".join(rows), encoding="utf-8")
        unfinished.replace(self.target)
        self.written = len(rows)

    def _row(self, place: Place, scores: dict[str, str]) -> dict[str, Any]:
        case, repeat = place
        about: dict[str, Any] = {"case": case, "repeat": repeat}
        if self.variant:
            about["variant"] = self.variant
        values = {"passed": 1, "failed": 0, "unscored": None}
        return about | {f"score.{name}": values[outcome] for name, outcome in scores.items()}

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say where the outcomes are, and what takes them in."""
        if not self.found:
            terminalreporter.write_line("shipworthy: no test has the mark, so nothing was written")
            return
        variant = f" --variant {self.variant}" if self.variant else " --variant NAME"
        terminalreporter.write_line(f"shipworthy: {self.written} outputs written to {self.target}")
        terminalreporter.write_line(
            f"take them in: shipworthy import {self.target} --launch {self.launch}{variant}"
        )


def _about(item: pytest.Item, mark: pytest.Mark) -> tuple[str, str, int]:
    """Return case, criterion and repeat of a mark."""
    known = {"case", "criterion", "repeat"}
    given = {**dict(zip(("case", "criterion", "repeat"), mark.args, strict=False)), **mark.kwargs}
    case, criterion, repeat = given.get("case"), given.get("criterion"), given.get("repeat", 1)
    whole = isinstance(case, str) and case and isinstance(criterion, str) and criterion
    if not whole or not isinstance(repeat, int) or repeat < 1 or set(given) - known or len(mark.args) > 3:
        raise pytest.UsageError(
            f'{item.nodeid}: write the mark as @pytest.mark.shipworthy(case="order-17", criterion="right")'
        )
    return str(case), str(criterion), repeat


def _outcome(report: pytest.TestReport) -> str | None:
    """Return what a phase says of the output; None for one that says nothing."""
    if report.when == "call":
        if report.skipped:  # a test that was expected to fail, and did, has shown a failure
            return "failed" if hasattr(report, "wasxfail") else "unscored"
        return "passed" if report.passed else "failed"
    return None if report.passed else "unscored"
