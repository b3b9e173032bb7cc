"""The weekly page and its mail, over a real mail server on loopback."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from tests.asgi import get

from shipworthy.services.kept import Kept
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

LAUNCH = """
title: "Inbox <b>assistant</b>"
candidate: new
variants: {new: {recorded: true}}
slices:
  topic: {by: topic, shares: {orders: 0.5, returns: 0.5}, scope: true}
stages:
- {name: pilot, share: 0.05, min_days: 7, labels: 900, exit: support agrees, began_on: 2026-01-01}
- {name: half, share: 0.5}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
"""
PROMISES = """
- {id: right, criterion: right, rate: 0.8, labels: 60, statement: "Right answers: 80 of 100"}
- id: quick
  measure: latency_s
  at_most: 3
  rate: 0.9
  labels: 30
  tripwires: [{when: broken, action: roll back, who: whoever is on call}]
"""


class Box:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name for it
        """Take one mail."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Box, str]]:
    """Run a mail server on loopback."""
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def watched(folder: Callable[..., Path], ship: Any, tmp_path: Path) -> Path:
    """Six weeks in which answers are right and slow: five days of twenty outputs each."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, promises_yaml=PROMISES)
    rows = "".join(
        f"o{week}-{day}-{i},2026-0{1 + week // 4}-{1 + 7 * (week % 4) + day:02d},{'orders' if i % 4 else 'returns'},{int(i % 20 > 0)},{1 + 3 * (i % 2)}\n"
        for week in range(6)
        for day in range(5)
        for i in range(20)
    )
    (tmp_path / "live.csv").write_text("id,time,topic,passed,latency_s\n" + rows)
    assert ship("watch", made, tmp_path / "live.csv").code == 13
    return made


def test_the_weekly_page_goes_out_as_a_mail(watched: Path, ship: Any, post: tuple[Box, str]) -> None:
    """The worst promise stands first, with what is done now and by whom; the page is attached, and runs nothing."""
    box, server = post
    said = ship("watch", watched, "--weekly", "--mail", server, "--to", "Zoë <zoe@example.org>", "--from", "Ada <ada@example.org>")  # fmt: skip
    (mail,) = box.mails
    text = mail.get_body(("plain",))
    (page,) = (part.get_content() for part in mail.iter_attachments())

    assert said.code == 13
    assert "1 broken, 1 at risk" in mail["Subject"]
    assert text is not None
    words = text.get_content()
    assert words.index("BROKEN: quick") < words.index("AT RISK: Right answers: 80 of 100")
    assert "DO NOW: roll back, by whoever is on call" in words
    assert "Of 600 live outputs: orders 75 of 100 (declared 50), returns 25 of 100 (declared 50)." in words
    assert (
        "Stage pilot (5 of 100 of the traffic) since 2026-01-01: a promise is broken, so nobody goes on"
        in words
    )
    assert "600 of 900 audited outputs" in words
    assert page.count("<svg") == 2
    assert "Week of 2026-01-05" in page
    assert "<b>" not in page
    assert "<script" not in page
    (kept,) = (watched / "weekly").glob("*.html")
    assert kept.read_text() == page


def test_the_page_of_promises_shows_a_figure_each_with_its_words(watched: Path) -> None:
    """In the browser every promise has its weeks drawn, the same as a table, and the mix of the traffic."""
    kept = Kept(watched)
    try:
        page = get(make_app(Serving(kept, b"k" * 32, hosts_of(8321))), "/own").text
    finally:
        kept.close()

    assert page.count("<figure>") == 2
    assert re.search(r"<desc>Promised: 90.of.100\. Week of 2025-12-29", page)
    assert page.count('<th scope="row">2026-') >= 10
    assert "Of 600 live outputs: orders 75 of 100 (declared 50)" in page
    assert "<b>" not in page


def test_an_address_that_is_none_sends_nothing(watched: Path, ship: Any, post: tuple[Box, str]) -> None:
    """A mistake in an address is said before anything is sent."""
    box, server = post
    said = ship(
        "watch", watched, "--weekly", "--mail", server, "--to", "zoe", "--from", "Ada <ada@example.org>"
    )

    assert said.code == 2
    assert "--to" in said.err
    assert not box.mails
