"""The app over a small launch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from shipworthy.services.kept import Kept
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

LAUNCH = """
title: Rules
goal: Right answers.
baseline: old
candidate: new
variants: {new: {recorded: true}, old: {recorded: true}}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8}
  scorer: {recorded: passed}
"""


@pytest.fixture
def app(folder: Callable[..., Path]) -> Iterator[Starlette]:
    """The pages over a launch with one criterion and no cases."""
    kept = Kept(folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA))
    yield make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    kept.close()
