"""What was shown in a demo, asked again beside the representative set; nothing of it becomes evidence."""

from __future__ import annotations

import json
import sqlite3

import pytest

LAUNCH = """
candidate: new
variants: {new: {python: "feature:new"}}
slices: {topic: {by: topic, shares: {a: 0.5, b: 0.5}, scope: true}}
"""
CRITERIA = """
- id: right
  question: Is it right?
  bar: {at_least: 0.5, why: a test}
  scorer: {check: right}
- id: quick
  estimand: quantile
  of: latency_s
  quantile: 0.9
  kind: guardrail
  bar: {at_most: 60, why: a test}
"""
FEATURE = """
def new(text):
    with open("asked.txt", "a") as file:
        file.write(text + "\\n")
    if text == "breaks":
        raise ValueError("no \\x1b[31mred")
    return text + "\\x1b]52;c;AAAA\\x07"
"""
SCORERS = """
def right(given, expected, output):
    return "good" in given, f"looked at {given}"
"""
DEMO = """
- id: opening
  input: a good question
  tags: {topic: a}
  shown_at: 2026-11-12
  by: sales
  rewordings: [the same put badly, another good wording]
- id: closing
  input: a very good question
"""


def _cases(open_good: int, open_bad: int, sealed: int = 20) -> str:
    rows = [f"good case {i}" for i in range(open_good)] + [f"poor case {i}" for i in range(open_bad)]
    made = [
        {"id": f"c{i}", "input": text, "tags": {"topic": "ab"[i % 2]}, "part": "explore"}
        for i, text in enumerate(rows)
    ]
    made += [
        {"id": f"s{i}", "input": f"good sealed {i}", "tags": {"topic": "ab"[i % 2]}, "part": "holdout"}
        for i in range(sealed)
    ]
    return "".join(json.dumps(case) + "\n" for case in made)


@pytest.fixture
def launch(folder, monkeypatch):
    """60 open cases that pass in 24, 20 sealed ones that pass; two prompts that always pass, one rewording that never does."""
    made = folder(
        launch_yaml=LAUNCH, criteria_yaml=CRITERIA, feature_py=FEATURE, scorers_py=SCORERS, demo_yaml=DEMO,
        evalset__cases_jsonl=_cases(24, 36),
    )  # fmt: skip
    monkeypatch.chdir(made.parent)
    return made


def _asked(launch):
    path = launch.parent / "asked.txt"
    return path.read_text().split("\n")[:-1] if path.exists() else []


def test_a_demo_that_shines_beside_a_set_that_does_not(launch, ship):
    """20 of 20 as shown, 10 of 20 reworded, 24 of 60 on open cases: told apart, and the next step is to read failures."""
    ship("run", launch, "--trust")
    said = ship("demo-check", launch, "--trust")
    shown = " ".join(said.out.split())

    assert said.code == 0
    assert (
        "right: as shown 20 of 20, reworded 10 of 20, representative 24 of 60 (could be 28 to 53 of 100)"
        in shown
    )
    assert "The same verdict all 10 times: 2 of 2 prompts and 2 of 2 rewordings" in shown
    assert "Worst: `opening`, rewording 1, 0 of 10." in shown
    assert "The demo passes more often than the set does, by more than chance." in shown
    assert "In other words the same prompts pass less often, by more than chance." in shown
    assert "looked at the same put badly" in shown
    assert "no prompt of the demo has topic=b" in shown
    assert "`opening` 2026-11-12, by sales" in shown
    assert "\x1b" not in said.out
    assert (
        f"Next: judge by the set, not by the demo; read what fails there: shipworthy show {launch} --criterion right"
        in shown
    )


def test_each_wording_is_asked_once_for_each_time_and_what_is_there_is_not_asked_again(launch, ship):
    """4 wordings 3 times are 12 calls; 5 times are 8 more; the same again is none, and figures are the same."""
    ship("demo-check", launch, "--trust", "--times", 3)
    assert len(_asked(launch)) == 12
    first = ship("demo-check", launch, "--times", 5, "--format", "json").json
    assert len(_asked(launch)) == 20
    again = ship("demo-check", launch, "--times", 5, "--format", "json").json
    assert len(_asked(launch)) == 20
    assert first["compared"] == again["compared"]
    assert (
        ship("demo-check", launch, "--times", 3, "--format", "json").json["compared"][0]["shown"]["asked"]
        == 6
    )


