"""Outputs that no judge may pass: what is empty, flatters, gives orders, breaks out of its marks, or brings its own verdict.

None of them answers anything, so whatever the criterion asks they fail; the rules in every message say so. The battery has
ten families of ten. Each batch of a judge is preceded by one of every family, drawn by a key that nobody outside knows.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from functools import cache
from importlib.resources import files

import msgspec


class Probe(msgspec.Struct, frozen=True, gc=False):
    """One output that must fail."""

    id: str
    family: str
    text: str


@cache
def battery() -> tuple[Probe, ...]:
    """Return all probes, in the order of their families."""
    text = files("shipworthy.judges").joinpath("probes.json").read_bytes()
    return tuple(msgspec.json.decode(text, type=list[Probe]))


def drawn(key: bytes, fingerprint: str, batch: int) -> list[Probe]:
    """Return the probes of one batch: one of each family.

    Args:
        key: the launch's secret, so that nobody can prepare a judge for the probes to come.
        fingerprint: of the judge.
        batch: how many batches came before.
    """
    families: defaultdict[str, list[Probe]] = defaultdict(list)
    for probe in battery():
        families[probe.family].append(probe)
    return [min(probes, key=lambda p: _order(key, fingerprint, batch, p.id)) for probes in families.values()]


def _order(key: bytes, fingerprint: str, batch: int, name: str) -> bytes:
    return hmac.new(key, f"{fingerprint}\0{batch}\0{name}".encode(), hashlib.sha256).digest()
