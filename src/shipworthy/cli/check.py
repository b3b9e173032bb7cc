"""`shipworthy check`."""

from __future__ import annotations

from pathlib import Path

from shipworthy.cli.terminal import out, say
from shipworthy.domain.verdict import ExitCode
from shipworthy.services.check import Checked
from shipworthy.services.check import check as check_folder


def check(folder: Path = Path()) -> int:
    """Say everything that is wrong with a launch folder: file:line:column, found, expected, remedy.

    Reads only; no code of the folder runs. Exit code 3 when there are problems. Example:

        shipworthy check my-launch

    Args:
        folder: the launch folder; here unless said.
    """
    checked = check_folder(folder)
    for problem in checked.problems:
        out(str(problem))
    if checked.problems:
        n = len(checked.problems)
        say(f"{n} problem{'s' if n != 1 else ''}")
        return ExitCode.PROBLEMS
    out(_summary(checked))
    if checked.cases:
        say(f"for twins, leaks and thin slices: shipworthy set doctor {folder}")
    return 0


def _summary(checked: Checked) -> str:
    launch = checked.reading.launch
    parts = ", ".join(f"{n} {part}" for part, n in sorted(checked.cases.items())) or "no cases yet"
    counts: tuple[str, ...] = (
        _number(len(launch.variants), "variant", "variants"),
        _number(len(checked.reading.criteria), "criterion", "criteria"),
        f"{_number(sum(checked.cases.values()), 'case', 'cases')} in {_number(checked.groups, 'group', 'groups')}",
    )
    if checked.interviews:
        counts = (*counts, _number(len(checked.interviews), "interview", "interviews"))
    return f"no problems: {launch.title or 'untitled'} · {' · '.join(counts)} ({parts})"


def _number(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
