"""How the documentation becomes a site: `scripts/docs` builds it, with warnings as errors."""

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


def setup(app: Sphinx) -> None:
    """Let Sphinx call us for each page that it reads."""
    app.connect("source-read", _only_the_site)
