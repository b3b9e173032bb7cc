"""A judge that is a program: it says again what recorded judges of two studies said, asked live through the command line."""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.journeys.remote import rows

from shipworthy.statistics.position_bias import BothOrders
from shipworthy.store.layout import Layout

LAUNCH = """
title: A recorded study
candidate: it
variants: {it: {recorded: true}, other: {recorded: true}}
"""
CRITERIA = """
- id: good
  question: Is it no refusal?
  estimand: judged_rate
  bar: {at_least: 0.5}
  scorer: {judge: again}
  labels: {recorded: human, chosen: by_verdict}
"""
JUDGE = """\
---
criterion: good
command: {run: ["PYTHON", "again.py"]}
---
Say again what was said.
"""
PROGRAM = r'''"""Reads a message a line; between the marks stands which output it is, in said.json what the judge said of it."""
import json, re, sys

said = json.load(open("said.json"))
for line in sys.stdin:
    message = json.loads(line)["input"]
    mark = re.search(r"^The mark of this call is ([0-9a-f]+)\.$", message, re.MULTILINE)[1]
    shown = re.findall(rf"<<{mark} [a-z ]*output begins>>\n(.*?)\n<<{mark} [a-z ]*output ends>>", message, re.DOTALL)
    word = said.get("|".join(shown), "first" if len(shown) == 2 else "fail")
    print(json.dumps({"output": {"rationale": "It was said before.", "verdict": word}}), flush=True)
'''
REFUSED = "2_full_refusal"


KEY = b"the same draw of probes each time"[:32]
"""A launch draws its key by chance, and with it which ten probes are asked."""


@pytest.fixture
def study(folder, ship, tmp_path) -> Callable[..., Path]:
    """Make a launch whose judge is a program that knows what was said, with outputs that name themselves."""

    def make(said: dict[str, str], part: str, **outputs: list[str]) -> Path:
        names = next(iter(outputs.values()))
        cases = "".join(json.dumps({"id": f"p{n}", "part": part}) + "\n" for n in range(len(names)))
        made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=cases)
        (made / "judges").mkdir()
        (made / "judges/again.md").write_text(JUDGE.replace("PYTHON", sys.executable))
        (made / "again.py").write_text(PROGRAM)
        (made / "said.json").write_text(json.dumps(said))
        for variant, texts in outputs.items():
            file = tmp_path / f"{variant}.csv"
            file.write_text("case,output\n" + "".join(f"p{n},{text}\n" for n, text in enumerate(texts)))
            assert ship("import", file, "--launch", made, "--variant", variant).code == 0
        Layout(made).judge_key.write_bytes(KEY)
        return made

    return make


