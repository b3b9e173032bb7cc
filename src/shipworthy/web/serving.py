"""How one server was started: where it listens, what it may change, and its secrets."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from shipworthy.services.kept import Kept

MOST_BODY = 5 * 1024 * 1024
"""Bytes of one request's body."""


@dataclass(frozen=True)
class Serving:
    """What every request is answered from.

    Attributes:
        kept: the launch, kept open.
        key: the secret that the token, the cookie and the form marks are made from.
        hosts: the values of Host that are answered, each with its port.
        read_only: whether everything that would change something is refused.
        who: the name of a reviewer who gave none.
    """

    kept: Kept
    key: bytes
    hosts: frozenset[str]
    read_only: bool = False
    who: str = "you"
    origins: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Derive the origins: plain HTTP, as the server listens on this machine only."""
        object.__setattr__(self, "origins", frozenset(f"http://{host}" for host in self.hosts))

    @cached_property
    def token(self) -> str:
        """What the address printed at the start carries; it is exchanged for the cookie."""
        return self._made("token")

    @cached_property
    def session(self) -> str:
        """What the cookie holds."""
        return self._made("session")

    @cached_property
    def mark(self) -> str:
        """What every form carries, so that only our own pages can send it."""
        return self._made("form")

    @cached_property
    def cookie(self) -> str:
        """The cookie's name: cookies know no port, so each launch has its own."""
        return f"shipworthy_{self._made('name')[:12]}"

    def _made(self, purpose: str) -> str:
        return hmac.new(self.key, purpose.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Return whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def hosts_of(port: int) -> frozenset[str]:
    """Return what a browser on this machine may call the server.

    >>> sorted(hosts_of(8321))
    ['127.0.0.1:8321', 'localhost:8321']
    """
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))


def read_key(path: Path) -> bytes:
    """Return the launch's secret for the web, made on first use; it outlives the server so that cookies do."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        found = b""
    if len(found) >= 32:
        return found
    made = secrets.token_bytes(32)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
    path.write_bytes(made)
    return made
