"""Checks that are declared in criteria.yaml, through the command line, on outcomes that somebody else scored."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

SYSTEMS = {"6b_finetuning": 286, "6b_verification": 515, "175b_finetuning": 458, "175b_verification": 742}
FIRST = {"6b_finetuning": 683, "6b_verification": 678, "175b_finetuning": 730, "175b_verification": 739}
CHEAP = [390, 1000]
QUICK = [326, 817]
VARIANTS = "".join(f"  {name}: {{recorded: true}}\n" for name in SYSTEMS)
GSM8K = f"title: GSM8K\nbaseline: 6b_finetuning\ncandidate: 175b_verification\nvariants:\n{VARIANTS}"
RIGHT = """
- id: recorded
  bar: {at_least: 0.5}
  scorer: {recorded: correct}
- id: right_total
  bar: {at_least: 0.5}
  scorer: {numeric: {to: expected, after: "A:"}}
- id: last_number
  kind: diagnostic
  bar: {at_least: 0.5}
  scorer: {numeric: expected}
- id: shows_its_work
  kind: diagnostic
  bar: {at_least: 0.5}
  scorer: {regex: "<<[^<>]+=[^<>]+>>"}
"""


@pytest.fixture
def gsm8k(once, shared, folder, ship) -> Path:
    """Four systems on 1,319 problems with the worked solution as what is expected, and the authors' own flags."""

    def making() -> Path:
        launch = folder(launch_yaml=GSM8K, criteria_yaml=RIGHT)
        solutions = shared / "data/gsm8k-solutions/example_model_solutions.jsonl.gz"
        for system in SYSTEMS:
            columns = f"case=question,input=question,expected=ground_truth,score.correct={system}.is_correct,output={system}.solution"
            said = ship("import", solutions, "--launch", launch, "--variant", system, "--map", columns)
            assert said.code == 0, said.err
        return launch

    return once("gsm8k", making)


def test_a_declared_number_gives_the_flags_that_the_authors_recorded(gsm8k, ship):
    """GSM8K: 286, 515, 458 and 742 of 1,319 are right; the number behind the last `A:` says so of each output."""
    said = ship("score", gsm8k, "--format", "json")

    passed = {
        (one["variant"], name): counts["passed"] for one in said.json for name, counts in one["open"].items()
    }
    assert {name: passed[name, "right_total"] for name in SYSTEMS} == SYSTEMS
    for system in SYSTEMS:
        assert _disagree(gsm8k, ship, system, "right_total") == 0


def _disagree(launch: Path, ship: Callable, system: str, criterion: str) -> int:
    """Count the cases on which a criterion and the authors' flag differ."""
    found = []
    for name in ("recorded", criterion):
        shown = ship(
            "show", launch, "--variant", system, "--criterion", name, "--first", 2000, "--format", "json"
        )
        found.append({failed["case"] for failed in shown.json["failed"]})
    return len(found[0] ^ found[1])


def test_which_number_is_meant_makes_the_result(gsm8k, ship):
    """The last number agrees with all 5,276 flags; the first one gives another ranking of the same outputs."""
    first = RIGHT.replace("{numeric: expected}", "{numeric: {to: expected, find: first}}")
    said = ship("score", gsm8k, "--criterion", "last_number", "--format", "json")
    assert {one["variant"]: one["open"]["last_number"]["passed"] for one in said.json} == SYSTEMS

    (gsm8k / "criteria.yaml").write_text(first)
    said = ship("score", gsm8k, "--criterion", "last_number", "--format", "json")

    passed = {one["variant"]: one["open"]["last_number"]["passed"] for one in said.json}
    assert passed == FIRST
    assert _disagree(gsm8k, ship, "6b_finetuning", "last_number") == 603


def test_a_changed_definition_scores_its_own_criterion_anew_and_no_other(gsm8k, ship):
    """5,276 outputs under three checks; then a changed pattern costs 5,276 scores, and a question none."""
    written = [_written(ship("score", gsm8k))]
    written.append(_written(ship("score", gsm8k)))
    (gsm8k / "criteria.yaml").write_text(
        RIGHT.replace("[^<>]+=[^<>]+", "[^<>]*=[^<>]+") + "  question: Shown?\n"
    )
    written.append(_written(ship("score", gsm8k)))

    assert [sum(each.values()) for each in written] == [3 * 5276, 0, 5276]
    assert {name for name, n in written[2].items() if n} == {"shows_its_work"}
    assert ship("verify", gsm8k).code == 0


