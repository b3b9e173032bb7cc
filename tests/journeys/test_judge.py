"""A model judges, people label some outputs, and the verdict holds for just as long as the judge stays the one it was."""

from __future__ import annotations

import asyncio
import csv
import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import web

LAUNCH = """
title: Does it state our policy?
candidate: new
variants:
  new: {recorded: true}
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
JUDGE = """\
---
criterion: right
http: {{url: "{url}"}}
{more}---
You know the policy of a shop. {prompt}
"""
CALIBRATE, HOLDOUT = 120, 400


class Judge:
    """A judge behind HTTP whose logic is code: it reads only what stands between the marks.

    It misses one bad answer in five and accuses one good answer in twenty-five. What it does beyond that is set by a test.
    """

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[str] = []
        self.rule: Callable[[str], object] = sensible

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one message."""
        message = (await request.json())["input"]
        self.seen.append(message)
        said = self.rule(message)
        if isinstance(said, web.Response):
            return said
        return web.json_response(said)


def output_in(message: str) -> str:
    """Return what stands between the marks of a message."""
    mark = re.search(r"^The mark of this call is ([0-9a-f]+)\.$", message, re.MULTILINE)[1]
    return message.split(f"<<{mark} output begins>>\n")[1].split(f"\n<<{mark} output ends>>", maxsplit=1)[0]


def verdict(word: str) -> dict[str, str]:
    """Return an answer in the form that is asked for."""
    return {"rationale": "The answer was read.", "verdict": word}


def sensible(message: str) -> object:
    """Pass what names the policy, but for what it overlooks."""
    found = re.fullmatch(r"answer (\d+): (right|wrong)", output_in(message))
    if not found:
        return verdict("fail")
    number, right = int(found[1]), found[2] == "right"
    mistaken = number % 25 == 7 if right else number % 45 == 0
    return verdict("pass" if right != mistaken else "fail")


