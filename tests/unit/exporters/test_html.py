"""The memo as one HTML page."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.domain.launch import Launch
from shipworthy.exporters.element import element, verbatim_style
from shipworthy.exporters.html import memo_html
from shipworthy.exporters.stylesheet import CSS
from shipworthy.narrative.claim import rows
from shipworthy.narrative.facts import Facts
from shipworthy.narrative.memo import memo

OURS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "main", "aside", "section", "div", "span", "h1", "h2", "p", "a", "ul", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "svg", "g", "text", "line", "circle", "path", "rect", "desc"}
)  # fmt: skip
calm = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


class Reader(HTMLParser):
    """Reads a page strictly: known tags only, each closed in order; collects text and attributes."""

    def __init__(self, page):
        super().__init__()
        self.open, self.attributes, self.words, self.ids = [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        """Admit our tags only."""
        assert tag in OURS, tag
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        """Close what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep words, not styles."""
        if not self.open or self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self):
        """All words of the page, blanks made one."""
        return " ".join(" ".join(self.words).replace("\u00a0", " ").split())


@pytest.fixture
def page(launch, narrower, criteria, taxonomy, facts):
    """Return the memo of a launch that ships narrower."""
    return memo_html(memo(launch, narrower, criteria, taxonomy, facts))


def test_the_page_needs_nothing_else(page):
    """No script, no address, no import, no inline style: one file that a strict policy lets through."""
    assert not re.search(
        r"https?:|//[a-z]|url\(|@import|<script|<link|<img|\sstyle=|javascript:", page, re.IGNORECASE
    )
    for _, name, value in Reader(page).attributes:
        assert not name.startswith("on")
        assert name != "href" or value.startswith("#")


def test_the_policy_admits_this_style_sheet_and_nothing_more(page):
    """The page's own policy names the hash of its style sheet and forbids everything else."""
    policy = next(
        v for t, n, v in Reader(page).attributes if t == "meta" and n == "content" and "default-src" in v
    )
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_every_number_on_the_page_leads_to_a_row(page):
    """Each link of a number has its row in the appendix, and each id stands once."""
    read = Reader(page)
    links = {value[1:] for tag, name, value in read.attributes if tag == "a" and name == "href"}
    assert len(links) > 5
    assert links <= set(read.ids)
    assert len(read.ids) == len(set(read.ids))


def test_every_claim_is_there_with_all_its_counts(page, narrower, criteria):
    """The appendix prints planned, passed, failed, unscored and no answer of every claim."""
    text = Reader(page).text
    for row in rows(narrower, criteria):
        c = row.claim
        counts = (
            f"{c.planned} {c.passed} {c.failed} {c.unscored} {c.no_answer} {c.cases} {c.groups} {c.repeats}"
        )
        assert f"{row.ref.number} {row.name} {row.where} {counts}" in text


def test_state_is_told_by_shape_and_word_and_position(page):
    """Without colour a reader still knows which claim does not hold: a cross, the word, and its side of the bar."""
    refuted = re.search(r'<g class="does-not-hold">.*?</g>', page).group(0)
    assert ">does not hold</text>" in refuted
    assert re.search(r'<path d="M[\d.]+ [\d.]+L[\d.]+ [\d.]+M[^"]+" class="dot">', refuted)
    assert "✕ does not hold" in Reader(page).text


def test_a_state_is_never_cut_in_the_drawing(launch, narrower, criteria, taxonomy, facts):
    """A diagnostic that is not shown yet has its word whole, and what stands behind it on a line of its own."""
    last = replace(narrower.claims[-1], state="not shown", more_needed=narrower.claims[9].more_needed)
    verdict = replace(narrower, claims=(*narrower.claims[:-1], last))
    page = memo_html(memo(launch, verdict, criteria, taxonomy, facts))
    assert ">not shown yet</text>" in page
    assert ">decides nothing; about 310 new c" in page


def test_dark_and_paper_have_their_own_colours():
    """One style sheet serves screen, dark screen and paper."""
    for part in ("#fbfaf7", "prefers-color-scheme: dark", "@media print", "@page", "tabular-nums"):
        assert part in CSS


def contrast(one, other):
    """Return the contrast ratio of two colours, as WCAG 2 defines it."""

    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("start", [":root { color-scheme", "prefers-color-scheme: dark"])
def test_words_can_be_read_in_light_and_dark(start):
    """Ink on paper has a contrast of 7, every other word 4.5."""
    block = CSS[CSS.index(start) :]
    colour = {
        name: re.search(rf"--{name}: (#\w{{6}})", block).group(1)
        for name in ("paper", "ink", "quiet", "accent", "holds", "open", "fails")
    }
    assert contrast(colour["ink"], colour["paper"]) >= 7
    for name in ("quiet", "holds", "open", "fails"):
        assert contrast(colour[name], colour["paper"]) >= 4.5
    assert contrast(colour["accent"], colour["paper"]) >= 4.3  # headings of 20 pixels need 3


@calm
@given(
    data=st.data(),
    text=st.sampled_from(
        ["<script>alert(1)</script>", '"><svg onload=1>', "x" * 10_000, "\u202egnp", "&lt;b&gt;"]
    ),
)
def test_hostile_text_is_only_ever_text(data, text, hostile_verdicts):
    """Whatever names and briefs hold, the page has our tags and attributes only, and stays short."""
    launch = Launch(title=text, goal=text, baseline=text, not_worth_it_if=text, users=[text])
    facts = Facts(author=text, to=text, quote=text, challenges=(text,), journal_head=text, date=text)
    page = memo_html(memo(launch, data.draw(hostile_verdicts), (), (), facts))
    read = Reader(page)
    assert {name for _, name, _ in read.attributes} <= {
        "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "lang", "role", "viewbox", "aria-label",
        "focusable", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d", "width", "height", "text-anchor", "stroke",
        "stroke-width", "fill",
    }  # fmt: skip
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e]", page)
    assert len(page) < 400_000


def test_a_string_is_never_markup():
    """Text handed to an element is escaped, in its content and in its attributes."""
    made = element("p", "<b>", "a & b", class_='"><i>').markup
    assert made == '<p class="&quot;&gt;&lt;i&gt;">&lt;b&gt;a &amp; b</p>'


def test_a_style_sheet_cannot_end_its_element():
    """A closing tag in a style sheet is refused."""
    with pytest.raises(ValueError, match="closing tag"):
        verbatim_style("a{} </style><script>")


def test_exploratory_pages_never_say_that_something_holds(launch, exploring, criteria, taxonomy, facts):
    """In a rehearsal every state is conditional."""
    text = Reader(memo_html(memo(launch, replace(exploring, notes=()), criteria, taxonomy, facts))).text
    assert "● holds" not in text
    assert "● would hold" in text
