"""Attacks in every field, in a real browser: nothing is executed, nothing is asked elsewhere, the policy is never needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage
from tests.browser.conftest import Served, let_in
from tests.crawl import Reached, reach
from tests.everything import Attacks, everything
from tests.payloads import EMBEDDED, HANDLERS, LINKS, SCRIPTS, STYLES
from tests.results import served as app_over

CANARY = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    '"><svg onload=window.ran=1>',
    "[x](javascript:window.ran=1)",
)
ATTACKS = [text for text in (*CANARY, *SCRIPTS, *HANDLERS, *EMBEDDED, *LINKS, *STYLES) if text.isprintable() and len(text) < 150]  # fmt: skip


def _reached(launch: Path) -> list[Reached]:
    app, kept = app_over(launch)
    found = reach(app, each=1)
    kept.close()
    return found


def _complain(said: ConsoleMessage, seen: list[str]) -> None:
    """Note what the browser refused or missed; the memo has no icon, and the browser asks for one by itself."""
    if said.type == "error" and not said.location["url"].endswith("/favicon.ico"):
        seen.append(f"{said.text} {said.location}")


@pytest.mark.campaign
def test_no_attack_is_executed_in_a_real_browser(
    browser: Browser, served: Callable[..., Served], tmp_path: Path
) -> None:
    """On every page: no dialog, no canary, no request to another host, nothing that the policy had to refuse."""
    launch = everything(tmp_path / "launch", Attacks(ATTACKS))
    with ThreadPoolExecutor(1) as apart:  # the browser's driver keeps a loop running in this thread
        reached = apart.submit(_reached, launch).result()
    server = served(launch)
    seen: list[str] = []
    with let_in(browser, server) as window:
        page = window.new_page()
        page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda said: _complain(said, seen))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("popup", lambda other: seen.append(f"window {other.url}"))
        page.on("response", lambda got: seen.append(f"{got.status} {got.url}") if got.status >= 400 else None)
        page.on("request", lambda asked: None if asked.url.startswith(server.url) else seen.append(asked.url))
        for each in reached:
            if (
                each.reply.status == 200
                and each.reply.header("content-type").startswith("text/html")
                and "part=1" not in each.address
            ):
                page.goto(each.address)
                if page.evaluate("window.ran") is not None:
                    seen.append(f"executed on {each.address}")
    assert seen == []
    assert len(ATTACKS) >= 100


@pytest.mark.campaign
def test_an_attack_that_is_let_through_would_be_seen(browser: Browser) -> None:
    """The canary sings where a page trusts it."""
    page = browser.new_page()
    page.set_content(CANARY[1])
    page.wait_for_function("window.ran === 1")
    page.close()
