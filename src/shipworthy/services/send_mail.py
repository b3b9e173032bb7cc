"""Send mail: one letter, with its invitation where it has one, through the server that was named, and nothing else."""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import urlsplit

from shipworthy.domain.errors import BadInput, Misused, Unavailable

PASSWORD = "SHIPWORTHY_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
WAIT_S = 30


@dataclass(frozen=True)
class Letter:
    """A mail, with or without an invitation in it."""

    sender: tuple[str, str]
    to: tuple[str, str]
    subject: str
    text: str
    invitation: bytes = b""
    attached: dict[str, bytes] = field(default_factory=dict)


def message_of(letter: Letter) -> EmailMessage:
    """Return the letter as a message: text, the invitation that calendars read, and what is attached.

    Raises:
        BadInput: an address is none.
    """
    made = EmailMessage()
    made["From"] = _address(letter.sender)
    made["To"] = _address(letter.to)
    made["Subject"] = " ".join(letter.subject.split())
    made.set_content(letter.text)
    if letter.invitation:
        made.add_alternative(letter.invitation.decode(), subtype="calendar", params={"method": "REQUEST"})
    for name, content in letter.attached.items():
        kind = ("text", "html") if name.endswith(".html") else ("application", "octet-stream")
        params = {"charset": "utf-8"} if kind[0] == "text" else None
        made.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=name, params=params)
    return made


def send_mail(letter: Letter, server: str) -> None:
    """Send a letter.

    Args:
        letter: what is sent.
        server: `smtp://host:port` (with TLS where the server offers it) or `smtps://host:port`; `user@` before the host
            logs in with the password in SHIPWORTHY_SMTP_PASSWORD.

    Raises:
        Misused: the address of the server is none.
        Unavailable: the server could not be reached, or did not take the letter.
    """
    place = urlsplit(server)
    if place.scheme not in ("smtp", "smtps") or not place.hostname:
        raise Misused(f"--mail {server}", remedy="write smtp://host:port or smtps://host:port")
    try:
        with _connected(place.scheme, place.hostname, place.port) as connection:
            if place.username:
                connection.login(place.username, os.environ.get(PASSWORD, ""))
            connection.send_message(message_of(letter))
    except (OSError, smtplib.SMTPException) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise Unavailable(
            f"the mail was not sent: {said}",
            where=f"{place.hostname}:{place.port or ''}",
            remedy="check the server; what was written stays where it is, and can be sent by hand",
        ) from error


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    safe = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=WAIT_S, context=safe)
    connection = smtplib.SMTP(host, port or 587, timeout=WAIT_S)
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=safe)
    return connection


def _address(person: tuple[str, str]) -> Address:
    name, address = person
    user, at, domain = address.rpartition("@")
    wrong = BadInput("this is no mail address", where=address, remedy="write NAME <user@host>")
    if not (user and at and domain):
        raise wrong
    try:
        return Address(" ".join(name.split()), user, domain)
    except (ValueError, IndexError) as error:
        raise wrong from error
