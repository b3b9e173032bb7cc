"""The call with a reviewer: invited over a real mail server, and what was asked comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import icalendar
import pytest
from aiosmtpd.controller import Controller

ZOE = "Zoë Åberg 日本 <zoe@example.org>"
ADA = "Ada <ada@example.org>"


class Box:
    """Keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - the server's name for it
        """Take one mail."""
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Box, str]]:
    """Run a mail server on loopback."""
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    # The controller asks itself on the port it was given, so it needs a real one.
    import socket  # noqa: PLC0415

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        controller.port = free.getsockname()[1]
    controller.start()
    yield box, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def decided(once, launch, outcomes, ship) -> Path:
    """A launch that ships, with its memo."""

    def making() -> Path:
        ship("lock", launch)
        ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")
        assert ship("decide", launch, "--yes").code == 0
        assert ship("memo", launch).code == 0
        return launch

    return once("decided", making)


def calendar(tmp_path: Path, *events: str) -> Path:
    """Write a calendar of events."""
    path = tmp_path / "busy.ics"
    body = "".join(f"BEGIN:VEVENT\nUID:{n}\n{event}\nEND:VEVENT\n" for n, event in enumerate(events))
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n")
    return path


def test_an_invitation_arrives_and_calendars_can_read_it(decided, ship, post):
    """Over a real server: names keep their letters, the event is a request, the memo and the page are attached."""
    box, server = post
    said = ship("review", "invite", decided, "--to", ZOE, "--from", ADA, "--when", "2031-03-03T10:00",
                "--stuck-on", "is 80 enough?", "--mail", server)  # fmt: skip
    assert said.code == 0, said.err
    (mail,) = box.mails
    parts = {part.get_content_type(): part for part in mail.walk() if not part.is_multipart()}
    event = icalendar.Calendar.from_ical(parts["text/calendar"].get_payload(decode=True)).walk("VEVENT")[0]

    assert mail["To"].addresses[0].display_name == "Zoë Åberg 日本"
    assert parts["text/calendar"]["Content-Type"].params["method"] == "REQUEST"
    assert str(event["ATTENDEE"]) == "mailto:zoe@example.org"
    assert event["ATTENDEE"].params["CN"] == "Zoë Åberg 日本"
    assert event.decoded("DTEND") - event.decoded("DTSTART") == dt.timedelta(minutes=45)
    assert "Is 80 enough" in str(event["DESCRIPTION"]).replace("\\", "")
    assert {p.get_filename() for p in mail.walk() if p.get_filename()} >= {"memo.html"}


def test_a_free_slot_is_taken_and_meetings_that_repeat_are_busy(decided, ship, tmp_path):
    """A meeting from eight to noon on every working day: the call is at noon or later."""
    busy = calendar(
        tmp_path,
        "DTSTART:20200106T080000\nDTEND:20200106T120000\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "DTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:20400101\nTRANSP:TRANSPARENT",
    )
    said = ship("review", "invite", decided, "--to", ZOE, "--from", ADA, "--busy", busy)
    assert said.code == 0, said.err
    (event,) = icalendar.Calendar.from_ical(next((decided / "reviews").glob("*.ics")).read_bytes()).walk(
        "VEVENT"
    )
    assert event.decoded("DTSTART").astimezone().hour == 12
    assert "nothing was sent" in said.err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--to", "nobody", "--when", "2031-03-03T10:00"), "write a name and an address"),
        (("--to", ZOE, "--when", "2001-03-03T10:00"), "that time has passed"),
        (("--to", ZOE, "--busy", "none.ics"), "there is no such file"),
        (("--to", ZOE, "--when", "2031-03-03T10:00", "--mail", "http://x"), "smtp://host:port"),
        (
            ("--to", ZOE, "--when", "2031-03-03T10:00", "--mail", "smtp://127.0.0.1:1"),
            "the mail was not sent",
        ),
    ],
)
def test_what_cannot_be_invited_says_why(decided, ship, more, message):
    """One clear message, and never a traceback."""
    said = ship("review", "invite", decided, "--from", ADA, *more)
    assert said.code in (1, 2, 3)
    assert message in said.err


def test_a_calendar_that_is_none_is_refused(decided, ship, tmp_path):
    """A file of something else, and a calendar in which nobody is ever free."""
    junk = tmp_path / "junk.ics"
    junk.write_text("hello")
    full = calendar(tmp_path, "DTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:20400101")
    assert ship("review", "invite", decided, "--to", ZOE, "--from", ADA, "--busy", junk).code == 3
    said = ship("review", "invite", decided, "--to", ZOE, "--from", ADA, "--busy", full)
    assert "no 45 minutes are free" in said.err


def test_what_was_asked_comes_back_until_it_is_answered(decided, ship):
    """A question and an action are written down; answered and done they are gone from the list, and verify is whole."""
    first = ship("review", "log", decided, "--who", "Zoë", "--question", "Who switches it off at night?",
                 "--action", "plant 20 bad drafts; Ada; 2026-12-10", "--says", "agree with conditions")  # fmt: skip
    second = ship("review", "log", decided, "--who", "Zoë", "--answer", "Who switches: whoever is on call",
                  "--done", "plant 20")  # fmt: skip

    assert "open question: Who switches it off at night?" in first.out
    assert "to do: plant 20 bad drafts, Ada, by 2026-12-10" in first.out
    assert "open question" not in second.out
    assert "to do" not in second.out
    assert ship("verify", decided).code == 0


def test_mistakes_in_a_review_are_named_with_their_line(decided, ship):
    """A word that is no verdict stops the command, with file and line."""
    (decided / "reviews").mkdir()
    (decided / "reviews/x.yaml").write_text("reviewer: Zoë\nsays: maybe\n")
    said = ship("review", "log", decided, "--who", "Zoë", "--question", "Why?")
    assert said.code == 3
    assert "reviews/x.yaml:2" in said.err