def _written(said) -> dict[str, int]:
    """Return how many scores each criterion got, from what `score` prints."""
    assert said.code == 0, said.err
    found: dict[str, int] = {}
    for name, n in re.findall(r": (\w+) by \S+: ([\d,]+) scored now", said.out):
        found[name] = found.get(name, 0) + int(n.replace(",", ""))
    return found


PRIMES = """
- id: strict
  bar: {at_least: 0.8}
  scorer: {take: '\\[(Yes|No)\\]', equals: {to: expected, ignore: case}}
- id: lenient
  kind: diagnostic
  bar: {at_least: 0.8}
  scorer: {take: '(?i)\\[(yes|no)\\]|^\\W*(yes|no)\\b', equals: {to: expected, ignore: case}}
- id: quick
  kind: diagnostic
  bar: {at_least: 0.8}
  scorer: {latency: {at_most: 5}}
- id: cheap
  kind: diagnostic
  bar: {at_least: 0.8}
  scorer: {cost: {at_most: 0.01}}
"""


def test_two_ways_to_find_the_answer_give_the_two_figures_of_one_record(shared, folder, ship):
    """GPT-4 on primes, March and June 2023: 84.0 and 51.1 % are published; in brackets alone it is 50.2 %."""
    models = [f"openaichat/gpt-{name}" for name in ("4-0613", "4-0314", "3.5-turbo-0301", "3.5-turbo-0613")]
    variants = "".join(f"  {json.dumps(name)}: {{recorded: true}}\n" for name in models)
    launch = folder(
        launch_yaml=f"title: Primes\ncandidate: {json.dumps(models[0])}\nvariants:\n{variants}",
        criteria_yaml=PRIMES,
    )
    columns = "case=query,input=query,expected=ref_answer,output=answer,latency_s=latency,cost_usd=cost,variant=model"
    received = ship("import", shared / "data/llm-drift/prime.csv.gz", "--launch", launch, "--map", columns)
    assert received.code == 0, received

    said = ship("score", launch, "--format", "json").json

    passed = {(one["variant"][-6:], name): n for one in said for name, n in one["open"].items()}
    assert [passed["4-0314", name]["passed"] for name in ("strict", "lenient")] == [840, 840]
    assert [passed["4-0613", name]["passed"] for name in ("strict", "lenient")] == [502, 511]
    assert [passed[version, "cheap"]["passed"] for version in ("4-0314", "4-0613")] == CHEAP
    assert [passed[version, "quick"]["passed"] for version in ("4-0314", "4-0613")] == QUICK


OUTPUTS = """
- id: right
  bar: {at_least: 0.8}
  scorer: {contains: refund}
- id: polite
  kind: diagnostic
  bar: {at_least: 0.5}
  scorer: {check: polite}
- id: brief
  kind: diagnostic
  bar: {at_least: 0.5}
  scorer: {check: brief}
"""
SCORERS = """
def polite(case_input, expected, output):
    return "please" in output


def brief(case_input, expected, output):
    return len(output) < 100
"""


@pytest.fixture
def sealed(once, launch, tmp_path, ship) -> Path:
    """60 open and 200 sealed cases under a lock, with outputs of which a tenth says nothing of a refund."""

    def making() -> Path:
        (launch / "criteria.yaml").write_text(OUTPUTS)
        (launch / "scorers.py").write_text(SCORERS)
        assert ship("lock", launch).code == 0
        rows = [
            f"{part}-{i},{'sorry' if i % 10 == 0 else 'refund please'}\n"
            for part, n in PARTS
            for i in range(n)
        ]
        (tmp_path / "rows.csv").write_text("case,output\n" + "".join(rows))
        assert ship("import", tmp_path / "rows.csv", "--launch", launch, "--variant", "new").code == 0
        return launch

    return once("sealed", making)


PARTS = (("explore", 60), ("holdout", 200))


