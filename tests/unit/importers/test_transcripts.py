"""Transcripts as tools write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.importers.transcripts.registry import READERS, read_transcript

VTT = """WEBVTT - a talk

STYLE
::cue { color: red }

NOTE not for you

intro
00:01.000 --> 00:04.000 align:start
<v.loud Ann B>When did you <i>last</i> search?</v>

00:04.100 --> 00:06.000
<v Bob>Last Tuesday, for

00:06.100 --> 00:08.000
<v Bob>an hour. <00:07.000>It was &lt;slow&gt;.

01:00:08.500 --> 01:00:09.000
- Ann B: And then?
- Bob: I gave up.
"""
SRT = """1
00:00:01,000 --> 00:00:04,000
Ann: When did you last search?

2
00:00:04,500 --> 00:00:06,000
{\\an8}<font color="red">Last Tuesday,</font>

3
00:00:06,100 --> 00:00:07,000
for an hour.

4
00:00:20,000 --> 00:00:21,000
I gave up.
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file."""

    def write(name: str, text: str) -> Path:
        """Write text under a name."""
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_webvtt_keeps_speakers_and_times(written: Callable[[str, str], Path]) -> None:
    """Voices and labels name who speaks; what one says in a row is joined; notes and styles are left out."""
    assert read_transcript(written("a.vtt", VTT)).text.split("\n\n") == [
        "[0:00:01] Ann B: When did you last search?",
        "[0:00:04] Bob: Last Tuesday, for an hour. It was <slow>.",
        "[1:00:08] Ann B: And then?",
        "[1:00:08] Bob: I gave up.",
    ]


def test_subrip_keeps_times_and_joins_sentences(written: Callable[[str, str], Path]) -> None:
    """A caption that goes on within a second and a half belongs to the one before."""
    assert read_transcript(written("a.srt", SRT)).text.split("\n\n") == [
        "[0:00:01] Ann: When did you last search?",
        "[0:00:04] Last Tuesday, for an hour.",
        "[0:00:20] I gave up.",
    ]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "A.TXT"])
def test_text_and_markdown_are_kept_as_they_are(written: Callable[[str, str], Path], name: str) -> None:
    """Marks, lists and headings stay: they are read as text."""
    text = "# Talk\n\n- *Ann*: <b>When</b>?\n\n---\n\n[x](javascript:alert(1))"
    assert read_transcript(written(name, text + "\r\n")).text == text


def test_word_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    """A heading, a table of who says what, and a last sentence."""
    document = docx.Document()
    document.add_heading("Talk")
    table = document.add_table(2, 2)
    for row, cells in zip(table.rows, [("Ann", "When?"), ("Bob", "Last Tuesday.")], strict=True):
        row.cells[0].text, row.cells[1].text = cells
    document.add_paragraph("The end.")
    document.save(str(tmp_path / "a.docx"))
    assert read_transcript(tmp_path / "a.docx").text == "Talk\n\nAnn: When?\n\nBob: Last Tuesday.\n\nThe end."


def test_utf_16_is_read_where_it_says_so(tmp_path: Path) -> None:
    """Some tools save it."""
    (tmp_path / "a.txt").write_bytes("Ann: naïve".encode("utf-16"))
    assert read_transcript(tmp_path / "a.txt").text == "Ann: naïve"


def test_what_cannot_be_seen_is_counted(written: Callable[[str, str], Path]) -> None:
    """Two characters are left out, and said."""
    found = read_transcript(written("a.txt", "a\u202eb\u200bc"))
    assert (found.text, found.left_out) == ("abc", 2)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.pdf", "x", "no transcript ends in `.pdf`"),
        ("a", "x", "no transcript ends in"),
        ("a.txt", "  \n", "the file is empty"),
        ("a.vtt", "hello", "does not begin with WEBVTT"),
        ("a.vtt", "WEBVTT\n\nno times", "no line of the file has times"),
        ("a.srt", "1\n99:99 --> x\nhi", "no line of the file has times"),
        ("a.docx", "PK not a zip", "damaged"),
    ],
)
def test_what_is_none_is_refused(
    written: Callable[[str, str], Path], name: str, text: str, said: str
) -> None:
    """Another format, nothing, captions without times, a document that is none."""
    with pytest.raises(BadInput, match=said):
        read_transcript(written(name, text))


def test_every_reader_has_endings_of_its_own() -> None:
    """No ending is read by two."""
    endings = [ending for reader in READERS for ending in reader.suffixes]
    assert len(endings) == len(set(endings))
