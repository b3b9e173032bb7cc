"""Reads markup with an HTML parser and tells what in it would do more than show text."""

from __future__ import annotations

from html.parser import HTMLParser

import lxml.html  # type: ignore[import-untyped]

TAGS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = frozenset(
    {"class", "dir", "open", "scope", "tabindex", "role", "aria-label", "start", "href", "target", "rel"}
)
SCHEMES = ("http://", "https://", "mailto:")
CLASSES = frozenset(
    [
        "text",
        "markdown",
        "json",
        "diff",
        "conversation",
        "turn",
        "system",
        "user",
        "assistant",
        "tool",
        "step",
        "role",
        "folded",
        "call",
        "thought",
        "quiet",
        "scroll",
        "string",
        "literal",
        "object",
        "list",
        "hidden-char",
        "leads-to",
        "picture",
    ]
)


class _Seen(HTMLParser):
    """What one parser saw."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.active: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check one element against what our own renderers make."""
        self.active += refused(tag, dict(attrs))

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        """No renderer of ours writes one."""
        self.active.append(f"comment {data[:40]!r}")

    def handle_decl(self, decl: str) -> None:
        """No renderer of ours writes one."""
        self.active.append(f"declaration {decl[:40]!r}")


def refused(tag: str, attributes: dict[str, str | None]) -> list[str]:
    """Return what of an element is not on our short list."""
    found = [] if tag in TAGS else [f"<{tag}>"]
    for name, value in attributes.items():
        if name not in ATTRIBUTES:
            found.append(f"<{tag} {name}>")
        if name == "class" and not set((value or "").split()) <= CLASSES:
            found.append(f"<{tag} class={value!r}>")
        if name == "href" and not (value or "").startswith(SCHEMES):
            found.append(f"<{tag} href={value!r}>")
    if "href" in attributes and attributes.get("rel") != "noreferrer noopener nofollow":
        found.append(f"<{tag} rel={attributes.get('rel')!r}>")
    return found


def active_in(markup: str) -> list[str]:
    """Return everything in the markup that is more than text, as two parsers see it."""
    seen = _Seen()
    seen.feed(markup)
    seen.close()
    found = list(seen.active)
    for element in lxml.html.fragment_fromstring(markup, create_parent="div").iterdescendants():
        found += refused(str(element.tag), {str(k): str(v) for k, v in element.attrib.items()})
    return found


def words_in(markup: str) -> str:
    """Return what a reader sees of the markup."""
    seen = _Seen()
    seen.feed(markup)
    seen.close()
    return "".join(seen.words)


PAGE_TAGS = TAGS | frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "a",
        "header",
        "nav",
        "main",
        "footer",
        "section",
        "article",
        "aside",
        "form",
        "label",
        "input",
        "select",
        "option",
        "textarea",
        "button",
        "fieldset",
        "legend",
        "h1",
        "h2",
        "kbd",
        "q",
        "svg",
        "polyline",
        "img",
        "template",
        "blockquote",
        "figure",
    ]
)


class _Page(HTMLParser):
    """What a whole page would do beyond what our own templates do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.unruly: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check one element: known to our templates, without handlers or styles, leading nowhere but to us."""
        if tag not in PAGE_TAGS:
            self.unruly.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "srcset", "ping"):
                self.unruly.append(f"<{tag} {name}>")
            if name in ("src", "action") and not (value or "").startswith("/"):
                self.unruly.append(f"<{tag} {name}={value!r}>")
            if name == "href" and not (value or "").startswith(("/", "#", *SCHEMES)):
                self.unruly.append(f"<{tag} {name}={value!r}>")
        self.scripts += tag == "script"


def unruly_in(page: str) -> list[str]:
    """Return everything in a whole page that our own templates would not have written."""
    seen = _Page()
    seen.feed(page)
    seen.close()
    return seen.unruly + ([f"{seen.scripts} scripts"] if seen.scripts > 1 else [])


REFUSED_TAGS = frozenset(
    [
        "iframe",
        "object",
        "embed",
        "base",
        "frame",
        "frameset",
        "applet",
        "portal",
        "style",
        "foreignobject",
        "animate",
        "set",
        "use",
        "video",
        "audio",
        "source",
        "picture",
        "math",
    ]
)


class _Outward(HTMLParser):
    """What a browser would run, load or restyle beyond files of ours."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check one element."""
        self.found += outward(tag, dict(attrs))

    def handle_comment(self, data: str) -> None:
        """No template of ours writes one."""
        self.found.append(f"comment {data[:60]!r}")


def outward(tag: str, attributes: dict[str, str | None]) -> list[str]:
    """Return what of an element runs, restyles, or leads elsewhere without a click on a link that says so."""
    found = [f"<{tag}>"] if tag.lower() in REFUSED_TAGS else []
    for name, given in attributes.items():
        value = (given or "").strip()
        if (
            name.startswith("on")
            or name
            in (
                "style",
                "srcdoc",
                "formaction",
                "srcset",
                "ping",
                "background",
                "poster",
                "xlink:href",
                "http-equiv",
            )
            or (
                name in ("src", "action", "data")
                and (not value.startswith("/") or value.startswith(("//", "/\\")))
            )
        ):
            found.append(f"<{tag} {name}={value[:60]!r}>")
        elif name == "href":
            inside = value.startswith(("/", "#", "?")) and not value.startswith(("//", "/\\"))
            away = tag == "a" and value.startswith(SCHEMES) and "noreferrer" in (attributes.get("rel") or "")
            if not inside and not away:
                found.append(f"<{tag} {name}={value[:60]!r}>")
    if tag == "script" and not (attributes.get("src") or "").startswith("/static/"):
        found.append("<script> without a file of ours")
    if tag == "link" and not (attributes.get("href") or "").startswith("/static/"):
        found.append("<link> to no file of ours")
    return found


def outward_in(page: str) -> list[str]:
    """Return everything in a page that would do more than show it, as two parsers see it."""
    seen = _Outward()
    seen.feed(page)
    seen.close()
    found = list(seen.found)
    if page.strip():
        for element in lxml.html.fromstring(page.encode("utf-8", "replace")).iter():
            if isinstance(element.tag, str):
                found += outward(element.tag, {str(k): str(v) for k, v in element.attrib.items()})
    return found
