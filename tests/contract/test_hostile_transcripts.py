"""Transcripts and codebooks made to hurt: each is refused quickly and in words, or read as plain text."""

from __future__ import annotations

import gzip
import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.domain.transcript import first_unseen
from shipworthy.importers.refi_qda import read_codebook, read_project
from shipworthy.importers.transcripts.registry import READERS, read_transcript

MEGABYTE = 1024 * 1024
SECONDS = 20
PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "javascript:alert(1)",
    "[x](javascript:alert(1))", "{{7*7}}", "${jndi:ldap://x}", "\x1b[31mred\x1b]0;title\x07", "\u202egnp.exe\u202c",
    "\u2066hidden\u2069", "a\x00b", "\ud800", "\ufeffbom", "e\u0301" * 50, "=cmd|' /C calc'!A0", "' OR 1=1 --", "../../etc/passwd",
    "--> 00:00:01.000 --> 00:00:02.000", "WEBVTT", "---\nalias: evil\n---", "\u2028\u2029\x85", "\U000e0041\U000e0042",
)  # fmt: skip
XXE = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
)
WORD_XML = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'


def document(text: str = "hello", **parts: bytes) -> bytes:
    """Return a Word document; `parts` replaces or adds members by their place in it."""
    made = io.BytesIO()
    word = docx.Document()
    word.add_paragraph(text)
    word.save(made)
    out = io.BytesIO()
    given = {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()}
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in given:
                new.writestr(name, old.read(name))
        for name, content in given.items():
            new.writestr(name, content)
    return out.getvalue()


def vtt(words: str) -> str:
    """Return captions in which somebody says these words."""
    return f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Bob>{words}\n\n00:03.000 --> 00:04.000\nBob: ok\n"


def srt(words: str) -> str:
    """Return captions of the other kind."""
    return f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n\n2\n00:00:03,000 --> 00:00:04,000\nok\n"


def read_or_refused(path: Path) -> str | BadInput:
    """Return the text of a transcript, or why it was refused."""
    try:
        return read_transcript(path).text
    except BadInput as refused:
        return refused


@pytest.mark.parametrize("make", [str, vtt, srt], ids=["txt", "vtt", "srt"])
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_hostile_words_are_read_as_words_or_refused(
    tmp_path: Path, make: Callable[[str], str], payload: str
) -> None:
    """Markup, escapes, overrides of direction and half characters: what is kept can be seen, all of it."""
    ending = {str: "txt", vtt: "vtt", srt: "srt"}[make]
    path = tmp_path / f"a.{ending}"
    path.write_bytes(make(payload).encode("utf-8", "surrogatepass"))
    found = read_or_refused(path)
    assert found.remedy if isinstance(found, BadInput) else first_unseen(found) is None


def test_markup_of_captions_never_reaches_the_text(tmp_path: Path) -> None:
    """Tags go, and what was escaped stands there as the characters it means."""
    path = tmp_path / "a.vtt"
    path.write_text(
        vtt("<b>bold</b><script>alert(1)</script> &lt;img onerror=x&gt; <v Eve>hi"), encoding="utf-8"
    )
    text = read_transcript(path).text
    assert "<script>" not in text
    assert "<b>" not in text
    assert "<img onerror=x>" in text


SIZES: dict[str, Callable[[], bytes]] = {
    "one line of 5 MB": lambda: b"x" * (5 * MEGABYTE),
    "a million short lines": lambda: b"a\n" * 2_000_000,
    "captions of 5 MB": lambda: vtt("word " * MEGABYTE).encode(),
    "NUL in the middle": lambda: b"a\n" * 1000 + b"\0" + b"b",
    "no UTF-8": lambda: b"Ann: \xff\xfa\x80",
    "a gzip bomb": lambda: gzip.compress(b"a" * (60 * MEGABYTE)),
    "only what cannot be seen": lambda: "\u202e\u200b\ufeff\u2060 \n".encode() * 10,
}


@pytest.mark.parametrize("ending", ["txt", "md", "vtt", "srt", "docx"])
@pytest.mark.parametrize("case", SIZES)
def test_what_is_too_large_or_no_text_is_refused_at_once(tmp_path: Path, case: str, ending: str) -> None:
    """Every reader refuses it, with a remedy, in seconds."""
    path = tmp_path / f"a.{ending}"
    path.write_bytes(SIZES[case]())
    began = time.perf_counter()
    with pytest.raises(BadInput) as refused:
        read_transcript(path)
    assert refused.value.remedy
    assert time.perf_counter() - began < SECONDS


