"""All rules of the sceptic, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shipworthy.coach import crt, cst, flr, frm, jdg, lab, lch, nar, pst, run_, scp, set_, usr
from shipworthy.coach.rule import Rule

RULES: tuple[Rule, ...] = (
    *frm.RULES, *usr.RULES, *flr.RULES, *crt.RULES, *set_.RULES, *run_.RULES, *lab.RULES, *jdg.RULES,
    *cst.RULES, *scp.RULES, *lch.RULES, *pst.RULES, *nar.RULES,
)  # fmt: skip
BY_ID: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in RULES})
