"""Learn from the terminal: list, read, search; and every command that an article asks to try does its work."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Said

from shipworthy.cli.main import COMMANDS
from shipworthy.domain.article import Article
from shipworthy.store.article_file import read_articles

ARTICLES = read_articles()
ENDS = {"decide": 10, "sign": 3}
"""Exit codes that a tried command has other than 0: the sample ships narrower, and nobody signs without a way back."""


@pytest.fixture(scope="module")
def desk(demo: tuple[Path, Said], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which somebody has run the demo."""
    assert demo[1].code == 0
    made = tmp_path_factory.mktemp("desk")
    shutil.copytree(demo[0], made / "demo-launch")
    return made


@pytest.fixture
def tried(desk: Path, ship: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Said]:
    """Run a command as a reader at that desk would, with a home of its own."""

    def asked(command: str) -> Said:
        monkeypatch.chdir(desk)
        for name, value in {"HOME": desk, "XDG_DATA_HOME": desk / "data", "COLUMNS": 80}.items():
            monkeypatch.setenv(name, str(value))
        return ship(*shlex.split(command)[1:])

    return asked


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_every_command_to_try_does_its_work(tried: Callable[[str], Said], article: Article) -> None:
    """On the sample launch, or in an empty folder, it ends as the article says."""
    command = article.head.try_it.command
    done = tried(command)
    assert done.code == ENDS.get(command.split()[1], 0), done.err
    assert len(done.out + done.err) > 40


def test_what_an_article_says_of_the_sample_is_what_its_verdict_says(tried: Callable[[str], Said]) -> None:
    """Passages marked as said by `decide` stand in the sample's verdict."""
    said = " ".join(tried("shipworthy decide demo-launch").out.split())
    marked = [n for article in ARTICLES for n in article.head.numbers if n.made_by.startswith("decides(")]
    assert marked
    for number in marked:
        assert number.made_by == f"decides('{number.says}')"
        assert number.says in said


def test_every_command_that_sends_to_an_article_exists() -> None:
    """Commands named by articles are commands of ours."""
    named = {name for article in ARTICLES for name in article.head.commands}
    assert named <= set(COMMANDS)


def test_the_library_is_read_from_the_terminal(ship: Callable[..., Said]) -> None:
    """A reader lists, picks one, reads it and sees the next; nothing but the text goes to stdout."""
    listed = ship("learn")
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.count("shipworthy learn ") == len(ARTICLES)
    one = ship("learn", "how-many")
    assert (one.code, one.err) == (0, "")
    assert one.out.startswith("Measure\nHow many is enough?\n")
    assert "Next: Keep the exam sealed" in one.out


def test_a_search_finds_or_says_that_it_does_not(ship: Callable[..., Said]) -> None:
    """Found articles come on stdout; nothing found is said on stderr, and in the exit code."""
    assert "two-reviewers" in ship("learn", "--search", "kappa").out
    none = ship("learn", "--search", "zebra")
    assert (none.code, none.out) == (1, "")
    assert "no article" in none.err


def test_a_program_gets_json(ship: Callable[..., Said]) -> None:
    """The list and one article are there for programs, with reading time."""
    listed = ship("learn", "--category", "own", "--format", "json").json["articles"]
    assert [(one["name"], one["category"]) for one in listed] == [
        ("when-to-stop", "Own"),
        ("title-follows", "Own"),
    ]
    one = json.loads(ship("learn", "when-to-stop", "--format", "json").out)
    assert one["minutes"] == 5
    assert one["next"] == "title-follows"


def test_a_mistyped_name_is_a_usage_error(ship: Callable[..., Said]) -> None:
    """`how-may` ends with 2 and names what was meant."""
    done = ship("learn", "how-may")
    assert (done.code, done.out) == (2, "")
    assert "did you mean how-many?" in done.err
