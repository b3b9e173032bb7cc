"""Reading outputs from the command line: labels in, failure modes and agreement out, and nothing of sealed ones."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Said as Told
from tests.reviewing import bring, reviewed

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.review import Said, Stale
from shipworthy.services.adjudicate import read_sides, settle_item, to_settle
from shipworthy.services.desk import desk_at
from shipworthy.services.find_items import find_items, go_to
from shipworthy.services.labelled_with import labelled_with
from shipworthy.services.make_queue import QueueWanted, make_queue
from shipworthy.services.next_item import give_back, next_item
from shipworthy.services.queue_progress import queue_saturation, queue_standing
from shipworthy.services.read_item import read_item
from shipworthy.services.reveal import reveal
from shipworthy.services.reviewers_agree import reviewers_agree
from shipworthy.services.save_label import Saving, save_label

Ship = Callable[..., Told]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Type lines for the next command to read."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A launch of twenty outputs to be read."""
    return reviewed(tmp_path / "l", 20)


def _label(desk, queue, person, says: Callable[[str], Said]) -> int:
    """Let a person read a queue to its end."""
    done = 0
    while (at := next_item(desk, queue, person).position) is not None:
        item = read_item(desk, queue, at, person)
        save_label(desk, Saving(queue, at, person, says(item.case), item.version, f"{queue}-{person}-{at}"))
        done += 1
    return done


def test_a_person_labels_undoes_and_goes_on_where_they_left(ship: Ship, folder: Path, typed) -> None:
    """Two labels, an undo, a note with a failure mode; then quit, and go on in a second sitting."""
    assert (
        ship("look", "queue", folder, "first", "--n", "5").out == "first: 5 readings of 20 answered outputs\n"
    )
    typed("p\np\nu\nf came a day late #late\nq\n")
    said = ship("look", "label", folder, "first", "--as", "ada")
    assert said.code == 0
    assert said.out.rstrip().endswith("first: 2 of 5, 1 fail")
    typed("d\np\np\nq\n")
    said = ship("look", "label", folder, "first", "--as", "ada")
    assert said.out.rstrip().endswith("first: 4 of 5, 1 fail, 1 deferred")
    assert "you said: defer" in said.out  # what was put off comes back at the end
    shown = ship("look", "status", folder, "first").out
    assert "late: 1 of 5 groups" in shown
    assert "ada                      4 labelled" in shown
    assert ship("look", "status", folder).out.startswith("first                    random")
    assert ", 7 labels" in ship("verify", folder).out


def test_what_a_reviewer_reads_tells_nothing_of_the_variant_or_the_score(tmp_path: Path) -> None:
    """Two variants in one queue: neither name, number nor score is in what is read, before it is revealed."""
    folder = reviewed(tmp_path / "l", 10, variants=("new", "old"))
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("both", 20, variants=("new", "old"), criterion="right"))
        at = next_item(desk, "both", "ada").position
        assert at is not None
        item = read_item(desk, "both", at, "ada")
        assert set(vars(item)) & {"variant", "variant_no", "scores", "others"} == set()
        assert (item.input, item.expected) == (f"question {item.case[1:]}", int(item.case[1:]))
        with pytest.raises(Refused, match="your own label comes first"):
            reveal(desk, "both", at, "ada")
        save_label(desk, Saving("both", at, "ada", Said("pass"), 0, "a"))
        shown = reveal(desk, "both", at, "ada")
        assert f"{shown.variant} says {item.case[1:]}" == item.text
        assert [each.series for each in shown.scores] == ["recorded:passed"]
        save_label(desk, Saving("both", at, "ada", Said("fail"), 1, "b"))
        with desk.launch.ledger.read() as connection:
            blind = [
                json.loads(row[0])["judge"] for row in connection.exec_driver_sql("SELECT blind FROM labels")
            ]
        assert blind == [True, False]


