"""The guide to a first launch does what it says: its files are written, its commands run, its lines come out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs/how-to/first-launch.md"
FILE = re.compile(r"^`(inbox/[\w.]+)`\n```yaml\n(.*?)```", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)```", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(f"{FILE.pattern}|{CONSOLE.pattern}", re.DOTALL | re.MULTILINE)


def _outcomes(path: Path, name: str, n: int) -> None:
    """Orders go well, billing fails every third time."""
    rows = (
        f"{name}-{i},{'billing' if i % 3 == 2 else 'orders'},{int(i % 3 != 2 or i % 2)}\n" for i in range(n)
    )
    path.write_text("case,topic,correct\n" + "".join(rows))


def test_the_guide_to_a_first_launch_can_be_followed_word_by_word(tmp_path, monkeypatch, ship):
    """From `init` to `verify`, in order; every line that the guide shows is printed."""
    monkeypatch.chdir(tmp_path)
    _outcomes(tmp_path / "open.csv", "open", 40)
    _outcomes(tmp_path / "holdout.csv", "holdout", 200)
    ran = []

    for found in BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        name, text, console = found.groups()
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        for step in console.removeprefix("$ ").split("\n$ "):
            command, *shown = step.strip().splitlines()
            said = ship(*shlex.split(command)[1:])
            printed = " ".join(f"{said.out} {said.err}".split())
            for line in shown:
                assert " ".join(line.split()) in printed, f"{command}\n{said.out}\n{said.err}"
            ran.append(shlex.split(command)[1])

    assert ran == [
        *("init", "check", "import", "decide", "import", "lock", "lock", "import", "decide", "decide"),
        *("memo", "verify"),
    ]
