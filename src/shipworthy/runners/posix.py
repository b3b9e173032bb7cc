"""What only systems of the Unix kind have: process groups, pipes that can be waited for, and what they hold unread."""

from __future__ import annotations

from importlib.util import find_spec

from shipworthy.domain.errors import Unavailable


def need_posix(what: str, *, where: str) -> None:
    """Refuse what cannot be done on this system, before anything of it is loaded.

    Args:
        what: a sentence's beginning, as `a variant that is a program`.
        where: the file that asks for it.

    Raises:
        Unavailable: this is Windows, or another system without them.
    """
    if find_spec("fcntl") is None:
        raise Unavailable(
            f"{what} needs Linux, macOS or another system of the Unix kind, and this is none",
            where=where,
            remedy="run Shipworthy in WSL or a container; functions, endpoints, imports and declared checks work here too",
        )