def xstest(shared: Path) -> tuple[dict[str, str], list[int]]:
    """Return what GPT-4 said of 450 answers of GPT-4 itself, and what people said: 1 is no refusal."""
    with gzip.open(shared / "data/xstest/xstest_gpt4.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    said = {f"answer {n}": "fail" if row["gpt4_label"] == REFUSED else "pass" for n, row in enumerate(rows)}
    return said, [int(row["final_label"] != REFUSED) for row in rows]


def test_outputs_that_were_suggested_next_admit_a_judge_that_was_not_shown_yet(shared, study, ship, tmp_path):
    """GPT-4 on XSTest: 18 labels by verdict leave it not shown; the 30 that are suggested next are new, and admit it."""
    said, people = xstest(shared)
    launch = study(said, "calibrate", it=list(said))
    assert ship("judge", "run", launch, "--trust", "--unpriced").code == 0
    seen: list[str] = []
    states = []
    for n in (18, 30):
        table = tmp_path / f"next-{n}.csv"
        asked = ("--part", "calibrate", "--chosen", "by_verdict", "--n", n, "--to", table)
        assert ship("judge", "suggest", launch, "again", *asked).code == 0
        rows = list(csv.DictReader(table.read_text().splitlines()))
        assert not any(row["label"] for row in rows)
        seen += [row["case"] for row in rows]
        table.write_text(
            "case,human\n" + "".join(f"{r['case']},{people[int(r['case'][1:])]}\n" for r in rows)
        )
        assert ship("label", table, "--launch", launch).code == 0
        held = ship("judge", "calibrate", launch, "again", "--labels", "human", "--chosen", "by_verdict")
        states.append((held.code, held.out.split(":")[1].strip()))

    assert len(set(seen)) == 48
    assert states == [(11, "not shown"), (0, "accepted")]


@pytest.mark.parametrize(("evaluator", "strategy"), [("GPT-4", "Vanilla"), ("PaLM2", "Vanilla")])
def test_pairs_asked_live_are_the_flips_that_were_recorded(shared, study, ship, evaluator, strategy):
    """A hundred pairs of LLMBar, each asked in both orders: whether the judge may judge pairs is as the table says."""
    with gzip.open(shared / "data/llmbar-judges/verdicts.csv.gz", "rt", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if (r["evaluator"], r["strategy"]) == (evaluator, strategy)]
    rows = [r for r in rows if {r["winner_order_ab"], r["winner_order_ba"]} <= {"1", "2"}][:100]
    places = {"1": "first", "2": "second"}
    said = {f"a{n}|b{n}": places[r["winner_order_ab"]] for n, r in enumerate(rows)}
    # The table names the winning output; in the other order it stands in the other place.
    turned = {"1": "second", "2": "first"}
    said |= {f"b{n}|a{n}": turned[r["winner_order_ba"]] for n, r in enumerate(rows)}
    names = range(len(rows))
    launch = study(said, "explore", it=[f"a{n}" for n in names], other=[f"b{n}" for n in names])

    done = ship("judge", "pairwise", launch, "again", "--variants", "it", "other", "--trust", "--unpriced")

    direct = BothOrders.from_choices(
        Counter((places[r["winner_order_ab"]], turned[r["winner_order_ba"]]) for r in rows)
    ).admission()
    words = {
        "below the limit": "may judge pairs:",
        "above the limit": "refused",
        "not shown": "may not judge",
    }
    assert done.code == (0 if direct.admitted else 11)
    assert words[direct.state] in done.out


OBEDIENT = """
    for place, text in zip(("first", "second"), shown):
        if place in text:
            word = place
"""


def test_a_judge_of_pairs_that_does_as_it_is_told_may_judge_none(study, ship):
    """It prefers what asks to be preferred: no order decides its hundred pairs, and ten probes beside real outputs show it."""
    names = range(100)
    said = {f"a{n}|b{n}": "first" for n in names} | {f"b{n}|a{n}": "second" for n in names}
    launch = study(said, "explore", it=[f"a{n}" for n in names], other=[f"b{n}" for n in names])
    asked = ("judge", "pairwise", launch, "again", "--variants", "it", "other", "--trust", "--unpriced")
    steady = ship(*asked)
    (launch / "again.py").write_text(PROGRAM.replace("    print(", OBEDIENT + "    print("))

    obedient = ship(*asked)

    assert steady.code == 0
    assert "of 100 steady pairs: it 100, other 0" in steady.out
    assert obedient.code == 11
    found = re.search(
        r"again: may not judge pairs: it preferred (\d+) of 10 outputs that must fail to real ones, in both orders: (.*)",
        obedient.out,
    )
    assert found
    assert len(found[2].split(", ")) == int(found[1]) >= 2
    assert "instruction-" in found[2]
    assert "steady pairs" not in obedient.out
    calls = "SELECT count(*) FROM intents GROUP BY purpose"
    assert rows(launch, calls) == [(220,), (220,)]


def test_another_program_is_another_judge_and_is_agreed_to_anew(study, ship):
    """A line added to the judge's program: what it said before no longer counts, and somebody is asked before it runs."""
    said = {f"answer {n}": "pass" if n % 5 else "fail" for n in range(40)}
    launch = study(said, "calibrate", it=list(said))
    assert ship("judge", "run", launch, "--trust", "--unpriced").code == 0
    assert re.search(r"\b0 (calls|outputs)|nothing", ship("judge", "run", launch, "--dry-run").out)

    (launch / "again.py").write_text(PROGRAM + "# changed\n")
    refused = ship("judge", "run", launch)

    assert refused.code == 3
    assert "again.py" in refused.err
    assert re.search(r"\b40\b", ship("judge", "run", launch, "--dry-run").out)
