"""The commands of a walk-through run as they stand on the page, and print what is shown."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.program import Program

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "docs/how-to/first-launch.md",
    "docs/how-to/look.md",
    "docs/how-to/plan.md",
    "docs/how-to/judge.md",
    "docs/targets.md",
    "docs/eval-set.md",
    "docs/demo-check.md",
    "docs/how-to/check-it-yourself.md",
)
BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class File:
    """A file that a page asks its reader to write."""

    name: str
    text: str


@dataclass(frozen=True)
class Step:
    """A command, and what a page says it prints."""

    command: str
    shown: tuple[str, ...]


def steps(text: str) -> Iterator[File | Step]:
    """Yield what a reader of the page does, in order."""
    for block in BLOCK.finditer(text):
        if block["file"]:
            yield File(block["file"], block["body"])
        elif block["kind"] == "console":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                yield Step(command, tuple(line.rstrip() for line in shown.splitlines() if line.strip()))


def plain(line: str) -> str:
    """Return a line without what differs from day to day: dates, and the seals that cover them."""
    line = re.sub(r"\b\d{4}-\d{2}-\d{2}\b", "DATE", line.rstrip())
    return re.sub(r"\b[0-9a-f]{12,64}\b", "HASH", line)


def matches(shown: tuple[str, ...], printed: list[str]) -> bool:
    """Whether the printed lines are those shown; a line `…` stands for any number of lines."""
    pattern = "".join(
        "(?:.*\n)*?" if line.strip() == "…" else re.escape(plain(line)) + "\n" for line in shown
    )
    return re.fullmatch(pattern, "".join(f"{plain(line)}\n" for line in printed if line.strip())) is not None


@pytest.fixture
def shell(program: Program, tmp_path: Path) -> dict[str, str]:
    """An environment in which `shipworthy` is this program, and the state of this machine is left alone."""
    commands = tmp_path / "commands"
    commands.mkdir()
    program.command(commands)
    return {
        **os.environ,
        "PATH": f"{commands}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


LONG = (
    "docs/demo-check.md", "docs/eval-set.md", "docs/how-to/check-it-yourself.md", "docs/how-to/judge.md",
    "docs/how-to/look.md", "docs/how-to/plan.md", "docs/targets.md",
)  # fmt: skip
"""Pages that take their time; CI reads them among the campaigns."""


@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=pytest.mark.campaign if page in LONG else ()) for page in PAGES]
)
def test_the_commands_of_a_page_print_what_it_shows(page, shell, tmp_path):
    """From top to bottom in an empty folder; dates and seals aside, every line is the one on the page."""
    folder = tmp_path / "reader"
    folder.mkdir()
    code, done = 0, 0
    for step in steps((ROOT / page).read_text("utf-8")):
        if isinstance(step, File):
            (folder / step.name).write_text(step.text, encoding="utf-8")
            continue
        ran = subprocess.run(
            ["bash", "-c", f"(exit {code}); {step.command}"],
            cwd=folder, env=shell, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True,
        )  # fmt: skip
        printed, code = ran.stdout.splitlines(), ran.returncode
        assert matches(step.shown, printed), f"{page}: $ {step.command}\n{ran.stdout}"
        done += 1
    assert done >= 7
