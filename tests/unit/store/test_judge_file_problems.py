"""Mistakes in judges/NAME.md are found when the folder is read, each at its line and with its remedy."""

from __future__ import annotations

import json

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.store.judge_key import judge_key
from shipworthy.store.layout import Layout
from shipworthy.store.read import read_launch

CRITERIA = """\
- id: right
  bar: {at_least: 0.8}
  estimand: judged_rate
  scorer: {judge: policy}
  labels: {recorded: human, chosen: random}
"""
GOOD = "---\ncriterion: right\nmodel: x:y\n---\nYou know a shop.\n"


@pytest.fixture
def launch(folder):
    """Return what makes a launch with one judge, and reads it."""

    def make(text, name="policy", criteria=CRITERIA):
        cases = [
            {"id": "c1", "input": "a", "part": "calibrate", "expected": "yes"},
            {"id": "c2", "input": "b", "part": "calibrate"},
            {"id": "c3", "input": "c", "part": "holdout", "expected": "yes"},
        ]
        made = folder(
            launch_yaml="title: x\ncandidate: new\nvariants: {new: {recorded: true}}\n",
            criteria_yaml=criteria,
            evalset__cases_jsonl="".join(json.dumps(case) + "\n" for case in cases),
        )
        (made / "judges").mkdir()
        (made / f"judges/{name}.md").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_launch(made)

    return make


def head(*lines):
    """Return a judge's file whose further lines of front matter begin at line 4."""
    return "\n".join(["---", "criterion: right", "model: x:y", *lines, "---", "You know a shop.", ""])


def test_a_judge_without_mistakes_is_read_with_its_prompt(launch):
    """Front matter, prompt and the example that may be shown."""
    found = launch(head("examples: [c1]"))
    (judge,) = found.judges

    assert not found.problems
    assert (judge.name, judge.prompt, [case.id for case in judge.shown]) == (
        "policy",
        "You know a shop.",
        ["c1"],
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("You know a shop.\n", 1, "no front matter"),
        ("---\ncriterion: right\nmodel: x:y\nYou know a shop.\n", 1, "no front matter"),
        ("", 1, "no front matter"),
        ("---\ncriterion: right\nmodel: x:y\n---\n \n", 4, "nothing below the front matter"),
        ("---\ncriterion: left\nmodel: x:y\n---\nGo.\n", 2, "the criterion `left`, which is not declared"),
        ("---\nmodel: x:y\n---\nGo.\n", None, "criterion"),
        ("---\ncriterion: right\nmodel: x:y\ncommand: {run: [a]}\n---\nGo.\n", None, "one of chat, http, command, model"),
        (head("modle: z"), 4, "the unknown key `modle`"),
        (head("sees: [label]"), 4, "'input' or 'expected'"),
        (head("version: v", "temperature: 9"), 5, "less than or equal to 5"),
        (head("accept: {catches: 0.2, accuses: 0.3}"), 4, "`catches` above `accuses`"),
        (head("accept: {catches: 1.5}"), 4, "less than 1"),
        (head("flips: 0"), 4, "greater than 0"),
        (head("examples:", "  - c1", "  - c2"), 6, "the case `c2`, which has no `expected`"),
        (head("examples: [c3]"), 4, "the case `c3`, which is of part holdout"),
        (head("examples: [gone]"), 4, "the case `gone`, which is not in the eval set"),
        ("---\ncriterion: right\nchat: {url: 'http://x/v1', model: m}\nmax_tokens: 5\n---\nGo.\n", None, "`max_tokens`"),
        ("---\ncriterion: [right\n---\nGo.\n", None, "judges/policy.md"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_problem_at_its_line_with_a_remedy(launch, text, line, said):
    """One mistake, one problem of judges/policy.md that names it."""
    found = [each for each in launch(text).problems if said in str(each) or said in each.found]

    assert found, [str(each) for each in launch(text).problems]
    assert found[0].file == "judges/policy.md"
    assert found[0].remedy
    assert line is None or found[0].line == line


@pytest.mark.parametrize("text", [b"\xff\xfe", b"---\ncriterion: right\0\n---\nGo.\n"])
def test_a_judge_that_is_no_text_is_a_problem_and_not_a_crash(launch, text):
    """Bytes that are no UTF-8, and a NUL."""
    found = launch(text)

    assert found.judges == ()
    assert [each.file for each in found.problems if each.file == "judges/policy.md"]


def test_a_name_that_could_be_anything_is_refused(launch):
    """`Po licy.md` could not be named in criteria.yaml nor in a series."""
    found = launch(GOOD, name="Po licy")

    assert "the name `Po licy`" in " ".join(str(each) for each in found.problems)
    assert found.judges == ()


def test_a_criterion_that_names_no_judge_or_anothers_is_told_so(launch):
    """`scorer: {judge: other}` has no file; a judge of another criterion is not this one's."""
    gone = launch(GOOD, criteria=CRITERIA.replace("policy", "other"))

    assert "there is no judges/other.md" in " ".join(str(each) for each in gone.problems)


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    """32 bytes, the same the second time, mode 600 in a folder of mode 700."""
    layout = Layout(tmp_path)
    key = judge_key(layout)

    assert (len(key), judge_key(layout)) == (32, key)
    assert layout.judge_key.stat().st_mode & 0o777 == 0o600
    assert layout.private.stat().st_mode & 0o777 == 0o700
    assert judge_key(Layout(tmp_path / "other")) != key


def test_a_key_that_is_none_is_refused_with_the_way_out(tmp_path):
    """A file cut short to five bytes is no secret."""
    layout = Layout(tmp_path)
    judge_key(layout)
    layout.judge_key.write_bytes(b"short")

    with pytest.raises(BadInput) as caught:
        judge_key(layout)
    assert "has 5 bytes, not 32" in str(caught.value)
    assert "remove the file" in (caught.value.remedy or "")