def test_two_people_differ_and_a_third_settles_it(ship: Ship, folder: Path, typed) -> None:
    """Ada and Bob differ on four outputs; Eve reads both sides; what she says is what is settled and decided on."""
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("shared", 20, criterion="right", overlap=1.0))
        _label(desk, "shared", "ada", lambda case: Said("fail" if int(case[1:]) < 4 else "pass", "wrong"))
        _label(desk, "shared", "bob", lambda _: Said("pass"))
        assert len(to_settle(desk, "shared")) == 4
        found = reviewers_agree(desk, "shared")
        assert (found.outputs, found.differ, found.raw.estimate) == (20, 4, 0.8)
        assert found.failing.estimate == pytest.approx(0.1)
        sides = read_sides(desk, "shared", to_settle(desk, "shared")[0], "eve")
        assert [(name, said.state) for name, said in sides.given] == [("ada", "fail"), ("bob", "pass")]
    assert "4 outputs on which people differ" in ship("look", "settle", folder, "--criterion", "right").out
    typed("f it is wrong\np\nq\n")
    said = ship("look", "label", folder, "shared", "--as", "eve", "--settle").out
    assert "ada: fail wrong" in said
    assert "shared: 20 of 20, 1 fail, 2 differ" in said
    told = ship("look", "settle", folder, "--criterion", "right").out
    assert told.startswith("2 labels by human on outputs of new\n16 were there already\n2 outputs on which")
    shown = ship("look", "status", folder, "shared").out
    assert "the same: 80 of 100" in shown
    assert "beyond chance (kappa)" in shown


def test_only_one_adjudicator_settles_an_output(folder: Path) -> None:
    """Eve has settled it; Dan is refused, Eve may change her mind with the version she read."""
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("shared", 2, criterion="right", overlap=1.0))
        _label(desk, "shared", "ada", lambda _: Said("pass"))
        _label(desk, "shared", "bob", lambda _: Said("fail"))
        settle_item(desk, Saving("shared", 0, "eve", Said("fail"), 0, "e1"))
        with pytest.raises(Refused, match="eve has settled it already"):
            settle_item(desk, Saving("shared", 0, "dan", Said("pass"), 0, "d1"))
        with pytest.raises(Stale):
            settle_item(desk, Saving("shared", 0, "eve", Said("pass"), 0, "e2"))
        assert settle_item(desk, Saving("shared", 0, "eve", Said("pass"), 1, "e3")).version == 2
        assert to_settle(desk, "shared") == [1]


def test_the_same_person_is_asked_twice_without_being_told(folder: Path) -> None:
    """A fifth comes back: what is read does not say so, the first label stays, and both are compared."""
    with desk_at(folder) as desk:
        queue = make_queue(desk, QueueWanted("twice", 20, criterion="right", again=0.2))
        seen: list[str] = []

        def says(case: str) -> Said:
            seen.append(case)
            return Said("pass" if seen.count(case) == 1 or case in ("c1", "c2") else "fail")

        assert _label(desk, queue.key, "ada", says) == 24
        back = {case for case in seen if seen.count(case) == 2}
        found = reviewers_agree(desk, queue.key)
        assert found.twice == {"ada": (len(back & {"c1", "c2"}), 4)}
        with desk.launch.ledger.read() as connection:
            turns = dict(
                connection.exec_driver_sql(
                    "SELECT turn, count(*) FROM labels WHERE state = 'pass' GROUP BY turn"
                ).all()  # type: ignore[arg-type]
            )
        assert turns["own"] == 20


