"""How the documentation becomes a site: `scripts/docs` builds it, with warnings as errors."""  # noqa: INP001 - Sphinx reads this file by itself

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
_LINK = re.compile(r"\[([^\]]+)\]\((\.\./[^)#\s]+)(?:#[^)]*)?\)")

project = "Shipworthy"
author = "The Shipworthy maintainers"
copyright = "the Shipworthy maintainers, MIT licence"  # noqa: A001 - the name that Sphinx reads
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["README.md", "*.part.md", "reference/*.part.md"]
root_doc = "index"
language = "en"

myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "Shipworthy"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["site.css"]
html_favicon = "../src/shipworthy/web/static/mark.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "light_logo": "mark.svg",
    "dark_logo": "mark.svg",
    "light_css_variables": {
        "color-background-primary": "#fbfaf7",
        "color-background-secondary": "#f4f2ec",
        "color-background-border": "#d9d5cc",
        "color-foreground-primary": "#1c2430",
        "color-foreground-secondary": "#5c6675",
        "color-foreground-muted": "#5c6675",
        "color-brand-primary": "#1c2430",
        "color-brand-content": "#a8401a",
        "color-brand-visited": "#7a3a20",
        "color-sidebar-background": "#f4f2ec",
        "color-inline-code-background": "#efece4",
        "font-stack": "Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif",
        "font-stack--headings": "Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif",
        "font-stack--monospace": "ui-monospace, 'Cascadia Code', 'Source Code Pro', Menlo, Consolas, monospace",
    },
    "dark_css_variables": {
        "color-background-primary": "#161b24",
        "color-background-secondary": "#1c2430",
        "color-background-border": "#39424f",
        "color-foreground-primary": "#f2efe8",
        "color-foreground-secondary": "#b3bac6",
        "color-foreground-muted": "#a3abb8",
        "color-brand-primary": "#f2efe8",
        "color-brand-content": "#f0906a",
        "color-brand-visited": "#d9a58e",
        "color-inline-code-background": "#242d3a",
    },
}


def _only_the_site(_app: Sphinx, page: str, source: list[str]) -> None:
    """Turn links to files of the repository that are no pages of the site into their names."""
    here = (HERE / page).parent

    def said(link: re.Match[str]) -> str:
        to = (here / link[2]).resolve()
        if to.is_relative_to(HERE):
            return link[0]
        return f"{link[1]} (`{to.relative_to(HERE.parent)}` in the repository)"

    source[0] = _LINK.sub(said, source[0])


_OPEN = {
    '<div class="table-wrapper': '<div tabindex="0" role="group" aria-label="Table" class="table-wrapper',
    "<pre>": '<pre tabindex="0">',
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer"': '<aside aria-label="On this page" class="toc-drawer"',
    '<aside class="toc-drawer no-toc"': '<aside aria-label="On this page" class="toc-drawer no-toc"',
}
"""What the theme leaves out for people who use a keyboard or a screen reader."""


def _open_to_everyone(app: Sphinx, error: Exception | None) -> None:
    """Let blocks that scroll be reached by keyboard, and give parts of the page their names."""
    for path in () if error else sorted(Path(app.outdir).rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for without, within in _OPEN.items():
            text = text if within in text else text.replace(without, within)
        path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Let Sphinx call us for each page that it reads, and when all are written."""
    app.connect("source-read", _only_the_site)
    app.connect("build-finished", _open_to_everyone)