@pytest.fixture
def judge() -> Iterator[Judge]:
    """Serve a judge on the loopback address."""
    made = Judge()
    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def serve() -> web.AppRunner:
        app = web.Application(client_max_size=10**7)
        app.router.add_post("/", made.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        made.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
        return runner

    def run() -> None:
        asyncio.set_event_loop(loop)
        runner = loop.run_until_complete(serve())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(10)
    yield made
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


def right(number: int) -> bool:
    """One answer in nine is wrong."""
    return number % 9 != 0


def text(number: int) -> str:
    """Return the answer to one case."""
    return f"answer {number}: {'right' if right(number) else 'wrong'}"


@pytest.fixture
def prepared(folder, ship, tmp_path, judge) -> Path:
    """A launch with a judge, and the outputs of its calibrate cases imported."""
    parts = ["calibrate"] * CALIBRATE * 2 + ["holdout"] * HOLDOUT
    rows = [
        {
            "id": f"m-{n}",
            "input": f"question {n}",
            "part": part,
            "tags": {"sentinel": "yes"} if n <= 100 else {},
        }
        for n, part in enumerate(parts, start=1)
    ]
    made = folder(
        launch_yaml=LAUNCH,
        criteria_yaml=CRITERIA,
        evalset__cases_jsonl="".join(json.dumps(row) + "\n" for row in rows),
    )
    write_judge(made, judge)
    bring(ship, made, tmp_path, range(1, 2 * CALIBRATE + 1), "open")
    return made


def write_judge(launch: Path, judge: Judge, prompt: str = "Be fair.", more: str = "") -> None:
    """Write judges/policy.md."""
    (launch / "judges").mkdir(exist_ok=True)
    (launch / "judges/policy.md").write_text(JUDGE.format(url=judge.url, prompt=prompt, more=more))


def bring(ship, launch: Path, tmp_path: Path, numbers: range, name: str) -> None:
    """Import outputs."""
    file = tmp_path / f"{name}.csv"
    file.write_text("case,output\n" + "".join(f"m-{n},{text(n)}\n" for n in numbers))
    said = ship("import", file, "--launch", launch, "--variant", "new")
    assert said.code == 0, said.err


def label(ship, launch: Path, tmp_path: Path, numbers: list[int], name: str = "labels") -> None:
    """Bring labels in."""
    file = tmp_path / f"{name}.csv"
    file.write_text("case,human\n" + "".join(f"m-{n},{int(right(n))}\n" for n in numbers))
    said = ship("label", file, "--launch", launch)
    assert said.code == 0, said.err


def run(ship, launch: Path, *more: object):
    """Let the judge judge."""
    return ship("judge", "run", launch, "--trust", "--unpriced", *more)


@pytest.fixture
def calibrated(prepared, ship, tmp_path, judge) -> Path:
    """The judge has judged 240 calibrate outputs, all labelled, and was accepted."""
    run(ship, prepared)
    label(ship, prepared, tmp_path, list(range(1, 2 * CALIBRATE + 1)), "calibrate")
    said = ship("judge", "calibrate", prepared, "policy", "--labels", "human")
    assert said.code == 0, said.out + said.err
    return prepared


@pytest.fixture
def shipped(calibrated, ship, tmp_path) -> Path:
    """Locked, judged on the holdout, and a hundred of its outputs labelled by the draw."""
    assert ship("lock", calibrated).code == 0
    bring(ship, calibrated, tmp_path, range(2 * CALIBRATE + 1, 2 * CALIBRATE + HOLDOUT + 1), "sealed")
    assert run(ship, calibrated).code == 0
    table = tmp_path / "to-label.csv"
    assert ship("label", table, "--launch", calibrated, "--draw", 150).code == 0
    drawn = [int(row["case"][2:]) for row in csv.DictReader(table.read_text().splitlines())]
    label(ship, calibrated, tmp_path, drawn)
    return calibrated


def test_a_judge_that_people_have_checked_ships_what_is_good_enough(shipped, ship):
    """Nine of ten answers are right; the judge reads 400, people 150, and the bar is 80 of 100."""
    said = ship("decide", shipped, "--format", "json")

    claim = said.json["claims"][0]
    assert said.json["verdict"] == "ship"
    assert claim["judge"]["labels"] == 150
    assert 0.8 <= claim["lower"] < 8 / 9 < claim["upper"]
    assert ship("verify", shipped).code == 0


def test_a_changed_prompt_ends_the_calibration_and_the_ship(shipped, ship, judge):
    """Three words more in judges/policy.md are another judge: nothing is known of it, and it can be put back."""
    before = ship("decide", shipped, "--format", "json").json["verdict"]
    write_judge(shipped, judge, "Be fair. Look twice now.")
    after = ship("decide", shipped, "--format", "json")
    reasons = " ".join(after.json["reasons"])
    write_judge(shipped, judge)

    assert (before, after.json["verdict"], after.code) == ("ship", "not yet", 11)
    assert "the folder is not what was locked: series.right" in reasons
    assert "what was shown of it ended when its prompt, its model or its criterion changed" in reasons
    assert "`shipworthy judge calibrate launch policy --labels human`" in reasons
    assert ship("decide", shipped, "--format", "json").json["verdict"] == "ship"


def test_limits_that_were_raised_after_a_calibration_are_held_against_it_again(shipped, ship, judge):
    """It was shown to catch 60 of 100 failures; the file asks for 80 now, which its calibration does not show."""
    before = ship("decide", shipped, "--format", "json").json["verdict"]
    write_judge(shipped, judge, more="accept: {catches: 0.8, accuses: 0.3}\n")
    raised = ship("decide", shipped, "--format", "json")
    held = ship("judge", "calibrate", shipped, "policy", "--labels", "human")
    write_judge(shipped, judge)
    put_back = ship("decide", shipped, "--format", "json").json["verdict"]

    assert (before, raised.json["verdict"], held.code, put_back) == ("ship", "not yet", 11, "not yet")
    assert "its limits were others before: catches 0.6, accuses 0.3" in held.out
    assert "it was held against other limits than `accept` in judges/policy.md states now" in " ".join(
        raised.json["reasons"]
    )


def test_a_judge_that_was_changed_before_the_lock_has_no_calibration_either(
    calibrated, ship, judge, tmp_path
):
    """Calibrated, then reworded, then locked and run: no look is taken, the holdout stays sealed."""
    write_judge(calibrated, judge, "Be fair. Look twice now.")
    ship("lock", calibrated)
    bring(ship, calibrated, tmp_path, range(2 * CALIBRATE + 1, 2 * CALIBRATE + HOLDOUT + 1), "sealed")
    run(ship, calibrated)

    said = ship("decide", calibrated, "--format", "json", "--yes")

    assert said.json["verdict"] == "not yet"
    assert said.json["reasons"][0].startswith("the judge has not been shown to be worth anything: policy")
    assert "what was shown of it ended when" in said.json["reasons"][0]
    assert said.json["look"] == 0


def test_a_judge_without_a_calibration_decides_nothing(prepared, ship, tmp_path):
    """Everything is judged and labelled but the calibrate cases: not yet, with the command that is missing."""
    ship("lock", prepared)
    bring(ship, prepared, tmp_path, range(2 * CALIBRATE + 1, 2 * CALIBRATE + HOLDOUT + 1), "sealed")
    run(ship, prepared)
    label(ship, prepared, tmp_path, list(range(2 * CALIBRATE + 1, 2 * CALIBRATE + 200)))

    said = ship("decide", prepared)

    assert said.code == 11
    assert "it was never calibrated as it is" in " ".join(said.out.split())
    assert "Label outputs of calibrate cases" in " ".join(said.out.split())


def test_labelling_until_a_judge_is_accepted_is_told(prepared, ship, tmp_path):
    """Forty labels, then two hundred more: each look at them has its own chance to accept; the same look again has none."""
    run(ship, prepared)
    said = []
    for last in (40, 2 * CALIBRATE, 2 * CALIBRATE):
        label(ship, prepared, tmp_path, list(range(1, last + 1)), "calibrate")
        said.append(ship("judge", "calibrate", prepared, "policy", "--labels", "human"))

    assert [each.code for each in said] == [11, 0, 0]
    assert ["while they grew" in each.out for each in said] == [False, True, True]
    assert "held against these labels 2 times" in said[2].out


def test_what_a_calibration_says(calibrated, ship):
    """Counts first, as of 100 failures; agreement only beside what a judge that passes everything would reach."""
    said = ship("judge", "calibrate", calibrated, "policy", "--labels", "human")

    assert said.out.splitlines()[:2] == [
        "policy: accepted: its verdicts may count, corrected by labels on the outputs that decide",
        "of 100 real failures it catches 81 (could be as few as 63; 21 of 26 labelled); at least 60 of 100 must be shown",
    ]
    assert re.search(r"a judge that passes everything would agree on 214 of 240", said.out)


def test_a_second_run_asks_only_what_is_missing(prepared, judge, ship):
    """240 outputs and ten probes; then nothing."""
    first = run(ship, prepared)
    asked = len(judge.seen)
    second = run(ship, prepared)

    assert first.out.splitlines() == [
        "policy: 240 outputs of new judged",
        "policy: failed all 10 outputs that must fail",
    ]
    assert (asked, len(judge.seen)) == (250, 250)
    assert "policy: 0 outputs of new judged" in second.out


def test_calls_that_fail_leave_their_outputs_for_the_next_run(prepared, judge, ship):
    """A server that is broken for every third output: what it did not judge has no score, and is asked again."""
    write_judge(prepared, judge, more="limits: {attempts: 1}\n")
    judge.rule = lambda m: (
        web.Response(status=503) if re.search(r"answer \d*[036]:", output_in(m)) else sensible(m)
    )
    first = run(ship, prepared)
    judge.rule = sensible
    second = run(ship, prepared)

    judged = [int(re.search(r"(\d+) outputs of new judged", said.out)[1]) for said in (first, second)]
    assert first.code == 1
    assert "calls failed; run again to go on" in first.out
    assert sum(judged) == 240
    assert judged[1] > 0
    assert second.code == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"verdict": "pass"}, "the judge's object has the keys 'verdict', not rationale and verdict"),
        ("pass", "the judge did not answer with a JSON object"),
        ({"rationale": "x", "verdict": "PASS"}, "the judge's verdict is none of pass, fail, unknown"),
        (
            {"rationale": "No policy is known.", "verdict": "unknown"},
            "the judge could not say: No policy is known.",
        ),
    ],
)
def test_what_cannot_be_read_is_unscored_with_the_reason_and_never_a_pass(prepared, judge, ship, said, words):
    """The judge answers so about every output: no score has a value, and its words are kept."""
    judge.rule = lambda m: said if output_in(m).startswith("answer") else verdict("fail")
    run(ship, prepared)

    values, explained = scored(prepared)

    assert values == [None] * 240
    assert all(words in each for each in explained)


