"""Make `heard.json`: what a few interviews can tell, by scipy's binomial and beta laws.

Run `python tests/reference/make_heard.py` from the repository root.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path

import scipy
from scipy.stats import beta, binom


def main() -> None:
    """Write the file."""
    rows = []
    for people in (1, 2, 3, 5, 9, 28):
        shares = {str(p): float(binom.sf(0, people, p)) for p in (0.01, 0.05, 0.1, 0.3, 0.5, 0.9)}
        lower = {str(k): float(beta.ppf(0.05, k, people - k + 1)) for k in range(1, people + 1)}
        rows.append(
            {
                "people": people,
                "heard": shares,
                "unheard": float(beta.ppf(0.95, 1, people)),
                "at_least": lower,
            }
        )
    made = {"by": f"scipy {scipy.__version__}, Python {platform.python_version()}", "rows": rows}
    Path(__file__).with_name("heard.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
