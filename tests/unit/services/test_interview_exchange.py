"""Codebooks and projects, out and in again, and as other tools write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.domain.errors import BadInput, Refused
from shipworthy.domain.theme import Theme, above
from shipworthy.domain.transcript import sha_of
from shipworthy.importers.xml_tree import read_xml
from shipworthy.services.interview_exchange import import_codebook, import_project, interview_export
from shipworthy.services.interview_import import About
from shipworthy.services.listening import listening

TEXT = "P1: Last Tuesday 🙂 I gave up.\n\nInterviewer: And then?\n\nP1: <b>Nothing</b> & no-one called."
THEMES = """
themes:
- id: search
  name: "Search & <find>"
  definition: "They looked, and say how.\\nTwo lines."
  includes: [typing a number]
  excludes: [asking a person]
  kind: pain
- {id: slow, name: It is slow, parent: search}
- {id: time, name: 時間, parent: slow}
"""
CODINGS = """
- {start: 4, end: 16, text: Last Tuesday, codes: [slow, time], kind: did, coder: ann, note: "a day, <at last>"}
- {start: 19, end: 28, text: I gave up, codes: [search], kind: habit}
- {start: 59, end: 73, text: "<b>Nothing</b>", codes: [slow], kind: opinion, coder: bob}
"""
GIVEN = About(consent="given", method="signed", scope=("quote",))


@pytest.fixture
def launch(folder: Callable[..., Path]) -> Path:
    """A launch with one coded interview and one that may not leave."""
    head = (
        "alias: {}\nconsent: {{state: {}, date: 2027-03-01, scope: [quote]}}\npseudonymised: {{done: true}}\n"
    )
    made = folder(taxonomy_yaml=THEMES, interviews__P1__excerpts_yaml="")
    (made / "interviews__P1__excerpts.yaml").unlink(missing_ok=True)
    (made / "interviews").mkdir(exist_ok=True)
    for leftover in (made / "interviews").rglob("*"):
        if leftover.is_file():
            leftover.unlink()
    (made / "interviews/P1.excerpts.yaml").write_text(CODINGS, encoding="utf-8")
    for name, state in (("P1", "given"), ("P2", "missing")):
        text = f"---\n{head.format(name, state)}---\n\n{TEXT}\n"
        (made / f"interviews/{name}.md").write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def empty(folder: Callable[..., Path]) -> Path:
    """Another launch."""
    return folder("other", launch_yaml="title: Other\n")


def tree(themes: tuple[Theme, ...]) -> list[tuple[object, ...]]:
    """Return what an exchange has to keep of themes."""
    by_id = {theme.id: theme for theme in themes}
    return [
        (
            *(by_id[each].title for each in above(by_id, t.id)),
            t.definition,
            list(t.includes),
            list(t.excludes),
        )
        for t in themes
    ]


@pytest.mark.parametrize("ending", ["qdc", "qdpx", "csv"])
def test_a_codebook_comes_back_as_it_went(launch: Path, empty: Path, tmp_path: Path, ending: str) -> None:
    """Names, definitions, what is included and excluded, and the tree; a second import changes nothing."""
    file = tmp_path / f"codes.{ending}"
    assert interview_export(launch, file).themes == 3
    assert import_codebook(empty, file).themes == 3
    assert tree(listening(empty).themes) == tree(listening(launch).themes)
    again = import_codebook(empty, file)
    assert (again.themes, again.known) == (0, 3)


def test_a_csv_keeps_ids_and_kinds_too(launch: Path, empty: Path, tmp_path: Path) -> None:
    """Columns that only we read; Taguette reads the first two."""
    file = tmp_path / "codes.csv"
    interview_export(launch, file)
    assert file.read_text(encoding="utf-8").startswith("tag,description,")
    import_codebook(empty, file)
    kept = [(theme.id, theme.kind, theme.parent) for theme in listening(empty).themes]
    assert kept == [("search", "pain", None), ("slow", None, "search"), ("time", None, "slow")]


def test_a_project_comes_back_as_it_went(launch: Path, empty: Path, tmp_path: Path) -> None:
    """Text, places, codes, kinds, coders and notes; who did not agree stays behind."""
    file = tmp_path / "study.qdpx"
    done = interview_export(launch, file)
    assert (done.interviews, done.excerpts, done.stayed) == (1, 3, ("P2",))
    assert b"P2" not in file.read_bytes()
    taken = import_project(empty, file, about=GIVEN, names_replaced=True)
    assert (taken.interviews, taken.excerpts, taken.unplaced) == (["P1"], 3, 0)
    was, now = listening(launch).named("P1"), listening(empty).sound().named("P1")
    assert now.text == was.text
    assert [(c.start, c.end, c.text, c.kind, c.coder, c.note) for c in now.codings] == [
        (c.start, c.end, c.text, c.kind, c.coder, c.note) for c in was.codings
    ]
    names = {theme.id: theme.title for theme in listening(empty).themes}
    olds = {theme.id: theme.title for theme in listening(launch).themes}
    assert [[names[x] for x in c.codes] for c in now.codings] == [
        [olds[x] for x in c.codes] for c in was.codings
    ]
    assert now.head.text_sha256 == sha_of(now.text)


def test_an_export_is_the_same_bytes_twice_and_well_formed(launch: Path, tmp_path: Path) -> None:
    """Codebook and project differ in nothing but the time that the project states."""
    for name in ("a.qdc", "b.qdc"):
        interview_export(launch, tmp_path / name)
    assert (tmp_path / "a.qdc").read_bytes() == (tmp_path / "b.qdc").read_bytes()
    root = read_xml((tmp_path / "a.qdc").read_bytes(), "a.qdc")
    assert root.name == "CodeBook"
    assert [each.attributes["name"] for each in root.everywhere("Code")] == [
        "Search & <find>",
        "It is slow",
        "時間",
    ]
    interview_export(launch, tmp_path / "a.qdpx")
    with zipfile.ZipFile(tmp_path / "a.qdpx") as archive:
        project = read_xml(archive.read("project.qde"), "project.qde")
        source = (
            project.named("Sources", "TextSource")[0].attributes["plainTextPath"].removeprefix("internal://")
        )
        assert archive.read(f"sources/{source}").decode() == TEXT
    places = [
        (s.attributes["startPosition"], s.attributes["endPosition"])
        for s in project.everywhere("PlainTextSelection")
    ]
    assert places == [("4", "16"), ("19", "28"), ("59", "73")]


QUALCODER = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Users><User guid="u1" name="default"/></Users>
<CodeBook><Codes><Code guid="AA" name="Wants refund" isCodable="true"><Description>money back</Description>
<Code guid="bb" name="Twice" isCodable="true"/></Code></Codes></CodeBook>
<Sources><TextSource guid="s1" name="talk one.txt" plainTextPath="internal://s1.txt">
<PlainTextSelection guid="p1" name="my money" startPosition="22" endPosition="30" creatingUser="u1"><Coding guid="c"><CodeRef targetGUID="aa"/></Coding></PlainTextSelection>
<PlainTextSelection guid="p2" startPosition="0" endPosition="4"><Description>no code</Description></PlainTextSelection>
<PlainTextSelection guid="p3" startPosition="900" endPosition="910"><Coding guid="c"><CodeRef targetGUID="bb"/></Coding></PlainTextSelection>
<PlainTextSelection guid="p4" startPosition="x" endPosition="4"><Coding guid="c"><CodeRef targetGUID="bb"/></Coding></PlainTextSelection>
</TextSource><PictureSource guid="i1" name="a.png"/></Sources></Project>"""