def scored(launch: Path) -> tuple[list[float | None], list[str]]:
    """Return every value and every explanation of the judge, read from the ledger by plain SQL."""
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(launch / ".shipworthy/ledger.db") as ledger:
        values = [row[0] for row in ledger.execute("SELECT value FROM scores ORDER BY case_no")]
        words = [row[0] for row in ledger.execute("SELECT text FROM explanations ORDER BY case_no")]
    ledger.close()
    return values, words


def test_a_judge_that_does_as_it_is_told_is_suspended_and_decides_nothing(shipped, ship, judge):
    """The model behind the address changes and follows orders: the next batch's probes end its say."""
    assert ship("decide", shipped, "--format", "json").json["verdict"] == "ship"
    judge.rule = lambda m: verdict("pass") if "pass" in output_in(m).lower() else sensible(m)
    write_judge(shipped, judge, more="sentinels: human\n")

    said = run(ship, shipped)
    after = ship("decide", shipped, "--format", "json")

    assert said.code == 11
    assert re.search(r"policy: passed \d+ of 10 outputs that must fail: ", said.out)
    assert after.json["verdict"] == "not yet"
    assert after.json["reasons"][0].startswith("the judge is suspended: policy, because it passed")
    assert ship("verify", shipped).code == 0


def test_a_judge_that_has_become_worse_on_its_sentinels_is_suspended(shipped, ship, judge):
    """A hundred labelled outputs are judged again in every run; one that loses ten points on them is out."""
    write_judge(shipped, judge, more="sentinels: human\n")
    steady = run(ship, shipped)
    judge.rule = lambda m: (
        verdict("fail") if re.search(r"answer \d*[02]0?: right", output_in(m)) else sensible(m)
    )
    drifted = run(ship, shipped)

    assert steady.code == 0
    assert "of 100 sentinel outputs it agreed with people on" in steady.out
    assert "(0 for the worse, 0 for the better)" in steady.out
    assert drifted.code == 11
    assert "suspended, it has changed: of 100 sentinel outputs" in drifted.out
    assert ship("decide", shipped, "--format", "json").json["verdict"] == "not yet"


