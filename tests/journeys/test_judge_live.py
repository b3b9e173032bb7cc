"""Judges that are really asked: pairs at a chat endpoint, and a program whose say decides until it is changed."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.journeys.remote import rows
from tests.server import Back, Call, completion

N_PAIRS = 40
LAUNCH = """
title: Does it state our policy?
candidate: new
variants: {new: {recorded: true}, old: {recorded: true}}
decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}
harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]
"""
CRITERIA = """
- id: right
  question: Does the answer state our policy?
  estimand: judged_rate
  bar: {at_least: 0.8, why: agents said so}
  scorer: {judge: policy}
  labels: {recorded: human, chosen: random}
"""
CHAT = """\
---
criterion: right
chat: {{url: "{url}/v1", model: m, key: JUDGE_KEY, max_tokens: 300}}
---
You know the policy of a shop.
"""
COMMAND = """\
---
criterion: right
command: {{run: ["{python}", "judge.py"]}}
---
You know the policy of a shop.
"""
PROGRAM = r'''"""Reads a message a line; passes what is right, but for what it overlooks and what it accuses."""
import json, re, sys

for line in sys.stdin:
    message = json.loads(line)["input"]
    mark = re.search(r"^The mark of this call is ([0-9a-f]+)\.$", message, re.MULTILINE)[1]
    shown = message.split(f"<<{mark} output begins>>\n")[1].split(f"\n<<{mark} output ends>>")[0]
    found = re.fullmatch(r"answer (\d+): (right|wrong)", shown)
    word = "fail"
    if found:
        number, right = int(found[1]), found[2] == "right"
        word = "pass" if right != (number % 25 == 7 if right else number % 45 == 0) else "fail"
    print(json.dumps({"output": {"rationale": "It was read.", "verdict": word}}), flush=True)
'''


def shown_in(call: Call) -> list[str]:
    """Return the outputs that stand between the marks of a message, in their order."""
    message = "\n".join(each["content"] for each in call.body["messages"])
    mark = re.search(r"^The mark of this call is ([0-9a-f]+)\.$", message, re.MULTILINE)[1]
    return re.findall(
        rf"<<{mark} [a-z ]*output begins>>\n(.*?)\n<<{mark} [a-z ]*output ends>>", message, re.DOTALL
    )


def said(word: str) -> Back:
    """Return a chat completion in the form that is asked for."""
    return Back(completion(json.dumps({"rationale": "Both were read.", "verdict": word})))


def steady(call: Call) -> Back:
    """Prefer the answer of `new` in whichever place, and what somebody made to what must fail."""
    first, second = shown_in(call)
    ranks = [("made by new" in text, "made by" in text) for text in (first, second)]
    return said("first" if ranks[0] > ranks[1] else "second")


def by_place(call: Call) -> Back:
    """Prefer what stands first, but for what must fail."""
    return said("first" if "made by" in shown_in(call)[0] else "second")


@pytest.fixture
def pairs(folder, ship, tmp_path, monkeypatch) -> Callable[[str], Path]:
    """Make a launch with forty pairs of outputs, and a judge at a chat endpoint."""

    def make(url: str) -> Path:
        monkeypatch.setenv("JUDGE_KEY", "key-of-many-letters")
        cases = "".join(
            json.dumps({"id": f"c{n}", "input": f"question {n}", "part": "explore"}) + "\n"
            for n in range(N_PAIRS)
        )
        made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, evalset__cases_jsonl=cases)
        (made / "judges").mkdir()
        (made / "judges/policy.md").write_text(CHAT.format(url=url))
        for variant in ("new", "old"):
            file = tmp_path / f"{variant}.csv"
            file.write_text(
                "case,output\n" + "".join(f"c{n},answer {n} made by {variant}\n" for n in range(N_PAIRS))
            )
            assert ship("import", file, "--launch", made, "--variant", variant).code == 0
        return made

    return make


@pytest.mark.parametrize(
    ("rule", "code", "words"),
    [
        (steady, 0, "of 40 steady pairs: new 40, old 0, ties 0; an impression from open cases, not a claim"),
        (by_place, 11, "policy: refused for pairs: it changed its mind on 40 of 40 pairs with their order"),
    ],
)
def test_pairs_at_a_chat_endpoint_are_asked_after_the_probes_and_in_both_orders(
    serve, ship, pairs, rule, code, words
):
    """Twenty calls with what must fail, then eighty with forty pairs: whether its preference is told depends on their order."""
    server = serve(rule)
    launch = pairs(server.url)

    done = ship("judge", "pairwise", launch, "policy", "--variants", "new", "old", "--trust", "--unpriced")

    assert done.code == code, done.out + done.err
    assert words in done.out
    assert ("steady pairs: new" in done.out) == (code == 0)
    made = [[text for text in shown_in(call) if "made by" in text] for call in server.calls]
    assert [len(texts) for texts in made] == [1] * 20 + [2] * 2 * N_PAIRS
    assert {tuple(texts) for texts in made[20:]} == {
        (f"answer {n} made by {one}", f"answer {n} made by {other}")
        for n in range(N_PAIRS)
        for one, other in (("new", "old"), ("old", "new"))
    }
    assert {(call.path, call.body["model"], call.headers["Authorization"]) for call in server.calls} == {
        ("/v1/chat/completions", "m", "Bearer key-of-many-letters")
    }
    assert rows(launch, "SELECT count(*) FROM intents JOIN receipts ON call_no = no WHERE state = 1") == [
        (20 + 2 * N_PAIRS,)
    ]
    assert b"key-of-many" not in (launch / ".shipworthy/ledger.db").read_bytes()


def test_a_judge_that_is_sent_a_key_and_says_it_does_not_get_it_written(serve, ship, pairs):
    """The endpoint puts the Authorization header into each rationale: forty are kept, and none with the key."""

    def telling(call: Call) -> Back:
        words = f"I was sent {call.headers['Authorization']}"
        word = "pass" if "made by" in shown_in(call)[0] else "fail"
        return Back(completion(json.dumps({"rationale": words, "verdict": word})))

    launch = pairs(serve(telling).url)

    ran = ship("judge", "run", launch, "--trust", "--unpriced", "--variant", "new")

    assert ran.code == 0, ran.out + ran.err
    assert rows(
        launch, "SELECT count(*) FROM explanations WHERE text LIKE '%I was sent Bearer [redacted]%'"
    ) == [(N_PAIRS,)]
    written = b"".join(path.read_bytes() for path in launch.rglob("*") if path.is_file())
    assert b"key-of-many" not in written + (ran.out + ran.err).encode()


def right(number: int) -> bool:
    """One answer in nine is wrong."""
    return number % 9 != 0


@pytest.fixture
def program(folder, ship, tmp_path) -> Path:
    """A launch whose judge is a program, accepted on 240 labelled outputs; locked, with 400 sealed outputs judged."""
    parts = ["calibrate"] * 240 + ["holdout"] * 400
    cases = [{"id": f"m-{n}", "input": f"question {n}", "part": part} for n, part in enumerate(parts, 1)]
    made = folder(
        launch_yaml=LAUNCH,
        criteria_yaml=CRITERIA,
        evalset__cases_jsonl="".join(json.dumps(row) + "\n" for row in cases),
    )
    (made / "judges").mkdir()
    (made / "judges/policy.md").write_text(COMMAND.format(python=sys.executable))
    (made / "judge.py").write_text(PROGRAM)

    def bring(name: str, numbers: range) -> None:
        texts = [f"m-{n},answer {n}: {'right' if right(n) else 'wrong'}\n" for n in numbers]
        (tmp_path / name).write_text("case,output\n" + "".join(texts))
        assert ship("import", tmp_path / name, "--launch", made, "--variant", "new").code == 0
        ran = ship("judge", "run", made, "--trust", "--unpriced", "--variant", "new")
        assert ran.code == 0, ran.out + ran.err

    bring("open.csv", range(1, 241))
    label(ship, made, tmp_path, range(1, 241))
    assert ship("judge", "calibrate", made, "policy", "--labels", "human").code == 0
    assert ship("lock", made).code == 0
    bring("sealed.csv", range(241, 641))
    return made


def label(ship: Callable, launch: Path, tmp_path: Path, numbers: range | list[int]) -> None:
    """Bring people's labels in."""
    (tmp_path / "labels.csv").write_text(
        "case,human\n" + "".join(f"m-{n},{int(right(n))}\n" for n in numbers)
    )
    assert ship("label", tmp_path / "labels.csv", "--launch", launch).code == 0


