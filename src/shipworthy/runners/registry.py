"""From a variant as it is written to the target that answers for it."""

from __future__ import annotations

from pathlib import Path

from shipworthy.domain.errors import BadInput
from shipworthy.domain.launch import Variant
from shipworthy.domain.target import Limits
from shipworthy.runners.interface import Target
from shipworthy.runners.posix import need_posix
from shipworthy.runners.secrets import Secrets

AT_ONCE = 20
FILE = "file:"


def target_of(folder: Path, variant: Variant, secrets: Secrets) -> Target:
    """Return the target of a variant that can be asked from here; adapters load only when they are used.

    Raises:
        BadInput: it cannot be loaded, or the environment lacks a key.
    """
    limits = variant.limits or Limits()
    at_once = at_once_of(variant)
    if variant.python is not None:
        from shipworthy.runners.function import FunctionTarget  # noqa: PLC0415

        secrets.remember_keys()
        return FunctionTarget(
            folder, variant.python, at_once=limits.at_once or 1, timeout_s=limits.timeout_s, hide=secrets.hide
        )
    if variant.command is not None:
        need_posix("a variant that is a program", where="launch.yaml")
        from shipworthy.runners.command import CommandTarget  # noqa: PLC0415

        secrets.remember_keys()
        return CommandTarget(
            folder, variant.command, at_once=at_once, timeout_s=limits.timeout_s, hide=secrets.hide
        )
    if variant.http is not None:
        from shipworthy.runners.http import HttpTarget  # noqa: PLC0415

        return HttpTarget(variant.http, at_once=at_once, timeout_s=limits.timeout_s, secrets=secrets)
    assert variant.chat is not None
    from shipworthy.runners.chat import ChatTarget  # noqa: PLC0415

    system = prompt_text(folder, variant.chat.system)
    return ChatTarget(
        variant.chat, system=system, at_once=at_once, timeout_s=limits.timeout_s, secrets=secrets
    )


def at_once_of(variant: Variant) -> int:
    """Return how many requests may be in flight."""
    said = variant.limits.at_once if variant.limits else None
    return said or (1 if variant.python is not None else AT_ONCE)


def prompt_text(folder: Path, given: str) -> str:
    """Return a prompt, read from its file where it is written as `file:NAME`.

    Raises:
        BadInput: there is no such file inside the launch folder.
    """
    if not given.startswith(FILE):
        return given
    path = (folder / given[len(FILE) :].strip()).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise BadInput(
            f"there is no file `{given[len(FILE) :].strip()}` in the launch folder",
            where="launch.yaml",
            remedy="correct the name",
        )
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"the prompt `{path.name}` cannot be read as UTF-8 text",
            where=str(path),
            remedy="save it as UTF-8",
        ) from error
