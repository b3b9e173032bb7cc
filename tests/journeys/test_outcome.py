"""After the signing: predicted beside actual, the stated chance, and the page of what was owned."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from shipworthy.domain.errors import Refused
from shipworthy.narrative.redaction import redactor
from shipworthy.services.outcome import outcome
from shipworthy.statistics.results import NotEstimable

DUE = dt.date(2027, 4, 15)
SHIP = ("--by", "Ada", "--reverse-if", "more than 6 of 60 are wrong", "--review-on", DUE.isoformat())


@pytest.fixture
def decided(once, launch, outcomes, ship) -> Path:
    """A launch that ships, with its memo."""

    def making() -> Path:
        ship("import", outcomes("explore", 60), "--launch", launch, "--variant", "new")
        ship("lock", launch)
        ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")
        assert ship("decide", launch, "--yes").code == 0
        assert ship("memo", launch).code == 0
        return launch

    return once("decided", making)


@pytest.fixture
def promised(once, decided, ship) -> Path:
    """Signed with a stated chance of 0.8, and promised."""

    def making() -> Path:
        assert ship("sign", decided, *SHIP, "--expect", 0.8).code == 0
        assert ship("promise", decided, "--owner", "Ada").code == 0
        return decided

    return once("promised", making)


@pytest.fixture
def audit(ship, tmp_path):
    """Bring in audited outputs of both slices; every one passes but those for which `fails` is true."""

    def bring(launch: Path, n: int, fails=lambda _: False, name: str = "week") -> None:
        file = tmp_path / f"{name}.csv"
        rows = (f"{name}-{i},{int(not fails(i))},{'ab'[i % 2]}\n" for i in range(n))
        file.write_text("id,passed,tag.topic\n" + "".join(rows))
        assert ship("watch", launch, file).code in (0, 13)

    return bring


def test_predicted_stands_beside_what_was_audited(promised, ship, audit):
    """120 audited outputs, 60 a slice, all passed: each claim of the signed verdict has its promise beside it."""
    audit(promised, 120)
    text = ship("outcome", promised).out
    claims = ship("outcome", promised, "--format", "json").json["claims"]

    assert "predicted  100 of 100 (100 of 100)" in text
    assert "came       kept: 60 of 60 audited outputs passed (100 of 100)" in text
    assert [(c["slice"], c["actual"]["status"], c["actual"]["audited"]) for c in claims] == [
        ("topic=a", "kept", 60),
        ("topic=b", "kept", 60),
    ]


def test_a_chance_is_scored_when_it_is_settled(promised, audit):
    """0.8 was stated: open before the day of review; kept on that day scores 0.04; broken at any time scores 0.64."""
    audit(promised, 120)
    before = outcome(promised, today=DUE - dt.timedelta(days=1))
    on_the_day = outcome(promised, today=DUE)
    audit(promised, 200, fails=lambda i: i % 2 == 0, name="bad")
    broken = outcome(promised, today=DUE - dt.timedelta(days=1))

    assert (before.came, isinstance(before.brier, NotEstimable)) == (None, True)
    assert (on_the_day.came, on_the_day.brier) == (True, pytest.approx(0.04))
    assert (broken.came, broken.brier) == (False, pytest.approx(0.64))
    assert any(each.below for each in broken.beside)


def test_what_is_missing_is_said(decided, ship):
    """No chance stated, nothing promised: both are said with what would bring them; nothing is made up."""
    with pytest.raises(Refused, match="no decision was signed"):
        outcome(decided)
    assert ship("sign", decided, *SHIP).code == 0
    text = ship("outcome", decided).out
    assert "shipworthy sign --expect 0.8" in text
    assert "nothing was promised yet" in text
    assert "nothing was promised of it, so nothing is known" in text


def test_a_chance_is_between_nothing_and_certainty(decided, ship):
    """80 is no chance."""
    said = ship("sign", decided, *SHIP, "--expect", 80)
    assert (said.code, "from 0 to 1" in said.err) == (2, True)


def test_claims_of_other_evidence_are_not_shown(promised, ship):
    """The bar was moved after the signing: the predicted side is withheld, and that is said."""
    path = promised / "criteria.yaml"
    path.write_text(path.read_text().replace("0.8", "0.81"))
    found = ship("outcome", promised, "--format", "json").json
    assert found["claims"] == []
    assert any("not what was signed over" in text for text in found["missing"])


def test_the_page_of_what_was_owned(promised, ship, audit):
    """Problem, counts, evidence, decision, how it turned out, what would be done differently, as Markdown and HTML."""
    audit(promised, 120)
    said = ship("portfolio", promised, "--differently", "I would have read outputs first")
    page = (promised / "portfolio/portfolio.md").read_text()

    assert said.code == 0, said.err
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [
        "The problem", "What I did", "What the evidence says", "What was decided", "How it turned out",
        "What I would do differently",
    ]  # fmt: skip
    assert "260 cases in 260 groups (60 explore, 200 holdout)" in page
    assert "120 audited live outputs" in page
    assert re.search(r"ship, as it was computed", page)
    assert page.count("kept, 60 of 60 audited outputs passed") == 2
    assert "I would have read outputs first." in page
    html = (promised / "portfolio/portfolio.html").read_text()
    assert "<script" not in html
    assert "I would have read outputs first." in html


def test_redacted_words_stand_nowhere(promised, ship):
    """A title, a person and a topic, in any case and spelling, are gone from both files; the page says where."""
    path = promised / "launch.yaml"
    path.write_text(path.read_text() + "goal: Lantern-Row answers; LANTERN row; lantern_rows\n")
    ship(
        "portfolio",
        promised,
        "--redact",
        "lantern row",
        "--redact",
        "Rules",
        "--author",
        "Ada",
        "--redact",
        "ada",
    )
    for name in ("portfolio.md", "portfolio.html"):
        text = (promised / "portfolio" / name).read_text().split("</head>")[-1]
        assert not re.search(r"lantern|rules\b|\bada\b", text, re.IGNORECASE)
        assert "redacted" in text
    assert ship("portfolio", promised, "--redact", " - ").code == 2


def test_words_that_hold_each_other_are_both_taken_out():
    """The longer one goes first, so that nothing of it is left."""
    assert redactor(["Row", "Lantern Row"])("Lantern Row, row") == "[redacted], [redacted]"


def test_the_page_of_a_sealed_launch_tells_nothing_of_it(launch, outcomes, ship):
    """200 sealed outcomes wait: the page says that nobody looked, and no look is taken."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")
    assert ship("portfolio", launch).code == 0
    page = (launch / "portfolio/portfolio.md").read_text()
    assert "Sealed cases were not looked at yet." in page
    assert "could be as low as" not in page


def test_what_is_written_after_the_look_changes_no_variant(folder, ship):
    """A portfolio, a call, an incident and promises are no part of a variant that runs here; a new prompt is."""
    from shipworthy.store.fingerprint import variant_fingerprint  # noqa: PLC0415 - one test needs it
    from shipworthy.store.read import read_launch  # noqa: PLC0415 - one test needs it

    made = folder(
        launch_yaml='variants: {new: {python: "feature:new"}}\n', feature_py="def new(case):\n    return 1\n"
    )
    reading = read_launch(made)

    def now() -> str:
        """Return the state of the variant."""
        return variant_fingerprint(reading.layout, reading.launch.variants["new"])

    before = now()
    for name in ("portfolio/portfolio.md", "reviews/a.yaml", "incidents/b.yaml", "promises.yaml"):
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text("x: 1\n")
    assert now() == before
    (made / "prompt.txt").write_text("be brief")
    assert now() != before
