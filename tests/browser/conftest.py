"""A real server over a launch, and a real browser that was let in."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from tests.program import Program, Running

START_S = 60


def chromium() -> str:
    """Return the path of the browser; `scripts/chromium` installs it."""
    found = os.environ.get("SHIPWORTHY_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail("no Chromium: run scripts/chromium")
    return found


@dataclass
class Served:
    """A server that runs: a process of its own, as a user has it."""

    folder: Path
    process: Running
    enter: str

    @property
    def url(self) -> str:
        """Its address, without anything behind."""
        return self.enter.partition("/enter")[0]

    def kill(self) -> None:
        """End it as a power cut would; once is enough."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def start(program: Program, folder: Path, *more: str, port: int = 0) -> Served:
    """Start `shipworthy serve` and wait until it said where it listens."""
    process = program.start("serve", folder, "--port", port, *more, stdout=subprocess.PIPE)
    assert process.stdout is not None
    enter = process.stdout.readline().strip()
    assert enter.startswith("http://127.0.0.1:"), f"the server ended: {process.poll()}"
    return Served(folder, process, enter)


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def sample(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample launch, locked and run, to be copied: its company, customers and figures are invented."""
    made = tmp_path_factory.mktemp("sample") / "launch"
    for command in (("init", made, "--from", "sample"), ("lock", made), ("run", made, "--trust")):
        assert program(*command).code == 0
    return made


@pytest.fixture
def served(program: Program) -> Iterator[Callable[..., Served]]:
    """Start servers; they are stopped after the test."""
    with ExitStack() as stack:

        def make(folder: Path, *more: str, port: int = 0) -> Served:
            found = start(program, folder, *more, port=port)
            stack.callback(found.kill)
            return found

        yield make


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once for a file of tests: Playwright keeps an event loop running, which other files cannot share."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@contextmanager
def let_in(browser: Browser, server: Served, **options: object) -> Iterator[BrowserContext]:
    """Open a browser window with nothing in it but the server's cookie.

    Options are those of Playwright's `new_context`: viewport, color_scheme, java_script_enabled, …
    """
    context = browser.new_context(base_url=server.url, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(server.enter)
    page.close()
    yield context
    context.close()


def answers(url: str) -> bool:
    """Whether anything answers there."""
    try:
        urllib.request.urlopen(url, timeout=2)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


ALWAYS = ("test_start.py", "test_every_page.py")
"""Files whose looks at pages the default suite takes, dark and narrow; every other look is a campaign."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take one look at every page by default, dark and narrow; all four, page by page, are campaigns."""
    for item in items:
        if "tests/browser/" not in item.nodeid or "open_to_everyone" not in item.name:
            continue
        given = getattr(item, "callspec", None)
        look = (
            set()
            if given is None
            else {v for v in given.params.values() if v in ("light", "dark", 1440, 360)}
        )
        if item.path.name not in ALWAYS or look != {"dark", 360}:
            item.add_marker(pytest.mark.campaign)
