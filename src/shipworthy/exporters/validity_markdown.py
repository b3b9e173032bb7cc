"""What a campaign showed, as the page `docs/validity.md`."""

from __future__ import annotations

from shipworthy.exporters.markdown_text import escaped, table
from shipworthy.exporters.validity_text import in_words, least_covered, sorted_by_room
from shipworthy.proving.results import SIGMAS, Cell, Chance, Proof

HEAD = """\
<!-- Made by `shipworthy prove --page`; a change here is lost. -->

# Validity: how often is a *ship* wrong?

A plan accepts a chance of shipping something that is not good enough; 5 in 100 unless it says otherwise. This page shows, on
launches whose truth is known, how often that happened. It was made by the program it is about, and anyone can make it again:

```
{command}
```

The same seed gives the same table, bit for bit, in any number of processes, under equal versions ({versions}).

**What a cell is.** A plan (criteria, bars, slices, looks, error) and a truth at the worst place: some claim exactly on its bar or
a hair under it, everything else far above. Launches are drawn from that truth, each is taken through its looks, and at each look the
function behind `shipworthy decide` says its word. A *ship* is wrong when some claim is false in what it ships; a launch counts
once however often it was looked at. Where a count of passes is all the evidence, no launch is drawn: every count is asked about once
and the chances are added up; the column *draws* then says *all*.

**When a cell keeps its error.** The share of wrong ships is at most the plan's error plus {sigmas:g} Monte-Carlo standard errors; plus
nothing where chances were added up. Of cells that were exactly at the error, 1 in 740 would fail by chance.

**Power** is the share of the truly good traffic that ships under a second truth above the bar. Beside it stands the strongest valid
competitor on the same draws: Clopper-Pearson for a rate; the same after one draw from each group where a group has several outputs;
one look over everything for looks; Holm, or fallback in the best order, for slices; McNemar for gains; labels alone for a judge.
*Covers* is the chance that the bound a memo shows lies at or below that second truth, where there is one claim and one look; a cell
where it does so less often than it says fails too. (At the first truth that chance is 1 less the wrong ships.) *Used* is the mean share of
the groups that were in when a launch shipped, or at the end.
"""

NOT_COVERED = """\
## What is not covered

- **A holdout that is not like the traffic** in a way that no declared slice tells apart. One cell shows it; no method can see it.
- **Groups that depend on each other**, cases that were seen before the lock, looks that nobody wrote down.
- **Labels that are wrong.** People's word is the truth here; how far people agree is another page.
- **Groups with cases in several slices of the partition**, and more than twelve slices.
- Cells are points. Between them the methods' own pages say what is proved and what is a conjecture: see [Methods](methods/README.md).
"""


def page(proof: Proof) -> str:
    """Return the page."""
    command = "shipworthy prove --json validity.json --page docs/validity.md"
    command += (
        (" --full" if proof.grid == "full" else "")
        + (f" --only '{proof.only}'" if proof.only else "")
        + f" --seed {proof.seed}"
    )
    versions = ", ".join(f"{name} {version}" for name, version in proof.versions)
    lines = [HEAD.format(command=command, versions=versions, sigmas=SIGMAS)]
    lines += ["## Result", "", escaped(in_words(proof)), "", *_summary(proof), ""]
    judged = [cell for cell in proof.cells if not cell.outside]
    lines += ["The cells nearest to what is allowed:", "", *_cells(sorted_by_room(judged)[:10]), ""]
    for title, state in (
        ("Cells that fail", "fails"),
        ("Cells where the method refuses to give a number", "refuses"),
        (
            "Cells that never ship, because even a perfect holdout would be too small, or nothing good was shown",
            "never ships",
        ),
        ("Shown, and not judged", "outside"),
    ):
        some = [cell for cell in proof.cells if cell.state == state]
        lines += [f"{title}:", "", *_named(some), ""] if some else []
    lines += [NOT_COVERED, "## Every cell", ""]
    for family, cells in proof.families().items():
        lines += [f"### {escaped(family).capitalize()}", "", *_cells(cells), ""]
    return "\n".join(lines).rstrip() + "\n"


def _summary(proof: Proof) -> list[str]:
    rows = []
    for family, cells in proof.families().items():
        judged = [cell for cell in cells if not cell.outside]
        worst = "; ".join(
            f"{c.wrong.value:.4f} of {c.wrong.allowed(c.error):.4f}" for c in sorted_by_room(judged)[:1]
        )
        rivals = [(cell.power.value, cell.rival.power.value) for cell in judged if cell.rival is not None]
        power, rival = (
            (f"{sum(each) / len(rivals):.3f}" for each in zip(*rivals, strict=True)) if rivals else ("", "")
        )
        cover = least_covered(judged)
        states = [
            sum(cell.state == state for cell in cells)
            for state in ("keeps", "fails", "refuses", "never ships")
        ]
        rows.append(
            (
                escaped(family),
                *map(str, states),
                worst,
                power,
                rival,
                "" if cover is None else f"{cover:.3f}",
            )
        )
    head = (
        "cells",
        "keep",
        "fail",
        "refuse",
        "never ship",
        "worst wrong ship",
        "mean power",
        "competitor's",
        "least covered",
    )
    return table(head, rows, frozenset(range(1, len(head))))


def _cells(cells: list[Cell]) -> list[str]:
    head = ("cell", "draws", "wrong ship", "allowed", "power", "competitor", "covers", "used")
    rows = [
        (
            escaped(cell.name)
            + ("" if cell.tuned is None else f" (judged on the tuning cases: {cell.tuned.value:.3f})"),
            f"{cell.wrong.draws}" if cell.wrong.draws else "all",
            f"**{cell.wrong.value:.4f}**" if cell.state == "fails" else f"{cell.wrong.value:.4f}",
            f"{cell.wrong.allowed(cell.error):.4f}",
            f"{cell.power.value:.3f}",
            "" if cell.rival is None else f"{cell.rival.power.value:.3f} {escaped(cell.rival.name)}",
            _number(cell.coverage),
            "" if cell.used is None else f"{cell.used:.2f}",
        )
        for cell in cells
    ]
    return table(head, rows, frozenset({1, 2, 3, 4, 6, 7}))


def _named(cells: list[Cell]) -> list[str]:
    return [
        f"- {escaped(cell.name)}: wrong ship {cell.wrong.value:.4f}{f'; {escaped(cell.outside)}' if cell.outside else ''}"
        for cell in cells
    ]


def _number(chance: Chance | None) -> str:
    return "" if chance is None else f"{chance.value:.3f}"
