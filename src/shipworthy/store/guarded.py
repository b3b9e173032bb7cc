"""Save a file that people write: only over what was read, and whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from shipworthy.domain.errors import Refused, Unavailable

NO_FILE = ""
"""The hash of a file that is not there."""


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, `NO_FILE` where there is none.

    Raises:
        Unavailable: it is there and cannot be read.
    """
    try:
        return bytes_hash(path.read_bytes())
    except FileNotFoundError:
        return NO_FILE
    except OSError as error:
        raise Unavailable(f"the file cannot be read: {error.strerror}", where=str(path)) from error


def bytes_hash(data: bytes) -> str:
    """Return the hash that guards a save."""
    return hashlib.sha256(data).hexdigest()


def save(path: Path, data: bytes, *, seen: str) -> str:
    """Put new bytes in place of those that somebody has seen, and return their hash.

    Written beside the file, made durable, then put in its place: a crash leaves the old bytes or the new ones. Two
    savers wait for each other, so the later one meets a file that has moved on.

    Args:
        path: the file; where it is a link, what it leads to is replaced.
        data: all of its new bytes.
        seen: the hash of what was read before; `NO_FILE` where there was no file.

    Raises:
        Refused: the file is no longer the one that was read; nothing is written.
        Unavailable: it cannot be written; the old bytes stay.
    """
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with _alone(target.parent):
            if file_hash(target) != seen:
                raise moved_on(path)
            try:
                with unfinished.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                if seen != NO_FILE:
                    shutil.copymode(target, unfinished)
                unfinished.replace(target)
            finally:
                unfinished.unlink(missing_ok=True)
            _settle(target.parent)
    except OSError as error:
        raise Unavailable(
            f"the file cannot be written: {error.strerror}", where=str(error.filename or path)
        ) from error
    return bytes_hash(data)


def moved_on(path: Path) -> Refused:
    """Return what is said when somebody else saved in between."""
    return Refused(
        f"{path.name} was changed by somebody else after you opened it; nothing was saved",
        where=str(path),
        remedy="look at the file as it is now, and make the change again",
    )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder while one of its files is saved; the system lets go of it when the process dies."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:  # pragma: no cover - no such lock there
        yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _settle(folder: Path) -> None:
    """Make the new name durable; a system that has no such thing does without."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
