"""Interviews by the command line: consent first, names before coding, people counted, and what is taken back is gone."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Said

from shipworthy.services.listening import listening
from shipworthy.store.journal import events
from shipworthy.store.layout import Layout
from shipworthy.store.ledger import open_ledger

TALK = """Ann: Hello Maria, when did you last search?
Maria Lopez: Last Tuesday. I gave up after an hour. I gave up after an hour.
Ann: What did you do then, Maria?
Maria Lopez: I called maria@shop.example. I would definitely use a better one. Great idea!
"""
Ship = Callable[..., Said]


@pytest.fixture
def launch(tmp_path: Path, ship: Ship) -> Path:
    """A fresh launch as `init` makes it."""
    assert ship("init", tmp_path / "launch").code == 0
    return tmp_path / "launch"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A transcript whose file is called after the person."""
    path = tmp_path / "Maria Lopez.txt"
    path.write_text(TALK, encoding="utf-8")
    return path


@pytest.fixture
def coded(launch: Path, talk: Path, ship: Ship) -> Path:
    """A launch with one interview whose names are replaced, and one excerpt."""
    given = ("--interviewer", "Ann", "--consent", "given", "--scope", "quote")
    assert ship("interview", "import", launch, talk, *given).code == 0
    assert ship("interview", "pseudonymise", launch, "P1", "--yes").code == 0
    words = ("Last Tuesday. I gave up", "--code", "slow", "--kind", "did", "--new", "--coder", "ann")
    assert ship("interview", "code", launch, "P1", *words).code == 0
    return launch


def test_no_name_ever_enters_the_folder(coded: Path) -> None:
    """Neither the text nor the name of any file holds the person's name, their mail or the interviewer."""
    for path in coded.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for name in (rb"Maria", rb"Lopez", rb"shop\.example", rb"\bAnn\b"):
            assert not re.search(name, content + path.name.encode()), (path, name)


def test_nothing_happens_before_consent(launch: Path, talk: Path, ship: Ship) -> None:
    """Without consent the text stays outside: it cannot be put into the folder, coded or shown with names."""
    assert ship("interview", "import", launch, talk).code == 0
    for words in (("pseudonymise", launch, "P1", "--yes"), ("code", launch, "P1", "Tuesday", "--code", "a", "--kind", "did", "--new"), ("show", launch, "P1", "--names")):  # fmt: skip
        said = ship("interview", *words)
        assert said.code == 3, words
        assert "the consent is missing" in said.err
    assert not (launch / "interviews").exists()
    assert ship("interview", "consent", launch, "P1", "--state", "given", "--scope", "quote").code == 0
    assert ship("interview", "pseudonymise", launch, "P1", "--yes").code == 0


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
def test_what_was_refused_is_not_brought_in(launch: Path, talk: Path, ship: Ship, state: str) -> None:
    """The file is not even read."""
    said = ship("interview", "import", launch, talk, "--consent", state)
    assert (said.code, "nothing is brought in" in said.err) == (3, True)


def test_a_person_has_to_confirm(launch: Path, talk: Path, ship: Ship) -> None:
    """Without a yes the proposals are shown and nothing is written."""
    ship("interview", "import", launch, talk, "--consent", "given", "--interviewer", "Ann")
    said = ship("interview", "pseudonymise", launch, "P1")
    assert said.code == 11
    assert "speaker: Maria Lopez -> P1 (2)" in said.out
    assert "e-mail: maria@shop.example -> [e-mail 1] (1)" in said.out
    assert not (launch / "interviews").exists()


def test_names_come_back_by_the_key_alone(coded: Path, ship: Ship) -> None:
    """The key lies outside, readable by its owner; with it the text is as it was, without it there is no way back."""
    key = next(Path(os.environ["XDG_STATE_HOME"]).rglob("P1.key.json"))
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert ship("interview", "show", coded, "P1", "--names").out.rstrip("\n") == TALK.rstrip("\n")
    key.unlink()
    said = ship("interview", "show", coded, "P1", "--names")
    assert (said.code, "there is no key" in said.err) == (3, True)


def test_a_frozen_text_is_not_pseudonymised_again(coded: Path, ship: Ship) -> None:
    """It would move every excerpt."""
    assert "is frozen" in ship("interview", "pseudonymise", coded, "P1", "--yes").err