def more_calibrate_cases(ship, launch: Path, tmp_path: Path, numbers: range) -> None:
    """Add calibrate cases with their outputs, let the judge judge them, and label them."""
    with (launch / "evalset/cases.jsonl").open("a") as file:
        for n in numbers:
            file.write(json.dumps({"id": f"m-{n}", "input": f"question {n}", "part": "calibrate"}) + "\n")
    bring(ship, launch, tmp_path, numbers, "more")
    run(ship, launch)
    label(ship, launch, tmp_path, list(numbers), "more-labels")


@pytest.mark.parametrize(
    ("later", "code", "state", "verdict_then"),
    [("sensible", 0, "accepted", "ship"), ("blind", 11, "refused", "not yet")],
)
def test_a_judge_suspended_by_its_sentinels_counts_again_by_what_it_judged_since_and_by_nothing_else(
    shipped, ship, judge, tmp_path, later, code, state, verdict_then
):
    """A false alarm: labels from before end nothing, 240 new ones do; a judge that is blind by now stays out."""
    write_judge(shipped, judge, more="sentinels: human\n")
    judge.rule = lambda m: (
        verdict("fail") if re.search(r"answer \d*[02]0?: right", output_in(m)) else sensible(m)
    )
    alarm = run(ship, shipped)
    judge.rule = (
        sensible
        if later == "sensible"
        else lambda m: verdict(
            "pass" if re.fullmatch(r"answer 1\d\d\d: \w+", output_in(m)) else sensible(m)["verdict"]
        )
    )
    calibrate = ("judge", "calibrate", shipped, "policy", "--labels", "human")

    before = ship(*calibrate)
    more_calibrate_cases(ship, shipped, tmp_path, range(1001, 1241))
    after = ship(*calibrate)

    assert "add calibrate cases, let it judge their outputs, label them" in alarm.out
    assert before.code == 11
    assert "suspended all the same: it has changed" in before.out
    assert "counted: what it judged since" not in before.out
    assert after.code == code, after.out
    assert f"policy: {state}" in after.out
    assert "counted: what it judged since its sentinels showed a change, and nothing before" in after.out
    assert ship("decide", shipped, "--format", "json").json["verdict"] == verdict_then
    assert ship("verify", shipped).code == 0


