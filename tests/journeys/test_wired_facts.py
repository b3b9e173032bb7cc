"""What the product records changes what the coach says: reading lets a ship through, a call comes back, words are told."""

from __future__ import annotations

import json


def test_a_ship_is_held_back_until_thirty_open_outputs_were_read(launch, outcomes, tmp_path, ship):
    """Forty texts of open cases and no label block a ship with exit code 11; 29 labels still do; the 30th lets it through."""
    texts = tmp_path / "texts.csv"
    texts.write_text("case,output,passed\n" + "".join(f"explore-{i},answer {i},1\n" for i in range(40)))
    ship("import", texts, "--launch", launch, "--variant", "new")
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")

    def decided(labels: int) -> tuple[int, list[str]]:
        rows = [
            {"case": f"explore-{i}", "variant": "new", "reviewer": "ann", "state": "pass"}
            for i in range(labels)
        ]
        file = tmp_path / f"labels-{labels}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        if rows:
            assert ship("look", "import", launch, file).code == 0
        said = ship("decide", launch, "--yes", "--format", "json")
        return said.code, [name.split()[0] for name in said.json["blocked_by"]]

    first = decided(0)
    step = ship("next", launch).out
    after = [decided(29), decided(30)]

    assert first == (11, ["FLR-01"])
    assert step.startswith("Read first: Read outputs, one note each")
    assert "0 of 30 outputs read" in step
    assert after == [(11, ["FLR-01"]), (0, [])]


def test_the_memo_tells_which_words_claim_too_much_and_prints_no_sealed_count_of_failures(
    launch, outcomes, tmp_path, ship
):
    """A goal that is *probably* reached is named with its place; one of 30 open outputs read failed, and the memo says so."""
    (launch / "launch.yaml").write_text(
        (launch / "launch.yaml").read_text() + "goal: It is probably right.\n"
    )
    (launch / "taxonomy.yaml").write_text("- {id: late, name: Too late, definition: an old date}\n")
    texts = tmp_path / "texts.csv"
    texts.write_text("case,output,passed\n" + "".join(f"explore-{i},answer {i},1\n" for i in range(40)))
    ship("import", texts, "--launch", launch, "--variant", "new")
    rows = [{"case": f"explore-{i}", "variant": "new", "reviewer": "ann", "state": "pass"} for i in range(29)]
    rows.append(
        {"case": "explore-29", "variant": "new", "reviewer": "ann", "state": "fail", "modes": ["late"]}  # type: ignore[dict-item]
    )
    file = tmp_path / "labels.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ship("look", "import", launch, file)
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")

    said = ship("memo", launch, "--yes")

    assert "wording: launch.yaml goal: `probably`: write how many of 100" in said.err
    assert "Too late 1 of 30 read (for example case explore-29)" in (launch / "memo/memo.md").read_text()


def test_labels_given_before_a_criterion_was_worded_anew_are_named(launch, tmp_path, ship):
    """Six labels, then another `fail`: those six are old, and two given since are not; under the first words it is those two."""
    criteria = launch / "criteria.yaml"
    texts, file = tmp_path / "texts.csv", tmp_path / "labels.jsonl"
    texts.write_text("case,output,passed\n" + "".join(f"explore-{i},answer {i},1\n" for i in range(40)))
    ship("import", texts, "--launch", launch, "--variant", "new")

    def worded(fail: str) -> None:
        criteria.write_text(criteria.read_text().split("  fail:")[0] + f"  fail: {fail}\n")

    def label(*cases: int) -> None:
        row = {"variant": "new", "reviewer": "ann", "criterion": "right", "state": "pass"}
        file.write_text("".join(json.dumps(row | {"case": f"explore-{i}"}) + "\n" for i in cases))
        assert ship("look", "import", launch, file).code == 0

    def old() -> list[str]:
        asked = ship("pressure-test", launch, "--format", "json").json["challenges"]
        return [each["saw"] for each in asked if each["id"] == "CRT-11"]

    worded("an old date")
    label(*range(6))
    at_first = old()
    worded("an  old\n    date")  # the same words, set otherwise
    set_otherwise = old()
    worded("a date of last year")
    then = old()
    label(6, 7)
    with_two_more = old()
    worded("an old date")

    assert (at_first, set_otherwise) == ([], [])
    assert then == ["given under another wording (right: 6 labels)"]
    assert with_two_more == then
    assert old() == ["given under another wording (right: 2 labels)"]
