"""Results of real recorded outcomes in the pages: the figures that authors published stand there, and the outputs behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from tests.asgi import get
from tests.results import served

LAUNCH = """
title: GSM8K
baseline: 175b_finetuning
candidate: 175b_verification
variants:
  175b_finetuning: {recorded: true}
  175b_verification: {recorded: true}
"""
CRITERIA = """
- id: correct
  bar: {at_least: 0.5}
  scorer: {recorded: correct}
- id: gain
  estimand: difference
  bar: {at_least: 0.0}
  scorer: {recorded: correct}
"""


@pytest.fixture
def pages(shared: Path, folder: Callable[..., Path], ship: Callable[..., Any]) -> Iterator[Starlette]:
    """Two systems on 1,319 problems, as their authors recorded them."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    solutions = shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz"
    for system in ("175b_finetuning", "175b_verification"):
        columns = f"case=question,input=question,score.correct={system}.is_correct,output={system}.solution"
        assert ship("import", solutions, "--launch", launch, "--variant", system, "--map", columns).code == 0
    app, kept = served(launch)
    yield app
    kept.close()


def test_published_flips_and_rates_stand_on_the_pages_with_the_solutions_behind_them(
    pages: Starlette,
) -> None:
    """GSM8K: 360 problems fixed, 76 broken, 883 the same; 742 of 1,319 right, which is 56.25 of 100."""
    changes = get(pages, "/flips").text
    assert "360 of 1,319 groups fixed, 76 broken" in changes
    assert "883 groups unchanged" in changes
    claim = get(pages, "/decide").text
    assert "742 of 1,319" in claim.replace("\u00a0", " ")
    assert "fixes 360, breaks 76, same in 883" in claim.replace("\u00a0", " ")

    failed = get(pages, "/outputs?state=failed&criterion=correct").text
    assert "577 outputs failed" in failed
    assert "page 1 of 12" in failed
    last = get(pages, "/outputs?state=failed&criterion=correct&page=12").text
    assert last.count("<li>") - failed.count("<li>") == 577 - 11 * 50 - 50

    question = re.search(r'<h2><a href="([^"]+)"', failed)
    assert question is not None
    whole = get(pages, question[1].replace("&amp;", "&"))
    assert whole.status == 200
    assert "Asked" in whole.text
    assert "<dt>correct, gain</dt><dd>0" in whole.text