def test_a_judge_that_passed_what_must_fail_stays_out_whatever_it_is_calibrated_on(
    shipped, ship, judge, tmp_path
):
    """It followed an order once: 240 new labels that it agrees with change nothing; another `version` is another judge."""
    judge.rule = lambda m: verdict("pass") if "pass" in output_in(m).lower() else sensible(m)
    write_judge(shipped, judge, more="sentinels: human\n")
    run(ship, shipped)
    judge.rule = sensible
    more_calibrate_cases(ship, shipped, tmp_path, range(1001, 1241))
    calibrate = ("judge", "calibrate", shipped, "policy", "--labels", "human")

    still = ship(*calibrate)
    write_judge(shipped, judge, more="version: second\n")
    anew = run(ship, shipped)
    other = ship(*calibrate)

    assert still.code == 11
    assert "suspended all the same: it passed" in still.out
    assert "change its prompt, model or `version` in judges/policy.md" in still.out
    assert anew.code == 0, anew.out
    assert other.code == 0, other.out
    assert "policy: accepted" in other.out


def test_a_run_shows_what_it_would_cost_and_asks_nothing(prepared, judge, ship):
    """--dry-run names outputs, probes and the price of both, from the dated list."""
    priced = "price_list: {as_of: 2026-11-25, models: {house: {call: 0.01}}}\n"
    (prepared / "launch.yaml").write_text(LAUNCH + priced)
    write_judge(prepared, judge, more="price: house\n")

    said = ship("judge", "run", prepared, "--dry-run")

    assert said.out == "policy: 240 outputs to judge, 10 probes first; about 2.5000 USD\n"
    assert judge.seen == []


def test_what_a_run_would_cost_counts_the_sentinels_that_are_judged_again(shipped, judge, ship):
    """All is judged, and a hundred sentinels are wanted: ten probes and a hundred calls are foreseen, and are made."""
    priced = "price_list: {as_of: 2026-11-25, models: {house: {call: 0.01}}}\n"
    (shipped / "launch.yaml").write_text((shipped / "launch.yaml").read_text() + priced)
    write_judge(shipped, judge, more="price: house\nsentinels: human\n")
    before = len(judge.seen)

    foreseen = ship("judge", "run", shipped, "--dry-run")
    assert len(judge.seen) == before
    done = ship("judge", "run", shipped, "--trust")

    assert foreseen.out == (
        "policy: 0 outputs to judge, 10 probes first, then 100 sentinels again; about 1.1000 USD\n"
    )
    assert len(judge.seen) == before + 110
    assert "policy: at most 1.1000 USD" in done.out