def test_labels_on_what_was_suggested_turn_the_verdict_of_a_judge_that_is_a_program(program, ship, tmp_path):
    """Judged and not labelled no look is taken, so none is spent; 150 sealed outputs that `judge suggest` draws, labelled, make it one."""
    table = tmp_path / "next.csv"
    copy = shutil.copytree(program, tmp_path / "unlabelled")
    before = ship("decide", copy, "--yes", "--format", "json")
    asked = ship("judge", "suggest", program, "policy", "--n", 150, "--to", table)
    assert asked.code == 0, asked.err
    drawn = [int(row["case"][2:]) for row in csv.DictReader(table.read_text().splitlines())]
    label(ship, program, tmp_path, drawn)

    after = ship("decide", program, "--yes", "--format", "json")

    assert before.code == 3
    assert "no person has labelled a sealed output" in before.err
    assert (len(set(drawn)), min(drawn) > 240) == (150, True)
    assert after.json["verdict"] == "ship", after.out
    assert not [note for note in after.json["notes"] if "taken on trust" in note], after.json["notes"]
    lower = after.json["claims"][0]["lower"]
    assert lower > 0.8


def test_labels_that_people_chose_are_told_from_drawn_ones_although_calibrate_cases_are_labelled_too(
    program, ship, tmp_path
):
    """240 calibrate labels and 150 sealed ones that nobody drew: the note counts the sealed ones, and only these."""
    label(ship, program, tmp_path, range(241, 391))

    notes = ship("decide", program, "--yes", "--format", "json").json["notes"]

    said = [re.search(r"right: (\d+) of 150 labels are not on the outputs that", note) for note in notes]
    found = [int(each[1]) for each in said if each]
    assert len(found) == 1, notes
    assert 50 <= found[0] <= 150


