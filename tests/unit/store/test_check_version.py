"""The version of a check changes with everything that it can depend on, and rather too often than too seldom."""

from __future__ import annotations

import subprocess
import sys

import pytest

from shipworthy.domain.criteria import Scorer
from shipworthy.store.check_version import CheckVersions
from shipworthy.store.declared import declared_version
from shipworthy.store.layout import Layout

BASE = '''"""Checks."""
from __future__ import annotations
import re

WORDS = ("refund", "voucher")
PATTERN = re.compile("a+")


def right(case_input, expected, output):
    return _clean(output) == expected


def polite(case_input, expected, output):
    return "please" in output


def _clean(text):
    return PATTERN.sub("", text)


@staticmethod
def _marked(text):
    return text
'''


def version(folder, source, name="right", **files):
    """Return the version of a check in a folder with these files."""
    made = folder(scorers_py="", **files)
    (made / "scorers.py").write_text(source)
    return CheckVersions(Layout(made)).of(name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"please" in output', '"thanks" in output'),
        ("def polite", "def kind"),
        ("def polite(case_input, expected, output):\n    return", "def polite(a, b, c):\n    # why\n    return"),
        ("\n\n\ndef polite", "\n\n\n\n\ndef polite"),
    ],
)  # fmt: skip
def test_another_check_may_change_without_touching_this_one(folder, old, new):
    """`right` does not mention `polite`; what `polite` says is its own."""
    assert old in BASE
    assert version(folder, BASE.replace(old, new)) == version(folder, BASE)
    assert (
        version(folder, BASE.replace(old, new), "polite") != version(folder, BASE, "polite") or "\n\n" in new
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("== expected", "!= expected"),
        ('PATTERN.sub("", text)', 'PATTERN.sub(" ", text)'),
        ('"a+"', '"b+"'),
        ('("refund", "voucher")', '("refund",)'),
        ("import re", "import re as re"),
        ("    return text\n", "    return text + '!'\n"),
        ('"""Checks."""', '# -*- coding: latin-1 -*-\n"""Checks."""'),
    ],
)  # fmt: skip
def test_a_change_of_what_a_check_reaches_changes_its_version(folder, old, new):
    """Itself, a function it calls, a value at the top, an import, a decorated function, the file's encoding."""
    assert old in BASE
    assert version(folder, BASE.replace(old, new)) != version(folder, BASE)


REACHES = [
    "def right(a, b, c):\n    return globals()['polite'](a, b, c)\n",
    "def right(a, b, c):\n    return getattr(__import__('scorers'), 'pol' + 'ite')(a, b, c)\n",
    "def right(a, b, c):\n    return eval('pol' + 'ite')(a, b, c)\n",
    "import sys\ndef right(a, b, c):\n    return vars(sys.modules[__name__])['pol' + 'ite'](a, b, c)\n",
    "def right(a, b, c):\n    return right.__globals__['pol' + 'ite'](a, b, c)\n",
    "import scorers\ndef right(a, b, c):\n    return scorers.polite(a, b, c)\n",
    "import scorers as s\ndef right(a, b, c):\n    return s.polite(a, b, c)\n",
    "from helpers import *\ndef right(a, b, c):\n    return True\n",
    "ALL = {}\ndef right(a, b, c):\n    return ALL['x']\ndef note(a):\n    ALL.update(x=polite)\n",
    "STATE = 0\ndef right(a, b, c):\n    return STATE\ndef note(a):\n    global STATE\n    STATE = 1\n",
    "import os\ndef right(a, b, c):\n    return os.environ['X']\ndef note(a):\n    os.environ['X'] = '1'\n",
    "CHECKS = [p for p in ()]\ndef right(a, b, c):\n    return polite(a, b, c)\n",
    "right = lambda a, b, c: polite(a, b, c)\n",
    "class Box:\n    def go(self):\n        return polite\ndef right(a, b, c):\n    return Box().go()(a, b, c)\n",
    "NAMES = {'p': 'polite'}\ndef right(a, b, c):\n    return True\n",
    "REGISTRY = []\ndef register(f):\n    REGISTRY.append(f)\n    return f\n@register\ndef other(a, b, c):\n    return polite(a, b, c)\ndef right(a, b, c):\n    return REGISTRY[0](a, b, c)\n",
]  # fmt: skip


@pytest.mark.parametrize("source", REACHES)
def test_where_a_check_could_reach_another_in_any_way_the_other_counts_too(folder, source):
    """Lookups by made-up names, registers, shared state: each reaches `polite`, so a change of it must show."""
    polite = "def polite(a, b, c):\n    return {}\n"
    before = version(folder, polite.format("True") + source)
    assert version(folder, polite.format("False") + source) != before


