"""Which slice needs more, and which comes first."""

from __future__ import annotations

import pytest

from shipworthy.decision.growth import Asked, needs
from shipworthy.decision.planning import Bill, Joint, Outlook
from shipworthy.decision.sizing import Sized
from shipworthy.domain.launch import Prices


def outlook(*sized):
    """Return an outlook that holds these claims."""
    bill = Bill(0, 0, 0, None, None, None)
    return Outlook(sized, (), 0.05, Joint(0.0, 0.0, 0.0, ()), (), (), bill, (), "EUR")


def claim(name, groups, needed, chance, *, criterion="right", least=14):
    """Return the size of one claim."""
    return Sized(criterion, name, groups, needed, least, 0.9, chance)


SHARES = {"t=a": 0.7, "t=b": 0.2, "t=c": 0.1}


def test_the_most_traffic_for_the_chance_that_is_won_comes_first():
    """b is worse off, but a carries the traffic; c has enough and comes last."""
    found = needs(
        outlook(claim("t=c", 90, 82, 0.85), claim("t=b", 10, 82, 0.0), claim("t=a", 60, 82, 0.5)),
        Asked(SHARES, {}, 1, None),
    )
    assert [(need.slice, need.more) for need in found] == [("t=a", 22), ("t=b", 72), ("t=c", 0)]
    assert found[0].gain == pytest.approx(0.7 * 0.3)


def test_a_slice_takes_what_its_hardest_claim_takes():
    """Two claims: the one that takes 200 groups is named; the chance of both is their product."""
    found = needs(
        outlook(claim("t=a", 100, 82, 0.9), claim("t=a", 100, 200, 0.5, criterion="safe")),
        Asked(SHARES, {"t=a": 1.5}, 1, None),
    )
    (need,) = found
    assert (need.claim, need.more, need.more_cases, need.chance) == ("safe", 100, 150, pytest.approx(0.45))


def test_a_claim_without_a_number_is_unknown_and_not_zero():
    """Nothing can be assumed: no number is made up, and the reason stands there."""
    unknown = Sized("gain", "t=a", 50, None, 5, None, None, reason="no open outcomes yet")
    (need,) = needs(outlook(unknown), Asked(SHARES, {}, 1, None))
    assert (need.wanted, need.chance, need.more, need.reason) == (None, None, 0, "gain: no open outcomes yet")


def test_money_is_cases_and_their_outputs_and_absent_without_prices():
    """20 more groups of two cases, three outputs each: 40 x 2.00 and 120 x 0.10."""
    asked = Asked(SHARES, {"t=a": 2.0}, 3, Prices(case=2.0, output=0.10))
    (need,) = needs(outlook(claim("t=a", 62, 82, 0.6)), asked)
    (free,) = needs(outlook(claim("t=a", 62, 82, 0.6)), Asked(SHARES, {"t=a": 2.0}, 3, Prices(label=1.0)))
    assert (need.more_cases, need.outputs, need.money) == (40, 120, pytest.approx(92.0))
    assert free.money is None