def test_a_cap_on_money_ends_the_run_and_the_rest_is_left(prepared, judge, ship):
    """At a cent a call and a cap of 99.5 cents 99 calls are made: ten probes, 89 outputs."""
    priced = "price_list: {as_of: 2026-11-25, models: {house: {call: 0.01}}}\n"
    (prepared / "launch.yaml").write_text(LAUNCH + priced)
    write_judge(prepared, judge, more="price: house\n")

    said = ship("judge", "run", prepared, "--trust", "--max-cost", "0.995")

    assert said.code == 1
    assert "policy: 89 outputs of new judged" in said.out
    assert "policy: stopped, the next call may cost 0.0100 USD" in said.out
    assert len(judge.seen) == 99


def test_nothing_is_said_of_how_sealed_outputs_were_judged(shipped, ship):
    """Neither `judge run` nor the draw of labels prints a count that depends on verdicts on the holdout."""
    said = run(ship, shipped)

    assert said.out == "policy: 0 outputs of new judged\n"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("criterion: right\n", "judges/policy.md:1: found no front matter"),
        (
            "---\ncriterion: right\nmodel: x:y\n---\n",
            "judges/policy.md:4: found nothing below the front matter",
        ),
        ("---\ncriterion: left\nmodel: x:y\n---\nGo.\n", "which is not declared; expected one of right"),
        ("---\ncriterion: right\n---\nGo.\n", "expected one of chat, http, command, model"),
        (
            "---\ncriterion: right\nmodel: x:y\nmodle: z\n---\nGo.\n",
            "judges/policy.md:4:1: found the unknown key `modle`",
        ),
        (
            "---\ncriterion: right\nmodel: x:y\nexamples: [m-1, m-300, m-999]\n---\nGo.\n",
            "the case `m-300`, which is of part holdout",
        ),
        (
            "---\ncriterion: right\nchat: {url: 'http://x/v1', model: m, system: Pass.}\n---\nGo.\n",
            "the text below the front matter is what the judge is told",
        ),
        ("---\ncriterion: [right\n---\nGo.\n", "judges/policy.md:"),
    ],
)
def test_mistakes_in_a_judge_are_named_with_their_line(prepared, ship, file, message):
    """`check` says what is wrong with judges/policy.md and where."""
    (prepared / "judges/policy.md").write_text(file)

    said = ship("check", prepared)

    assert said.code == 3
    assert message in said.out + said.err


def test_a_judge_alone_is_never_a_claim(prepared, ship):
    """`estimand: rate` with a judge would be its own rate, uncorrected."""
    (prepared / "criteria.yaml").write_text(
        "- {id: right, bar: {at_least: 0.8}, scorer: {judge: policy}}\n- {id: other, bar: {at_least: 0.8}, "
        "estimand: judged_rate, labels: {recorded: human, chosen: random}, scorer: {judge: nobody}}\n"
    )

    said = ship("check", prepared)

    assert "what a judge says by itself is never a claim" in said.out + said.err
    assert "there is no judges/nobody.md" in said.out + said.err


def test_a_judge_that_is_shown_what_is_expected_judges_a_corrected_case_again(
    prepared, ship, judge, tmp_path
):
    """240 outputs are judged beside what is expected of them; then that of one is corrected: one is judged again."""
    file = prepared / "evalset/cases.jsonl"
    cases = [json.loads(line) | {"expected": "our policy"} for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps(case) + "\n" for case in cases))
    write_judge(prepared, judge, more="sees: [input, expected]\n")
    first = run(ship, prepared)
    seen = [output_in(message) for message in judge.seen]
    file.write_text(file.read_text().replace("our policy", "our new policy", 1))
    judge.seen.clear()

    again = run(ship, prepared)

    assert (first.code, again.code) == (0, 0), again.err
    assert sum(said.startswith("answer ") for said in seen) == 240
    judged = [message for message in judge.seen if output_in(message).startswith("answer ")]
    assert len(judged) == 1
    assert "our new policy" in judged[0]
    assert ship("verify", prepared).code == 0


