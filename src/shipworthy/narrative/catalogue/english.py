"""English: what every other language is measured by. A key reads like the sentence it stands for."""

from __future__ import annotations

import re

from shipworthy.narrative.catalogue.english_appendix import APPENDIX
from shipworthy.narrative.catalogue.english_claims import CLAIMS
from shipworthy.narrative.catalogue.english_page import PAGE
from shipworthy.narrative.catalogue.english_verdict import VERDICT
from shipworthy.narrative.catalogue.language import Language, Traps

TRAPS = Traps(
    banned=re.compile(
        r"\b(prov(?:e|es|ed|en|ing)|guarante\w*|safe(?:ly|r|st)?|significan\w*|robust\w*|state[- ]of[- ]the[- ]art)\b",
        re.IGNORECASE,
    ),
    likely=re.compile(
        r"\b(?:un)?likely\b|\bprobabl[ey]\b|\bmay(?!\s+\d)\b|\bmight\b|\bperhaps\b|\bpossibly\b|\brarely\b"
        r"|(?<!more )(?<!less )(?<!how )(?<!as )\boften\b"
        r"|\busually\b|\bsometimes\b|\bmostly\b|\balmost (?:always|never|certain(?:ly)?)\b",
        re.IGNORECASE,
    ),
    percent=re.compile(r"\d+(?:[.,]\d+)?\s?(?:%|percent\b|per cent\b)", re.IGNORECASE),
    count=re.compile(r"\d[\d,]*\s+(?:of|out of|from|in)\s+(?:every\s+)?\d|\bn\s?=\s?\d", re.IGNORECASE),
    spoken=frozenset({"AI", "EU", "UK", "US", "USA", "UTC", "USD", "EUR", "GBP", "OK", "PDF", "ID", "TV", "PC", "FAQ", "NOT", "OR", "AND", "NO"}),
)  # fmt: skip
NOUNS = {
    "output": ("output", "outputs"),
    "group": ("group", "groups"),
    "label": ("label", "labels"),
    "claim": ("claim", "claims"),
    "independent group": ("independent group", "independent groups"),
    "open challenge": ("open challenge", "open challenges"),
    "more case": ("more case", "more cases"),
    "new case": ("new case", "new cases"),
    "case tested": ("case", "cases"),
}
ENGLISH = Language(
    code="en",
    name="English",
    messages=CLAIMS | VERDICT | PAGE | APPENDIX,
    nouns=NOUNS,
    thousands=",",
    decimal=".",
    day="%Y-%m-%d",
    traps=TRAPS,
)
