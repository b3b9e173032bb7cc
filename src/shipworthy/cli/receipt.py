"""The receipt of an import, as text: every row of the file accounted for."""

from __future__ import annotations

from shipworthy.services.receipt import Receipt


def receipt_text(receipt: Receipt) -> str:
    """Return the receipt."""
    lines = [f"{receipt.file}  ({receipt.format}, sha256 {receipt.sha[:16]})"]
    if receipt.nothing_new:
        return "\n".join(
            [*lines, f"  {receipt.read:,} rows read: all of them were imported before, nothing changed"]
        )
    kept = f"{receipt.kept:,} {'would be kept' if receipt.dry_run else 'kept'}"
    known = f", {receipt.known:,} there already" if receipt.known else ""
    dropped = receipt.dropped.total()
    lines.append(f"  {receipt.read:,} rows read: {kept}{known}, {dropped:,} dropped")
    lines += [f"    dropped {n:,}: {why}" for why, n in receipt.dropped.most_common()]
    repeats = f" x up to {receipt.repeats} repeats" if receipt.repeats > 1 else ""
    if receipt.n_cases:
        lines.append(f"  {receipt.n_cases:,} cases{repeats}")
    lines += [f"    variant {name}: {n:,} outputs" for name, n in receipt.variants.items()]
    if receipt.no_answer:
        why = ", ".join(f"{n:,} {reason}" for reason, n in receipt.no_answer.most_common())
        lines.append(f"  no answer {receipt.no_answer.total():,} (kept apart from failures): {why}")
    if receipt.unscored:
        lines.append(f"  unscored {receipt.unscored:,}: an answer, and no score")
    if receipt.later_attempts:
        lines.append(
            f"  {receipt.later_attempts:,} had an earlier answer: the first one counts, these are kept beside it"
        )
    lines += _scores(receipt)
    lines += [f"  note: {note}" for note in (*receipt.header.notes, *receipt.notes)]
    if receipt.dry_run:
        lines.append("  nothing was written")
    return "\n".join(lines)


def _scores(receipt: Receipt) -> list[str]:
    """Set the means of the rows beside those the file reports; say nothing about sealed outcomes."""
    if receipt.sealed:
        return [f"  {receipt.sealed:,} outputs are of sealed cases: how they went is not shown before a look"]
    lines = []
    for name, (total, n) in sorted(receipt.sums.items()):
        mean = total / n
        said = receipt.header.headline.get(name)
        beside = ""
        if said is not None:
            agrees = abs(said - mean) < 0.0006
            beside = f"; the file says {said:.4g}" + ("" if agrees else ", which its own rows do not give")
        lines.append(f"  score {name}: {total:,.10g} of {n:,} (mean {mean:.4g}){beside}")
    return lines
