"""`shipworthy prove`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from shipworthy.cli.terminal import out, progressing, say
from shipworthy.domain.verdict import ExitCode


def prove(
    *,
    only: str = "",
    seed: int | None = None,
    jobs: Annotated[int | None, Parameter(name=["--jobs", "-j"])] = None,
    full: Annotated[bool, Parameter(negative="")] = False,
    json: Path | None = None,
    page: Path | None = None,
    list: Annotated[bool, Parameter(negative="")] = False,  # noqa: A002 - the option's name
) -> int:
    """Show how often a ship is wrong: simulate launches whose truth is known, and let this program decide them.

    Each cell of the grid is a plan and a truth at its worst place, a claim exactly on its bar. What counts is how
    often the verdict ships it over all looks, slices and variants, and how often it ships what is truly good. The
    same seed gives the same table, in any number of processes. Exit code 1 when a cell ships wrongly more often than
    its plan accepts. Examples:

        shipworthy prove
        shipworthy prove --json validity.json --page docs/validity.md
        shipworthy prove --only looks --jobs 1

    Args:
        only: keep cells whose name or family holds this text, or matches it where it has a `*`.
        seed: names all draws; the seed of the published table unless said.
        jobs: processes at work; as many as there are processors unless said.
        full: the full grid, with five times the draws; it takes hours.
        json: write the table there (the contract shipworthy.validity/1).
        page: write the table there as Markdown.
        list: print the names of the cells, and run nothing.
    """
    from shipworthy.services import prove as service  # noqa: PLC0415 - numpy is loaded when it is needed

    if list:
        out("\n".join(service.listed(full=full, only=only)))
        return 0
    from shipworthy.exporters import validity_json, validity_markdown, validity_text  # noqa: PLC0415 - the same

    with progressing() as progress:
        proof = service.prove(
            full=full, only=only, seed=service.SEED if seed is None else seed, jobs=jobs, progress=progress
        )
    if json is not None:
        service.write(json, validity_json.as_json(proof))
        say(f"written: {json}")
    if page is not None:
        service.write(page, validity_markdown.page(proof))
        say(f"written: {page}")
    out(validity_text.as_text(proof))
    return 0 if proof.holds else ExitCode.FAILED
