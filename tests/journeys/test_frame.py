"""The brief on the command line: asked only what is blank, quiet in pipes, everything in launch.yaml."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Said
from tests.program import Program

from shipworthy.store.read import read_launch


@pytest.fixture
def launch(ship: Callable[..., Said], tmp_path: Path) -> Path:
    """A fresh launch as `init` makes it."""
    made = tmp_path / "launch"
    assert ship("init", made).code == 0
    return made


def test_a_pipe_is_asked_nothing_and_told_what_is_blank(ship: Callable[..., Said], launch: Path) -> None:
    """Facts go to stdout, and nothing is said beside them."""
    said = ship("frame", launch)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        "0 of 9 questions answered\ndecision: goal, decision.question, decision.who, decision.by\n"
    )


def test_answers_are_set_from_a_script_all_or_none(ship: Callable[..., Said], launch: Path) -> None:
    """One wrong date keeps the other answer from being saved; the error names the place."""
    before = (launch / "launch.yaml").read_text()
    wrong = ship("frame", launch, "--set", "goal=Right answers.", "--set", "decision.by=soon")
    assert wrong.code == 3
    assert "decision.by" in wrong.err
    assert (launch / "launch.yaml").read_text() == before
    right = ship("frame", launch, "--set", "goal=Right answers.", "--set", "decision.by=2027-03-01")
    assert (right.code, right.out) == (0, "saved: goal, decision.by\n")


def test_vague_words_are_pointed_at_and_saved_all_the_same(ship: Callable[..., Said], launch: Path) -> None:
    """Talk goes to stderr; the person decides."""
    said = ship("frame", launch, "--set", "good_enough=Drafts are helpful")
    assert said.out == "saved: good_enough\n"
    assert said.err == 'good_enough: "helpful"? helpful how? who would notice?\n'


@pytest.mark.parametrize(
    ("tokens", "code"),
    [(["--set", "goal"], 2), (["--set", "goat=1"], 3), (["--cause", "x"], 2), (["--together"], 3)],
)
def test_what_makes_no_sense_is_refused_with_a_remedy(
    ship: Callable[..., Said], launch: Path, tokens: list[str], code: int
) -> None:
    """No value, no such key, nobody's cause, nothing to put together."""
    said = ship("frame", launch, *tokens)
    assert said.code == code
    assert "to mend it:" in said.err


def test_a_folder_that_is_none_is_told_how_to_make_one(ship: Callable[..., Said], tmp_path: Path) -> None:
    """There is nothing to frame yet."""
    said = ship("frame", tmp_path / "nowhere")
    assert said.code == 3
    assert "shipworthy init" in said.err


def test_the_whole_brief_is_answered_and_shown(ship: Callable[..., Said], launch: Path) -> None:
    """Nine of nine; the folder still loads, and check finds nothing."""
    answers = {
        "goal": "A customer is answered on the day of writing.", "decision.question": "Switch drafts on for everybody?",
        "decision.who": "head of support", "decision.by": "2027-03-01", "if_nothing": "Support goes on by hand.",
        "users": "six people of support", "job.want": "answer without looking it up", "today": "macros",
        "alternative": "a search over the policy", "value.low": "0.4", "value.likely": "0.7", "value.high": "1.1",
        "value.basis": "time study", "worst_case": "a refund that we do not owe", "harm.0.event": "a wrong refund",
        "harm.0.who": "shop", "good_enough": "8 of 10 drafts are sent unchanged",
        "not_worth_it_if": "fewer than 6 of 10 are sent unchanged", "budget.seconds": "3",
        "assumptions.0.statement": "Support reads drafts.", "assumptions.0.importance": "3",
    }  # fmt: skip
    tokens = [token for key, value in answers.items() for token in ("--set", f"{key}={value}")]
    assert ship("frame", launch, *tokens).code == 0
    shown = ship("frame", launch, "--show").out
    assert "9 of 9 questions answered" in shown
    assert (
        "support-reads-drafts (value, 3 of 3, evidence none): Support reads drafts.; no test yet"
        in " ".join(shown.split())
    )
    assert ship("check", launch).code == 0
    assert max(map(len, shown.splitlines())) <= 80


def test_a_pre_mortem_is_written_apart_and_put_together(ship: Callable[..., Said], launch: Path) -> None:
    """While apart nobody's causes are printed but one's own."""
    ship("frame", launch, "--cause", "nobody read the drafts", "--by", "Ada")
    assert "nobody read" not in ship("frame", launch, "--show").out
    assert "nobody read" in ship("frame", launch, "--show", "--by", "Ada").out
    ship(
        "frame",
        launch,
        "--cause",
        "refunds went wrong",
        "--by",
        "Ben",
        "--tripwire",
        "two in a week: pause, by Ben",
    )
    assert ship("frame", launch, "--together").code == 0
    shown = ship("frame", launch, "--show").out
    assert "nobody read the drafts" in shown
    assert "two in a week" in shown


def _typed(program: Program, launch: Path, lines: list[str]) -> tuple[str, str]:
    """Run `frame` at a terminal, type some lines, and return what it printed and what it said."""
    ours, theirs = pty.openpty()
    process = program.start("frame", launch, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE)
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in lines).encode())
    talk = b""
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        talk += read
        if not read:
            break
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    return out, talk.decode()


def test_a_terminal_is_asked_what_is_blank_and_nothing_else(
    program: Program, ship: Callable[..., Said], launch: Path
) -> None:
    """Question one is answered but for its date; a vague goal is asked about once; a full stop ends it."""
    ship("frame", launch, "--set", "decision.who=head of support")
    lines = [
        "Answers are helpful.",
        "Answers arrive on the day.",
        "Switch drafts on?",
        "soon",
        "2027-03-01",
        "",
        ".",
    ]
    out, talk = _typed(program, launch, lines)
    made = read_launch(launch).launch
    assert (made.goal, made.decision.question, str(made.decision.by)) == (
        "Answers arrive on the day.", "Switch drafts on?", "2027-03-01",
    )  # fmt: skip
    assert "helpful how? who would notice?" in talk
    assert "write the day as 2027-03-01" in talk
    assert "Who decides" not in talk
    assert "1 of 9 questions answered" in out


def test_a_terminal_where_nothing_is_blank_is_not_asked(
    program: Program, ship: Callable[..., Said], launch: Path
) -> None:
    """Enter for everything leaves everything as it is."""
    before = (launch / "launch.yaml").read_bytes()
    out, _ = _typed(program, launch, [""] * 40)
    assert "0 answers saved" in out
    assert (launch / "launch.yaml").read_bytes() == before
