"""What all tests share: the command line called in process, folders made in sight, the shared real data."""

from __future__ import annotations

import io
import json
import os
import shutil
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from tests.program import Program
from tests.server import Answering, Server, serving

# How long an example takes says something of the machine and nothing of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Read stdout as JSON."""
        return json.loads(self.out)


@pytest.fixture(scope="session")
def _states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Name folders that are not there yet, one after the other: making thousands that few tests use takes a while."""
    home = tmp_path_factory.mktemp("states")
    return (home / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_state(_states: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a person agreed to run out of the real home."""
    monkeypatch.setenv("XDG_STATE_HOME", str(next(_states)))


@pytest.fixture
def ship(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Call the command line as a user would."""
    from shipworthy.cli.main import run  # noqa: PLC0415 - so that collecting tests stays quick

    def call(*tokens: object) -> Said:
        capsys.readouterr()
        code = run([str(token) for token in tokens])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """Start commands in processes of their own, which begin with everything loaded."""
    with Program() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Make a launch folder from file names and texts."""

    def make(name: str = "launch", **files: str) -> Path:
        made = tmp_path / name
        for key, text in files.items():
            path = made / key.replace("__", "/").replace("_yaml", ".yaml").replace("_py", ".py").replace(
                "_jsonl", ".jsonl"
            )
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        return made

    return make


@dataclass(frozen=True)
class Kept:
    """What a fixture left: its folder, the home of its person, and which path it returned."""

    folder: Path
    home: Path
    returned: Path


@pytest.fixture(scope="session")
def _kept() -> dict[tuple[Path, str], Kept]:
    """Folders that fixtures made in this process, by the file of tests and a name."""
    return {}


@pytest.fixture
def once(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    _kept: dict[tuple[Path, str], Kept],
) -> Callable[[str, Callable[[], Path]], Path]:
    """Make what is in the folder of a test the first time that a file of tests asks; afterwards copy what was made.

    Every test has a folder of its own to change, and a home with what was agreed to, as if it had been made for it.
    """

    def make(name: str, making: Callable[[], Path]) -> Path:
        home = Path(os.environ["XDG_STATE_HOME"])
        found = _kept.get((request.path, name))
        if found is None:
            made = making()
            place = tmp_path_factory.mktemp("kept")
            home.mkdir(exist_ok=True)
            kept = Kept(place / "folder", place / "home", made.relative_to(tmp_path))
            shutil.copytree(tmp_path, kept.folder, symlinks=True)
            shutil.copytree(home, kept.home)
            _kept[request.path, name] = kept
            return made
        shutil.copytree(found.folder, tmp_path, symlinks=True, dirs_exist_ok=True)
        shutil.copytree(found.home, home, dirs_exist_ok=True)
        return tmp_path / found.returned

    return make


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """The folder that `shipworthy demo` leaves, to be copied or only read, and what it said."""
    from shipworthy.cli.main import run  # noqa: PLC0415 - so that collecting tests stays quick

    made = tmp_path_factory.mktemp("demo") / "demo"
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("XDG_STATE_HOME", str(made.with_name("home")))
        code = run(["demo", str(made)])
    return made, Said(code, out.getvalue(), err.getvalue())


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Answering], Server]]:
    """Start servers that answer by the functions they are given."""
    with ExitStack() as running:
        started: list[Server] = []

        def start(answering: Answering) -> Server:
            bill = tmp_path / f"bill-{len(started)}.jsonl"
            started.append(running.enter_context(serving(answering, bill)))
            return started[-1]

        yield start


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real recorded outcomes and files, which lie beside the project."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip("the shared data lie beside the project, and are not here")
    return path
