"""What the README shows of the demo is what the demo prints."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOWN = re.compile(r"^```text\n(.*?)```", re.DOTALL | re.MULTILINE)


def test_the_demo_prints_what_the_readme_shows_and_ships_narrower(demo, ship):
    """The sample launch runs from its folder to its memo, and every quoted line comes out."""
    folder, said = demo
    quoted = [
        line
        for block in SHOWN.findall((ROOT / "README.md").read_text(encoding="utf-8"))
        for line in block.splitlines()
    ]

    assert said.code == 0, said.err
    assert [line for line in quoted if line not in said.out.splitlines()] == []
    assert ship("decide", folder).code == 10
    memo = (folder / "memo/memo.md").read_text(encoding="utf-8")
    assert "Sample material" in memo
    assert "Ship narrower: only orders" in memo
