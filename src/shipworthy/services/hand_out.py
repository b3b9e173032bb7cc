"""Hand out the verifier: the file that checks an export of evidence and shares no code with this program."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

from shipworthy.domain.errors import Refused, Unavailable


def hand_out(target: Path) -> str:
    """Write the verifier into a new file and return its SHA-256.

    Raises:
        Refused: there is something already.
        Unavailable: the file cannot be written.
    """
    content = (resources.files("shipworthy") / "content" / "verifier.py").read_bytes()
    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Refused(
            "there is something already", where=str(target), remedy="name another file with --to"
        ) from error
    except OSError as error:
        raise Unavailable(f"the verifier cannot be written: {error.strerror}", where=str(target)) from error
    return hashlib.sha256(content).hexdigest()