def test_no_count_of_the_eval_set_and_no_verdict_changes_by_a_demo(launch, ship):
    """Before and after a demo check the canonical verdict, `show` and `compare`'s members are byte for byte the same."""
    ship("run", launch, "--trust")
    before = ship("decide", launch, "--canonical").out
    seen = ship("show", launch, "--format", "json").out

    assert ship("demo-check", launch, "--trust").code == 0

    assert ship("decide", launch, "--canonical").out == before
    assert ship("show", launch, "--format", "json").out == seen
    assert json.loads(before)["claims"][0]["planned"] == 30
    assert ship("verify", launch).code == 0


def test_a_demo_spends_no_case_and_takes_no_look(launch, ship):
    """Locked, demoed, run and decided: the plan holds, the look is the first, and the sealed counts are the sealed ones."""
    assert ship("lock", launch).code == 0
    assert ship("demo-check", launch, "--trust").code == 0
    ran = ship("run", launch, "--trust")
    verdict = ship("decide", launch, "--yes", "--format", "json").json

    assert "changed since it last ran" not in ran.out
    assert (verdict["look"], verdict["exploratory"]) == (1, False)
    assert sum(c["planned"] for c in verdict["claims"] if c["criterion"] == "right") == 20


def test_a_demo_check_before_a_look_prints_nothing_sealed(launch, ship):
    """Open cases are not run, sealed ones are: the set is called not recorded, and its 20 passes stand nowhere."""
    (launch / "evalset/cases.jsonl").write_text(_cases(0, 0, 20))
    ship("lock", launch)
    ship("run", launch, "--trust")
    said = ship("demo-check", launch, "--trust", "--format", "json").json

    assert [each["representative"] for each in said["compared"]] == [None]
    assert "write open cases that look like the traffic into evalset/" in said["next"]


def test_what_a_look_has_revealed_may_be_quoted(launch, ship):
    """With no open case at all the look's 20 of 20 stand beside the demo, once the look was taken."""
    (launch / "evalset/cases.jsonl").write_text(_cases(0, 0, 20))
    ship("lock", launch)
    ship("run", launch, "--trust")
    ship("decide", launch, "--yes")
    (compared,) = ship("demo-check", launch, "--trust", "--format", "json").json["compared"]

    assert compared["where"] == "look"
    assert (compared["representative"]["passed"], compared["representative"]["asked"]) == (20, 20)


def test_a_prompt_with_the_words_of_a_sealed_case_is_refused(launch, ship):
    """`good sealed 3` lies in the holdout: asking it in the open would tell how it goes."""
    (launch / "demo.yaml").write_text("- {id: leak, input: good sealed 3}\n")
    refused = ship("demo-check", launch, "--trust")

    assert refused.code == 3
    assert "has the words of the sealed case `s3`" in refused.err
    assert _asked(launch) == []


def test_an_eval_case_named_like_a_demo_prompt_is_another_case(launch, ship):
    """A case with the id and the words of a prompt keeps its own output: one planned, one recorded, one passed."""
    case = {"id": "demo:opening#0", "input": "a good question", "tags": {"topic": "a"}, "part": "explore"}
    (launch / "evalset/cases.jsonl").write_text(json.dumps(case) + "\n")
    said = ship("demo-check", launch, "--trust", "--format", "json").json
    assert said["also_cases"] == {"opening": "demo:opening#0"}
    assert said["compared"][0]["representative"] is None
    before = len(_asked(launch))

    ship("run", launch, "--trust")
    assert len(_asked(launch)) == before + 1  # the demo's answer is not taken for the case's
    (claim, *_) = [c for c in ship("decide", launch, "--format", "json").json["claims"] if c["planned"]]
    assert (claim["planned"], claim["passed"]) == (1, 1)


def test_verdict_and_memo_say_beside_themselves_that_the_demo_differs(launch, ship):
    """The note stands in the text, the Markdown, the envelope and the memo, with the command; the verdict has none."""
    ship("run", launch, "--trust")
    assert "Beside it" not in ship("decide", launch).out
    ship("demo-check", launch, "--trust")

    text = " ".join(ship("decide", launch).out.split())
    as_json = ship("decide", launch, "--format", "json").json
    ship("memo", launch)
    memo = " ".join((launch / "memo/rehearsal.md").read_text().split())

    wanted = "The demo looks better than the representative set, by more than chance, on the open cases"
    assert f"Beside it: {wanted}" in text
    assert f"Before it is shown again: shipworthy demo-check {launch}" in text
    assert wanted in as_json["envelope"]["asides"][0]
    assert not any("demo" in note for note in as_json["notes"] + as_json["reasons"])
    assert wanted in memo
    assert "as shown 20 of 20, reworded 10 of 20" in memo
    assert wanted in " ".join(ship("decide", launch, "--format", "markdown").out.split())


