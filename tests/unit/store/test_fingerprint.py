"""Fingerprints change with every file that can change what a launch runs."""

from __future__ import annotations

import pytest

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.judge import JudgeFile, JudgeHead
from shipworthy.domain.launch import Variant
from shipworthy.store.check_version import CheckVersions
from shipworthy.store.fingerprint import feature_files, variant_fingerprint
from shipworthy.store.judge_fingerprint import judge_fingerprint
from shipworthy.store.layout import Layout
from shipworthy.store.trust import code_sha

CHECK = "from lib.norm import norm\n\n\ndef right(given, expected, output):\n    return norm(output) == expected\n"


@pytest.fixture
def linked(folder, tmp_path):
    """A launch whose check and feature import a package that lies behind a link to a folder."""
    package = tmp_path / "shared/lib"
    package.mkdir(parents=True)
    (package / "norm.py").write_text("def norm(text):\n    return text\n")
    made = folder(scorers_py=CHECK, feature_py="from lib.norm import norm\n")
    (made / "lib").symlink_to(package)
    return made, package / "norm.py"


@pytest.mark.parametrize(
    "name",
    [
        lambda layout: CheckVersions(layout).of("right"),
        lambda layout: variant_fingerprint(layout, Variant(python="feature:answer")),
        code_sha,
    ],
)
def test_code_behind_a_link_to_a_folder_counts(linked, name):
    """Python imports through the link, so a change there is another check, another variant, and code to agree to."""
    made, module = linked
    before = name(Layout(made))
    module.write_text("def norm(text):\n    return 'no'\n")

    assert name(Layout(made)) != before


def test_links_that_lead_in_circles_are_walked_once(folder):
    """A link to the folder that it lies in, and two folders with links to each other."""
    made = folder(feature_py="", a__one_py="", b__two_py="")
    (made / "a/up").symlink_to(made)
    (made / "a/b").symlink_to(made / "b")
    (made / "b/a").symlink_to(made / "a")

    found = [str(path.relative_to(made)) for path in feature_files(Layout(made))]

    assert found == ["a/b/two.py", "a/one.py", "b/a/one.py", "b/two.py", "feature.py"]


def test_many_links_to_each_other_are_walked_in_a_moment(folder):
    """Twelve folders, each with a link to every other: 144 ways in, and not one for every order of the twelve."""
    made = folder(feature_py="")
    for name in range(12):
        (made / f"d{name:02}").mkdir()
        (made / f"d{name:02}" / "code.py").write_text("")
    for name in range(12):
        for other in range(12):
            if other != name:
                (made / f"d{name:02}" / f"to{other:02}").symlink_to(made / f"d{other:02}")

    assert 13 <= len(feature_files(Layout(made))) <= 13 + 144


PROGRAM = """
from rubric.words import kind
prompt = open("prompt.txt").read()
print(prompt, kind())
"""


def judged_by(made, *run):
    """Return the fingerprint of a judge that is a program of a launch folder."""
    head = JudgeHead(criterion="right", command={"run": list(run)})
    criterion = Criterion(id="right", bar={"at_least": 0.5}, scorer={"recorded": "x"})
    return judge_fingerprint(Layout(made), JudgeFile("policy", head, "Be fair."), criterion, "1")


@pytest.mark.parametrize("run", [("python", "judge.py"), ("python", "-m", "judge")])
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("judge.py", True),
        ("rubric/words.py", True),
        ("rubric/__init__.py", True),
        ("rubric/list.json", True),
        ("prompt.txt", True),
        ("judges/few-shots.txt", True),
        ("feature.py", False),
        ("outcomes.csv", False),
        ("judges/other.md", False),
    ],
)
def test_what_a_judge_that_is_a_program_calls_by_name_belongs_to_it(folder, run, name, counts):
    """Its module, the prompt it reads, and what those read in turn: a change of any is another judge."""
    made = folder(judge_py=PROGRAM)
    files = {
        "rubric/words.py": 'open("rubric/list.json")\nopen("judges/few-shots.txt")\n', "rubric/__init__.py": "",
        "rubric/list.json": "[]", "prompt.txt": "Be fair.", "judges/few-shots.txt": "", "feature.py": "",
        "outcomes.csv": "", "judges/other.md": "",
    }  # fmt: skip
    for each, text in files.items():
        (made / each).parent.mkdir(exist_ok=True)
        (made / each).write_text(text)
    before = judged_by(made, *run)
    (made / name).write_text((made / name).read_text() + "\n# kinder")

    assert (judged_by(made, *run) != before) is counts