def test_a_changed_program_ends_its_calibration_and_the_ship_and_is_asked_again(program, ship, tmp_path):
    """One line more in judge.py: it has to be agreed to, nothing is known of it, 640 outputs wait; put back, it ships."""
    table = tmp_path / "next.csv"
    assert ship("judge", "suggest", program, "policy", "--n", 150, "--to", table).code == 0
    label(
        ship,
        program,
        tmp_path,
        [int(row["case"][2:]) for row in csv.DictReader(table.read_text().splitlines())],
    )
    (program / "judge.py").write_text(PROGRAM + "# kinder\n")

    refused = ship("judge", "run", program, "--unpriced")
    decided = ship("decide", program, "--format", "json")
    waiting = ship("judge", "run", program, "--dry-run", "--variant", "new")
    (program / "judge.py").write_text(PROGRAM)
    put_back = ship("decide", program, "--yes", "--format", "json")

    assert refused.code == 3
    assert "judge.py" in refused.err
    assert decided.json["verdict"] == "not yet"
    assert any("what was shown of it ended when" in reason for reason in decided.json["reasons"]), decided.out
    assert (
        "policy: 240 outputs to judge" in waiting.out
    )  # the plan is another one: nothing sealed is judged under it
    assert put_back.json["verdict"] == "ship", put_back.out
