"""Load what is needed later while the database works: reading a ledger leaves Python free."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread


def load_ahead(name: str) -> None:
    """Begin to load a module of another package beside the work that goes on; whoever imports it waits for it.

    Only for modules that import nothing of ours, so that two threads never wait for each other. A module
    that does not load says so where it is imported. A program that ends earlier waits for it too.
    """
    Thread(target=_load, args=(name,), name=f"load {name}").start()


def _load(name: str) -> None:
    with suppress(ImportError):
        import_module(name)
