"""XML that a stranger made, read into a small tree: no document type, no entities of its own, no bottomless nesting."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from shipworthy.domain.errors import BadInput

MAX_DEPTH = 64
MAX_ELEMENTS = 500_000


@dataclass
class Element:
    """One element: its name without the namespace, its attributes, what is in it."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text that stands directly in it."""
        return "".join(self.texts).strip()

    def named(self, *path: str) -> list[Element]:
        """Return the elements at a path of names below this one, in order."""
        found = [self]
        for name in path:
            found = [child for each in found for child in each.children if child.name == name]
        return found

    def everywhere(self, name: str) -> list[Element]:
        """Return all elements of a name below this one, in order."""
        found: list[Element] = []
        todo = list(reversed(self.children))
        while todo:
            each = todo.pop()
            if each.name == name:
                found.append(each)
            todo += reversed(each.children)
        return found


class _Refused(Exception):  # noqa: N818 - never leaves this file
    pass


def read_xml(content: bytes, where: str) -> Element:
    """Return the root of a document.

    Args:
        content: the document.
        where: what an error names.

    Raises:
        BadInput: it is not well formed, declares a document type, or nests without end.
    """
    root = Element("", {})
    stack, count = [root], 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) > MAX_DEPTH or count > MAX_ELEMENTS:
            raise _Refused(f"it nests deeper than {MAX_DEPTH} or has more than {MAX_ELEMENTS:,} elements")
        element = Element(_local(name), {_local(key): value for key, value in attributes.items()})
        stack[-1].children.append(element)
        stack.append(element)

    def said(text: str) -> None:
        stack[-1].texts.append(text)

    def refuse(*_: object) -> None:
        raise _Refused("it declares a document type, which can name other files and unfold without end")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: stack.pop()
    parser.CharacterDataHandler = said
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the parser's own word for the last piece
    except _Refused as error:
        raise BadInput(f"the XML is refused: {error}", where=where, remedy="export it again") from error
    except (expat.ExpatError, ValueError) as error:
        raise BadInput(f"the XML is damaged: {error}", where=where, remedy="export it again") from error
    return root.children[0]


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]
