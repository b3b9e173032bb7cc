"""A launch whose every text is an attack, by the command line: each format of its memo is whole, and nothing in it runs."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pypdf
import pytest
from docx import Document

ATTACKS = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "markdown": "[click](javascript:alert(3)) ![x](http://127.0.0.1:1/p.png) | a | b |",
    "typst": '#eval("1+1") #read("/etc/passwd") $x^2$ @label <label>',
    "word": "]]></w:t><w:p/>&amp;&lt;&#0;",
    "formula": "=cmd|' /C calc'!A0",
    "template": "{{7*7}} ${7*7} <%= 7 %>",
}
CONTROL = "\x1b[31mred\x07 \u202egnp.exe\u202c \u2066x\u2069 z\u0300\u0301\u0302\u0303\u0304\u0305\u0306algo"
ESCAPED = ("\x1b", "\x07", "\u202e", "\u202c", "\u2066", "\u2069")


def bad(kind: str, more: str = "") -> str:
    """Return one attack with control and bidirectional characters round it."""
    return f"{ATTACKS[kind]} {CONTROL} {more}".strip()


class Tags(HTMLParser):
    """What a page consists of."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        super().__init__(convert_charrefs=True)
        self.names: set[str] = set()
        self.handlers: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, what it would run and where it leads."""
        self.names.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "data")]


@pytest.fixture
def hostile(tmp_path: Path, ship: Callable[..., Any]) -> Path:
    """A launch with attacks in its brief, criteria, failure modes, tags, outputs, notes and names of reviewers."""
    made = tmp_path / "launch"
    (made / "evalset").mkdir(parents=True)
    launch = {
        "title": bad("html"), "goal": bad("typst"), "candidate": "new", "variants": {"new": {"recorded": True}},
        "decision": {"question": bad("word", "?"), "who": bad("markdown"), "by": "2027-03-01"},
        "users": [bad("formula"), bad("template")], "not_worth_it_if": bad("markdown"),
        "value": {"unit": bad("html"), "low": 1, "likely": 2, "high": 3, "per_week": 10, "basis": bad("typst")},
        "harm": [{"event": bad("template"), "who": bad("html"), "low": 1, "high": 9}],
        "slices": {"topic": {"by": "topic", "shares": {ATTACKS["typst"]: 0.5, ATTACKS["html"]: 0.5}, "scope": True}},
    }  # fmt: skip
    criterion = {
        "id": "right", "question": bad("html"), "pass": bad("word"), "fail": bad("markdown"), "scorer": {"recorded": "passed"},
        "bar": {"at_least": 0.8, "why": bad("typst")}, "failure_modes": ["late"], "slices": ["topic"],
    }  # fmt: skip
    mode = {"id": "late", "name": bad("markdown"), "definition": bad("html")}
    (made / "launch.yaml").write_text(json.dumps(launch).replace('"2027-03-01"', "2027-03-01"))
    (made / "criteria.yaml").write_text(json.dumps([criterion]))
    (made / "taxonomy.yaml").write_text(json.dumps([mode]))
    topics = (ATTACKS["typst"], ATTACKS["html"])
    cases = [
        {"id": f"{part}-{i}", "input": bad("html", f"{part} {i}"), "tags": {"topic": topics[i % 2]}, "part": part}
        for part, n in (("explore", 30), ("holdout", 100))
        for i in range(n)
    ]  # fmt: skip
    (made / "evalset/cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    _play(made, tmp_path, cases, ship)
    return made


def _play(made: Path, tmp_path: Path, cases: list[dict[str, Any]], ship: Callable[..., Any]) -> None:
    """Bring in outputs and labels of open cases, lock, bring in the sealed ones, and look."""

    def rows(part: str) -> Path:
        file = tmp_path / f"{part}.jsonl"
        kept = [case["id"] for case in cases if case["part"] == part]
        file.write_text(
            "".join(
                json.dumps({"case": name, "output": bad("html", name), "passed": int(i % 20 > 0)}) + "\n"
                for i, name in enumerate(kept)
            )
        )
        return file

    labels = [
        {"case": f"explore-{i}", "variant": "new", "reviewer": "ann", "note": bad("markdown"),
         "state": "fail" if i < 3 else "pass", "modes": ["late"] if i < 3 else []}
        for i in range(30)
    ]  # fmt: skip
    read = tmp_path / "labels.jsonl"
    read.write_text("".join(json.dumps(row) + "\n" for row in labels))
    for step in (
        ("import", rows("explore"), "--launch", made, "--variant", "new"),
        ("look", "import", made, read),
        ("lock", made),
        ("import", rows("holdout"), "--launch", made, "--variant", "new"),
    ):
        said = ship(*step)
        assert said.code == 0, said.err
    assert ship("decide", made, "--yes").code in (0, 10, 11)


def test_every_format_of_a_hostile_launch_is_whole_and_runs_nothing(hostile, ship):
    """HTML, PDF, Word, Markdown and JSON: the attacks are words, control characters are gone, and all sections are there."""
    said = ship("memo", hostile, "--format", "all", "--author", bad("html"))
    assert said.code in (0, 10, 11), said.err
    files = {path.suffix[1:]: path for path in (hostile / "memo").iterdir()}
    assert set(files) == {"html", "pdf", "docx", "md", "json"}
    assert [c for c in said.out if ord(c) < 32 and c != "\n"] == []

    page = files["html"].read_text()
    tags = Tags()
    tags.feed(page)
    assert not tags.names & {"script", "img", "iframe", "object", "embed", "form", "base", "a href"}
    assert tags.handlers == []
    assert all(link.startswith("#") for link in tags.links)
    assert "default-src 'none'" in html.unescape(page)

    pdf = pypdf.PdfReader(io.BytesIO(files["pdf"].read_bytes()))
    assert not {"/OpenAction", "/AA"} & set(pdf.root_object)
    annotations = [a.get_object() for sheet in pdf.pages for a in sheet.get("/Annots") or []]
    assert not [a for a in annotations if "/URI" in str(a) or "/JavaScript" in str(a)]
    told = " ".join(sheet.extract_text() for sheet in pdf.pages)
    assert "root:" not in told
    assert '#eval("1+1")' in told.replace("\n", " ")

    word = Document(io.BytesIO(files["docx"].read_bytes()))
    written = "\n".join([p.text for p in word.paragraphs] + [c.text for t in word.tables for c in t._cells])
    assert "<script>alert(1)</script>" in written
    assert not [r for r in word.part.rels.values() if r.is_external]

    markdown = files["md"].read_text()
    assert not re.search(r"(?<!\\)<script", markdown)
    assert not re.search(r"(?<!\\)\]\((?!#)", markdown)

    tree = json.loads(files["json"].read_text())
    for text in (page, told, written, markdown, json.dumps(tree, ensure_ascii=False)):
        assert not [c for c in ESCAPED if c in text]
    names = [section["title"] for section in (*tree["page"], *tree["appendix"])]
    assert len(names) == 13
    squeezed = re.sub(r"\s", "", told)
    for name in names:
        assert name in page.replace("&#x27;", "'")
        assert name in written
        assert name in markdown
        assert re.sub(r"\s", "", name) in squeezed


def test_other_files_of_a_hostile_launch_hold_no_markup_and_no_control(hostile, ship):
    """Verdict as text, Markdown and JUnit, the model card, the argument, the challenges: words and nothing else."""
    markdown = (
        ("decide", hostile, "--format", "markdown"),
        ("export", "model-card", hostile),
        ("export", "claims", hostile),
    )
    junit = ("decide", hostile, "--format", "junit")
    for command in (("decide", hostile), ("pressure-test", hostile, "--all"), junit, *markdown):
        said = ship(*command)
        assert said.code in (0, 10, 11), (command, said.err)
        assert not [c for c in said.out if (ord(c) < 32 and c not in "\n\t") or c in ESCAPED], command
        if command in markdown:
            assert not re.search(r"(?<!\\)<script", said.out), command
        if command == junit:
            assert ET.fromstring(said.out).tag in ("testsuite", "testsuites")