def test_a_slow_moment_of_a_demo_is_not_said_of_the_times_of_the_set(launch, ship):
    """The demo's run was half a second late; the launch claims a latency, and its notes do not mention it."""
    ship("run", launch, "--trust")
    ship("demo-check", launch, "--trust")
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as ledger:
        late = (
            "UPDATE journal SET body = json_set(body, '$.late_s', 0.5) WHERE verb = 'close' AND body LIKE ?"
        )
        assert ledger.execute(late, ('%"demo"%',)).rowcount == 1

    assert ship("decide", launch, "--format", "json").json["notes"] == []


def test_a_prompt_that_breaks_the_feature_counts_as_not_passed(launch, ship):
    """`breaks` raises every time: 0 of 4, four without answer, and the reason is shown without its colour."""
    (launch / "demo.yaml").write_text("- {id: b, input: breaks}\n")
    said = ship("demo-check", launch, "--trust", "--times", 4)

    assert "as shown 0 of 4" in said.out
    assert "as shown 4 no answer" in said.out
    assert "\x1b" not in said.out


def test_what_is_expected_can_be_written_later_and_scores_anew_without_asking(launch, ship):
    """The check reads `expected`; without it nothing is scored, and writing it asks nobody again."""
    (launch / "scorers.py").write_text(
        "def right(given, expected, output):\n    return output.startswith(expected['say'])\n"
    )
    (launch / "demo.yaml").write_text("- {id: a, input: a good question}\n")
    first = ship("demo-check", launch, "--trust", "--times", 3)
    assert "as shown 3 unscored" in first.out
    assert "write `expected:` under each prompt of demo.yaml" in " ".join(first.out.split())

    (launch / "demo.yaml").write_text("- {id: a, input: a good question, expected: {say: a good}}\n")
    assert "as shown 3 of 3" in ship("demo-check", launch, "--times", 3).out
    assert len(_asked(launch)) == 3


def test_mistakes_in_the_file_have_their_lines(launch, ship):
    """An unknown key, an id twice, the same words twice, an empty prompt: each with file, line and remedy."""
    (launch / "demo.yaml").write_text(
        "- id: a\n  input: hello\n  reworded: [x]\n- id: a\n  input: other\n- id: b\n  input: ' hello '\n- id: c\n  input: ''\n"
    )
    said = ship("check", launch)

    assert said.code == 3
    for line, words in (
        (3, "unknown key `reworded`"),
        (4, "the id `a` a second time"),
        (7, "the words of `a` once more"),
        (9, "input"),
    ):
        assert any(
            row.startswith(f"demo.yaml:{line}:") and words in row for row in (said.out + said.err).split("\n")
        ), (line, words)


def test_without_a_file_a_check_or_a_target_it_says_what_to_write(launch, ship):
    """No demo.yaml; a variant whose outcomes are imported; a number of times that no ledger holds."""
    (launch / "demo.yaml").unlink()
    missing = ship("demo-check", launch, "--trust")
    assert (missing.code, "rewordings: [" in missing.err) == (3, True)
    (launch / "demo.yaml").write_text(DEMO.lstrip())
    assert ship("demo-check", launch, "--trust", "--times", 0).code == 2
    (launch / "launch.yaml").write_text("candidate: new\nvariants: {new: {recorded: true}}\n")
    elsewhere = ship("demo-check", launch, "--trust")
    assert (elsewhere.code, "come from elsewhere" in elsewhere.err) == (3, True)


def test_the_sample_launch_s_random_variant_gives_a_demo_that_only_its_own_words_carry(tmp_path, ship):
    """Made, run and demo-checked as a newcomer would: the prompts pass far more often as shown than reworded."""
    sample = tmp_path / "sample"
    ship("init", sample, "--from", "sample")
    assert ship("run", sample, "--variant", "sampled", "--trust").code == 0
    said = ship("demo-check", sample, "--variant", "sampled", "--trust", "--format", "json").json
    first = next(each for each in said["compared"] if each["criterion"] == "right_policy")

    assert first["shown"]["passed"] / first["shown"]["asked"] > 0.7
    assert first["reworded"]["passed"] / first["reworded"]["asked"] < 0.5
    assert first["against_reworded"] == 1
    assert first["representative"]["times"] == 3
    assert 0 < first["representative"]["of"] - first["representative"]["alike"] < 877
    assert said["next"].startswith("write the rewordings that fail right_policy into evalset/")
