"""From what people wrote about failing outputs to failure modes with rates, by commands alone."""

from __future__ import annotations

import json
import re

import pytest
from tests.journeys.grades import GRADES, write_launch

pytestmark = pytest.mark.skipif(
    not GRADES.is_dir(), reason="the recorded files lie beside the project, not in it"
)

PRODUCT = {"link": "Holds a link", "too-long": "Too long", "bad-review": "Repeats a bad review"}
MEDICAL = {
    "names-a-person": "Names a person",
    "follow-up": "Follow-up is wrong",
    "dosage": "Dosage is missing",
}


@pytest.fixture
def reviewed(ship, tmp_path):
    """Return a function that makes the launch of one feature, read by its grader."""

    def make(name):
        folder = tmp_path / name
        outputs, labels = write_launch(folder, name)
        assert ship("import", outputs, "--launch", folder, "--variant", "graded").code == 0
        assert ship("look", "queue", folder, "first", "--n", 200).code == 0
        assert ship("look", "import", folder, labels).code == 0
        return folder

    return make


def shown(ship, folder):
    """Return what `taxonomy show` says, as values, and its failure modes by id."""
    found = ship("taxonomy", "show", folder, "--format", "json").json
    return found, {mode["id"]: mode for mode in found["modes"]}


def name_groups(ship, folder, names):
    """Take the largest suggestions as they are, each under a name."""
    groups = json.loads(ship("taxonomy", "suggest", folder, "--format", "json").out)
    for (mode, name), group in zip(names.items(), groups, strict=False):
        outputs = [each["output"] for each in group["outputs"]]
        assert ship("taxonomy", "add", folder, name, "--id", mode, "--as", "grader").code == 0
        assert ship("taxonomy", "group", folder, mode, *outputs, "--as", "grader").code == 0


@pytest.mark.parametrize(
    ("name", "names", "outputs", "failed", "counts"),
    [("product", PRODUCT, 100, 49, [18, 12, 9]), ("medical", MEDICAL, 84, 27, [16, 5, 2])],
)
def test_reasons_become_failure_modes_with_rates(ship, reviewed, name, names, outputs, failed, counts):
    """27 and 49 reasons: the largest suggested groups get names, and each a rate with its bound and what is still new."""
    folder = reviewed(name)
    name_groups(ship, folder, names)
    found, modes = shown(ship, folder)
    assert (found["counted"]["read"], found["counted"]["failed"]) == (outputs, failed)
    assert [modes[mode]["count"]["outputs"] for mode in names] == counts
    for mode in modes.values():
        count = mode["count"]
        assert count["lower"] <= count["rate"] == count["outputs"] / outputs <= count["upper"]
    assert found["counted"]["unnamed"] == failed - sum(counts)
    assert 0 < found["counted"]["saturation"]["upper"] < 1
    said = ship("taxonomy", "show", folder).out
    assert all(len(line) <= 80 for line in said.splitlines())
    assert f"{counts[0]} of {outputs} outputs; could be as many as" in said
    assert "# Found by reading, one note an output." in (folder / "taxonomy.yaml").read_text()


def test_suggestions_are_called_suggestions(ship, reviewed):
    """Every heading says that it is one, and nothing is written by asking."""
    folder = reviewed("medical")
    before = (folder / "taxonomy.yaml").read_bytes()
    said = ship("taxonomy", "suggest", folder).out
    headings = re.findall(r"^\S.*\(\d+ notes?\)$", said, re.MULTILINE)
    assert headings
    assert all(heading.startswith("suggestion ") for heading in headings)
    assert (folder / "taxonomy.yaml").read_bytes() == before


def test_a_split_asks_for_exactly_the_outputs_that_have_it(ship, reviewed):
    """Nine outputs are queued and no other; read again they count for the new part, and the split says it is done."""
    folder = reviewed("product")
    name_groups(ship, folder, PRODUCT)
    _, modes = shown(ship, folder)
    has_it = set(modes["bad-review"]["seen_in"])
    done = ship(
        "taxonomy", "split", folder, "bad-review", "--into", "Invented", "--into", "bad-review=Quoted"
    )
    queue = re.search(r"queue (\S+)", done.out)[1]
    exported = ship("look", "status", folder, queue, "--format", "json").json
    assert exported["progress"]["items"] == len(has_it) == 9
    _, modes = shown(ship, folder)
    assert modes["bad-review"]["to_read_again"] == {"queue": queue, "outputs": 9}
    return_to(ship, folder, queue, ["#invented"] * 2 + ["#bad-review"] * 7)
    _, modes = shown(ship, folder)
    assert modes["invented"]["count"]["outputs"] == 2
    assert set(modes["bad-review"]["seen_in"]) | set(modes["invented"]["seen_in"]) == has_it
    assert modes["bad-review"]["to_read_again"]["outputs"] == 0
    assert "to read again" not in ship("taxonomy", "show", folder).out