def test_sealed_outputs_are_labelled_blind_and_summed_up_by_a_look_alone(
    ship: Ship, folder: Path, typed
) -> None:
    """Labels on sealed outputs: done is counted and nothing else is told, exported or found; then a look decides."""
    with (folder / "evalset" / "cases.jsonl").open("a") as file:
        file.writelines(
            json.dumps({"id": f"h{i}", "input": i, "part": "holdout", "tags": {"topic": "ab"[i % 2]}}) + "\n"
            for i in range(30)
        )
    (folder / "criteria.yaml").write_text(
        "- {id: right, bar: {at_least: 0.5, why: half is what rules reach}, scorer: {labels: human}}\n"
    )
    with (folder / "launch.yaml").open("a") as file:
        file.write('decision: {question: "Switch it on?", who: the head of support, by: 2027-03-01}\n')
        file.write("harm: [{event: a wrong answer, who: customer, low: 1, high: 9}]\n")
    assert ship("lock", folder).code == 0
    bring(folder, "new", [(f"h{i}", f"sealed {i}", True) for i in range(30)])
    assert ship("look", "queue", folder, "sealed", "--part", "holdout", "--criterion", "right").code == 0
    typed("f bad\n" * 3 + "p\n" * 26 + "q\n")
    said = ship("look", "label", folder, "sealed", "--as", "ada").out
    assert said.rstrip().endswith("sealed: 29 of 30")
    shown = ship("look", "status", folder, "sealed")
    assert "fail" not in shown.out
    assert ship("look", "status", folder, "sealed", "--format", "json").json["progress"]["failed"] is None
    assert (
        ship("look", "export", folder, folder / "x.jsonl").out.splitlines()[1]
        == "29 on sealed outputs stay here"
    )
    with desk_at(folder) as desk:
        assert queue_saturation(desk, "sealed") is None
        assert queue_standing(desk, "sealed").rates == []
        assert len(find_items(desk, "sealed", "sealed", "ada")) == 29
        assert find_items(desk, "sealed", "sealed", "bob") == []
        for refused in (
            lambda: reviewers_agree(desk, "sealed"),
            lambda: reveal(desk, "sealed", 0, "ada"),
            lambda: make_queue(
                desk, QueueWanted("odd", kind="disagreements", criterion="right", part="holdout")
            ),
        ):
            with pytest.raises(Refused):
                refused()
    assert "30 of the planned outputs on the holdout" in ship("decide", folder).err
    assert ship("look", "settle", folder, "--criterion", "right").out.startswith("29 labels by human")
    assert "1 of the planned outputs on the holdout" in ship("decide", folder).err
    typed("p\n")
    ship("look", "label", folder, "sealed", "--as", "ada")
    ship("look", "settle", folder, "--criterion", "right")
    ship("decide", folder)
    month = (dt.datetime.now().astimezone().date() + dt.timedelta(days=30)).isoformat()
    why = "the open outputs of this launch are not what is decided"
    assert ship("accept", "FLR-01", folder, "--name", "Ada", "--reason", why, "--until", month).code == 0
    decided = ship("decide", folder)
    assert decided.code == 0
    assert sum(map(int, re.findall(r"(\d+) of 15 ", decided.out))) == 27  # in two topics


def test_labels_go_to_a_file_and_come_back(ship: Ship, folder: Path, tmp_path: Path, typed) -> None:
    """Exported, brought into a second launch, and the same again; a file that contradicts is refused whole."""
    ship("look", "queue", folder, "first", "--n", "6")
    typed("p\nf too late #late\nd\np\np\nf\n")
    ship("look", "label", folder, "first", "--as", "ada")
    file = tmp_path / "labels.jsonl"
    assert ship("look", "export", folder, file).out.startswith("6 labels")
    other = reviewed(tmp_path / "other", 20)
    assert ship("look", "import", other, file).out == "6 labels brought in\n"
    assert ship("look", "import", other, file).out == "0 labels brought in\n6 were there already\n"
    again = tmp_path / "again.jsonl"
    ship("look", "export", other, again)
    mine, theirs = (
        [json.loads(x) | {"at": ""} for x in path.read_text().splitlines()] for path in (file, again)
    )
    assert mine == theirs
    changed = [*mine, {"case": "c0", "reviewer": "bob", "state": "pass"}]
    changed[0]["state"] = "fail"
    file.write_text("".join(json.dumps(line) + "\n" for line in changed))
    refused = ship("look", "import", other, file)
    assert (refused.code, "labels.jsonl:1" in refused.err) == (3, True)
    assert ship("look", "export", other, tmp_path / "third.jsonl").out.startswith("6 labels")


