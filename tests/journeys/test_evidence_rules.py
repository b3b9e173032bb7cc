"""The integrity of the product: what no command may bypass."""

from __future__ import annotations

import pytest

CRITERIA = """
- id: right
  bar: {at_least: 0.8, why: agents said so}
  hoped_for: 0.95
  scorer: {recorded: passed}
"""


def test_without_a_locked_plan_nothing_ships_and_the_rehearsal_says_what_it_would_be(launch, outcomes, ship):
    """Sixty passes on open cases: not yet, would be ship, exit code 11."""
    ship("import", outcomes("explore", 60), "--launch", launch, "--variant", "new")

    said = ship("decide", launch, "--format", "json")

    assert said.code == 11
    assert (said.json["verdict"], said.json["would_be"], said.json["exploratory"]) == (
        "not yet",
        "ship",
        True,
    )


def test_outcomes_of_sealed_cases_are_refused_before_the_lock(launch, outcomes, ship):
    """Nobody can look first and lock afterwards."""
    said = ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")

    assert said.code == 3
    assert "run `shipworthy lock` first" in said.err


def test_cases_that_no_slice_of_the_partition_covers_are_found_before_the_lock(launch, ship):
    """A topic without a share would be judged by nobody; the lock is refused and the tag is named."""
    with (launch / "evalset/cases.jsonl").open("a") as file:
        file.write('{"id": "stray", "tags": {"topic": "c"}, "part": "holdout"}\n')

    said = ship("lock", launch)

    assert said.code == 3
    assert "cases whose `topic` is `c`" in said.err


def test_a_holdout_that_was_burnt_cannot_be_locked(launch, outcomes, ship):
    """Outcomes recorded before the lock stay exploration for ever."""
    ship("import", outcomes("holdout", 10), "--launch", launch, "--variant", "new", "--burn-holdout")

    said = ship("lock", launch)

    assert said.code == 3
    assert "10 holdout cases, or others with the same input, have outcomes already" in said.err


def test_a_locked_plan_with_outcomes_that_hold_everywhere_ships(launch, outcomes, ship):
    """Exit code 0, every claim holds, and every count adds up to what was planned."""
    ship("lock", launch)
    ship(
        "import",
        outcomes("holdout", 200, fails=lambda i: i % 50 == 0),
        "--launch",
        launch,
        "--variant",
        "new",
    )

    said = ship("decide", launch, "--format", "json")

    assert said.code == 0
    assert said.json["scope"]["traffic_share"] == 1.0
    for claim in said.json["claims"]:
        assert claim["state"] == "holds"
        assert (
            claim["planned"]
            == claim["passed"] + claim["failed"] + claim["unscored"] + claim["no_answer"]
            == 100
        )


def test_a_slice_that_does_not_hold_is_left_out_with_its_share(launch, outcomes, ship):
    """Good on a, bad on b: ship narrower, 70 of 100 of the traffic, exit code 10."""
    ship("lock", launch)
    ship(
        "import",
        outcomes("holdout", 200, fails=lambda i: i % 2 == 1 and i % 3 != 0),
        "--launch",
        launch,
        "--variant",
        "new",
    )

    said = ship("decide", launch, "--format", "json")

    assert said.code == 10
    assert said.json["scope"]["included"] == ["topic=a"]
    assert said.json["scope"]["excluded"][0]["slice"] == "topic=b"
    assert said.json["scope"]["traffic_share"] == 0.7


def test_what_is_bad_everywhere_does_not_ship(launch, outcomes, ship):
    """Half of the answers are wrong in every slice: do not ship, exit code 12."""
    ship("lock", launch)
    ship(
        "import", outcomes("holdout", 200, fails=lambda i: i % 4 < 2), "--launch", launch, "--variant", "new"
    )

    assert ship("decide", launch).code == 12


