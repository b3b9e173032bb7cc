"""Follow promises through what live outputs brought; what was worked out before is gone on from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from shipworthy.decision.monitor import Audit, Followed, Promise
from shipworthy.decision.monitor_state import as_values, from_values
from shipworthy.domain.promise import KeptPromise
from shipworthy.services.mix_to_keep import Mix, mix_to_keep
from shipworthy.store import watched
from shipworthy.store.read import Reading
from shipworthy.store.watched import Intake

RULES = "1"
"""Raised when the same values make another state; states from before are then worked out again."""


def promised(promise: KeptPromise, mix: Mix) -> Promise:
    """Return what is watched of a promise: its rate, and the mix of the traffic where it is about all of it."""
    shares = {} if promise.slice else mix.shares
    unit = "" if promise.cap is None else promise.measure
    return Promise(promise.rate, promise.error, shares=shares, mix_of=mix.of, cap=promise.cap, unit=unit)


def follow_promises(
    reading: Reading, promises: Sequence[KeptPromise], connection: Connection, *, keep: bool = False
) -> dict[str, dict[int, Followed]]:
    """Return for each promise where it stood after each intake that was about it, oldest first.

    Args:
        reading: the launch as it was read.
        promises: those that are asked about.
        connection: a view of the ledger; a writing transaction where `keep` is set.
        keep: write down what had to be worked out.
    """
    found, by_series = watched.intakes(connection), watched.brought_by(connection)
    mix = mix_to_keep(reading, connection)
    return {
        promise.id: _states(
            mix,
            promise,
            connection,
            [i for i in found if i.seq in by_series.get(promise.series, ())],
            keep=keep,
        )
        for promise in promises
    }


def _states(
    mix: Mix, written: KeptPromise, connection: Connection, brought: list[Intake], *, keep: bool
) -> dict[int, Followed]:
    promise = promised(written, mix)
    fingerprint = _fingerprint(written, promise)
    kept = watched.states(connection, written.id, fingerprint)
    now, made = Followed.start(promise), dict[int, Followed]()
    for intake in brought:
        if intake.seq in kept:
            now = from_values(promise, json.loads(kept[intake.seq]))
        else:
            for part in watched.read_values(connection, intake.seq, written.series):
                now = now.after(_audit(mix, written, intake, part))
            if keep:
                state = json.dumps(as_values(now), allow_nan=False)
                watched.write_state(connection, intake.seq, written.id, fingerprint, state)
        made[intake.seq] = now
    return made


def _audit(mix: Mix, written: KeptPromise, intake: Intake, part: watched.Brought) -> Audit:
    """Return the values of a part that the promise is about, each with its slice."""
    values, mixes = part.values, part.mixes
    if written.slice:
        here = is_about(written, intake.mixes)[mixes]
        return Audit(values[here])
    return Audit(values, mixes, [tags.get(mix.by, "") for tags in intake.mixes])


def is_about(written: KeptPromise, mixes: Sequence[dict[str, str]]) -> npt.NDArray[np.bool_]:
    """Return for each set of tags whether the promise is about outputs that have it."""
    tag, _, wanted = written.slice.partition("=")
    return np.array([not written.slice or tags.get(tag) == wanted for tags in mixes], dtype=np.bool_)


def _fingerprint(written: KeptPromise, promise: Promise) -> str:
    said = [RULES, written.series, written.slice, promise.rate, promise.error, sorted(promise.shares.items())]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