def test_code_is_run_only_after_a_person_agreed_and_declared_checks_need_nobody(sealed, ship):
    """Nobody is at the terminal: a declared check scores all the same, one in scorers.py is refused without --trust."""
    declared = ship("score", sealed, "--criterion", "right")
    refused = ship("score", sealed)
    agreed = ship("score", sealed, "--trust")
    again = ship("score", sealed)

    assert [each.code for each in (declared, refused, agreed, again)] == [0, 3, 0, 0]
    assert "scorers.py" in refused.err
    assert _written(agreed) == {"right": 0, "polite": 260, "brief": 260}
    assert _written(again) == {"right": 0, "polite": 0, "brief": 0}


def test_how_sealed_outputs_went_is_not_said_by_scoring_them(sealed, ship):
    """Of 260 scores 200 are sealed; 54 of 60 open ones passed, and no count of the others is anywhere."""
    said = ship("score", sealed, "--trust")
    as_json = ship("score", sealed, "--format", "json")

    assert "new: right by contains@" in said.out
    assert "260 scored now, 200 of them sealed; open cases: 54 of 60 passed" in said.out
    for number in ("180", "234", "20 ", "26 "):  # what passed and failed of 200 and of 260
        assert number not in re.sub(r"@[0-9a-f]{16}", "", said.out)
    assert all(one["open"][name]["outputs"] == 60 for one in as_json.json for name in one["open"])


@pytest.mark.parametrize(
    ("file", "old", "new", "holds"),
    [
        ("criteria.yaml", "contains: refund", "contains: re", False),
        ("criteria.yaml", "{contains: refund}", "{contains: {any: [refund, sorry]}}", False),
        ("scorers.py", '"please" in output', "True", False),
        ("scorers.py", "def polite", "def another(a, b, c):\n    return True\n\n\ndef polite", True),
    ],
)
def test_a_check_that_was_eased_after_the_lock_breaks_it(sealed, ship, file, old, new, holds):
    """Ninety of a hundred say refund; an easier check would pass all, but then it is no longer what was locked."""
    text = (sealed / file).read_text()
    assert old in text
    (sealed / file).write_text(text.replace(old, new))
    ship("score", sealed, "--trust")

    said = ship("decide", sealed, "--format", "json")

    assert said.json["exploratory"] is not holds
    assert (said.code == 11) or holds


def test_run_scores_as_before_with_declared_checks_among_them(sealed, ship):
    """`run` has nothing to ask of a recorded variant, and scores its outputs."""
    said = ship("run", sealed, "--trust")

    assert said.code == 0, said.err
    assert "new: 780 scores written" in said.out
    assert ship("show", sealed, "--criterion", "right", "--format", "json").json["all"]["passed"] == 54


def test_a_check_that_breaks_on_every_output_is_said_to_be_wrong(sealed, ship):
    """The first thousand cases all raise: a mistake in the check, not an unscored eval set."""
    (sealed / "scorers.py").write_text("def polite(output):\n    return True\n" + SCORERS.split("\n\n\n")[1])

    said = ship("score", sealed, "--criterion", "polite", "--trust")

    assert said.code == 3
    assert "the check `polite` raised on every output" in said.err


def test_scoring_goes_on_where_it_was_stopped(sealed, ship, monkeypatch):
    """Killed after some hundred outputs, the rest is scored by the same command, each once."""
    from shipworthy.services import score as service  # noqa: PLC0415 - to make its pieces small

    monkeypatch.setattr(service, "CHUNK", 50)
    monkeypatch.setattr(service, "PENDING", 1)
    seen = []

    def stop(_name, done, _all):
        seen.append(done)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.score(sealed, criterion="right", agree=lambda _: False, progress=stop)
    said = ship("score", sealed, "--criterion", "right")

    assert seen == [50, 100, 150]
    assert _written(said) == {"right": 110}
    assert ship("verify", sealed).code == 0


def test_long_outputs_are_held_a_few_at_a_time(sealed, ship, monkeypatch):
    """With room for a hundred characters of text, 260 outputs are scored in many small pieces, each once."""
    from shipworthy.store import unscored  # noqa: PLC0415 - to make its pieces small

    monkeypatch.setattr(unscored, "MOST_TEXT", 100)
    monkeypatch.setattr(unscored, "BATCH", 7)

    assert _written(ship("score", sealed, "--criterion", "right")) == {"right": 260}