def test_too_few_cases_give_not_yet_with_a_price(folder, ship, tmp_path):
    """Ten passes of ten are not shown to be 80 of 100; the price names cases and the rate it assumes."""
    launch = folder(
        launch_yaml="title: Few\ncandidate: new\nvariants:\n  new: {recorded: true}\n", criteria_yaml=CRITERIA
    )
    (launch / "evalset").mkdir()
    (launch / "evalset/cases.jsonl").write_text(
        "".join(f'{{"id": "holdout-{i}", "part": "holdout"}}\n' for i in range(10))
    )
    (tmp_path / "few.csv").write_text("case,passed\n" + "".join(f"holdout-{i},1\n" for i in range(10)))
    ship("lock", launch)
    ship("import", tmp_path / "few.csv", "--launch", launch, "--variant", "new")

    said = ship("decide", launch, "--format", "json")

    assert said.code == 11
    assert said.json["claims"][0]["state"] == "not shown"
    assert said.json["claims"][0]["more_needed"]["cases"] > 10
    assert said.json["claims"][0]["more_needed"]["assuming"] == 0.95


@pytest.mark.parametrize(
    ("file", "before", "after", "named"),
    [
        ("criteria.yaml", "0.8", "0.7", "criteria.right"),
        ("launch.yaml", "candidate: new", "candidate: other", "candidate"),
        ("launch.yaml", "{a: 0.7, b: 0.3}", "{a: 0.6, b: 0.4}", "slices.topic"),
        (
            "evalset/cases.jsonl",
            '"holdout-7", "tags": {"topic": "b"}',
            '"holdout-7", "tags": {"topic": "a"}',
            "cases",
        ),
        ("launch.yaml", "title: Rules", "title: Rules\nerror: 0.1", "error"),
    ],
)
def test_a_plan_that_was_changed_after_the_lock_explores_and_the_change_is_named(
    launch, outcomes, ship, file, before, after, named
):
    """Lowering the bar, or anything else, after the fact never ships."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")
    path = launch / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))

    said = ship("decide", launch, "--format", "json")

    assert said.code == 11
    assert any(
        reason.startswith(f"the folder is not what was locked: {named}") for reason in said.json["reasons"]
    )


def test_a_comment_or_a_title_changes_no_plan(launch, outcomes, ship):
    """What does not decide may be edited freely."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")
    for file in ("launch.yaml", "criteria.yaml"):
        path = launch / file
        path.write_text("# a remark\n" + path.read_text().replace("title: Rules", "title: Another title"))

    assert ship("decide", launch).code == 0


def test_a_look_is_written_down_once_and_asking_again_is_free(launch, outcomes, ship):
    """The journal grows by one event at the first reveal; afterwards the same bytes come back."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")
    first = ship("decide", launch, "--format", "json")
    second = ship("decide", launch, "--format", "json")

    assert "opening the holdout: look 1 at 200 of 200 groups" in first.err
    assert second.err == ""
    assert first.json["envelope"]["journal_head"] == second.json["envelope"]["journal_head"]


def test_planned_outputs_that_were_never_recorded_are_not_overlooked(launch, outcomes, ship):
    """With 190 of 200 there, deciding is refused; on request the missing ten count against the feature."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 190), "--launch", launch, "--variant", "new")

    refused = ship("decide", launch)
    counted = ship("decide", launch, "--missing-as-no-answer", "--format", "json")

    assert refused.code == 3
    assert "10 of the planned outputs on the holdout were never recorded" in refused.err
    assert sum(claim["no_answer"] for claim in counted.json["claims"]) == 10


def test_the_first_answer_counts(launch, outcomes, ship):
    """A second file with better answers for the same cases changes no byte of the verdict."""
    ship("lock", launch)
    ship(
        "import", outcomes("holdout", 200, fails=lambda i: i % 4 < 2), "--launch", launch, "--variant", "new"
    )
    before = ship("decide", launch, "--canonical").out

    receipt = ship("import", outcomes("holdout", 200, name="again"), "--launch", launch, "--variant", "new")

    assert "200 had an earlier answer: the first one counts" in receipt.out
    assert ship("decide", launch, "--canonical").out == before


