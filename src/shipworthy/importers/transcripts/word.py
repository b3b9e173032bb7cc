"""Word documents: paragraphs and table cells in their order. Guarded before the library opens it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from shipworthy.domain.errors import BadInput
from shipworthy.importers.transcripts.interface import Transcript, finished
from shipworthy.importers.xml_tree import read_xml
from shipworthy.importers.zip_members import Archive

if TYPE_CHECKING:
    from docx.document import Document

MAX_PACKED_BYTES = 64 * 1024 * 1024
MAX_XML_BYTES = 24 * 1024 * 1024
MAX_MEMBERS = 2_000
_TEXT = "word/document.xml"


class Word:
    """A .docx file."""

    name = "docx"
    suffixes: tuple[str, ...] = (".docx",)

    def read(self, path: Path) -> Transcript:
        """Read paragraphs and tables; pictures, comments, headers and tracked deletions are left out."""
        document = _opened(path, _guarded(path))
        notes = ("pictures",) if document.inline_shapes else ()
        return finished("\n\n".join(_paragraphs(document)), self.name, path, notes=notes)


def _guarded(path: Path) -> bytes:
    """Return a document with its texts alone, once every part of it is found harmless.

    Raises:
        BadInput: it is no document, unpacks to too much, or its XML declares a document type.
    """
    if not path.is_file():
        raise BadInput("there is no such file", where=str(path), remedy="check the path")
    if path.stat().st_size > MAX_PACKED_BYTES:
        raise BadInput("the document holds more than 64 MB", where=str(path), remedy="save it as plain text")
    archive = Archive(path)
    xml = [m for m in archive.members if m.name.endswith((".xml", ".rels"))]
    if len(archive.members) > MAX_MEMBERS or sum(m.size for m in xml) > MAX_XML_BYTES:
        what = f"the document unpacks to more than {MAX_XML_BYTES // 1024**2} MB of text, or {MAX_MEMBERS:,} parts"
        raise BadInput(what, where=str(path), remedy="save it as plain text")
    if _TEXT not in [m.name for m in xml]:
        remedy = "save it as .docx or plain text"
        raise BadInput("the file is not a Word document", where=str(path), remedy=remedy)
    return _without_pictures(path, archive)


def _without_pictures(path: Path, archive: Archive) -> bytes:
    """Pack the XML parts again; what is large and no text is replaced by nothing, and is not unpacked at all."""
    import zipfile  # noqa: PLC0415 - only for documents

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as new:
        for member, content in archive.read(
            [m for m in archive.members if m.name.endswith((".xml", ".rels"))]
        ):
            read_xml(content, f"{path}: {member.name[:80]}")
            new.writestr(member.name, content)
        for member in archive.members:
            if not member.name.endswith((".xml", ".rels", "/")):
                new.writestr(member.name, b"")
    return packed.getvalue()


def _opened(path: Path, content: bytes) -> Document:
    import docx  # noqa: PLC0415 - a tenth of a second that only documents need
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415

    try:
        return docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise BadInput(
            "the document cannot be read", where=str(path), remedy="save it again, or as plain text"
        ) from error


def _paragraphs(document: Document) -> Iterator[str]:
    from docx.table import Table  # noqa: PLC0415

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = list(dict.fromkeys(cell.text.strip() for cell in row.cells))
                yield ": ".join(cell for cell in cells if cell) if len(cells) == 2 else " · ".join(cells)
        else:
            yield block.text
