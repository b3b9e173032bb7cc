"""The languages that a memo can be written in, by their codes."""

from __future__ import annotations

from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.german import GERMAN
from shipworthy.narrative.catalogue.language import Language

LANGUAGES: dict[str, Language] = {each.code: each for each in (ENGLISH, GERMAN)}