def test_errors_are_kept_apart_from_failures_and_both_count_against_the_feature(launch, ship, tmp_path):
    """A time-out is no answer and an empty score is unscored; neither is a pass, and neither is hidden."""
    rows = [
        f"holdout-{i},{1 if i >= 20 else 0 if i >= 15 else ''},{'timeout' if i < 10 else ''}\n"
        for i in range(200)
    ]
    (tmp_path / "mixed.csv").write_text("case,passed,error\n" + "".join(rows))
    ship("lock", launch)

    receipt = ship("import", tmp_path / "mixed.csv", "--launch", launch, "--variant", "new")
    claims = ship("decide", launch, "--format", "json").json["claims"]

    assert "no answer" not in receipt.out  # sealed: how they went is not shown before a look
    assert "unscored" not in receipt.out
    counts = [sum(claim[name] for claim in claims) for name in ("passed", "failed", "unscored", "no_answer")]
    assert counts == [180, 5, 5, 10]


def test_a_check_that_breaks_on_everything_spends_no_holdout(folder, ship):
    """A check with the wrong number of parameters is a mistake in scorers.py, said before anything is scored."""
    launch = folder(
        launch_yaml='title: Broken\ncandidate: new\nvariants:\n  new: {python: "feature:answer"}\n',
        criteria_yaml="- id: right\n  bar: {at_least: 0.8}\n  scorer: {check: right}\n",
        feature_py="def answer(given):\n    return given\n",
        scorers_py="def right(output):\n    return True\n",
        evalset__cases_jsonl='{"id": "a", "input": 1}\n{"id": "b", "input": 2}\n',
    )

    said = ship("run", launch, "--trust")

    assert said.code == 3
    assert "the check `right` raised on every output: TypeError" in said.err


def test_a_rehearsal_never_replaces_the_memo_of_a_verdict(launch, outcomes, ship):
    """After the bar was changed the page that was defended is still there; the rehearsal has its own name."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")
    ship("memo", launch)
    defended = (launch / "memo/memo.md").read_text()
    (launch / "criteria.yaml").write_text(CRITERIA.replace("0.8", "0.7"))

    ship("memo", launch)

    assert (launch / "memo/memo.md").read_text() == defended
    assert (launch / "memo/rehearsal.md").exists()


def test_repeats_that_the_candidate_does_not_have_are_found_before_the_lock(launch, ship):
    """All of four repeats with one repeat of each case could never be shown."""
    steady = (
        "- id: steady\n  estimand: all_of_k\n  k: 4\n  bar: {at_least: 0.5}\n  scorer: {recorded: passed}\n"
    )
    (launch / "criteria.yaml").write_text(CRITERIA.lstrip() + steady)

    said = ship("check", launch)

    assert said.code == 3
    assert "criteria.yaml:7:3: found `k: 4`, and the candidate `new` has 1 of each case" in said.out


def test_a_changed_row_of_the_ledger_is_found(launch, outcomes, ship):
    """Whoever turns a failure into a pass in the database is found out by `verify`."""
    import sqlite3  # noqa: PLC0415 - only this test tampers

    ship("lock", launch)
    ship("import", outcomes("holdout", 200, fails=lambda i: i < 50), "--launch", launch, "--variant", "new")
    assert ship("verify", launch).code == 0
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as connection:
        connection.execute("UPDATE scores SET value = 1 WHERE value = 0")

    said = ship("verify", launch)

    assert said.code == 3
    assert "the outputs or scores of run 1 are not those that were closed" in said.out


def test_a_criterion_with_an_error_of_its_own_is_tested_more_strictly(launch, outcomes, ship):
    """What must not happen gets `error: 0.005`: the bounds of that criterion alone are drawn so much lower."""
    (launch / "criteria.yaml").write_text(
        CRITERIA
        + "- {id: harmless, kind: guardrail, severity: unacceptable, error: 0.005, bar: {at_least: 0.9}, "
        "scorer: {recorded: passed}}\n"
    )
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")

    claims = ship("decide", launch, "--format", "json").json["claims"]

    assert {(c["criterion"], c["level"], round(c["lower"], 3)) for c in claims} == {
        ("right", 0.95, 0.97),
        ("harmless", 0.995, 0.948),
    }


def test_a_criterion_may_not_be_more_lenient_than_the_plan(launch, ship):
    """An own error above the plan's is a problem, on its line."""
    (launch / "criteria.yaml").write_text(CRITERIA.replace("  hoped_for", "  error: 0.1\n  hoped_for"))

    said = ship("check", launch)

    assert said.code == 3
    assert "`error: 0.1`, and the plan accepts 0.05" in said.out + said.err
