"""Thresholds of the rules: the defaults, and a company's own, which may only be stricter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from shipworthy.coach.rule import SEVERITIES, Severity


class Threshold(NamedTuple):
    """One number that rules compare with."""

    default: float
    stricter: Literal["higher", "lower"]
    meaning: str

    def tightens(self, value: float) -> bool:
        """Whether a value is at least as strict as the default.

        >>> Threshold(30, "higher", "").tightens(50), Threshold(0.2, "lower", "").tightens(0.5)
        (True, False)
        """
        return value >= self.default if self.stricter == "higher" else value <= self.default


THRESHOLDS: Mapping[str, Threshold] = MappingProxyType({
    "interviews": Threshold(3, "higher", "interviews with strangers or customers"),
    "friends_share": Threshold(0.5, "lower", "share of interviews with friends and colleagues"),
    "opinion_share": Threshold(0.5, "lower", "share of a theme's excerpts that are opinions"),
    "heard_share": Threshold(0.2, "lower", "traffic share from which a slice wants an interview"),
    "interview_days": Threshold(180, "lower", "days after which interviews are old"),
    "outputs_read": Threshold(30, "higher", "outputs read by a person before a ship"),
    "outputs_to_read": Threshold(100, "higher", "outputs that count as read well"),
    "nothing_new": Threshold(20, "higher", "outputs in a row without a new failure mode"),
    "unseen_share": Threshold(0.05, "lower", "estimated share of outputs with an unseen failure mode"),
    "unnamed_share": Threshold(0.3, "lower", "share of failures without a failure mode"),
    "other_share": Threshold(0.1, "lower", "share of failures in a mode called other"),
    "failure_modes": Threshold(12, "lower", "failure modes that two people can tell apart"),
    "highest_bar": Threshold(0.999, "lower", "bar from which no number of cases is enough"),
    "criteria": Threshold(7, "lower", "goals and guardrails"),
    "twin_share": Threshold(0.05, "lower", "share of sealed cases with a near twin"),
    "source_share": Threshold(0.8, "lower", "share of cases from one source"),
    "synthetic_share": Threshold(0.5, "lower", "share of cases that a model wrote"),
    "mix_points": Threshold(0.15, "lower", "difference between share of cases and share of traffic"),
    "case_days": Threshold(180, "lower", "median age of cases, in days"),
    "result_days": Threshold(60, "lower", "age of the outcomes, in days"),
    "overlap": Threshold(0.9, "higher", "share of cases that the baseline answered too"),
    "double_labels": Threshold(30, "higher", "groups that two people labelled"),
    "kappa": Threshold(0.6, "higher", "agreement beyond chance"),
    "kappa_low": Threshold(0.4, "higher", "what agreement beyond chance could be as low as"),
    "deferred_share": Threshold(0.1, "lower", "share of labels put off"),
    "judge_labels": Threshold(30, "higher", "labels of each kind behind a judge"),
    "judge_rate": Threshold(0.8, "higher", "share of outputs of each kind that a judge gets right"),
    "first_stage": Threshold(0.1, "lower", "share of users in the first stage"),
    "stage_power": Threshold(0.8, "higher", "chance that a stage notices a drop"),
    "judge_days": Threshold(90, "lower", "age of a monitoring judge's calibration, in days"),
    "incident_days": Threshold(14, "lower", "days until an incident has its case"),
    "memo_words": Threshold(600, "lower", "words of a memo before its appendix"),
    "reason_characters": Threshold(40, "higher", "length of a reason to accept what blocks"),
    "accept_days": Threshold(365, "lower", "days for which a challenge can be accepted"),
    "accept_block_days": Threshold(90, "lower", "days for which what blocks can be accepted"),
})  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """What a company asks for beyond the defaults.

    Attributes:
        thresholds: name to value; each at least as strict as the default.
        severities: rule to its severity, where it is raised.
    """

    thresholds: Mapping[str, float] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        """Return a threshold."""
        return self.thresholds.get(name, THRESHOLDS[name].default)

    def severity(self, rule: str, own: Severity) -> Severity:
        """Return the severity of a rule: its own, or the raised one."""
        return min(own, self.severities.get(rule, own), key=SEVERITIES.index)


def loosened(thresholds: Mapping[str, float]) -> list[str]:
    """Return the names of thresholds that a policy would loosen."""
    return [name for name, value in thresholds.items() if not THRESHOLDS[name].tightens(value)]
