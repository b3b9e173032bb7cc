"""The secret that marks round judged outputs are made with: it never leaves the ledger's private folder."""

from __future__ import annotations

import os
import secrets

from shipworthy.domain.errors import BadInput, Unavailable
from shipworthy.store.layout import Layout

LENGTH = 32


def judge_key(layout: Layout) -> bytes:
    """Return the launch's key, made once; only its owner may read it, and git ignores the folder it is in.

    Raises:
        Unavailable: it cannot be read or made.
        BadInput: what stands there is no key.
    """
    path = layout.judge_key
    try:
        layout.private.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = path.read_bytes()
        else:
            key = secrets.token_bytes(LENGTH)
            with os.fdopen(made, "wb") as file:
                file.write(key)
    except OSError as error:
        raise Unavailable(f"the key for judges cannot be used: {error.strerror}", where=str(path)) from error
    if len(key) != LENGTH:
        raise BadInput(
            f"the key for judges has {len(key)} bytes, not {LENGTH}",
            where=str(path),
            remedy="remove the file: another key is made, and only marks change",
        )
    return key
