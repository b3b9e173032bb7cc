"""Labels on recorded outputs, given as the review screen gives them; real graded outputs as a launch."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Mapping
from pathlib import Path

from shipworthy.domain.review import Said
from shipworthy.services.bring_in import Order, bring_in
from shipworthy.services.desk import desk_at
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.read_item import read_item
from shipworthy.services.save_label import Saving, save_label

GRADED = """
title: Product descriptions
candidate: new
variants: {new: {recorded: true}}
"""
MODES = """
# what went wrong, from the reasons people gave
- id: too-long
  name: Too long
  definition: The description is longer than a buyer reads.
  severity: annoying
- id: broken-link
  name: A link
  definition: The description holds a link to the product's page.
  severity: costly
- id: quotes-bad-review
  name: Quotes a bad review
  definition: The description repeats what a customer disliked.
  severity: harmful
"""


def give_labels(folder: Path, said: Mapping[str, Said], *, reviewer: str = "Ada", key: str = "first") -> None:
    """Label the outputs of cases, in a queue of their own."""
    with desk_at(folder) as desk:
        made = make_queue(desk, QueueWanted(key, n=len(said), kind="list", cases=list(said)))
        for position in range(len(desk.state(made.key).items)):
            item = read_item(desk, made.key, position, reviewer)
            save_label(
                desk,
                Saving(
                    made.key,
                    position,
                    reviewer,
                    said[item.case],
                    item.version,
                    f"{key}-{reviewer}-{position}",
                ),
            )


def graded_launch(folder: Path, data: Path, *, sealed: int = 0) -> dict[str, Said]:
    """Make a launch of outputs that a person graded with reasons, and return that person's labels.

    Args:
        folder: to be made.
        data: the table of grades.
        sealed: how many further cases without an outcome go into the holdout.
    """
    with gzip.open(data, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name, text in (("launch.yaml", GRADED), ("criteria.yaml", "[]\n"), ("taxonomy.yaml", MODES)):
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text.lstrip())
    (folder / "evalset").mkdir()
    cases = [{"id": f"p{n}", "input": row["Var: document"], "part": "explore"} for n, row in enumerate(rows)]
    cases += [{"id": f"h{n}", "input": f"a further product {n}", "part": "holdout"} for n in range(sealed)]
    (folder / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    table = folder.parent / f"{folder.name}.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("case", "output", "passed"))
        writer.writerows(
            (f"p{n}", row["Response"], int(row["grade"] == "True")) for n, row in enumerate(rows)
        )
    bring_in(folder, table, Order(variant="new"))
    return {f"p{n}": _said(row["grade"] == "True", row["grading_feedback"]) for n, row in enumerate(rows)}


def _said(good: bool, why: str) -> Said:
    """Return a label with the failure modes that a reason names."""
    if good:
        return Said("pass")
    words = {"long": "too-long", "link": "broken-link", "review": "quotes-bad-review"}
    return Said("fail", why, tuple(mode for word, mode in words.items() if word in why.lower()))
