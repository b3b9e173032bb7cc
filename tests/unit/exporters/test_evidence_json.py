"""Evidence as JSON: one object, one row a line, and no name in it that could disturb a terminal."""

from __future__ import annotations

import json

from shipworthy.exporters.evidence_json import FORMAT, evidence_lines

ROW = ["new", "m-1\x1b[31m", 1, True, None, None, "unscored"]


def test_rows_stand_on_lines_of_their_own_and_make_one_object():
    """Two outputs, no event, one case: read as a whole it is JSON, and each output is a line."""
    text = "".join(
        evidence_lines({"plan": {"error": 0.05}}, journal=[], cases=[["m-1", None, {}]], outputs=[ROW, ROW])
    )
    value = json.loads(text)

    assert (value["format"], value["journal"], value["outputs"]) == (FORMAT, [], [ROW, ROW])
    assert text.splitlines().count(json.dumps(ROW)) == 1  # the first ends in a comma
    assert text.splitlines()[-5] == '"outputs": ['
    assert "\x1b" not in text
