"""Every mistake in an interview, its excerpts and the themes is a problem with file, line and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.domain.transcript import sha_of
from shipworthy.services.check import check

TEXT = "P1: Last Tuesday I gave up after an hour."
HEAD = f"""alias: P1
consent: {{state: given, date: 2027-03-01, scope: [quote]}}
pseudonymised: {{done: true, replaced: 2}}
text_sha256: {sha_of(TEXT)}
"""
EXCERPT = "- {start: 19, end: 26, text: gave up, codes: [slow], kind: did}\n"
THEMES = "failure_modes:\n- id: invented\nthemes:\n- id: slow\n  becomes: {criterion: right}\n"
LAUNCH = "title: T\nvariants: {new: {recorded: true}, old: {recorded: true}}\nbaseline: old\ncandidate: new\n"
CRITERIA = "- id: right\n  bar: {at_least: 0.8}\n  scorer: {recorded: passed}\n"


@pytest.fixture
def problems(folder: Callable[..., Path]) -> Callable[..., list[str]]:
    """Return the problems of a launch with one coded interview, some of whose files are other ones."""

    def read(
        head: str = HEAD, text: str = TEXT, excerpts: str = EXCERPT, themes: str = THEMES, name: str = "P1"
    ) -> list[str]:
        """Write the files and check them."""
        made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA, taxonomy_yaml=themes)
        (made / "interviews").mkdir(exist_ok=True)
        (made / f"interviews/{name}.md").write_text(f"---\n{head}---\n\n{text}\n", encoding="utf-8")
        (made / "interviews/P1.excerpts.yaml").write_text(excerpts, encoding="utf-8")
        return [str(problem) for problem in check(made).problems]

    return read


def test_a_coded_interview_is_no_problem(problems: Callable[..., list[str]]) -> None:
    """Consent, replaced names, a frozen text, an excerpt that stands where it says: nothing to mend."""
    assert problems() == []


HEADS = {
    "no consent": (HEAD.replace("state: given", "state: missing"), "excerpts, and the consent is missing"),
    "refused": (HEAD.replace("state: given", "state: refused"), "whose consent is refused"),
    "no day": (HEAD.replace(", date: 2027-03-01", ""), "the day on which it was given"),
    "names stand": (HEAD.replace("done: true", "done: false"), "whose names were not replaced"),
    "no alias": (HEAD.replace("alias: P1\n", ""), "a name for the person that is not theirs"),
    "unknown key": (HEAD + "surprise: yes\n", "the unknown key `surprise`"),
    "other relationship": (HEAD + "relationship: cousin\n", "`relationship: cousin`"),
    "no YAML": ("alias: [\n", "valid YAML"),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_mistake_in_the_head_is_told_with_its_line(problems: Callable[..., list[str]], case: str) -> None:
    """Whatever is wrong above the text is found, with where it stands."""
    head, said = HEADS[case]
    found = problems(head)
    assert any(said in each and each.startswith("interviews/P1.md:") for each in found), found


EXCERPTS = {
    "moved": (EXCERPT.replace("19", "18"), "P1.excerpts.yaml:1", "`start: 19` and `end: 26`"),
    "other words": (
        EXCERPT.replace("gave up", "gave in"),
        "P1.excerpts.yaml:1",
        "quote the words as they stand",
    ),
    "unknown code": (EXCERPT.replace("slow", "slwo"), "P1.excerpts.yaml:1", "the code `slwo`"),
    "backwards": (EXCERPT.replace("end: 26", "end: 3"), "P1.excerpts.yaml:1", "a place after 19"),
    "unknown kind": (EXCERPT.replace("did", "done"), "P1.excerpts.yaml:1", "`kind: done`"),
    "outside": (EXCERPT.replace("kind", "external_ok: true, kind"), "P1.excerpts.yaml:1", "quote_external"),
    "no list": ("start: 1\n", "P1.excerpts.yaml:1", "a list of excerpts"),
    "second line": (
        "# mine\n" + EXCERPT + EXCERPT.replace("slow", "x"),
        "P1.excerpts.yaml:3",
        "the code `x`",
    ),
}


@pytest.mark.parametrize("case", EXCERPTS)
def test_a_mistake_in_an_excerpt_is_told_with_its_line(problems: Callable[..., list[str]], case: str) -> None:
    """An excerpt that does not say what stands in the text is found, and how to mend it is said."""
    excerpts, place, said = EXCERPTS[case]
    found = problems(excerpts=excerpts)
    assert any(place in each and said in each for each in found), found


TAXONOMIES = {
    "unknown criterion": ("criterion: right", "criterion: wrong", "the criterion `wrong`"),
    "unknown mode": ("criterion: right", "failure_mode: nope", "the failure mode `nope`"),
    "nothing": ("{criterion: right}", "{}", "one of criterion, failure_mode"),
    "unknown parent": ("  becomes", "  parent: above\n  becomes", "the theme `above`"),
    "its own parent": ("  becomes", "  parent: slow\n  becomes", "which belongs to itself"),
    "twice": ("- id: slow\n", "- id: slow\n- id: slow\n", "the id `slow` a second time"),
}


@pytest.mark.parametrize("case", TAXONOMIES)
def test_a_theme_that_leads_nowhere_is_told(problems: Callable[..., list[str]], case: str) -> None:
    """What a theme becomes, and what it belongs to, is declared."""
    old, new, said = TAXONOMIES[case]
    found = problems(themes=THEMES.replace(old, new))
    assert any(said in each and each.startswith("taxonomy.yaml:") for each in found), found


def test_a_text_that_was_changed_after_it_was_frozen_is_told(problems: Callable[..., list[str]]) -> None:
    """One letter is enough, also behind the last excerpt."""
    assert any("changed after it was frozen" in each for each in problems(text=TEXT + "!"))


def test_a_text_with_what_cannot_be_seen_is_told_with_its_line(problems: Callable[..., list[str]]) -> None:
    """An override of direction in the third line of the file's text."""
    head = "".join(line for line in HEAD.splitlines(keepends=True) if "sha" not in line)
    found = problems(head, TEXT + "\n\nso\u202eon")
    assert any("U+202E" in each and each.startswith("interviews/P1.md:9:") for each in found), found


def test_excerpts_without_their_interview_are_told(problems: Callable[..., list[str]]) -> None:
    """The file of excerpts is there, the text is not."""
    assert any("there is no interviews/P1.md" in each for each in problems(name="P2"))


@pytest.mark.parametrize("text", ["\x00", "---\n---\n", "---\nalias: P1", "- a\n", "\ufeff---\n1\n---\nx"])
def test_any_file_is_read_without_an_error(folder: Callable[..., Path], text: str) -> None:
    """Whatever stands in an interview, `check` lists it."""
    made = folder(launch_yaml=LAUNCH, criteria_yaml=CRITERIA)
    (made / "interviews").mkdir()
    (made / "interviews/P1.md").write_text(text, encoding="utf-8")
    assert check(made).problems
