"""The verifier: it shares no code, agrees with the product on launches drawn at random, and names what was changed."""

from __future__ import annotations

import ast
import copy
import json
import math
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.content.random_launches import export

from shipworthy.content import verifier
from shipworthy.content.verifier import Mean, at_any_look, tail, verify

FILE = Path(verifier.__file__)
NARROWER = 13
"""A drawn launch of which one part ships, with differences and repeats."""

SMALL = 21
"""A drawn launch with a rate and all-of-2 over two repeats."""


@pytest.fixture(scope="module")
def narrower(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """The export of a launch that ships narrower, and its journal head."""
    path = tmp_path_factory.mktemp("export") / "evidence.json"
    head, verdict = export(NARROWER, path)
    assert verdict["verdict"] == "ship narrower"
    return json.loads(path.read_text()), head


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """The export of a launch with few claims, quick to verify again and again, and its journal head."""
    path = tmp_path_factory.mktemp("small") / "evidence.json"
    head, _ = export(SMALL, path)
    return json.loads(path.read_text()), head


def found(value: object, head: str, folder: Path) -> verifier.Report:
    """Verify an export that is given as a value."""
    path = folder / "changed.json"
    path.write_text(json.dumps(value))
    return verify(str(path), head)


def test_it_imports_the_standard_library_and_nothing_of_the_program():
    """Every import of the file is of a module that comes with Python."""
    tree = ast.parse(FILE.read_text("utf-8"))
    named = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip

    assert named <= sys.stdlib_module_names


def test_it_runs_alone(narrower, tmp_path):
    """Copied into an empty folder and run by an isolated Python it says the same, and exits with its code."""
    copied, data = tmp_path / "v.py", tmp_path / "e.json"
    copied.write_bytes(FILE.read_bytes())
    data.write_text(json.dumps(narrower[0]))
    ran = subprocess.run(
        [sys.executable, "-I", copied, data, "--head", narrower[1]],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip

    assert ran.returncode == verify(str(data), narrower[1]).code == 0
    assert "agrees: verdict: ship narrower" in ran.stdout
    assert ran.stdout.splitlines()[-1].endswith(" 0 do not agree, 0 not checked")


@pytest.mark.parametrize("seed", [*range(8), 1012, 1161, 1336])
def test_it_agrees_on_launches_drawn_at_random(seed, tmp_path):
    """Slices, repeats, groups, differences, means, tails, looks, a fixed slice beside the scope: nothing disagrees."""
    head, verdict = export(seed, tmp_path / "e.json")
    report = verify(str(tmp_path / "e.json"), head)

    assert [line for line in report.lines if line.startswith("DOES")] == []
    assert sum(" passed, in " in line for line in report.lines) == len(verdict["claims"])


@pytest.mark.parametrize("seed", [0, 1, 7, 8, 10, 14, 22, 24, 27, 31, 1346, 1392])
def test_it_agrees_on_looks_judges_and_prices(seed, tmp_path):
    """Graded groups at looks, no end, a reserve, judged rates by three choices of labels, the price of what is not shown."""
    head, verdict = export(seed, tmp_path / "e.json", wide=True)
    lines = verify(str(tmp_path / "e.json"), head).lines
    estimated = [claim for claim in verdict["claims"] if claim["estimate"] is not None]
    priced = [claim for claim in verdict["claims"] if claim["more_needed"]]

    assert [line for line in lines if line.startswith("DOES")] == []
    assert sum(line.endswith("estimate, bounds and p-value") for line in lines) >= len(estimated) > 0
    assert sum(line.endswith("cases would show it") for line in lines) == len(priced)
    assert [
        line
        for line in lines
        if line.startswith("not checked") and "memo" not in line and "notes" not in line
    ] == []


@pytest.mark.parametrize("seed", [0, 2, 4, 5, 6, 9, 11, 13])
def test_it_agrees_where_surer_outputs_alone_are_answered(seed, tmp_path):
    """Handed-over outputs beside slices, a mix, repeats and groups: counts, bounds, prices, scope and memo."""
    head, verdict = export(seed, tmp_path / "e.json", surer=True)
    lines = verify(str(tmp_path / "e.json"), head).lines
    [first, *_] = [claim for claim in verdict["claims"] if claim["criterion"] == "right"]

    assert first["handed_over"] > 0
    assert [line for line in lines if line.startswith("DOES")] == []
    assert sum(" passed, in " in line for line in lines) == len(verdict["claims"])
    assert [
        line for line in lines if line.startswith("not checked") and "right" in line and "memo" not in line
    ] == []


def test_what_was_handed_over_cannot_be_changed(tmp_path):
    """One more handed over and one less failed in a claim; a lower threshold in the plan; one output less sure: each is named."""
    head, _ = export(5, tmp_path / "e.json", surer=True)
    value = json.loads((tmp_path / "e.json").read_text())
    claim = next(c for c in value["verdict"]["claims"] if c["criterion"] == "right")
    changed = copy.deepcopy(value)
    own = next(c for c in changed["verdict"]["claims"] if c["criterion"] == "right")
    own["handed_over"], own["failed"] = claim["handed_over"] + 1, claim["failed"] - 1
    assert any("handed over counts" in line for line in found(changed, head, tmp_path).lines)

    lower = copy.deepcopy(value)
    lower["plan"]["criteria"][0]["answered"]["at_least"] = 0.4
    report = found(lower, head, tmp_path)
    assert any(line.startswith("DOES") and "plan" in line for line in report.lines)

    unsure = copy.deepcopy(value)
    at = unsure["columns"].index("recorded:sure")
    row = next(r for r in unsure["outputs"] if r[0] == "new" and isinstance(r[at], float) and r[at] >= 0.5)
    row[at] = 0.1
    report = found(unsure, head, tmp_path)
    assert any(line.startswith("DOES") and "digest" in line for line in report.lines)


@pytest.mark.campaign
@pytest.mark.parametrize("first", range(1000, 1500, 100))
def test_it_agrees_on_five_hundred_launches(tmp_path, first):
    """The same for five hundred further ones, half drawn wide; of each hundred one in three is decided to the word at least."""
    wrong, decided = [], 0
    for seed in range(first, first + 100):
        head, _ = export(seed, tmp_path / "e.json", wide=seed % 2 == 0)
        report = verify(str(tmp_path / "e.json"), head)
        wrong += [f"{seed}: {line}" for line in report.lines if line.startswith("DOES")]
        decided += any(line.startswith("agrees: verdict: ") for line in report.lines)

    assert wrong == []
    assert decided > 100 / 3


@pytest.mark.parametrize(
    ("values", "bar", "p", "lower"),
    [
        ({1.0: 188, 0.0: 12}, 0.90, 0.0320, 0.9046),
        ({1.0: 24, 0.0: 9, 0.5: 167}, 0.5, 0.0068, (0.0234 + 1) / 2),
        ({1.0: 35, 2 / 3: 8, 1 / 3: 4, 0.0: 3}, 0.7408, 0.0500, 0.7408),
    ],
)
def test_its_numbers_are_those_of_the_method_pages(values, bar, p, lower):
    """188 of 200; 24 fixed and 9 broken; fifty cases of three repeats."""
    mean = Mean([(1.0, values)])

    assert mean.p_above(bar) == pytest.approx(p, abs=1e-4)
    assert mean.lower(0.05) == pytest.approx(lower, abs=5e-5)


def test_a_look_before_the_end_is_derived():
    """154 of the first 160 groups, 200 planned, a bar of 0.9: 0.0357, as the page on looks says."""
    assert at_any_look(tail(154, 160, 0.9), n=160, end=200, bar=0.9) == pytest.approx(0.0357, abs=5e-5)


def test_a_look_at_graded_groups_is_derived():
    """190 of 200 under a bar of 0.9: the bound at the planned end is 0.9148; early looks at 500 can show nothing."""
    level = verifier.level_at_look(0.05, n=200, end=200, bar=0.9)
    early = [verifier.level_at_look(0.05, n=n, end=500, bar=0.9, graded=False) for n in (125, 250, 500)]

    assert Mean([(1.0, {1.0: 190, 0.0: 10})]).lower(level) == pytest.approx(0.9148, abs=5e-5)
    assert early == pytest.approx([0.0, 0.0, 0.0446], abs=5e-5)


def test_the_walk_that_stands_in_for_graded_groups_is_never_below_a_walk_of_steps():
    """A walk carried step by step on a grid, another way round, reaches the score a little less often."""
    import numpy as np  # noqa: PLC0415

    score, end, weight, width = 1.9, 20, 1.5, 0.02
    grid = np.arange(-20.0, 20.0, width)
    kernel = np.exp(-(np.arange(-5.0, 5.0 + width / 2, width) ** 2) / 2) * width / math.sqrt(2 * math.pi)
    mass, crossed = np.zeros(len(grid)), 0.0
    mass[len(grid) // 2] = 1.0
    for step in range(1, end + 1):
        mass = np.convolve(mass, kernel, "same")
        above = grid >= score * (end / step) ** weight * math.sqrt(step)
        crossed += float(mass[above].sum())
        mass[above] = 0.0

    assert crossed <= verifier.chance_of_walk(score, end, weight) <= 1.2 * crossed


def test_no_end_a_price_and_a_judge_are_those_of_the_method_pages():
    """All of 100 without an end; 179 groups, or 213 after 45 of 50; 900 of 1,000 judged good, 91 of 100 labels."""
    seen = verifier.Labelled(1000, 900, 90, 89, 10, 2)
    judge = verifier.Exact(seen, "random")
    sought = verifier.ByErrorRates(verifier.Labelled(1000, 880, 102, 97, 48, 3))

    assert verifier.fortune_p({1.0: 100}, 0.9) == pytest.approx(0.00044, abs=5e-6)
    assert verifier.fortune_lower({1.0: 100}, 0.05) == pytest.approx(0.9537, abs=5e-5)
    assert verifier.binomial_price(0.90, 0.95, 0.05) == 179
    assert verifier.binomial_price(0.90, 0.95, 0.05, 50, 45) == 213
    assert verifier.judge_facts(seen, "random")["worth"] == pytest.approx(0.14, abs=5e-3)
    assert judge.is_bound(0.869, 0.05) is False
    assert judge.p_above(0.868) < 0.05 < judge.p_above(0.870)
    assert (sought.good, sought.hits, sought.bad, sought.misses) == (100, 97, 50, 5)
    assert sought.lower(0.05) == pytest.approx(0.819, abs=5e-4)


PLANTED = [
    (39, "judged", "lower", 1e-6), (39, "judged", "p_value", 1e-6), (14, "judged", "upper", -2e-5),
    (7, "judged", "lower", 1e-6), (1, "right", "lower", 1e-6), (8, "right", "p_value", 1e-6), (4, "right", "upper", -1e-6),
]  # fmt: skip
"""Drawn wide: a judge on groups, one on single outputs, labels that were sought, graded looks, a reserve, no end."""


@pytest.mark.parametrize(("seed", "criterion", "key", "by"), PLANTED)
def test_a_changed_bound_of_a_judge_or_a_look_is_named(seed, criterion, key, by, tmp_path):
    """One number of one claim, a millionth better than it is, does not agree; the price beside it still does."""
    head, _ = export(seed, tmp_path / "e.json", wide=True)
    value = json.loads((tmp_path / "e.json").read_text())
    claim = next(
        c for c in value["verdict"]["claims"] if c["criterion"] == criterion and c["estimate"] is not None
    )
    claim[key] += by
    report = found(value, head, tmp_path)

    assert any(
        line.startswith("DOES NOT AGREE") and f": {key} is said to be" in line for line in report.lines
    )


def test_a_changed_price_is_named(tmp_path):
    """One case fewer than it takes, another hope, and no price where there is one are each named."""
    head, _ = export(12, tmp_path / "e.json", wide=True)
    value = json.loads((tmp_path / "e.json").read_text())
    claims = value["verdict"]["claims"]
    priced = next(i for i, claim in enumerate(claims) if claim["more_needed"])
    where = ("verdict", "claims", priced, "more_needed")
    changes = [
        changed_at(value, (*where, "cases"), lambda n: n - 1),
        changed_at(value, (*where, "assuming"), lambda n: n + 0.001),
        changed_at(value, where, lambda _: None),
    ]
    names = [
        [line for line in found(each, head, tmp_path).lines if "the price of showing it is said" in line]
        for each in changes
    ]

    assert all(names)


def test_the_ranges_of_the_brief_are_held_against_the_memo(tmp_path):
    """The memo says what the brief says of worth, traffic and harm; another range, or another sum a week, is named."""
    head, _ = export(18, tmp_path / "e.json", wide=True)
    value = json.loads((tmp_path / "e.json").read_text())
    whole = found(value, head, tmp_path)
    changes = [
        changed_at(value, ("brief", "value", "high"), lambda _: 1.3),
        changed_at(value, ("brief", "value", "per_week"), lambda _: 2000),
        changed_at(value, ("brief", "harm", 0, "low"), lambda _: 2),
        changed_at(value, ("brief", "not_worth_it_if"), lambda _: "fewer than 9 of 10 answers are right"),
    ]
    codes = [found(each, head, tmp_path).code for each in changes]

    assert (whole.code, codes) == (0, [3, 3, 3, 4])


def test_the_share_at_the_cap_is_derived(tmp_path):
    """What the memo says of outputs that take the cap or more is the bound of the mean over the cap; one more is named."""
    head, _ = export(18, tmp_path / "e.json", wide=True)
    value = json.loads((tmp_path / "e.json").read_text())
    said = next(
        at
        for at, _ in texts(value["memo"]["tree"], ("memo", "tree"))
        if "take that or more" in _at(value, at)
    )
    more = changed_at(
        value, said, lambda text: re.sub(r"at most (\d+)", lambda m: f"at most {int(m[1]) + 1}", text)
    )
    cap = changed_at(value, said, lambda text: text.replace("$8", "$9"))

    assert "counts for more than $8" in _at(value, said)
    assert (found(more, head, tmp_path).code, found(cap, head, tmp_path).code) == (3, 3)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    """Return what stands at a path."""
    for key in path:
        value = value[key]
    return value


def test_gaffke_on_zeros_and_ones_is_the_binomial_law():
    """The integral gives the exact tail of 93 of 100 at 0.9, from another side."""
    parts = [(0.1, 93.0), (-0.9, 7.0), (-0.9, 1.0)]

    assert verifier.weighted_tail(parts) == pytest.approx(tail(93, 100, 0.9), rel=1e-10)


def test_signatures_are_those_of_another_implementation():
    """A key of the cryptography library signs; one changed byte of message, key or signature is refused."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = key.public_key().public_bytes_raw().hex(), key.sign(b"ship").hex()

    assert verifier.ed25519(public, signature, b"ship")
    assert not verifier.ed25519(public, signature, b"shop")
    assert not verifier.ed25519(public, signature[:-2] + "00", b"ship")
    assert not verifier.ed25519("00" * 32, signature, b"ship")
    assert not verifier.ed25519("no key", signature, b"ship")


def test_a_changed_score_does_not_fit_the_look(small, tmp_path):
    """Twenty outputs, each turned round by itself: every one is named against the digest in the journal."""
    value, head = small
    draw = random.Random(4)
    missed = []
    for _ in range(20):
        changed = copy.deepcopy(value)
        row = draw.choice([r for r in changed["outputs"] if r[0] == "new" and r[6] in (0.0, 1.0)])
        row[6] = 1.0 - row[6]
        report = found(changed, head, tmp_path)
        if not any("DOES NOT AGREE: evidence: the digest" in line for line in report.lines):
            missed.append(row)

    assert missed == []


def numbers(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every number in a value."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers(inner, (*at, key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield at


def changed_at(value: Any, at: tuple[Any, ...], to: Any) -> Any:
    """Return a copy with another value at a path."""
    copied = copy.deepcopy(value)
    inner = copied
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = to(inner[at[-1]])
    return copied


def test_a_changed_number_of_the_plan_or_a_claim_is_named(small, tmp_path):
    """Forty drawn numbers of plan and verdict, each a little larger: never "all agree"."""
    value, head = small
    paths = [*numbers(value["plan"], ("plan",)), *numbers(value["verdict"], ("verdict",))]
    missed = [
        path
        for path in random.Random(5).sample(paths, 40)
        if found(changed_at(value, path, lambda n: n + 1), head, tmp_path).code != 3
    ]

    assert missed == []


def texts(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Yield the path of every text of a memo that has a number, and whether it stands for a claim."""
    if isinstance(value, dict) and "text" in value and re.search(r"\d", value["text"]):
        yield (*at, "text"), value["claim"] is not None
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(inner, (*at, key))


def larger(text: str) -> str:
    """Return a text with its first number one larger."""
    return re.sub(r"\d+", lambda m: str(int(m[0]) + 1), text, count=1)


def test_a_changed_number_of_the_memo_is_named(small, tmp_path):
    """Every text of it: what is said of a claim does not agree; another number is named, as wrong or as not checked."""
    value, head = small
    tree = value["memo"]["tree"]
    paths = [
        *texts(tree["page"], ("memo", "tree", "page")),
        *texts(tree["appendix"], ("memo", "tree", "appendix")),
    ]
    before = set(found(value, head, tmp_path).lines)
    missed = []
    for path, claimed in paths:
        report = found(changed_at(value, path, larger), head, tmp_path)
        if set(report.lines) == before or (claimed and report.code != 3):
            missed.append(path)

    assert missed == []


def test_a_journal_made_anew_is_seen_by_the_head_that_was_kept(small, tmp_path):
    """A lock with a lower bar, its seals made again: only the head that somebody kept tells."""
    value, head = copy.deepcopy(small[0]), small[1]
    event = value["journal"][0]
    event["at"] = "2020-01-01T00:00:00Z"
    broken = found(value, "", tmp_path)
    before = "0" * 64
    for event in value["journal"]:
        event["prev"] = before
        event["hash"] = before = verifier.sealed(event)
    value["memo"]["tree"]["foot"] = [
        [k, before if k == "Journal head" else v] for k, v in value["memo"]["tree"]["foot"]
    ]
    anew = found(value, "", tmp_path)
    held = found(value, head, tmp_path)

    assert "DOES NOT AGREE: journal: event 1 does not carry the seal of its content" in broken.lines
    assert anew.code == 4
    assert (
        "not checked: that this is the journal that was kept, because no head was given (--head): it stands on the memo "
        "and in a signed decision" in anew.lines
    )
    assert any("no event carries the head that was kept" in line for line in held.lines)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "shipworthy evidence 1"}', "\0", '{"format": 7}']
)
def test_a_file_that_is_no_export_is_said_to_be_none(text, tmp_path):
    """Nothing, a list, an object without its parts: it does not agree, and no traceback is printed."""
    (tmp_path / "e.json").write_text(text)

    assert verify(str(tmp_path / "e.json")).code == 3
