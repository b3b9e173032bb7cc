"""People's labels beside the outputs they are about, of parts that are not sealed."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from shipworthy.store.tables import PARTS, cases, closings, members, scores, series, texts

Labelled = dict[str, dict[str, dict[str, float]]]
"""Case id, to the name of the labels, to the output, to its label."""


def labelled(connection: Connection, set_no: int) -> Labelled:
    """Return every label on an output of a case that explores, tunes or calibrates; the holdout is left out."""
    s, t = scores.c, texts.c
    same = (
        (t.variant_no == s.variant_no)
        & (t.case_no == s.case_no)
        & (t.repeat == s.repeat)
        & (t.attempt == s.attempt)
    )
    joined = (
        scores.join(series, series.c.no == s.series_no)
        .join(closings, closings.c.run_no == s.run_no)
        .join(texts, same)
        .join(cases, cases.c.no == s.case_no)
        .join(members, (members.c.case_no == s.case_no) & (members.c.set_no == set_no))
    )
    query = (
        select(cases.c.key, series.c.name, t.text, s.value)
        .select_from(joined)
        .where(
            series.c.name.like("labels:%"),
            s.value.is_not(None),
            t.text.is_not(None),
            members.c.part != PARTS.index("holdout"),
        )
    )
    found: Labelled = defaultdict(lambda: defaultdict(dict))
    for key, name, text, value in connection.execute(query):
        found[key][name.removeprefix("labels:")][text] = value
    return found