def code(ship: Ship, launch: Path, quote: str, *more: str) -> Said:
    """Code a quote as something they did."""
    return ship("interview", "code", launch, "P1", quote, "--code", "slow", "--kind", "did", *more)


def test_a_quote_that_stands_there_twice_is_asked_about(coded: Path, ship: Ship) -> None:
    """Which of two places is meant is for the person to say."""
    assert "stand 2 times" in code(ship, coded, "I gave up after an hour").err
    assert code(ship, coded, "I gave up after an hour", "--nth", "2").code == 0
    there = listening(coded).named("P1")
    assert there.codings[-1].start == there.text.rindex("I gave up")


def test_a_quote_that_is_not_there_is_refused_with_the_nearest(coded: Path, ship: Ship) -> None:
    """Nothing is written until the person takes the transcript's own words."""
    said = code(ship, coded, "I would definitly use a beter one")
    assert said.code == 3
    assert "the nearest passage, 94 of 100 alike: “I would definitely use a better one”" in said.err
    assert code(ship, coded, "I would definitly use a beter one", "--near").code == 0
    kept = listening(coded).named("P1").codings[-1]
    assert (kept.text, kept.quoted_as) == (
        "I would definitely use a better one",
        "I would definitly use a beter one",
    )
    assert "not in the text" in code(ship, coded, "The weather in Lisbon was pleasant", "--near").err


def test_weak_words_are_flagged(coded: Path, ship: Ship) -> None:
    """What they would do, coded as done, the interviewer's words, and a compliment."""
    assert "read like `opinion`" in code(ship, coded, "I would definitely use a better one").err
    assert "the interviewer's words" in code(ship, coded, "What did you do then").err
    praise = ship("interview", "code", coded, "P1", "Great idea!", "--code", "slow", "--kind", "compliment")
    assert "counts as weak" in praise.err


def test_a_person_who_says_it_five_times_is_one_person(coded: Path, talk: Path, ship: Ship) -> None:
    """Five excerpts of one alias in two interviews, one of a friend: two people, of whom one only in weak words."""
    given = ("--interviewer", "Ann", "--consent", "given", "--scope", "quote")
    for name, alias, kin in (("P2", "p1", "stranger"), ("P3", "P3", "friend")):
        ship(
            "interview",
            "import",
            coded,
            talk,
            "--name",
            name,
            "--alias",
            alias,
            "--relationship",
            kin,
            *given,
        )
        ship("interview", "pseudonymise", coded, name, "--yes")
    for quote in ("Tuesday", "What did you", "I would definitely", "Great idea"):
        assert code(ship, coded, quote).code == 0
    ship("interview", "code", coded, "P2", "Tuesday", "--code", "slow", "--kind", "did")
    ship("interview", "code", coded, "P3", "Great idea!", "--code", "slow", "--kind", "compliment")
    said = ship("interview", "themes", coded).out
    assert "slow: 2 of 2 people, 1 of them only in weak words; becomes nothing yet" in said
    summary = ship("interview", "summary", coded).out
    assert "2 people heard in 3 interviews; 7 excerpts coded, 1 of them weak" in summary
    assert "1 of 2 are friends or colleagues" in summary
    assert "told as done by 1, so at least 2 in 100 users" in summary


def test_what_three_can_and_cannot_tell_is_computed(coded: Path, talk: Path, ship: Ship) -> None:
    """Half of the users: 88 in 100; every tenth: 27; unheard up to 63."""
    for name in ("P2", "P3"):
        ship("interview", "import", coded, talk, "--name", name, "--interviewer", "Ann", "--consent", "given")
        ship("interview", "pseudonymise", coded, name, "--yes")
    said = ship("interview", "summary", coded).out
    assert "half of your users have comes up at least once among 3 people with a chance of 88 in 100" in said
    assert "every tenth user has comes up at least once among 3 people with a chance of 27 in 100" in said
    assert "a problem of up to 63 in 100 users" in said
    assert "drawn from your users as by chance" in said


