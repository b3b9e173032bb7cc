"""What a campaign showed, for programs: the JSON contract `shipworthy.validity/1`.

Keys stand in a fixed order and nothing depends on when, where or in how many processes it ran: equal
seeds give equal bytes under equal versions of the libraries named in it.
"""

from __future__ import annotations

import json

from shipworthy.proving.results import SCHEMA, Cell, Chance, Proof, State

STATES: tuple[State, ...] = ("keeps", "fails", "refuses", "never ships", "outside")


def as_json(proof: Proof) -> bytes:
    """Return the table, indented for people, ending in a new line."""
    value = {
        "schema": SCHEMA,
        "grid": proof.grid,
        "only": proof.only,
        "seed": proof.seed,
        "versions": dict(proof.versions),
        "holds": proof.holds,
        "counts": {state: proof.counted(state) for state in STATES},
        "cells": [_cell(cell) for cell in proof.cells],
    }
    return json.dumps(value, ensure_ascii=True, allow_nan=False, indent=1).encode() + b"\n"


def _cell(cell: Cell) -> dict[str, object]:
    rival = cell.rival
    return {
        "name": cell.name,
        "family": cell.family,
        "state": cell.state,
        "error": cell.error,
        "wrong_ship": _chance(cell.wrong),
        "allowed": _round(cell.wrong.allowed(cell.error)),
        "power": _chance(cell.power),
        "rival": None if rival is None else {"name": rival.name, "power": _chance(rival.power)},
        "coverage": _chance(cell.coverage),
        "groups_used": _round(cell.used),
        "refused": _round(cell.refused),
        "wrong_ship_on_tuning_cases": _chance(cell.tuned),
        "outside": cell.outside,
    }


def _chance(chance: Chance | None) -> dict[str, object] | None:
    return None if chance is None else {"value": _round(chance.value), "draws": chance.draws}


def _round(value: float | None) -> float | None:
    """Round to nine digits: beyond what the draws say, within what every machine reproduces."""
    return None if value is None else round(value, 9) + 0.0
