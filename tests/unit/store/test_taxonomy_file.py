"""taxonomy.yaml in its two forms: a list of failure modes, or failure modes beside themes."""

from __future__ import annotations

import textwrap

import pytest

from shipworthy.domain.taxonomy import Control, FailureMode, active, counts_for
from shipworthy.store.taxonomy_file import modes_in, read_taxonomy
from shipworthy.store.yaml_file import YamlFile, parse_yaml


def read(text):
    """Return what was understood of a taxonomy and where each mistake is, with what was found."""
    problems: list = []
    file = parse_yaml(textwrap.dedent(text), YamlFile("taxonomy.yaml"))
    understood = read_taxonomy(file, problems)
    return understood, [(p.line, p.found) for p in sorted(problems)]


def test_a_list_is_a_list_of_failure_modes():
    """Today's form: one text stands for a list of one, plain words for a control of no kind."""
    understood, problems = read("""
        - id: invented-policy
          includes: a promise in passing
          excludes: ["a true rule in the wrong place"]
          controls: people read every draft
        """)
    assert problems == []
    mode = understood.modes[0]
    assert (mode.includes, mode.excludes) == (
        ["a promise in passing"],
        ["a true rule in the wrong place"],
    )
    assert mode.controls == [Control(what="people read every draft")]


def test_a_mapping_holds_failure_modes_and_themes():
    """Themes stand beside failure modes; ids of failure modes are found with their positions."""
    understood, problems = read("""
        failure_modes:
          - id: too-long
            name: Too long
            near_miss: ["long, but asked for"]
            examples: [doc-3, doc-7/2]
            detectable: at once
            controls:
              - {kind: detect, what: count words, tested_by: [doc-3]}
              - ask for fewer words
        themes:
          - id: copies-by-hand
            becomes: {not_now: two people of nine}
        """)
    assert problems == []
    assert [mode.id for mode in understood.modes] == ["too-long"]
    assert understood.modes[0].controls[0].kind == "detect"
    assert understood.positions == {"too-long": 0}
    assert [theme.id for theme in understood.themes] == ["copies-by-hand"]


def test_themes_alone_and_an_empty_file_are_no_mistake():
    """Nobody has to have found a failure mode yet."""
    assert read("themes: []")[0].modes == ()
    assert read("")[1] == read("failure_modes:\nthemes:\n")[1] == []


def test_mistakes_name_their_line_in_either_form():
    """A key that belongs elsewhere, a wrong word and an id that stands twice."""
    _, problems = read("""\
        failure_modes:
          - id: a
            detectable: sometimes
          - id: a
          - id: b
            controls:
              - kind: prevent
        theme: []
        """)
    assert problems == [
        (3, "`detectable: sometimes`"),
        (4, "the id `a` a second time"),
        (7, "no `what`"),
        (8, "the unknown key `theme`"),
    ]


def test_a_single_mode_without_its_dash_is_told_how_a_list_begins():
    """`id:` at the top is a failure mode that lost its dash."""
    problems: list = []
    read_taxonomy(parse_yaml("id: a\nname: A\n", YamlFile("taxonomy.yaml")), problems)
    assert {problem.remedy for problem in problems} == {"start each failure mode with `- id: …`"}


@pytest.mark.parametrize("key", ["parent", "merged_into", "split_from"])
def test_a_mode_leads_to_one_that_is_there_and_not_back(key):
    """A name that is not declared, and a circle, are said at their lines."""
    _, problems = read(f"""\
        - id: a
          {key}: b
        - id: b
          {key}: a
        - id: c
          {key}: d
        """)
    assert problems == [
        (2, f"`{key}: b`, which leads back to `a`"),
        (4, f"`{key}: a`, which leads back to `b`"),
        (6, "the failure mode `d`, which is not declared"),
    ]


def test_labels_of_a_merged_mode_count_for_the_last_of_the_chain():
    """a went into b, and b into c: all three count for c, which alone is still given."""
    modes = [
        FailureMode(id="a", merged_into="b"),
        FailureMode(id="b", merged_into="c"),
        FailureMode(id="c"),
        FailureMode(id="x", merged_into="y"),
        FailureMode(id="y", merged_into="x"),
    ]
    assert counts_for(modes) == {"a": "c", "b": "c", "c": "c", "x": "x", "y": "y"}
    assert [mode.id for mode in active(modes)] == ["c", "x", "y"]


def test_the_list_is_found_in_either_form():
    """Whoever changes the file finds the failure modes under their key or at the top."""
    assert modes_in([1]) == modes_in({"failure_modes": [1]}) == [1]
    assert modes_in({"themes": []}) is None
