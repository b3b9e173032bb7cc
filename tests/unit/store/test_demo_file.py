"""Reading demo.yaml: what was shown, and every mistake with its line."""

from __future__ import annotations

import pytest

from shipworthy.store.fingerprint import feature_files
from shipworthy.store.layout import Layout
from shipworthy.store.read import read_launch

LAUNCH = "candidate: new\nvariants: {new: {recorded: true}}\n"


def _problems(folder, text):
    made = folder(launch_yaml=LAUNCH, demo_yaml=text)
    return made, [(p.file, p.line, p.found, p.remedy) for p in read_launch(made).problems]


def test_a_prompt_is_read_with_all_that_was_written(folder):
    """Numbers, lists and dates come as a case of the eval set would hold them."""
    made = folder(
        launch_yaml=LAUNCH,
        demo_yaml="""
        - id: a
          input: {day: 2026-11-12, 3: [x, 1.5]}
          expected: 2026-01-01
          shown_at: 2026-11-12
          by: sales
          tags: {topic: orders}
          rewordings: [hello]
        """,
    )
    reading = read_launch(made)
    (prompt,) = reading.demo

    assert reading.problems == ()
    assert prompt.wordings == ({"day": "2026-11-12", "3": ["x", 1.5]}, "hello")
    assert (prompt.expected, str(prompt.shown_at), prompt.by) == ("2026-01-01", "2026-11-12", "sales")


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("- id: a\n  input: hello\n  say: x\n", 3, "the unknown key `say`"),
        ("- id: a\n", 1, "no `input`"),
        ("- id: A b\n  input: x\n", 1, "`id: A b`"),
        ("- id: a\n  input: x\n  rewordings: [y, '']\n", 3, "`rewordings`"),
        ("- id: a\n  input: x\n  tags: {n: 3}\n", 3, "`n: 3`"),
        ("- id: a\n  input: !!set {x, y}\n", 2, "`input`"),
        ("- id: a\n  input: x\n- id: a\n  input: y\n", 3, "the id `a` a second time"),
        (
            "- id: a\n  input: x\n- id: b\n  input: y\n  rewordings: [' x ']\n",
            5,
            "the words of `a` once more",
        ),
        ("a: b\n", 1, "keys at the top"),
        ("- id: 'a\n", 2, "found unexpected end of stream"),
    ],
)
def test_each_mistake_has_its_line_and_a_remedy(folder, text, line, found):
    """One mistake, one line, one way to mend it; nothing is raised."""
    _, problems = _problems(folder, text)

    assert [(file, at, found in what, bool(remedy)) for file, at, what, remedy in problems] == [
        ("demo.yaml", line, True, True)
    ]


def test_no_file_is_no_mistake_and_a_file_is_not_the_feature_s(folder):
    """Writing demo.yaml must not turn a locked variant into another one."""
    made, problems = _problems(folder, "- {id: a, input: x}\n")
    assert problems == []
    assert feature_files(Layout(made)) == []
    (made / "demo.yaml").unlink()
    assert (read_launch(made).demo, read_launch(made).problems) == ((), ())
