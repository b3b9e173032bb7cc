"""A launch whose variant is a program: what goes wrong in it costs a case its answer, and is counted."""

from __future__ import annotations

import json
import sys

CRITERIA = """
- id: right
  bar: {at_least: 0.8}
  scorer: {check: equals}
"""
SCORERS = """
def equals(case_input, expected, output):
    return output == expected
"""
PROGRAM = """
import json, os, sys, time
for line in sys.stdin:
    case = json.loads(line)
    number = case["input"]
    if number == 3:
        sys.exit("ValueError: three is too much")
    if number == 5:
        time.sleep(60)
    if number == 7:
        print("thinking about seven", flush=True)
    print(json.dumps({"output": number * number}), flush=True)
"""


def test_a_program_that_dies_hangs_and_chatters_loses_those_three_cases_only(ship, folder):
    """Squares of 0 to 11: it dies over 3, hangs over 5, chatters over 7; the other nine are right, and none is mixed up."""
    launch = folder(
        launch_yaml=f"""
        title: Squares
        candidate: program
        variants:
          program: {{command: {{run: ["{sys.executable}", square.py]}}, limits: {{at_once: 2, timeout_s: 3}}}}
        """,
        criteria_yaml=CRITERIA,
        scorers_py=SCORERS,
        square_py=PROGRAM,
    )
    (launch / "evalset").mkdir()
    cases = ({"id": f"c-{n}", "input": n, "expected": n * n, "part": "explore"} for n in range(12))
    (launch / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))

    ran = ship("run", launch, "--trust")
    verdict = ship("decide", launch, "--format", "json").json

    assert "program: 9 answered, 3 no answer" in ran.out + ran.err
    (claim,) = verdict["claims"]
    assert (claim["planned"], claim["passed"], claim["failed"], claim["no_answer"]) == (12, 9, 0, 3)


def test_a_program_that_changed_after_it_was_agreed_to_is_asked_about_again(tmp_path, ship):
    """A shell script is code too: changing one line of it ends the agreement."""
    folder = tmp_path / "launch"
    (folder / "evalset").mkdir(parents=True)
    (folder / "launch.yaml").write_text(
        "candidate: new\nvariants: {new: {command: {run: [sh, desk.sh], protocol: once}}}\n"
    )
    (folder / "criteria.yaml").write_text("[]\n")
    (folder / "evalset/cases.jsonl").write_text('{"id": "a", "input": "x"}\n')
    (folder / "desk.sh").write_text("cat > /dev/null; echo '\"yes\"'\n")
    assert ship("run", folder, "--trust").code == 0

    (folder / "desk.sh").write_text("cat > /dev/null; echo '\"no\"'\n")
    refused = ship("run", folder)

    assert refused.code != 0
    assert "has not been agreed to" in refused.err
    assert "desk.sh" in refused.err
