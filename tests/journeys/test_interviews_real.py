"""28 real students' answers and what their researchers quoted of them: coded by the command line, counted by people."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.conftest import Said

from shipworthy.cli.main import run
from shipworthy.services.interview_table import slug
from shipworthy.services.interview_themes import interview_themes
from shipworthy.services.interview_trace import Columns, Trace, interview_trace
from shipworthy.services.listening import listening

STUDY = "data/llmreq-user-study"
PERCEPTIONS = "participants__perceptions_thematic_analysis__"
QUOTE = "Answer to the question: What are the {} aspects of using LLMs?"
SIDES = ("negative", "positive")
LARGEST = {
    "negative": {"learning": (21, 34), "reliability": (16, 23)},
    "positive": {"time": (27, 35), "quality": (20, 30)},
}
"""Categories: people of 28, and rows as they were published."""


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table that are not empty."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if any(value and value.strip() for value in row.values()):
                yield {key.strip(): (value or "").strip() for key, value in row.items() if key}


def coding_of(study: Path, side: str) -> Path:
    """Return the researchers' table of one side."""
    return study / f"{PERCEPTIONS}{side.capitalize()}_Perception_Open_Coding.csv"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the study, which lies beside the project."""
    path = Path(__file__).resolve().parents[3] / "shared" / STUDY
    if not path.is_dir():
        pytest.skip("the study lies beside the project, and is not here")
    return path


@pytest.fixture(scope="module")
def launch(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Import the answers of all 28 as interviews, replace names, and code both tables, by the command line alone."""
    place = tmp_path_factory.mktemp("study")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(place / "state"))
        made = place / "launch"
        assert run(["init", str(made)]) == 0
        for row in rows_of(study / f"{PERCEPTIONS}usage_llm_feedbacks.csv"):
            file = place / f"{row['code']}.txt"
            file.write_text(f"Positive: {row['positive']}\n\nNegative: {row['negative']}\n", encoding="utf-8")
            words = [str(made), str(file), "--name", row["code"], "--consent", "given", "--scope", "quote"]
            assert run(["interview", "import", *words]) == 0
            assert run(["interview", "pseudonymise", str(made), row["code"], "--yes"]) == 0
        for side in SIDES:
            columns = [
                "--quote",
                QUOTE.format(side),
                "--interview",
                "code",
                "--code",
                "Open Coding",
                "--theme",
                "Category",
            ]
            assert (
                run(["interview", "code-table", str(made), str(coding_of(study, side)), *columns, "--near"])
                == 0
            )
        yield made


@pytest.mark.parametrize(
    ("side", "rows", "verbatim", "near"), [("negative", 57, 1, 55), ("positive", 65, 6, 59)]
)
def test_few_quotes_are_verbatim_and_the_near_ones_are_shown(
    launch: Path, study: Path, ship: Callable[..., Said], side: str, rows: int, verbatim: int, near: int
) -> None:
    """1 of 57 and 6 of 65 quotes stand in the answers word for word; the others are shown beside the nearest passage."""
    columns = ("--quote", QUOTE.format(side), "--interview", "code")
    said = ship("interview", "trace", launch, coding_of(study, side), *columns, "--all")
    assert f"verbatim: {verbatim} of {rows} quotes" in said.out
    assert f"near: {near} of {rows} quotes" in said.out
    shown = re.findall(r"^  (\d+) of 100 alike, at \d+: .+", said.out, re.MULTILINE)
    assert len(shown) == near
    assert said.code == (11 if verbatim + near < rows else 0)


def traced(launch: Path, study: Path, side: str) -> Trace:
    """Trace one table."""
    return interview_trace(launch, table=coding_of(study, side), columns=Columns(QUOTE.format(side), "code"))


@pytest.mark.parametrize("side", SIDES)
def test_rows_that_repeat_a_quote_are_one_quote_of_one_person(launch: Path, study: Path, side: str) -> None:
    """57 and 65 rows are 29 and 28 different quotes of 28 people."""
    trace = traced(launch, study, side)
    assert trace.people() == 28
    assert sum(trace.distinct().values()) == {"negative": 29, "positive": 28}[side]
    assert len(trace.quotes) == {"negative": 57, "positive": 65}[side]


@pytest.mark.parametrize("side", SIDES)
def test_themes_are_counted_by_people_and_not_by_rows(launch: Path, study: Path, side: str) -> None:
    """Each code and category has as many people as different people stand beside it in the table, never its rows."""
    people: dict[str, set[str]] = {}
    rows: Counter[str] = Counter()
    located = {each.row for each in traced(launch, study, side).quotes if each.found.state != "not found"}
    with coding_of(study, side).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            for name in {slug(cell.strip()) for cell in row[2:4] if cell.strip()}:
                rows[name] += 1
                if reader.line_num in located:
                    people.setdefault(name, set()).add(row[0].strip())
    found = {each.theme.id: set(each.people) for each in interview_themes(launch).themes}
    assert {name: found[name] for name in people} == people
    assert {name: (len(people[name]), rows[name]) for name in LARGEST[side]} == LARGEST[side]


def test_excerpts_are_the_students_words_and_keep_what_was_written_down(launch: Path) -> None:
    """Each excerpt is a part of its text; a near one keeps the other translation beside it; nothing is a problem."""
    there = listening(launch)
    assert there.problems == ()
    codings = [(each, coding) for each in there.interviews for coding in each.codings]
    assert all(each.text[coding.start : coding.end] == coding.text for each, coding in codings)
    assert sum(bool(coding.quoted_as) for _, coding in codings) == 50
    assert len(codings) == 56


def test_all_of_it_is_weak_and_the_summary_says_so(launch: Path, ship: Callable[..., Said]) -> None:
    """Opinions about a tool are weak: nobody told what they did, so no share of users is claimed."""
    said = ship("interview", "summary", launch)
    assert "28 people heard in 28 interviews; 56 excerpts coded, 56 of them weak" in said.out
    assert "told as done" not in said.out
    assert "Time: " in said.out
    assert said.code == 0


def test_a_likeness_alone_decides_nothing(launch: Path, study: Path) -> None:
    """Held against everybody else's answers, some quotes are near too: near is a hint for a person, and no match."""
    from shipworthy.similarity.quotes import locate  # noqa: PLC0415 - where it is used

    texts = {each.name: each.text for each in listening(launch).interviews}
    quotes = {(each.interview, each.quote) for side in SIDES for each in traced(launch, study, side).quotes}
    other = [
        locate(text, quote).state for who, quote in quotes for name, text in texts.items() if name != who
    ]
    near = sum(state != "not found" for state in other)
    own = sum(
        max(texts, key=lambda name: locate(texts[name], quote).likeness) == who for who, quote in quotes
    )
    said = (
        f"{near} of {len(other)} other pairs are near; nearest is the right person for {own} of {len(quotes)}"
    )
    print(f"\n{said}")  # noqa: T201 - shown with -s
    assert 0 < near < 0.06 * len(other)
    assert own >= 0.9 * len(quotes)