def packed(qde: str, source: bytes) -> bytes:
    """Return a project as another tool packs it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("project.qde", qde)
        archive.writestr("Sources/s1.txt", source)
    return out.getvalue()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_another_tools_project_is_read_with_its_dialects(empty: Path, tmp_path: Path, line_end: str) -> None:
    """Marks in other case, a folder in other case, a selection without a code, places outside the text, line ends of two characters that it counts as one."""
    file = tmp_path / "other.qdpx"
    file.write_bytes(
        packed(QUALCODER, f"Ann: hello{line_end}{line_end}Bob: I want my money back{line_end}".encode())
    )
    qde = QUALCODER.replace('startPosition="22" endPosition="30"', 'startPosition="24" endPosition="32"')
    file.write_bytes(
        packed(qde, f"Ann: hello{line_end}{line_end}Bob: I want my money back{line_end}".encode())
    )
    taken = import_project(empty, file, about=GIVEN, names_replaced=True)
    assert (taken.excerpts, taken.unplaced, taken.left_out) == (1, 1, ("PictureSource",))
    kept = listening(empty).sound().named("P1").codings[0]
    assert (kept.text, kept.kind, kept.coder, kept.codes) == (
        "my money",
        "opinion",
        "default",
        ["wants-refund"],
    )


@pytest.mark.parametrize(("about", "replaced"), [(About(), True), (GIVEN, False)])
def test_a_project_without_consent_or_with_names_is_not_taken(
    launch: Path, empty: Path, tmp_path: Path, about: About, *, replaced: bool
) -> None:
    """Nothing of it is written."""
    interview_export(launch, tmp_path / "a.qdpx")
    with pytest.raises(Refused):
        import_project(empty, tmp_path / "a.qdpx", about=about, names_replaced=replaced)
    assert not (empty / "interviews").exists()


@pytest.mark.parametrize("column", ["tag", "name", "path"])
def test_a_taguette_codebook_is_read_by_any_of_its_columns(empty: Path, tmp_path: Path, column: str) -> None:
    """One of three columns, with or without a description."""
    (tmp_path / "a.csv").write_text(f"{column},description\nslow,waits\nfast,\n,nothing\n", encoding="utf-8")
    assert import_codebook(empty, tmp_path / "a.csv").themes == 2
    assert [theme.definition for theme in listening(empty).themes] == ["waits", ""]
    (tmp_path / "b.csv").write_text("word\nslow\n", encoding="utf-8")
    with pytest.raises(BadInput, match="tag, name or path"):
        import_codebook(empty, tmp_path / "b.csv")


def test_an_unknown_ending_is_refused(launch: Path, tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(BadInput, match="ends in none of"):
        interview_export(launch, tmp_path / "a.xml")
    assert not (tmp_path / "a.xml").exists()
