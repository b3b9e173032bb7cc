"""The campaign: every cell of the grid, in several processes if wanted, with the same result in any number."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import scipy

from shipworthy import __version__
from shipworthy.domain.errors import BadInput
from shipworthy.proving.campaign import shown
from shipworthy.proving.grid import cells
from shipworthy.proving.results import Cell, Proof

SEED = 20_261_124
"""The seed of the published table."""

Progress = Callable[[str, int, int], None]
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def generator(seed: int, name: str, purpose: str) -> np.random.Generator:
    """Return the generator of one purpose in one cell: it depends on their names and the seed, on nothing else."""
    digest = hashlib.sha256(f"{name}/{purpose}".encode()).digest()
    return np.random.default_rng([seed, *np.frombuffer(digest[:16], dtype="<u4").tolist()])


def prove_cell(name: str, *, seed: int, full: bool) -> Cell:
    """Return what one cell of the grid shows."""
    return shown(cells(full=full)[name], partial(generator, seed, name), thorough=full)


def prove(
    *,
    full: bool = False,
    only: str = "",
    seed: int = SEED,
    jobs: int | None = None,
    progress: Progress = lambda _name, _done, _all: None,
) -> Proof:
    """Run the campaign.

    Args:
        full: the full grid with more draws; else the small one.
        only: keep cells whose name or family holds this text, or matches it where it has a `*`.
        seed: names all draws.
        jobs: processes; as many as there are processors unless said. The result does not depend on it.
        progress: told what is done of how much.

    Raises:
        BadInput: no cell is called so.
    """
    names = listed(full=full, only=only)
    found: dict[str, Cell] = {}
    one = partial(prove_cell, seed=seed, full=full)
    for cell in _each(one, names, jobs or os.cpu_count() or 1):
        found[cell.name] = cell
        progress("cells", len(found), len(names))
    versions = (("shipworthy", __version__), ("numpy", np.__version__), ("scipy", scipy.__version__))
    return Proof("full" if full else "small", seed, tuple(found[name] for name in names), versions, only)


def listed(*, full: bool = False, only: str = "") -> list[str]:
    """Return the names of the cells, in the order of the grid."""
    names = list(cells(full=full, only=only))
    if not names:
        raise BadInput(
            f"no cell of the grid is called like {only!r}",
            where="--only",
            remedy="see `shipworthy prove --list`",
        )
    return names


def write(path: Path, text: str | bytes) -> None:
    """Write one result."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def _each(one: Callable[[str], Cell], names: list[str], jobs: int) -> Iterator[Cell]:
    if jobs == 1 or len(names) == 1:
        yield from map(one, names)
        return
    with _one_thread_each():
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(jobs, len(names)), mp_context=context) as pool:
            # The last families take longest: beginning with them leaves no process alone at the end.
            for done in as_completed([pool.submit(one, name) for name in reversed(names)]):
                yield done.result()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let each process do its arithmetic in one thread: several of several would wait for each other."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value