def test_a_pattern_that_hangs_on_one_output_leaves_it_unscored_and_goes_on(launch, tmp_path, ship):
    """The first of 60 outputs would take for ever; the others have their scores, and the reason is shown."""
    (launch / "criteria.yaml").write_text(
        OUTPUTS.split("- id: polite", maxsplit=1)[0].replace("contains: refund", "regex: '(a+)+$'")
    )
    rows = "".join(f"explore-{i},{'a' * 40 + 'b' if i == 0 else 'aaa'}\n" for i in range(60))
    (tmp_path / "rows.csv").write_text("case,output\n" + rows)
    ship("import", tmp_path / "rows.csv", "--launch", launch, "--variant", "new")

    said = ship("score", launch)

    assert "open cases: 59 of 60 passed, 1 unscored" in said.out
    shown = ship("show", launch, "--format", "json").json["failed"][0]
    assert shown["words"] == "unscored: out of time: the check `regex` did not end within 1 s"


SLOW = """import time

def right(given, expected, output):
    time.sleep(1.5 if output == "slow" else 0)
    return output != "wrong"
"""
TIMED = """
- id: right
  bar: {at_least: 0.5}
  scorer: {check: right, seconds: 0.5}
"""


def test_a_function_that_does_not_end_in_time_leaves_its_output_unscored_and_is_named(launch, tmp_path, ship):
    """Of 60 open outputs the third takes longer than 0.5 s: unscored, named, and in no count a pass; with 20 s it passes."""
    (launch / "criteria.yaml").write_text(TIMED)
    (launch / "scorers.py").write_text(SLOW)
    rows = [f"explore-{i},{'slow' if i == 2 else 'quick'}\n" for i in range(60)]
    rows += [f"holdout-{i},{'slow' if i == 2 else 'quick'}\n" for i in range(200)]
    (tmp_path / "rows.csv").write_text("case,output\n" + "".join(rows))
    assert ship("lock", launch).code == 0
    assert ship("import", tmp_path / "rows.csv", "--launch", launch, "--variant", "new").code == 0

    said = ship("score", launch, "--trust")

    assert "open cases: 59 of 60 passed, 1 unscored" in said.out
    assert (
        "new: the check `right` did not end in time on 1 open output, which is unscored: case `explore-2`"
        in said.out
    )
    assert "holdout-2" not in said.out + said.err
    shown = ship("show", launch, "explore-2")
    assert "out of time: `right` in scorers.py did not end within 0.5 s" in " ".join(shown.out.split())
    assert "did not end" not in ship("score", launch, "--trust").out
    decided = ship("decide", launch, "--yes", "--format", "json").json
    assert [(c["passed"], c["unscored"]) for c in decided["claims"]] == [(99, 1), (100, 0)]

    (launch / "criteria.yaml").write_text(TIMED.replace("seconds: 0.5", "seconds: 20"))
    again = ship("score", launch, "--trust")

    assert "260 scored now" in again.out
    assert "open cases: 60 of 60 passed" in again.out
    assert ship("decide", launch, "--yes", "--format", "json").json["verdict"] == "not yet"


def test_run_names_the_outputs_on_which_a_check_took_too_long(folder, ship):
    """A feature that answers `slow` to one of three cases: `run` itself says which."""
    made = folder(
        launch_yaml="title: T\ncandidate: new\nvariants: {new: {python: 'feature:new'}}\n",
        criteria_yaml=TIMED, scorers_py=SLOW, feature_py="def new(text):\n    return text\n",
        evalset__cases_jsonl="".join(
            json.dumps({"id": f"c{n}", "input": text, "part": "explore"}) + "\n"
            for n, text in enumerate(["quick", "slow", "quick"])
        ),
    )  # fmt: skip

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert (
        "new: the check `right` did not end in time on 1 open output, which is unscored: case `c1`" in ran.out
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--variant", "gone"), "there is no variant `gone`"), (("--criterion", "gone"), "no criterion `gone`")],
)
def test_what_is_not_there_cannot_be_scored(sealed, ship, options, said):
    """The names that there are stand in the remedy."""
    refused = ship("score", sealed, *options)

    assert refused.code == 3
    assert said in refused.err
    assert "to mend it: " in refused.err
