"""The catalogue: every sentence in every language, with the same values in it, and none that nobody says."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from shipworthy.coach.catalogue import RULES
from shipworthy.domain.launch import LanguageCode
from shipworthy.narrative.catalogue.english import ENGLISH
from shipworthy.narrative.catalogue.german import GERMAN
from shipworthy.narrative.catalogue.language import ONE, Language
from shipworthy.narrative.catalogue.languages import LANGUAGES
from shipworthy.narrative.lint import lint
from shipworthy.narrative.wording import banned, line_per_100, money, points, seconds, two_figures

SOURCE = Path(__file__).parents[3] / "src/shipworthy"
SAYERS = ("say", "say_for", "said")
MEASURED = (
    "decision/measure.py", "decision/judged.py", "statistics/judged_rate.py", "statistics/transported.py",
    "statistics/production_mix.py", "statistics/judge_worth.py",
)  # fmt: skip
"""Where the reasons come from that a claim of the memo may carry."""
NEVER_A_CLAIM = (
    "a standard error needs", "what was seen, ", "more than ", "the judge agrees with every label",
    "every judged output carries a label",
)  # fmt: skip
"""What those files say of prices, spreads and worth, which no memo prints."""


def fields(message: str) -> set[str]:
    """Return the names of the values of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def faults(language: Language) -> list[str]:
    """Return where a language lacks a sentence, has one too many, or has other values in one."""
    theirs = {key for key in language.messages if not key.endswith(ONE)}
    known = {key for key in ENGLISH.messages if not key.endswith(ONE)}
    found = [f"missing: {key}" for key in known - theirs] + [f"too many: {key}" for key in theirs - known]
    found += [
        f"values: {key}"
        for key, message in language.messages.items()
        if fields(message) != fields(ENGLISH.messages.get(key.removesuffix(ONE), ""))
    ]
    return [*found, *(f"noun: {noun}" for noun in ENGLISH.nouns.keys() ^ language.nouns.keys())]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_sentence_is_there_in_every_language_with_the_same_values(language):
    """No key is missing, none is too many, and each has the values that the English one has."""
    assert faults(language) == []


def test_a_sentence_that_is_missing_or_lost_a_value_is_seen():
    """A language without one sentence, and with a value less in another, has these two faults."""
    messages = {key: said for key, said in GERMAN.messages.items() if key != "Bottom line"}
    messages["of 100"] = "von 100"
    broken = Language("xx", "Xx", messages, GERMAN.nouns, ".", ",", "%d", GERMAN.traps)
    assert faults(broken) == ["missing: Bottom line", "values: of 100"]


def test_the_brief_may_name_exactly_the_languages_that_there_are():
    """What `launch.yaml` takes, and what is written, is the same."""
    assert set(get_args(LanguageCode)) == set(LANGUAGES)
    assert all(each.code == code for code, each in LANGUAGES.items())


def spoken() -> set[str]:
    """Return every text in the code that may be the key of a sentence: all of the narrative, exporters and services."""
    places = [
        SOURCE / "narrative/catalogue/language.py",
        *(SOURCE / "narrative").glob("*.py"),
        *(SOURCE / "exporters").glob("*.py"),
        *(SOURCE / "services").glob("*.py"),
    ]
    trees = [ast.parse(path.read_text("utf-8")) for path in places]
    found = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return found | {f"because {{name}} is not shown{yet}" for yet in ("", " yet")}


