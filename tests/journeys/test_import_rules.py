"""What an import refuses while it can still be mended, and what its receipt keeps to itself."""

from __future__ import annotations


def test_what_is_dropped_or_not_yet_in_the_eval_set_shows_no_score(launch, ship, tmp_path):
    """A file of cases that are not in the eval set may be the next holdout: no import tells how it went."""
    rows = "".join(f"new-{i},1\n" for i in range(20)) + "explore-1,1\n"
    (tmp_path / "next.csv").write_text("case,passed\n" + rows)
    bring = ("import", tmp_path / "next.csv", "--launch", launch, "--variant", "new")

    rehearsed, done = ship(*bring, "--dry-run"), ship(*bring)

    assert "score passed: 1 of 1 " in rehearsed.out
    assert "score passed: 1 of 1 " in done.out


def test_sealed_outcomes_without_the_score_that_decides_are_refused(launch, ship, tmp_path):
    """Found at the import, while the holdout is unspent, with the scores there are; nothing of the file stays."""
    rows = "".join(f"holdout-{i},1\n" for i in range(200))
    (tmp_path / "other.csv").write_text("case,reward\n" + rows)
    ship("lock", launch)

    said = ship("import", tmp_path / "other.csv", "--launch", launch, "--variant", "new")

    assert said.code == 3
    assert "reads the score `passed`, which this file does not have" in said.err
    assert "this one has: reward" in said.err
    assert "0 runs" in ship("verify", launch).out


def test_a_variant_that_is_not_declared_is_refused(launch, outcomes, ship):
    """A slip of the pen in a name would be kept for ever."""
    said = ship("import", outcomes("explore", 60), "--launch", launch, "--variant", "nwe")

    assert said.code == 3
    assert "the variant `nwe` is not declared in launch.yaml; declared: `new`, `old`, `other`" in said.err


def test_a_file_of_which_nothing_can_be_used_is_refused(launch, ship, tmp_path):
    """All rows dropped is no success: exit code 3, with the reason and what to do."""
    (tmp_path / "typo.csv").write_text("case,passed\nexplroe-1,1\nexplroe-2,1\n")

    said = ship("import", tmp_path / "typo.csv", "--launch", launch, "--variant", "new")

    assert said.code == 3
    assert "none of its 2 rows could be used: 2 because its case is not in the eval set" in said.err
