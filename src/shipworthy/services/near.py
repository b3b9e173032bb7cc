"""The likeness from which on two cases are near twins, as a person gives it."""

from __future__ import annotations

from shipworthy.domain.errors import Misused


def refuse_odd_likeness(near: float) -> None:
    """Refuse what is no likeness, or so low that everything would be alike.

    Raises:
        Misused: it is not from 0.5 to 1.
    """
    if not 0.5 <= near <= 1.0:
        raise Misused(f"--near {near:g} is no likeness", remedy="write one from 0.5 to 1, as 0.85")
