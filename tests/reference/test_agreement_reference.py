"""Agreement, raters and position bias against values by independent programs; see `make_agreement.py`."""

import json
from collections import Counter
from pathlib import Path

import pytest

from shipworthy.statistics.agreement import Ratings
from shipworthy.statistics.dawid_skene import fit
from shipworthy.statistics.position_bias import BothOrders

REFERENCE = json.loads(Path(__file__).with_name("agreement.json").read_text("utf-8"))


def patterns(table):
    """Turn "ab-" into a pattern."""
    return {tuple(None if c == "-" else c for c in key): count for key, count in table.items()}


def labels(table):
    """Every label that occurs."""
    return sorted({c for key in table for c in key} - {"-"})


def ratings(table):
    """Build from a written table."""
    return Ratings.from_patterns(patterns(table), labels=labels(table))


@pytest.mark.parametrize("row", REFERENCE["two_raters"], ids=lambda r: str(r["table"]))
def test_kappas_of_two_raters_match_statsmodels(row):
    """Cohen's and Fleiss' kappa are those of statsmodels, alpha and AC1 those of exact fractions."""
    seen = ratings(row["table"])
    assert seen.cohen_kappa().estimate == pytest.approx(row["cohen"], rel=1e-12)
    assert seen.fleiss_kappa().estimate == pytest.approx(row["fleiss"], rel=1e-12)
    assert seen.krippendorff_alpha().estimate == pytest.approx(row["alpha"], rel=1e-12)
    assert seen.gwet_ac1().estimate == pytest.approx(row["ac1"], rel=1e-12)


@pytest.mark.parametrize("row", REFERENCE["two_raters"], ids=lambda r: str(r["table"]))
def test_raw_agreement_has_clopper_pearson_ends(row):
    """Where every case is its own group the ends are those of statsmodels."""
    found = ratings(row["table"]).raw_agreement()
    assert [found.lower, found.upper] == pytest.approx(row["raw"], rel=1e-10)


@pytest.mark.parametrize("row", REFERENCE["two_raters"], ids=lambda r: str(r["table"]))
def test_ends_of_intervals_match_differences_of_fractions(row):
    """The pull of each group, worked out by hand in the code, is the derivative that differences find."""
    seen = ratings(row["table"])
    found = {"alpha": seen.krippendorff_alpha(), "ac1": seen.gwet_ac1(), "fleiss": seen.fleiss_kappa()}
    for name, (low, high) in row["ends"].items():
        assert found[name].lower == pytest.approx(low, abs=1e-9)
        assert found[name].upper == pytest.approx(high, abs=1e-9)


@pytest.mark.parametrize("row", REFERENCE["missing"], ids=lambda r: str(r["table"]))
def test_missing_labels_match_exact_fractions(row):
    """Alpha, AC1 and kappa with missing labels are those of listing every pair of ratings."""
    seen = ratings(row["table"])
    assert seen.krippendorff_alpha().estimate == pytest.approx(row["alpha"], rel=1e-12)
    assert seen.gwet_ac1().estimate == pytest.approx(row["ac1"], rel=1e-12)
    assert seen.fleiss_kappa().estimate == pytest.approx(row["fleiss"], rel=1e-12)


def test_published_alpha_is_found():
    """Krippendorff's own example with missing labels has alpha 0.743."""
    assert round(ratings(REFERENCE["missing"][-1]["table"]).krippendorff_alpha().estimate, 3) == 0.743


def test_fourteen_raters_match_statsmodels():
    """Ten cases by fourteen raters with five labels: kappa 0.210."""
    rows = REFERENCE["fourteen"]["counts"]
    seen = Counter(tuple("".join(c * n for c, n in zip("abcde", row, strict=True))) for row in rows)
    found = Ratings.from_patterns(seen, labels="abcde").fleiss_kappa().estimate
    assert found == pytest.approx(REFERENCE["fourteen"]["fleiss"], rel=1e-12)
    assert round(found, 3) == 0.210


@pytest.mark.parametrize("row", REFERENCE["raters"], ids=lambda r: str(r["seen"]))
def test_raters_match_plain_loops(row):
    """Shares, each rater's chances and each pattern's label are those of 20,000 rounds in plain Python."""
    model = fit(patterns(row["seen"]), labels=labels(row["seen"]))
    assert model.shares == pytest.approx(row["shares"], abs=1e-6)
    for rater, right in zip(model.confusion, row["right"], strict=True):
        assert [rater[label][label] for label in model.labels] == pytest.approx(right, abs=1e-6)
    for pattern, chances in row["posterior"].items():
        key = tuple(None if c == "-" else c for c in pattern)
        assert model.posterior[key] == pytest.approx(chances, abs=1e-6)


@pytest.mark.parametrize("row", REFERENCE["orders"], ids=lambda r: f"{r['first']}-{r['second']}")
def test_orders_match_scipy_and_statsmodels(row):
    """The sign test is scipy's and the flip rate's interval that of statsmodels."""
    judge = BothOrders(steady=row["steady"], to_first=row["first"], to_second=row["second"])
    assert judge.flip_rate().lower == pytest.approx(row["low"], rel=1e-10)
    assert judge.flip_rate().upper == pytest.approx(row["high"], rel=1e-10)
    if row["p"] is not None:
        assert judge.p_preference() == pytest.approx(row["p"], rel=1e-10)
