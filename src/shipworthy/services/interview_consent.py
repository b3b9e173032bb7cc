"""Write down what a person agreed to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shipworthy.domain.errors import Misused
from shipworthy.domain.interview import Consent
from shipworthy.services.interview_import import About, consent_values
from shipworthy.services.listening import file_of, listening
from shipworthy.services.made import made, typed
from shipworthy.store.interview_write import changed_head, file_and_hash, put, set_in
from shipworthy.store.outside import keep
from shipworthy.store.yaml_file import plain


def interview_consent(folder: Path, name: str, about: About) -> Consent:
    """Change the consent of one interview, and return it as it stands now.

    Args:
        folder: the launch.
        name: the interview.
        about: the state, how it was given, what it allows, when, and until when the text may be kept.

    Raises:
        Misused: a withdrawal, which takes the text with it and is a command of its own.
        BadInput: there is no such interview.
    """
    if about.consent in ("withdrawn", "refused"):
        raise Misused(
            f"`{about.consent}` takes the text with it",
            remedy=f"run `shipworthy interview withdraw {folder} {name}`",
        )
    there = listening(folder)
    there.named(name)
    path = file_of(there, name)

    def change(head: dict[str, Any]) -> None:
        consent = dict(head.get("consent") or {}) | typed(consent_values(about))
        made(Consent, plain(consent))
        set_in(head, "consent", consent)

    seen = file_and_hash(path)[1]
    text = changed_head(path, change)
    if there.is_waiting(name):
        keep(path, text)
    else:
        put(path, text, seen=seen)
    return listening(folder).named(name).head.consent
