"""Numbers, bars, bounds and states: what is said of one claim."""

from __future__ import annotations

CLAIMS = {
    # numbers
    "and": "and",
    "or": "or",
    "about": "about ",
    "{part} of {total}": "{part} of {total}",
    "of 100": "{number} of 100",
    "in 100": "{number} in 100",
    "times in 100": "{number} times in 100",
    "{low} to {high}": "{low} to {high}",
    "dollars": "${amount}",
    "seconds": "{amount} s",
    # bars
    "bar": "bar {bar}",
    "all {k} of {k} repeats": "{line}, all {k} of {k} repeats",
    "any of {k} repeats": "{line}, any of {k} repeats",
    "within": "within {ceiling}",
    "{share} within": "{share} {within}",
    "at most": "at most {ceiling}",
    "than the baseline": " than the baseline",
    "better than the baseline": "better{than}",
    "worse": "{at_most} worse",
    # counts
    "{counted} outputs": "{counted} outputs",
    "a judge passed {counted}": "a judge passed {counted}",
    "{labels} correct it": "; {labels} correct it",
    "{counted}; of {groups}: {changed}": "{counted}; of {groups}: {changed}",
    "fixes {fixed}, breaks {broken}": "fixes {fixed}, breaks {broken}",
    "same in": ", same in {unchanged}",
    "{estimate}, corrected": "{estimate}, corrected",
    "{share} cases pass every time": "{share} cases pass every time",
    "{share} cases pass at least once": "{share} cases pass at least once",
    "{share} by group": "{share} by group",
    "{number} unscored": "{number} unscored",
    "{number} no answer": "{number} no answer",
    # bounds
    "could be as low as": "could be as low as {lower}",
    "could be as much as": "could be as much as {upper}",
    "at best": "at best {best}",
    "none of {n} failed, yet could be as low as": "none of {n} failed, yet could be as low as {lower}",
    "no bound": "no bound",
    "none": "none",
    "not known": "not known",
    "no output counts for more than": "no output counts for more than {cap}",
    "at most {share} take that or more": "; at most {share} take that or more, and how much more is not known",
    # states
    "holds": "holds",
    "would hold": "would hold",
    "does not hold": "does not hold",
    "would not hold": "would not hold",
    "not shown yet": "not shown yet",
    "decides nothing": "decides nothing",
    "recorded in English": "{text}",
    # prices
    "{cases} would show it {times}, if {hope}": "{cases} would show it {times}, if {hope}",
    "the true rate is": "the true rate is {rate}",
    "the true gain is": "the true gain is {gain}, as seen",
    "the true mean is": "the true mean is {mean}, as seen",
    # slices
    "all cases": "all cases",
    "everywhere": "everywhere",
    "across the scope": "across the scope",
    "{name} on {place}": "{name} on {place}",
}