@pytest.mark.parametrize(
    "line",
    [
        '{"case": "c0", "reviewer": "ada"}',
        '{"case": "nobody", "reviewer": "ada", "state": "pass"}',
        '{"case": "c0", "reviewer": "ada", "state": "pass", "modes": ["unheard-of"]}',
        '{"case": "c0", "reviewer": "a\\u0000b", "state": "pass"}',
        '{"case": "c0", "reviewer": "ada", "state": "pass", "criterion": "none such"}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_label_is_refused(ship: Ship, folder: Path, tmp_path: Path, line: str) -> None:
    """A missing state, an unknown case, mode or criterion, a name that no line can print, a line of brackets."""
    file = tmp_path / "labels.jsonl"
    file.write_text('{"case": "c1", "reviewer": "ada", "state": "pass"}\n' + line + "\n")
    refused = ship("look", "import", folder, file)
    assert (refused.code, refused.err.startswith("error: ")) == (3, True)
    assert ship("look", "export", folder, tmp_path / "out.jsonl").out.startswith("0 labels")


def test_queues_are_made_on_purpose(tmp_path: Path) -> None:
    """Stratified, twins, where variants differ, where people and a score differ, where a score is unsure."""
    asked = "When will the blue kettle with the long copper spout reach the shop in"
    folder = reviewed(tmp_path / "l", 12, inputs={3: f"{asked} Leeds?", 7: f"{asked} York?"})
    bring(folder, "old", [(f"c{i}", f"old says {i}", i % 2 == 0) for i in range(12)])
    with desk_at(folder) as desk:
        by_topic = make_queue(desk, QueueWanted("topics", 6, kind="stratified", by="topic"))
        assert by_topic.about["groups"] == {"topic=a": 6, "topic=b": 6}
        twins = make_queue(desk, QueueWanted("twins", kind="twins"))
        assert desk.state("twins").items[0].probability is None
        assert {read_item(desk, "twins", at, "ada").case for at in (0, 1)} == {"c3", "c7"}
        assert not twins.about["rates"]
        both = ("new", "old")
        make_queue(desk, QueueWanted("differ", kind="disagreements", criterion="scored", variants=both))
        differ = {i for i in range(12) if (i % 3 != 0) != (i % 2 == 0)}
        assert len(desk.state("differ").items) == 2 * len(differ)
        make_queue(desk, QueueWanted("all", 12, criterion="scored"))
        _label(desk, "all", "ada", lambda case: Said("pass" if int(case[1:]) != 5 else "fail"))
        make_queue(desk, QueueWanted("judge", kind="disagreements", criterion="scored", between="judge"))
        assert len(desk.state("judge").items) == 5  # 0, 3, 6, 9 were scored as failed, 5 as passed
        with pytest.raises(Refused):
            make_queue(desk, QueueWanted("unsure", kind="low_confidence", criterion="scored"))
        with pytest.raises(BadInput, match="already"):
            make_queue(desk, QueueWanted("all"))


def test_find_and_go_to(folder: Path) -> None:
    """Outputs by a text they hold, a wildcard taken as it is, a case by its id."""
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("all", 20))
        found = find_items(desk, "all", "SAYS 1", "ada")
        assert {read_item(desk, "all", at, "ada").case for at in found} == {
            "c1",
            *(f"c{i}" for i in range(10, 20)),
        }
        assert find_items(desk, "all", "%", "ada") == []
        [at] = go_to(desk, "all", "c7")
        assert read_item(desk, "all", at, "ada").case == "c7"
        with pytest.raises(Refused):
            go_to(desk, "all", "c99")
        first = next_item(desk, "all", "ada").position
        give_back(desk, "all", "ada")
        assert next_item(desk, "all", "bob").position == first


def test_at_a_terminal_one_key_is_one_label(folder: Path) -> None:
    """Three keys, without Enter but behind the note: a pass, a failure with its note, a pass undone."""
    import pty  # noqa: PLC0415 - only where there are terminals

    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("first", 4))
    start = "from shipworthy.cli.main import main; main()"
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", start, "look", "label", str(folder), "first", "--as", "ada"],
        stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    os.close(follower)
    os.write(leader, b"pfnever says where\npuq")
    out, _ = process.communicate(timeout=40)
    os.close(leader)
    assert process.returncode == 0, out.decode()
    assert b"p: passes" in out
    with desk_at(folder) as desk:
        said = [read_item(desk, "first", at, "ada").said for at in range(3)]
    assert [(each.state, each.note) for each in said] == [
        ("pass", ""), ("fail", "never says where"), ("withdrawn", ""),
    ]  # fmt: skip


def test_a_failure_mode_that_is_split_is_read_again(folder: Path) -> None:
    """Two outputs named late: a queue of those two alone, in which labels from before do not count."""
    with desk_at(folder) as desk:
        make_queue(desk, QueueWanted("first", 20))
        late = {"c3", "c8"}
        _label(
            desk, "first", "ada", lambda case: Said("fail", "x", ("late",)) if case in late else Said("pass")
        )
        found = labelled_with(desk, "late")
        make_queue(desk, QueueWanted("again", kind="list", outputs=found, afresh=True))
        at = next_item(desk, "again", "ada").position
        assert at is not None
        assert read_item(desk, "again", at, "ada").said.modes == ("late",)
        assert _label(desk, "again", "ada", lambda _: Said("fail", "x", ("rude",))) == 2
        assert labelled_with(desk, "late") == []
