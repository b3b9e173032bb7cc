"""A key is taken out before anything is cut to length: half a key would not be known again, and is worth as much."""

from __future__ import annotations

import json

import pytest
from tests.journeys.remote import launch, outputs, rows

KEY = "sk-proj-" + "".join(f"{i:04x}" for i in range(39))
LONG = "and this is how the messages of client libraries go on: with an address, an advice and a number "


@pytest.mark.parametrize(
    ("way", "script"),
    [
        ("once", f"import os, sys\nsys.stdin.read()\nsys.exit('no such key: ' + os.environ['A_KEY'] + ' {LONG * 3}'[:200])"),
        ("once", "import os, sys\nsys.stdin.read()\nsys.stdout.buffer.write(b'\\xff' * 150 + os.environ['A_KEY'].encode())"),
        ("line", "import os\ninput()\nprint('x' * 150 + os.environ['A_KEY'])"),
        ("line", "import os\ninput()\nprint('{}', chr(10) + 'x' * 50 + os.environ['A_KEY'], flush=True)\ninput()"),
        ("line", "import os, json\ninput()\nprint(json.dumps({'error': 'x' * 1850 + os.environ['A_KEY']}))"),
        ("line", "import os\nprint('x' * 50 + os.environ['A_KEY'], flush=True)\ninput()"),
        ("python", "import os\ndef answer(given):\n    raise ValueError('x' * 1900 + os.environ['A_KEY'])"),
    ],
)  # fmt: skip
def test_no_part_of_a_key_stands_in_a_reason(ship, tmp_path, monkeypatch, way, script):
    """A key lies across the place where a reason is cut off: not even 12 of its characters are written down."""
    monkeypatch.setenv("A_KEY", KEY)
    target = {"python": "feature:answer"} if way == "python" else {"command": {"run": ["python3", "feature.py"], "protocol": way}}  # fmt: skip
    made = launch(tmp_path / "l", {"new": {**target, "limits": {"attempts": 1}}}, cases=1, feature_py=script)

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    written = "".join(path.read_bytes().decode("latin-1") for path in (made / ".shipworthy").iterdir())
    said = json.dumps(rows(made, "SELECT reason FROM texts"))
    assert "error: " in said
    assert not [at for at in range(len(KEY) - 12) if KEY[at : at + 12] in written + ran.err + ran.out]


def test_an_output_without_its_key_is_json_still(ship, tmp_path, monkeypatch):
    """A key of digits lies within a number, one with marks across two values: no traceback, no key, the rest is there."""
    monkeypatch.setenv("PIN_KEY", "202611")
    monkeypatch.setenv("ODD_SECRET", 'left","right')
    feature = "def answer(given):\n    return {'c0': {'day': 20261126, 'given': given}, 'c1': ['left', 'right'], 'c2': 'pin 202611'}[given]\n"
    made = launch(tmp_path / "l", {"new": {"python": "feature:answer"}}, cases=3, feature_py=feature)

    ran = ship("run", made, "--trust")

    assert ran.code == 0, ran.err
    assert {case: json.loads(text) for case, (text, _) in outputs(made).items()} == {
        "c0": {"day": "[redacted]", "given": "c0"},
        "c1": '["[redacted]"]',
        "c2": "pin [redacted]",
    }


@pytest.mark.parametrize(
    "does",
    ["return False, 'x' * 19_950 + key", "raise ValueError('x' * 1_950 + key)", "return True, key + '!'"],
)
def test_no_part_of_a_key_stands_in_what_a_check_says(ship, tmp_path, monkeypatch, does):
    """A function of scorers.py that asks a model has the key too: what it says and raises is kept without it."""
    monkeypatch.setenv("A_KEY", KEY)
    made = launch(tmp_path / "l", {"new": {"python": "feature:answer"}}, cases=2)
    (made / "feature.py").write_text("def answer(given):\n    return given\n")
    start = "import os\nkey = os.environ['A_KEY']\n\n\ndef right(given, expected, output):\n"
    (made / "scorers.py").write_text(f"{start}    if given == 'c0':\n        return True\n    {does}\n")

    assert ship("run", made, "--trust").code == 0

    written = "".join(path.read_bytes().decode("latin-1") for path in (made / ".shipworthy").iterdir())
    assert len(rows(made, "SELECT text FROM explanations")) == 1
    assert not [at for at in range(len(KEY) - 12) if KEY[at : at + 12] in written]