def test_verdicts_on_values_that_were_corrected_since_admit_no_judge(prepared, ship, judge, tmp_path):
    """What is expected of one of 240 labelled outputs is corrected: calibrated again once that one is judged again."""
    file = prepared / "evalset/cases.jsonl"
    cases = [json.loads(line) | {"expected": "our policy"} for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps(case) + "\n" for case in cases))
    write_judge(prepared, judge, more="sees: [input, expected]\n")
    run(ship, prepared)
    label(ship, prepared, tmp_path, list(range(1, 2 * CALIBRATE + 1)), "calibrate")
    file.write_text(file.read_text().replace("our policy", "our new policy", 1))

    stale = ship("judge", "calibrate", prepared, "policy", "--labels", "human")
    run(ship, prepared)
    fresh = ship("judge", "calibrate", prepared, "policy", "--labels", "human")

    assert (stale.code, fresh.code) == (3, 0)
    assert "a score rests on values of cases that were corrected since (`right`, case `m-1`)" in stale.err
    assert "run `shipworthy judge run`" in stale.err


def test_a_changed_receipt_of_a_judge_is_found(prepared, ship):
    """240 outputs and the probes were asked about; one of these calls is said to have cost a dollar more."""
    run(ship, prepared)
    assert ship("verify", prepared).code == 0
    with sqlite3.connect(prepared / ".shipworthy/ledger.db") as connection:
        connection.execute("UPDATE receipts SET cost_high = cost_high + 1 WHERE call_no = 100")

    verified = ship("verify", prepared)

    assert verified.code != 0
    assert "the calls of judge:policy@" in verified.out + verified.err


def test_a_judge_that_was_refused_on_the_candidate_is_not_admitted_by_another_variant(
    prepared, ship, judge, tmp_path
):
    """It accuses whatever `new` says and is right about `old`: accepted there, it decides nothing about `new`."""
    launch = prepared / "launch.yaml"
    variants = "  new: {recorded: true}\n"
    launch.write_text(launch.read_text().replace(variants, f"{variants}  old: {{recorded: true}}\n"))
    numbers = range(1, 2 * CALIBRATE + 1)
    file = tmp_path / "old.csv"
    file.write_text("case,output\n" + "".join(f"m-{n},old {text(n)}\n" for n in numbers))
    assert ship("import", file, "--launch", prepared, "--variant", "old").code == 0
    judge.rule = lambda m: verdict("pass" if re.fullmatch(r"old answer \d+: right", output_in(m)) else "fail")
    run(ship, prepared)
    states = []
    for variant in ("new", "old"):
        file.write_text("case,human\n" + "".join(f"m-{n},{int(right(n))}\n" for n in numbers))
        assert ship("label", file, "--launch", prepared, "--variant", variant).code == 0
        held = ship("judge", "calibrate", prepared, "policy", "--labels", "human", "--variant", variant)
        states.append(held.out.split(":")[1].strip())

    reasons = " ".join(ship("decide", prepared, "--format", "json").json["reasons"])

    assert states == ["refused", "accepted"]
    assert (
        "its calibration on outputs of new by the labels human refused it, and no other lifts that" in reasons
    )


def test_a_judge_that_one_set_of_labels_refused_is_not_admitted_by_another(calibrated, ship, tmp_path):
    """Accepted by `human`, refused by `strict`, who fails half of what it passes: it decides nothing until `strict` is heard again."""
    file = tmp_path / "strict.csv"
    numbers = range(1, 2 * CALIBRATE + 1)
    file.write_text("case,strict\n" + "".join(f"m-{n},{int(right(n) and n % 2 == 0)}\n" for n in numbers))
    assert ship("label", file, "--launch", calibrated, "--name", "strict").code == 0
    states = []
    for labels in ("strict", "human"):
        held = ship("judge", "calibrate", calibrated, "policy", "--labels", labels)
        states.append(held.out.split(":")[1].strip())

    reasons = " ".join(ship("decide", calibrated, "--format", "json").json["reasons"])

    assert states == ["refused", "accepted"]
    assert "by the labels strict refused it, and no other lifts that" in reasons