def test_a_theme_becomes_something_that_is_there(coded: Path, ship: Ship) -> None:
    """A criterion that is declared, or not now with a reason; another id is refused, and nothing is written."""
    before = (coded / "taxonomy.yaml").read_text(encoding="utf-8")
    assert (
        "there is no criterion `fast`" in ship("interview", "theme", coded, "slow", "--criterion", "fast").err
    )
    assert (coded / "taxonomy.yaml").read_text(encoding="utf-8") == before
    assert ship("interview", "theme", coded, "slow", "--criterion", "right_answer").code == 0
    assert ship("interview", "theme", coded, "dark", "--not-now", "one of nine asked").code == 0
    said = ship("interview", "themes", coded)
    assert "criterion: right_answer" in said.out
    assert "not now: one of nine asked" in said.out
    assert before.rstrip() in (coded / "taxonomy.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [("BAD ID",), ("ok", "--parent", "none"), ("ok", "--title", "x" * 300)])
def test_a_theme_that_cannot_be_is_refused(coded: Path, ship: Ship, words: tuple[str, ...]) -> None:
    """An id with blanks, a theme above that is not there, a title without end."""
    assert ship("interview", "theme", coded, *words).code == 3


def test_a_withdrawal_takes_everything_with_it(coded: Path, ship: Ship) -> None:
    """Asked first; then no word is left in the folder, outside it or in the journal; the journal says that it happened."""
    (coded / "memo").mkdir()
    (coded / "memo/memo.md").write_text("They said: Last Tuesday. I gave up\n", encoding="utf-8")
    assert ship("interview", "withdraw", coded, "P1").code == 11
    assert (coded / "interviews/P1.excerpts.yaml").exists()
    said = ship("interview", "withdraw", coded, "P1", "--yes")
    assert "1 excerpts are deleted" in said.out
    assert "still in memo/memo.md" in said.out
    places = [coded / "interviews", coded / ".shipworthy", Path(os.environ["XDG_STATE_HOME"])]
    left = b"".join(p.read_bytes() for place in places for p in place.rglob("*") if p.is_file())
    for word in (b"Tuesday", b"gave up", b"Maria", b"slow"):
        assert word not in left
    ledger = open_ledger(Layout(coded).ledger)
    with ledger.read() as connection:
        bodies: list[dict[str, Any]] = [body for _, _, body in events(connection, "withdraw")]
    ledger.close()
    assert bodies == [{"interview": "P1", "excerpts": 1}]
    assert ship("check", coded).code == 0
    assert "heard yet" in ship("interview", "summary", coded).out


def test_a_withdrawn_name_is_not_used_again(coded: Path, talk: Path, ship: Ship) -> None:
    """What comes after it has another name, and the old one stays withdrawn."""
    ship("interview", "withdraw", coded, "P1", "--yes")
    assert ship("interview", "import", coded, talk, "--name", "P1").code == 3
    assert ship("interview", "import", coded, talk).out.startswith("P2:")


def test_a_sheet_asks_about_the_past(launch: Path, ship: Ship) -> None:
    """It asks for the last time, and says what never to ask; the file it begins waits for consent."""
    said = ship("interview", "new", launch)
    assert "When did you last do this?" in said.out
    assert "Would you use it?" in said.out.split("## Never ask")[1]
    assert "P1: P1 · stranger · 0 excerpts · consent missing" in ship("interview", "show", launch).out
    assert ship("check", launch).code == 0


def test_who_may_not_be_quoted_is_counted_alone(launch: Path, talk: Path, ship: Ship) -> None:
    """Consent for notes only: the person counts, and no word of theirs is shown."""
    ship(
        "interview", "import", launch, talk, "--interviewer", "Ann", "--consent", "given", "--scope", "notes"
    )
    ship("interview", "pseudonymise", launch, "P1", "--yes")
    assert code(ship, launch, "Last Tuesday", "--new").code == 0
    for command in ("themes", "show"):
        said = ship("interview", command, launch, *(["P1"] if command == "show" else []))
        assert "Tuesday" not in said.out
    assert "1 of 1 people" in ship("interview", "themes", launch).out
    assert "does not allow to quote it outside" in code(ship, launch, "I called", "--external").err


@pytest.mark.parametrize("name", ["../x", "a/b", "", "x" * 80, "P 1", ".hidden", "P1\n"])
def test_a_name_that_is_a_path_is_refused(launch: Path, talk: Path, ship: Ship, name: str) -> None:
    """Nothing is written anywhere."""
    assert ship("interview", "import", launch, talk, "--name", name or " ").code in (2, 3)
    assert ship("interview", "withdraw", launch, name or " ", "--yes").code in (2, 3)
