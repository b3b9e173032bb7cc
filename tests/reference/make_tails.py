"""Make `tails.json`: quantile bounds and the factor for heavy tails by scipy.

Run `python tests/reference/make_tails.py` from the repository root. Places in the order come from a search
through every place with scipy.stats.binom; the factor's minimum from scipy.optimize.
"""

from __future__ import annotations

import json
import math
import platform
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import minimize_scalar
from scipy.stats import binom


def places() -> list[dict]:
    """The smallest place that bounds a quantile from above, the largest that bounds it from below."""
    made = []
    for n in (5, 20, 59, 100, 500):
        for quantile in (0.5, 0.9, 0.95):
            for alpha in (0.05, 0.01):
                upper = next((r for r in range(1, n + 1) if binom.sf(r - 1, n, quantile) <= alpha), None)
                lower = next((r for r in range(n, 0, -1) if binom.cdf(r - 1, n, quantile) <= alpha), None)
                made.append({"n": n, "quantile": quantile, "alpha": alpha, "upper": upper, "lower": lower})
    return made


def factors() -> list[dict]:
    """The smallest factor over theta, found by a search that knows nothing of the grid."""
    made = []
    for n, variation, alpha in [
        (50, 1.0, 0.05),
        (100, 2.0, 0.05),
        (400, 2.0, 0.01),
        (1000, 7.3, 0.05),
        (300, 0.3, 0.05),
    ]:
        k = 1 + variation**2

        def factor(log_theta: float, n: int = n, k: float = k, alpha: float = alpha) -> float:
            theta = math.exp(log_theta)
            room = -n * math.log(1 - (1 - math.exp(-theta * k)) / k) + math.log(alpha)
            return n * theta / room if room > 0 else 1e9

        best = min(
            minimize_scalar(factor, bounds=(low, low + 1), method="bounded", options={"xatol": 1e-12}).fun
            for low in np.arange(-12, 4)
        )
        made.append({"n": n, "variation": variation, "alpha": alpha, "factor": float(best)})
    return made


if __name__ == "__main__":
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    print(versions)  # noqa: T201 - a script
    made = {"versions": versions, "places": places(), "factors": factors()}
    Path(__file__).with_name("tails.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")
