"""The time, asked in one place; nothing below the services knows it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> str:
    """Return the time as ISO text in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def now_ns() -> int:
    """Return the time as nanoseconds since 1970."""
    return time.time_ns()
