"""Deutsch: dieselben Schlüssel, dieselben Zahlen, eigene Sätze."""

from __future__ import annotations

import re

from shipworthy.narrative.catalogue.german_appendix import APPENDIX
from shipworthy.narrative.catalogue.german_claims import CLAIMS
from shipworthy.narrative.catalogue.german_page import PAGE
from shipworthy.narrative.catalogue.german_rules import RULES
from shipworthy.narrative.catalogue.german_told import TOLD
from shipworthy.narrative.catalogue.german_verdict import VERDICT
from shipworthy.narrative.catalogue.language import Language, Traps

TRAPS = Traps(
    banned=re.compile(
        r"\b(bewies\w*|beweis(?!last|mittel)\w*|erwiesen\w*|nachweislich\w*|garantie\w*|garantiert?\w*"
        r"|sicher(?:e[mnrs]?|er\w*|ste\w*|lich)?|(?:betriebs|todsich|absolut )sicher\w*|zweifellos|zweifelsfrei\w*"
        r"|fehlerfrei\w*|risiko(?:los|frei)\w*|signifikan\w*|robust\w*|stand der technik)\b",
        re.IGNORECASE,
    ),
    likely=re.compile(
        r"\b(?:un)?wahrscheinlich\b|\bvermutlich\b|\bmöglicherweise\b|\bwomöglich\b|\bvielleicht\b|\beventuell\b"
        r"|\bdürften?\b|\bselten\b|(?<!so )(?<!wie )\b(?:oft|häufig)\b|\bmeist(?:ens)?\b|\bmanchmal\b|\bgelegentlich\b"
        r"|\büblicherweise\b|\bin der Regel\b|\bfast (?:immer|nie|sicher)\b",
        re.IGNORECASE,
    ),
    percent=re.compile(r"\d+(?:[.,]\d+)?\s?(?:%|prozent\b|v\. ?h\.)", re.IGNORECASE),
    count=re.compile(r"\d[\d.]*\s+(?:von|aus|in)\s+(?:je\s+)?\d|\bn\s?=\s?\d", re.IGNORECASE),
    spoken=frozenset({"KI", "AI", "EU", "UK", "US", "USA", "UTC", "USD", "EUR", "GBP", "OK", "PDF", "ID", "TV", "PC", "FAQ", "AG", "NICHT", "ODER", "UND", "NEIN"}),
)  # fmt: skip
NOUNS = {
    "output": ("Ausgabe", "Ausgaben"),
    "group": ("Gruppe", "Gruppen"),
    "label": ("Urteil von Menschen", "Urteile von Menschen"),
    "claim": ("Aussage", "Aussagen"),
    "independent group": ("unabhängigen Gruppe", "unabhängigen Gruppen"),
    "open challenge": ("offenen Einwand", "offene Einwände"),
    "more case": ("weiterer Fall", "weitere Fälle"),
    "new case": ("neuer Fall", "neue Fälle"),
    "case tested": ("Fall", "Fällen"),
}
GERMAN = Language(
    code="de",
    name="Deutsch",
    messages=CLAIMS | VERDICT | PAGE | APPENDIX,
    nouns=NOUNS,
    thousands=".",
    decimal=",",
    day="%d.%m.%Y",
    traps=TRAPS,
    told=TOLD,
    rules=RULES,
)
