"""Starting is quick because nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("numpy", "scipy", "sqlalchemy", "aiohttp", "starlette")
PROGRAM = """
import json, sys
from shipworthy.cli.main import run
run({tokens!r})
json.dump(sorted(sys.modules), sys.stderr)
"""


@pytest.mark.parametrize("command", ["--help", "check"])
def test_help_and_check_import_no_heavy_library_and_few_modules(folder, command):
    """At most 350 modules, and none of numpy, scipy, sqlalchemy, aiohttp, starlette."""
    launch = folder(launch_yaml="title: Small\nvariants: {new: {recorded: true}}\n")
    tokens = [command] if command == "--help" else [command, str(launch)]

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(tokens=tokens)], capture_output=True, text=True, check=True
    )

    modules = json.loads(done.stderr)
    assert [name for name in HEAVY if name in modules] == []
    assert len(modules) <= 350
