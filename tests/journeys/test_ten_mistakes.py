"""A person who made ten mistakes sees ten problems, once each, at the right lines."""

from __future__ import annotations


def test_ten_planted_mistakes_give_ten_problems_each_on_its_line_in_one_run(folder, ship):
    """Unknown key, wrong type, duplicate id, bar out of range, missing slice, tab, broken line, no id, circle, no file."""
    launch = folder(
        launch_yaml="""
            title: Inbox
            gaol: Answers that are right
            baseline: rules
            candidate: retrieval
            variants:
              rules: {python: "feature:rules"}
              retrieval: {like: sampled}
              sampled: {like: retrieval}
              remote: {python: "gone:answer"}
            error: five per cent
            slices:
              topic: {by: topic, shares: {orders: 1.0}, scope: true}
            """,
        feature_py="""
            def rules(message):
                return message
            """,
        scorers_py="""
            def right(given, expected, output):
                return output == expected
            """,
        criteria_yaml="""
            - id: right
              bar: {at_least: 0.8}
              scorer: {check: right}
            - id: right
              bar: {at_least: 0.9}
              scorer: {check: right}
            - id: brief
              bar: {at_least: 80}
              scorer: {check: right}
            - id: kind
              bar: {at_least: 0.7}
              slices: [spanish]
              scorer: {check: right}
            """,
        taxonomy_yaml="""
            - id: invented
            \tname: States a policy we do not have
            """,
        evalset__cases_jsonl="""
            {"id": "a", "input": "Where is my parcel?", "tags": {"topic": "orders"}}
            {"id": "b", "input": "Where is it?", "tags": {"topic": "orders"}
            {"input": "Hello?", "tags": {"topic": "orders"}}
            """,
    )

    said = ship("check", launch)

    places = [line.split(": found")[0] for line in said.out.splitlines()]
    assert said.code == 3
    assert places == [
        "criteria.yaml:4:3",  # the id `right` a second time
        "criteria.yaml:8:3",  # a bar of 80
        "criteria.yaml:12:12",  # the slice `spanish`
        "evalset/cases.jsonl:2",  # not JSON
        "evalset/cases.jsonl:3",  # no id
        "launch.yaml:2:1",  # gaol
        "launch.yaml:7:15",  # retrieval and sampled go in a circle
        "launch.yaml:9:12",  # gone.py
        "launch.yaml:10:1",  # error: five per cent
        "taxonomy.yaml:2:1",  # a tab
    ]
    assert "did you mean `goal`?" in said.out
    assert "indent with spaces, not tabs" in said.out


def test_a_fresh_launch_of_either_kind_loads_without_problems(tmp_path, ship):
    """What `init` writes passes `check`, so the first minute is not spent on mending."""
    for template in ("blank", "sample"):
        made = tmp_path / template

        assert ship("init", made, "--from", template).code == 0
        assert ship("check", made).code == 0


def test_init_overwrites_nothing(tmp_path, ship):
    """A folder with something in it is left as it is."""
    (tmp_path / "mine.txt").write_text("mine")

    said = ship("init", tmp_path)

    assert said.code == 3
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