def called() -> set[str]:
    """Return the keys that stand in the code as they are, in a call of what says a sentence."""
    found = set()
    for path in [*(SOURCE / "narrative").glob("*.py"), *(SOURCE / "exporters").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAYERS:
                found |= {
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                }
    return found


def test_every_sentence_that_is_asked_for_is_there():
    """No call names a key that the catalogue lacks; `scale.say` and `explain.said` take values and are no keys."""
    directions = {"up", "down", "nearest"}
    keys = called()
    assert keys - directions - set(ENGLISH.messages) == set()
    assert len(keys) > 150


def test_no_sentence_is_kept_that_nobody_says():
    """Each key stands somewhere in the code, or is made from the name of a method there."""
    methods = re.compile(r"^[a-z_ ]+: (?:what it says|weakest|what breaks it)$")
    found = spoken()
    unsaid = [
        key
        for key in ENGLISH.messages
        if not key.endswith(ONE) and key not in found and not methods.match(key)
    ]
    values = {"goal", "guardrail", "diagnostic", "cosmetic", "annoying", "costly", "harmful", "unacceptable"}
    assert set(unsaid) - values == set()


def test_german_writes_numbers_as_germans_do():
    """A comma before the part of one, a point between thousands, the sign of money behind."""
    assert two_figures(1834, language=GERMAN) == "1.800"
    assert money(0.7, language=GERMAN) == "0,70\u00a0$"
    assert money(-12.5, language=GERMAN) == "-12\u00a0$"
    assert seconds(6.1234, language=GERMAN) == "6,1\u00a0s"
    assert line_per_100(0.995, GERMAN) == "99,5 von 100"
    assert points(0.09, language=GERMAN) == "+9 von 100"
    assert GERMAN.date("2027-03-01") == "01.03.2027"
    assert GERMAN.date("in spring") == "in spring"
    assert GERMAN.listed(["a", "b", "c"]) == "a, b und c"
    assert GERMAN.listed(["a", "b"], last="or") == "a oder b"
    assert (GERMAN.counted(1, "more case"), GERMAN.counted(1240, "more case")) == (
        "1 weiterer Fall",
        "1.240 weitere Fälle",
    )


def reasons(path: str) -> list[str]:
    """Return why something is not known, as a file writes it, each value as a number."""
    found = []
    for node in ast.walk(ast.parse((SOURCE / path).read_text("utf-8"))):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name == "NotEstimable" and isinstance(node, ast.Call) and node.args:
            said = node.args[0]
            if isinstance(said, ast.Constant):
                found.append(str(said.value))
            elif isinstance(said, ast.JoinedStr):
                parts = [str(v.value) if isinstance(v, ast.Constant) else "7" for v in said.values]
                found.append("".join(parts))
    return found


@pytest.mark.parametrize("path", MEASURED)
def test_every_reason_of_a_claim_is_known_in_german(path):
    """Whatever the measuring says of what it cannot know has its German sentence."""
    told = [each.replace("7 of 7 repeats needs", "all of 7 repeats needs") for each in reasons(path)]
    told = [each for each in told if not each.startswith(NEVER_A_CLAIM)]
    told = [each.replace("with 7 of the traffic", "with 7% of the traffic") for each in told]
    assert [each for each in told if GERMAN.tell(each).startswith("auf Englisch")] == []


def test_a_sentence_that_nobody_translated_is_quoted_and_said_to_be_english():
    """The reader is told that it is English, and loses nothing."""
    assert GERMAN.tell("something new, 3 of 4") == "auf Englisch festgehalten: „something new, 3 of 4“"
    assert ENGLISH.tell("something new, 3 of 4") == "something new, 3 of 4"


def test_what_lower_layers_say_keeps_its_numbers():
    """Numbers are written the German way, names stay, and what stands inside is said again too."""
    note = "1,240 cases are in no declared slice of topic (topic=x): no claim is about them"
    assert GERMAN.tell(note).startswith(
        "1.240 Fälle liegen in keinem angegebenen Ausschnitt von topic (topic=x)"
    )
    method = "weighted Gaffke, counted shares, valid at any look up to 1,200 groups, on group means"
    assert (
        GERMAN.tell(method)
        == "gewichteter Gaffke, gezählte Anteile, gültig bei jedem Blick bis 1.200 Gruppen, auf Gruppenmitteln"
    )
    taken = "RUN-10 Looked again: the first run was broken, and nobody saw a figure (Ada, until 2027-03-01)"
    assert (
        GERMAN.tell(taken)
        == "RUN-10 Noch einmal hingesehen: the first run was broken, and nobody saw a figure (Ada, bis 01.03.2027)"
    )
    demo = (
        "The demo looks better than the representative set, by more than chance, on the open cases (and 1 other criterion "
        "too). right: as shown 9 of 10, reworded 5 of 9, representative 61 of 100 (could be 51 to 71 of 100). No figure of "
        "the demo is in this verdict. Before it is shown again: shipworthy demo-check my-launch"
    )
    assert GERMAN.tell(demo).startswith("Die Vorführung sieht besser aus als die repräsentativen Fälle")
    assert "51 bis 71 von 100" in GERMAN.tell(demo)


def test_every_rule_of_the_sceptic_has_a_german_title():
    """What blocks, and what was accepted, is named in German."""
    assert {rule.id for rule in RULES} == set(GERMAN.rules)
    assert all(GERMAN.title_of(f"{rule.id} {rule.title}") != f"{rule.id} {rule.title}" for rule in RULES)


def test_no_sentence_of_the_german_catalogue_promises_too_much():
    """The banned words of German stand in none of its sentences, rules or answers of lower layers."""
    texts = [*GERMAN.messages.values(), *GERMAN.rules.values(), *(each.here for each in GERMAN.told)]
    assert [text for text in texts if banned(text, GERMAN)] == []


def test_german_sins_are_caught_and_honest_german_is_not():
    """Planted words are found with their kind; a count, a question of the insurance, and `unsicher` are none."""
    sins = lint(
        [("goal", "Das ist bewiesen und sicher. Vermutlich hilft es. 92 % bestehen. Der NPS steigt.")], GERMAN
    )
    assert [(each.kind, each.words) for each in sins] == [
        ("absolute", "bewiesen"), ("absolute", "sicher"), ("likelihood", "Vermutlich"), ("percentage", "92 %"), ("acronym", "NPS"),
    ]  # fmt: skip
    honest = "Die Versicherung ist unsicher, ob 92 % (46 von 50) reichen. KI hilft so oft wie heute."
    assert lint([("goal", honest)], GERMAN) == ()


def test_english_words_are_no_german_sins():
    """A German brief is read with German rules: `fast` is almost, and `also` is therefore."""
    assert (
        Counter(each.kind for each in lint([("goal", "Also geht es fast so schnell wie heute.")], GERMAN))
        == {}
    )
