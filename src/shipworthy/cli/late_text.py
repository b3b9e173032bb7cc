"""Outputs on which a check did not end in time, in one sentence a check."""

from __future__ import annotations

from shipworthy.services.score import Scored


def late_text(done: Scored) -> str:
    """Return which open outputs have no score because their check took too long; empty where there are none.

    >>> late_text(Scored("new", ("right",), "right@1f", 9, 0, late=("c3", "c7")))
    'new: the check `right` did not end in time on 2 open outputs, which are unscored: case `c3` and others'
    """
    n = len(done.late)
    if not n:
        return ""
    others = " and others" if len(set(done.late)) > 1 else ""
    outputs = f"{n:,} open outputs, which are unscored" if n > 1 else "1 open output, which is unscored"
    name = done.check.split("@")[0]
    return (
        f"{done.variant}: the check `{name}` did not end in time on {outputs}: case `{done.late[0]}`{others}"
    )
