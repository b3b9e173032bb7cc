"""Criteria on a page, and writing one from a failure mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from tests.asgi import Reply, get, post
from tests.labelling import give_labels

from shipworthy.domain.review import Said
from shipworthy.services.bring_in import Order, bring_in
from shipworthy.services.kept import Kept
from shipworthy.services.read_criteria import read_criteria
from shipworthy.services.write_criterion import write_criterion
from shipworthy.web.app import make_app
from shipworthy.web.serving import Serving, hosts_of

LAUNCH = "title: Inbox\ncandidate: new\nvariants: {new: {recorded: true}}\n"
CRITERIA = """\
- id: right  # ours
  question: Is it helpful?
  bar: {at_least: 0.8, why: "rules reach 61 of 100"}
  scorer: {recorded: passed}
"""
MODES = "- {id: slow, name: Too slow, definition: It comes after the person has begun to write., severity: harmful}\n"
FORM = {
    "mode": "slow", "id": "no_slow", "kind": "guardrail", "question": "Is it there in time?", "at_least": "19 of 20",
    "why": "the lawyer said so", "scorer": "recorded", "scored_by": "passed", "severity": "harmful", "hoped_for": "0.99",
}  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Starlette]:
    """The pages over a launch with open outputs that were labelled, and eighty sealed cases."""
    made = tmp_path / "launch"
    (made / "evalset").mkdir(parents=True)
    for name, text in (("launch.yaml", LAUNCH), ("criteria.yaml", CRITERIA), ("taxonomy.yaml", MODES)):
        (made / name).write_text(text)
    rows = [f'{{"id": "c{n}", "part": "{"explore" if n < 6 else "holdout"}"}}\n' for n in range(86)]
    (made / "evalset/cases.jsonl").write_text("".join(rows))
    (tmp_path / "new.csv").write_text(
        "case,output,passed\n" + "".join(f"c{n},<b>output {n}</b>,1\n" for n in range(6))
    )
    bring_in(made, tmp_path / "new.csv", Order(variant="new"))
    give_labels(
        made, {"c0": Said("pass"), "c1": Said("fail", "an hour late", ("slow",)), "c2": Said("defer")}
    )
    kept = Kept(made)
    yield make_app(Serving(kept, b"k" * 32, hosts_of(8321)))
    kept.close()


def _folder(app: Starlette) -> Path:
    """Return the folder of the launch."""
    found: Path = app.state.serving.kept.layout.folder
    return found


def _send(app: Starlette, do: str = "save", **more: str) -> Reply:
    """Send the form of a new criterion, as it was shown."""
    return post(
        app, "/criteria/new?mode=slow", FORM | {"seen": read_criteria(_folder(app)).seen, "do": do} | more
    )


def test_the_page_shows_lines_reasons_and_vague_words(app: Starlette) -> None:
    """The failure mode that nothing asks about leads to a form."""
    page = get(app, "/criteria").text
    assert "At least 80 of 100 pass" in page
    assert "rules reach 61 of 100" in page
    assert "<mark>helpful</mark>: helpful how? who would notice?" in page
    assert 'href="/criteria/new?mode=slow"' in page


def test_the_form_is_filled_in_from_the_failure_mode(app: Starlette) -> None:
    """Name, question and kind follow from it, and what the plan takes stands beside it."""
    page = get(app, "/criteria/new?mode=slow").text
    assert 'value="no_slow"' in page
    assert "Is the output free of this: It comes after the person has begun to write." in page
    assert '<option value="guardrail" selected>' in page
    assert "80 sealed groups now" in page


def test_labelled_outputs_are_offered_as_text(app: Starlette) -> None:
    """Each under what it was labelled as, with the note, and its markup shown."""
    page = get(app, "/criteria/new?mode=slow").text
    offered = re.findall(r'name="(\w+)_output" value="(c\d)"', page)
    assert offered == [("pass", "c0"), ("fail", "c1"), ("borderline", "c2")]
    assert "&lt;b&gt;output 1&lt;/b&gt;" in page
    assert "an hour late" in page
    assert "<b>output" not in page


def test_a_criterion_is_written_with_the_outputs_that_were_picked(app: Starlette) -> None:
    """An output, an output with words after it, and words alone."""
    reply = _send(
        app,
        fail_output="c1",
        borderline_output="c2",
        borderline="passes, it was announced",
        **{"pass": "It is there."},
    )
    made = read_criteria(_folder(app)).asked[-1].criterion
    assert (reply.status, reply.header("location")) == (303, "/criteria?saved=1#no_slow")
    assert (made.fail, made.borderline, made.pass_) == (
        "<b>output 1</b>", "<b>output 2</b>\npasses, it was announced", "It is there.",
    )  # fmt: skip
    assert (made.bar.at_least, made.kind, made.failure_modes) == (0.95, "guardrail", ["slow"])
    assert "# ours" in (_folder(app) / "criteria.yaml").read_text()


def test_it_is_priced_before_it_is_written(app: Starlette) -> None:
    """95 of 100 takes 59 groups without a failure; nothing is saved, and what was picked stays picked."""
    reply = _send(app, "price", fail_output="c1")
    assert "no_slow: 80 sealed groups now, 59 at the fewest" in reply.text
    assert re.search(r'name="fail_output" value="c1" checked', reply.text)
    assert (_folder(app) / "criteria.yaml").read_text() == CRITERIA


@pytest.mark.parametrize(
    "wrong",
    [
        {"why": ""},
        {"at_least": "95"},
        {"id": "No"},
        {"slices": "topic"},
        {"scorer": "judge"},
        {"fail_output": "c80"},
    ],
)
def test_what_cannot_be_written_keeps_what_was_typed(app: Starlette, wrong: dict[str, str]) -> None:
    """No reason, no share, no name, no such slice, no such scorer, a sealed output: the question is still there."""
    reply = _send(app, question="Is it there by noon?", **wrong)
    assert reply.status in (409, 422)
    assert "Nothing was saved. What you typed is still here." in reply.text
    assert "Is it there by noon?" in reply.text
    assert (_folder(app) / "criteria.yaml").read_text() == CRITERIA


def test_a_stale_form_is_refused_and_saves_the_second_time(app: Starlette) -> None:
    """Somebody else wrote a criterion meanwhile; both stand in the end."""
    seen = read_criteria(_folder(app)).seen
    write_criterion(_folder(app), {**FORM, "id": "theirs"})
    reply = post(app, "/criteria/new?mode=slow", FORM | {"seen": seen, "do": "save"})
    assert reply.status == 409
    assert "changed by somebody else" in reply.text
    assert _send(app).status == 303
    assert [each.criterion.id for each in read_criteria(_folder(app)).asked] == ["right", "theirs", "no_slow"]


def _bar(app: Starlette, value: str, why: str, seen: str | None = None) -> Reply:
    """Send the form that draws the first line elsewhere."""
    found = read_criteria(_folder(app)).seen
    return post(
        app, "/criteria/bar", {"criterion": "right", "value": value, "why": why, "seen": seen or found}
    )


def test_a_line_is_drawn_elsewhere_with_a_reason(app: Starlette) -> None:
    """The page shows the new line."""
    assert _bar(app, "0.85", "agents rewrite more below it").status == 303
    assert "At least 85 of 100 pass" in get(app, "/criteria").text


def test_a_line_without_its_own_reason_keeps_what_was_typed(app: Starlette) -> None:
    """The old reason does not do for a new line; the form stands open with the number."""
    reply = _bar(app, "0.85", "rules reach 61 of 100")
    assert reply.status == 422
    assert 'name="value" value="0.85"' in reply.text
    assert "<details open>" in reply.text


def test_a_line_over_a_file_that_moved_on_is_refused(app: Starlette) -> None:
    """Another line was drawn meanwhile."""
    seen = read_criteria(_folder(app)).seen
    _bar(app, "0.9", "theirs")
    assert _bar(app, "0.85", "mine", seen).status == 409
    assert read_criteria(_folder(app)).asked[0].criterion.bar.at_least == 0.9


def test_a_failure_mode_that_is_none_is_a_page_that_says_so(app: Starlette) -> None:
    """Its name is shown as text."""
    reply = get(app, "/criteria/new?mode=%3Cscript%3E")
    assert reply.status == 422
    assert "&lt;script&gt;" in reply.text


def test_a_criterion_of_no_failure_mode_can_be_written_too(app: Starlette) -> None:
    """The form stands there without a proposal."""
    assert get(app, "/criteria/new").status == 200
