"""Ask once for each state of a launch's code whether it may run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from shipworthy.domain.errors import Refused
from shipworthy.store.layout import Layout
from shipworthy.store.trust import code_files, code_sha, is_trusted, trust


@dataclass(frozen=True)
class ToTrust:
    """Code that would be executed for the first time.

    Attributes:
        folder: where it lies.
        files: its files.
        targets: what of it would be called, and what else would be executed or reached.
    """

    folder: Path
    files: tuple[str, ...]
    targets: tuple[str, ...]


def ask_trust(
    layout: Layout,
    targets: Sequence[str],
    agree: Callable[[ToTrust], bool],
    *,
    reached: Sequence[str] = (),
    programs: bool = False,
) -> None:
    """Ask, unless this content was agreed to before; nothing is asked where there is nothing to call.

    Args:
        layout: the launch folder.
        targets: what would be called, as a person is shown it.
        agree: the question.
        reached: those of the targets that are commands and addresses, which are part of what is agreed to.
        programs: whether a command is among them: then any file of the feature may be code.

    Raises:
        Refused: the answer was no.
    """
    if not targets:
        return
    sha = code_sha(layout, *reached, programs=programs)
    if is_trusted(sha):
        return
    files = tuple(code_files(layout, programs=programs))
    if not agree(ToTrust(layout.folder, files, tuple(dict.fromkeys(targets)))):
        raise Refused(
            "this launch's code has not been agreed to",
            where=str(layout.folder),
            remedy="read the files named above, then do it again and agree, or add --trust",
        )
    trust(sha)
