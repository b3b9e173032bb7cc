"""What a practice launch's ledger holds of looks and labels, counted."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from shipworthy.store.tables import looks, scores, series, variants


def looks_taken(connection: Connection) -> tuple[str, ...]:
    """Return the variant of each look under any plan, oldest first."""
    return tuple(connection.execute(select(looks.c.variant).order_by(looks.c.seq)).scalars())


def labels_given(connection: Connection, variant: str) -> int:
    """Return how many outputs of a variant have a label from people, under the name with most."""
    counts = (
        select(func.count())
        .select_from(
            scores.join(series, series.c.no == scores.c.series_no).join(
                variants, variants.c.no == scores.c.variant_no
            )
        )
        .where(series.c.name.like("labels:%"), variants.c.name == variant, scores.c.value.is_not(None))
        .group_by(series.c.no)
    )
    return max(connection.execute(counts).scalars(), default=0)