def test_captions_made_to_stall_do_not(tmp_path: Path) -> None:
    """Open tags, arrows and colons without end, just under the limit."""
    for words in (
        "<" * 400_000,
        "<v " * 200_000,
        "-->" * 200_000,
        "a:" * 300_000,
        "{\\" * 300_000,
        "&lt;" * 200_000,
    ):
        for ending, make in (("vtt", vtt), ("srt", srt)):
            path = tmp_path / f"a.{ending}"
            path.write_text(make(words), encoding="utf-8")
            began = time.perf_counter()
            found = read_or_refused(path)
            assert found if isinstance(found, str) else found.remedy
            assert time.perf_counter() - began < SECONDS, (ending, words[:4])


DOCUMENTS = {
    "an external entity": lambda: document(word__document_xml=(XXE + WORD_XML.format("&x;")).encode()),
    "entities that unfold": lambda: document(word__document_xml=(LAUGHS + WORD_XML.format("&b;")).encode()),
    "the same in UTF-16": lambda: document(word__document_xml=(XXE.replace('1.0"', '1.0" encoding="utf-16"') + WORD_XML.format("&x;")).encode("utf-16")),
    "an entity in the styles": lambda: document(word__styles_xml=(XXE + "<a>&x;</a>").encode()),
    "XML that is cut short": lambda: document(word__document_xml=b"<w:document"),
    "nesting without end": lambda: document(word__document_xml=b"<a>" * 5000),
    "a bomb of blanks": lambda: document(word__document_xml=WORD_XML.format(" " * (200 * MEGABYTE)).encode()),
    "a bomb beside the text": lambda: document(word__media__a_xml=b"<a>" + b" " * (200 * MEGABYTE) + b"</a>"),
    "no text at all": lambda: document(""),
    "cut short": lambda: document()[:-40],
    "another archive": lambda: _zip({"a.txt": b"hello"}),
    "ten thousand parts": lambda: _zip({f"word/{n}.xml": b"<a/>" for n in range(10_000)}),
}  # fmt: skip


def _zip(members: dict[str, bytes]) -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("case", DOCUMENTS)
def test_documents_made_to_hurt_are_refused(tmp_path: Path, case: str) -> None:
    """Entities, bombs, nesting and half files: refused in words, quickly, with nothing of another file in them."""
    path = tmp_path / "a.docx"
    path.write_bytes(DOCUMENTS[case]())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    with pytest.raises(BadInput) as refused:
        read_transcript(path)
    assert "root:" not in refused.value.diagnosis()
    assert time.perf_counter() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 512 * 1024


def test_a_picture_that_is_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A document with a medium of 100 MB of zeros: its text is read, the medium is not."""
    path = tmp_path / "a.docx"
    path.write_bytes(document("Ann: hello", **{"word/media/image1.png": b"\0" * (60 * MEGABYTE)}))
    assert read_transcript(path).text == "Ann: hello"


CODEBOOKS = {
    "an external entity": XXE + '<CodeBook><Codes><Code guid="1" name="&x;"/></Codes></CodeBook>',
    "entities that unfold": LAUGHS + "<CodeBook>&b;</CodeBook>",
    "nesting without end": "<CodeBook><Codes>" + '<Code guid="1" name="a">' * 5000,
    "another root": "<html/>",
    "no XML": "tag,description\na,b",
    "nothing": "",
}


@pytest.mark.parametrize("case", CODEBOOKS)
def test_codebooks_made_to_hurt_are_refused(tmp_path: Path, case: str) -> None:
    """The same of a codebook, and of one inside a project."""
    path = tmp_path / "a.qdc"
    path.write_text(CODEBOOKS[case], encoding="utf-8")
    with pytest.raises(BadInput):
        read_codebook(path)
    packed = tmp_path / "a.qdpx"
    packed.write_bytes(_zip({"project.qde": CODEBOOKS[case].encode()}))
    with pytest.raises(BadInput):
        read_project(packed)


@pytest.mark.parametrize(
    "place",
    [
        "internal://../../etc/passwd",
        "file:///etc/passwd",
        "/etc/passwd",
        "absolute://etc/passwd",
        "internal://none.txt",
    ],
)
def test_a_text_outside_the_project_is_never_opened(tmp_path: Path, place: str) -> None:
    """A source that names a file elsewhere is refused."""
    xml = f'<Project><CodeBook/><Sources><TextSource guid="1" name="a" plainTextPath="{place}"/></Sources></Project>'
    path = tmp_path / "a.qdpx"
    path.write_bytes(_zip({"project.qde": xml.encode()}))
    with pytest.raises(BadInput, match="is not in the file"):
        read_project(path)


def test_every_reader_is_in_this_file() -> None:
    """A new reader is tried with the payloads too."""
    assert {reader.name for reader in READERS} == {"text", "docx", "webvtt", "srt"}
