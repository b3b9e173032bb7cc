"""A column map is given once, saved with the launch, and used by its name."""

from __future__ import annotations

LAUNCH = """
title: Mapped
candidate: new
variants:
  new: {recorded: true}
"""
CRITERIA = """
- id: right
  bar: {at_least: 0.8}
  scorer: {recorded: correct}
"""
ODD = "qid;verdict\n".replace(";", ",") + "".join(f"q{i},{'yes' if i % 10 else 'no'}\n" for i in range(20))


def test_a_saved_map_reads_the_next_file_of_its_kind(folder, ship, tmp_path):
    """The second file needs only the map's name; both give 18 of 20."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(ODD.replace("q", f"{name}-q"))
    one = ("import", tmp_path / "one.csv", "--launch", launch, "--variant", "new", "--dry-run")

    unread = ship(*one)
    first = ship(*one[:-1], "--map", "case=one-qid,score.correct=verdict", "--save-map-as", "ours")
    (launch / "maps/ours.yaml").write_text(
        (launch / "maps/ours.yaml").read_text().replace("one-qid", "two-qid")
    )
    second = ship(
        "import", tmp_path / "two.csv", "--launch", launch, "--variant", "new", "--map", "ours", "--dry-run"
    )

    assert unread.code == 3
    assert "no column names the case; the columns are" in unread.err
    assert "score correct: 18 of 20 (mean 0.9)" in first.out
    assert "20 rows read: 0 would be kept, 20 dropped" in second.out  # its cases are not in the eval set
    assert "mean" not in second.out


def test_a_map_that_names_a_missing_column_is_refused(folder, ship, tmp_path):
    """The message names the column, and lists those there are."""
    launch = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    (tmp_path / "odd.csv").write_text(ODD)

    said = ship("import", tmp_path / "odd.csv", "--launch", launch, "--map", "case=id,score.correct=verdict")

    assert said.code == 3
    assert "'id', which is not there; the columns are" in said.err
