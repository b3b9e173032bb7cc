"""`shipworthy look status`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from shipworthy.cli.terminal import out


def look_status(
    folder: Path = Path(),
    key: str | None = None,
    *,
    format: Literal["text", "json"] = "text",  # noqa: A002 - the word of the other commands
) -> int:
    """Say where queues stand, or everything about one: counts, what is still new, failure modes, agreement.

    Rates are told of queues that were drawn by chance from open cases, each with what it could be; the unit is the
    group. Of sealed outputs only how many are done is told. Where three or more people labelled the same outputs, it says what
    each is worth and which labels of the majority that would change; it settles none. Examples:

        shipworthy look status my-launch
        shipworthy look status my-launch first --format json

    Args:
        folder: the launch folder; here unless said.
        key: one queue; all of them in a line each unless said.
        format: text or json.
    """
    from shipworthy.cli.look_text import queues_text, standing_text  # noqa: PLC0415 - one command is called
    from shipworthy.services.desk import desk_at  # noqa: PLC0415
    from shipworthy.services.make_queue import queues  # noqa: PLC0415
    from shipworthy.services.queue_progress import progress, queue_standing  # noqa: PLC0415
    from shipworthy.services.raters_worth import raters_worth  # noqa: PLC0415
    from shipworthy.services.reviewers_agree import reviewers_agree  # noqa: PLC0415

    with desk_at(folder) as desk:
        if key is None:
            found = [(queue, progress(desk, queue.key)) for queue in queues(desk)]
            whole: Any = [{"queue": asdict(queue), "progress": asdict(counts)} for queue, counts in found]
            text = queues_text(found)
        else:
            standing = queue_standing(desk, key)
            agreement = None if standing.queue.sealed else reviewers_agree(desk, key)
            own = list(desk.state(key).own)
            raters = None if agreement is None else raters_worth(desk, standing.queue.criterion, outputs=own)
            whole = {
                **asdict(standing),
                "agreement": None if agreement is None else asdict(agreement),
                "raters": None if raters is None else asdict(raters),
            }
            text = standing_text(standing, agreement, raters)
    out(json.dumps(whole) if format == "json" else text)
    return 0