def test_code_beside_counts_as_a_whole_and_a_data_file_where_it_is_called_by_name(folder):
    """rules.py may be imported; policy.md is read by name; notes.txt is nobody's business."""
    source = "from pathlib import Path\ndef right(a, b, c):\n    return c in Path('policy.md').read_text()\n"
    made = folder(rules_py="x = 1\n")
    (made / "policy.md").write_text("a")
    (made / "notes.txt").write_text("a")
    first = version(folder, source)
    (made / "notes.txt").write_text("b")
    assert version(folder, source) == first
    (made / "policy.md").write_text("b")
    second = version(folder, source)
    assert second != first
    (made / "rules.py").write_text("x = 2\n")
    assert version(folder, source) != second


def test_code_beside_that_looks_into_scorers_makes_the_whole_file_count(folder):
    """helpers.py imports scorers and could call any check of it."""
    beside = {"helpers_py": "def ask(*a):\n    import scorers\n    return scorers.polite(*a)\n"}
    source = "import helpers\ndef right(a, b, c):\n    return helpers.ask(a, b, c)\ndef polite(a, b, c):\n    return {}\n"
    assert version(folder, source.format(True), **beside) != version(folder, source.format(False), **beside)


def test_a_file_that_is_not_python_counts_as_a_whole_and_nothing_is_run(folder, tmp_path):
    """Fingerprints are made by reading: neither a broken file nor one that acts when loaded does anything."""
    assert version(folder, "def right(:\n") != version(folder, "def right(:\n\n")
    acts = f"open({str(tmp_path / 'ran')!r}, 'w')\ndef right(a, b, c):\n    return True\n"
    assert version(folder, acts)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(folder, end):
    """A file from another system is cut at the same places."""
    made = folder(scorers_py="")
    (made / "scorers.py").write_bytes(BASE.replace("\n", end).encode())
    before = CheckVersions(Layout(made)).of("right")
    (made / "scorers.py").write_bytes(BASE.replace("please", "thanks").replace("\n", end).encode())
    assert CheckVersions(Layout(made)).of("right") == before
    (made / "scorers.py").write_bytes(
        BASE.replace("!=", "==").replace("== exp", "!= exp").replace("\n", end).encode()
    )
    assert CheckVersions(Layout(made)).of("right") != before


def test_a_declared_check_has_the_version_of_its_definition(folder):
    """Two ways to write the same are one version; another text, option or schema content is another."""
    made = folder(launch_yaml="title: x\n")
    (made / "s.json").write_text("{}")
    layout = Layout(made)

    def of(**said):
        return declared_version(Scorer.model_validate(said), layout)

    assert of(contains="a") == of(contains=["a"]) == of(contains={"all": ["a"], "ignore": []})
    different = {
        of(contains="a"),
        of(contains="b"),
        of(regex="a"),
        of(contains="a", at="$.x"),
        of(equals="a"),
    }
    assert len(different) == 5
    before = of(json_schema={"file": "s.json"})
    (made / "s.json").write_text('{"type": "object"}')
    assert of(json_schema={"file": "s.json"}) != before


def test_the_version_is_the_same_in_every_process(folder):
    """Hashes do not depend on the seed of Python's own."""
    made = folder(scorers_py="")
    (made / "scorers.py").write_text(BASE)
    code = (
        "import sys; from pathlib import Path; from shipworthy.store.check_version import CheckVersions; "
        "from shipworthy.store.layout import Layout; print(CheckVersions(Layout(Path(sys.argv[1]))).of('right'))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(made)], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert said == {CheckVersions(Layout(made)).of("right") + "\n"}


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("evalset/words.txt", True),
        ("judges/rubric.md", True),
        ("evalset/cases.jsonl", False),
        ("memo/memo.md", False),
    ],
)
def test_what_a_check_calls_by_name_counts_wherever_it_lies(folder, name, counts):
    """A list of words among the cases, a prompt among the judges; not the cases, which a check is given one by one."""
    source = (
        BASE
        + '\nTEXT = open("evalset/words.txt").read() + open("judges/rubric.md").read()  # not cases.jsonl\n'
    )
    made = folder(scorers_py="")
    (made / "scorers.py").write_text(source)
    for each in ("evalset/words.txt", "judges/rubric.md", "evalset/cases.jsonl", "memo/memo.md"):
        (made / each).parent.mkdir(exist_ok=True)
        (made / each).write_text("before")
    before = CheckVersions(Layout(made)).of("right")
    (made / name).write_text("after")

    assert (CheckVersions(Layout(made)).of("right") != before) is counts
