"""The calls with reviewers as files: `reviews/DATE-WHO.yaml`, with the packet of each beside it."""

from __future__ import annotations

import io
import re
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML

from shipworthy.domain.errors import Unavailable
from shipworthy.domain.problem import Problem
from shipworthy.domain.review_call import ReviewCall
from shipworthy.store.layout import Layout
from shipworthy.store.yaml_file import plain, read_yaml


def read_reviews(layout: Layout, problems: list[Problem]) -> dict[str, ReviewCall]:
    """Return every call by its file's name; what cannot be read becomes a problem.

    Args:
        layout: the launch folder.
        problems: where mistakes are added, with their line.
    """
    found: dict[str, ReviewCall] = {}
    folder = layout.folder / "reviews"
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        file = read_yaml(path, f"reviews/{path.name}")
        problems += file.problems
        if file.data is None:
            continue
        try:
            found[path.name] = ReviewCall.model_validate(plain(file.data))
        except ValidationError as error:
            for each in error.errors():
                problems.append(
                    file.problem(
                        tuple(each["loc"]),
                        found=str(each.get("input", ""))[:80],
                        expected=str(each["msg"]).lower(),
                        remedy="see docs/how-to/review-call.md",
                    )
                )
    return found


def review_name(day: str, reviewer: str) -> str:
    """Return a file's name for a call, of plain letters.

    >>> review_name("2026-12-01", "Zoë Åberg/../x")
    '2026-12-01-zo-berg-x'
    """
    words = re.sub(r"[^a-z0-9]+", "-", reviewer.lower().encode("ascii", "ignore").decode()).strip("-")
    return f"{day}-{words or 'reviewer'}"


def write_review(layout: Layout, name: str, call: ReviewCall) -> Path:
    """Write a call, whole or not at all."""
    folder = layout.folder / "reviews"
    path = folder / f"{name}.yaml"
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 110
    text = io.StringIO()
    yaml.dump(call.model_dump(exclude_defaults=True), text)
    try:
        folder.mkdir(exist_ok=True)
        unfinished = folder / f".{path.name}.unfinished"
        unfinished.write_text(text.getvalue(), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise Unavailable(f"the review cannot be written: {error.strerror}", where=str(path)) from error
    return path