def return_to(ship, folder, queue, answers):
    """Read a queue: every output fails, each with its failure mode."""
    import io  # noqa: PLC0415
    import sys  # noqa: PLC0415

    before, sys.stdin = sys.stdin, io.StringIO("".join(f"f read again {answer}\n" for answer in answers))
    try:
        assert ship("look", "label", folder, queue, "--as", "grader").code == 0
    finally:
        sys.stdin = before


def test_every_change_can_be_taken_back_to_the_byte(ship, reviewed):
    """Merged, split, renamed, described, linked and grouped, then undone one by one: files and counts are as before."""
    folder = reviewed("product")
    name_groups(ship, folder, PRODUCT)
    files = [folder / "taxonomy.yaml", folder / "criteria.yaml"]
    before = [file.read_bytes() for file in files]
    counts = shown(ship, folder)[0]
    changes = [
        ("merge", "too-long", "--into", "bad-review"),
        ("split", "link", "--into", "Shop", "--into", "Elsewhere"),
        ("rename", "link", "A link of any kind"),
        ("describe", "link", "--severity", "harmful", "--noticed", "at-once"),
        ("link", "link", "good"),
        ("group", "link", "product-0", "product-92/1", "--as", "grader"),
    ]
    for command, *rest in changes:
        assert ship("taxonomy", command, folder, *rest).code == 0
    assert shown(ship, folder)[0] != counts
    for _ in changes:
        assert ship("taxonomy", "undo", folder).code == 0
    assert [file.read_bytes() for file in files] == before
    assert shown(ship, folder)[0] == counts
    history = ship("taxonomy", "history", folder, "--format", "json").out
    assert [event["kind"] for event in json.loads(history)][:6] == ["undo"] * 6
    assert ship("verify", folder).code == 0


def test_taking_back_a_split_that_was_used_loses_no_label(ship, reviewed):
    """Outputs that were read again keep their label; it counts for the failure mode that was split."""
    folder = reviewed("product")
    name_groups(ship, folder, PRODUCT)
    before = shown(ship, folder)[1]["bad-review"]["seen_in"]
    done = ship("taxonomy", "split", folder, "bad-review", "--into", "Invented", "--into", "Quoted")
    queue = re.search(r"queue (\S+)", done.out)[1]
    return_to(ship, folder, queue, ["#invented"] * 9)
    assert shown(ship, folder)[1]["bad-review"]["count"]["outputs"] == 0
    assert ship("taxonomy", "undo", folder).code == 0
    _, modes = shown(ship, folder)
    assert sorted(modes["bad-review"]["seen_in"]) == sorted(before)
    assert modes["bad-review"]["merged"] == ["invented"]
    assert "quoted" not in (folder / "taxonomy.yaml").read_text()


def test_what_cannot_be_is_refused_with_a_remedy(ship, reviewed):
    """An output that passes, one that is not there, a merge in a circle, a mode that is gone, an id twice."""
    folder = reviewed("medical")
    name_groups(ship, folder, MEDICAL)
    before = (folder / "taxonomy.yaml").read_bytes()
    ship("taxonomy", "merge", folder, "dosage", "--into", "follow-up")
    refusals = [
        ("group", "follow-up", "medical-1"),
        ("group", "follow-up", "medical-999"),
        ("group", "dosage", "medical-0"),
        ("merge", "follow-up", "--into", "dosage"),
        ("merge", "follow-up", "--into", "follow-up"),
        ("rename", "nobody", "x"),
        ("add", "Follow-up"),
        ("split", "follow-up", "--into", "One"),
        ("link", "follow-up", "nobody"),
        ("undo", 9999),
    ]
    for command, *rest in refusals:
        said = ship("taxonomy", command, folder, *rest)
        assert (said.code, "error:" in said.err, "to mend it:" in said.err) == (3, True, True), (
            command,
            said.err,
        )
    ship("taxonomy", "undo", folder)
    assert (folder / "taxonomy.yaml").read_bytes() == before


def test_a_locked_plan_keeps_its_criteria(ship, reviewed):
    """After the lock no failure mode is linked: criteria.yaml is part of the plan."""
    folder = reviewed("medical")
    name_groups(ship, folder, MEDICAL)
    sealed = '{"id": "sealed-1", "input": "x", "part": "holdout"}\n'
    (folder / "evalset/sealed.jsonl").write_text(sealed)
    assert ship("lock", folder).code == 0
    said = ship("taxonomy", "link", folder, "dosage", "good")
    assert said.code == 3
    assert "the plan is locked" in said.err
    assert ship("taxonomy", "rename", folder, "dosage", "Dosage").code == 0
