"""The decision: who may choose what, what a signature covers, and what is seen when anything is changed later."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from shipworthy.services.verify import verify
from shipworthy.store.journal import GENESIS, sealed

SHIP = ("--by", "Ada", "--reverse-if", "more than 6 of 60 are wrong", "--review-on", "2027-04-15")
REASON = "the returns page changes next week"


@pytest.fixture
def decided(once, launch, outcomes, ship) -> Path:
    """A launch that ships, with its memo."""

    def making() -> Path:
        assert ship("import", outcomes("explore", 60), "--launch", launch, "--variant", "new").code == 0
        assert ship("lock", launch).code == 0
        assert ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new").code == 0
        assert ship("decide", launch, "--yes").code == 0
        assert ship("memo", launch, "--format", "all").code == 0
        return launch

    return once("decided", making)


@pytest.fixture
def signed(once, decided, ship) -> Path:
    """The same, with a signed decision."""

    def making() -> Path:
        said = ship("sign", decided, *SHIP)
        assert said.code == 0, said.err
        return decided

    return once("signed", making)


def decision(launch: Path) -> dict:
    """Return the one decision of a launch."""
    (path,) = (launch / "decisions").glob("*.json")
    return json.loads(path.read_text())


def test_a_ship_is_signed_with_what_would_undo_it(decided, ship):
    """Without a reversal and a day to look again nobody signs a ship; with them the file says all of it."""
    refused = ship("sign", decided, "--by", "Ada")
    done = ship("sign", decided, *SHIP, "--dissent", "Ben: the cases are from January")
    found = decision(decided)["signed"]["decision"]

    assert refused.code == 3
    assert "what would undo it" in refused.err
    assert done.code == 0
    assert (found["verdict"], found["chosen"], found["by"]) == ("ship", "ship", "Ada")
    assert found["dissent"] == [{"who": "Ben", "text": "the cases are from January"}]
    assert ship("verify", decided).code == 0


def test_more_care_takes_a_reason_and_more_courage_an_end_as_well(launch, outcomes, ship):
    """On a "not yet": to ship takes a reason of substance and a day on which that ends; to drop it takes a reason."""
    ship(
        "import", outcomes("explore", 60, fails=lambda i: i % 4 == 0), "--launch", launch, "--variant", "new"
    )
    ship("lock", launch)
    ship(
        "import", outcomes("holdout", 200, fails=lambda i: i % 5 == 0), "--launch", launch, "--variant", "new"
    )
    assert ship("decide", launch, "--yes").code == 11
    ship("memo", launch)
    bold = (*SHIP, "--chosen", "ship")

    assert ship("sign", launch, *bold).code == 3
    assert "a day on which the override ends" in ship("sign", launch, *bold, "--reason", REASON).err
    assert ship("sign", launch, *bold, "--reason", "because", "--expires", "2027-01-01").code == 3
    assert ship("sign", launch, "--by", "Ada", "--chosen", "do not ship").code == 3
    assert ship("sign", launch, "--by", "Ada", "--chosen", "do not ship", "--reason", REASON).code == 0
    assert ship("sign", launch, *bold, "--reason", REASON, "--expires", "2027-01-01").code == 0


def test_nothing_is_signed_that_nobody_looked_at(launch, outcomes, ship):
    """Outcomes on sealed cases, no look: signing refuses, takes no look, and writes nothing."""
    ship("lock", launch)
    ship("import", outcomes("holdout", 200), "--launch", launch, "--variant", "new")

    said = ship("sign", launch, *SHIP)

    assert said.code == 3
    assert "the look was not taken" in said.err
    assert not (launch / "decisions").exists()


def test_a_memo_of_other_evidence_is_not_signed(decided, outcomes, ship):
    """New criteria after the memo: it must be written again first."""
    path = decided / "criteria.yaml"
    path.write_text(path.read_text().replace("0.8", "0.81"))

    said = ship("sign", decided, "--by", "Ada")

    assert said.code == 3
    assert "memo" in said.err


def test_a_key_of_your_own_and_no_other_kind(decided, ship, tmp_path):
    """An OpenSSH Ed25519 key signs; another kind, or none, is refused in one sentence."""
    key = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (tmp_path / "junk").write_text("no key")

    assert ship("sign", decided, *SHIP, "--key", key).code == 0
    assert "cannot be read" in ship("sign", decided, *SHIP, "--key", tmp_path / "junk").err
    assert "no such key" in ship("sign", decided, *SHIP, "--key", tmp_path / "none").err


def test_a_memo_written_anew_over_the_same_evidence_is_stale(signed, ship):
    """The signature covers the files that were read: another one says so, and signing again settles it."""
    assert ship("memo", signed, "--author", "Ben").code == 0
    said = ship("verify", signed)
    assert said.code == 3
    assert "stale" in said.out


Tamper = Callable[[Path, random.Random], None]


def _in_ledger(launch: Path, *statements: tuple[str, tuple]) -> None:
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as ledger:
        for sql, values in statements:
            assert ledger.execute(sql, values).rowcount
    ledger.close()


def flip_a_byte_of_the_memo(launch: Path, rng: random.Random) -> None:
    """Change one byte of one file of the memo."""
    path = rng.choice(sorted((launch / "memo").iterdir()))
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def edit_the_decision(launch: Path, rng: random.Random) -> None:
    """Change one value of the signed part."""
    (path,) = (launch / "decisions").glob("*.json")
    content = json.loads(path.read_text())
    key = rng.choice(["chosen", "verdict", "by", "reverse_if", "review_on", "question"])
    content["signed"]["decision"][key] = rng.choice(["do not ship", "not yet", "x", ""])
    path.write_text(json.dumps(content))


def change_an_outcome(launch: Path, rng: random.Random) -> None:
    """Turn one score over."""
    _in_ledger(launch, ("UPDATE scores SET value = 1 - value WHERE case_no = ?", (rng.randrange(1, 200),)))


def drop_an_output(launch: Path, rng: random.Random) -> None:
    """Take one output away."""
    _in_ledger(launch, ("DELETE FROM outputs WHERE case_no = ?", (rng.randrange(1, 200),)))


def rewrite_the_journal(launch: Path, rng: random.Random) -> None:
    """Change one event and seal everything after it anew, as somebody would who knows how."""
    with sqlite3.connect(launch / ".shipworthy/ledger.db") as ledger:
        rows = ledger.execute("SELECT seq, at, verb, body FROM journal ORDER BY seq").fetchall()
        changed, prev = rng.randrange(len(rows)), GENESIS
        for i, (seq, at, verb, body) in enumerate(rows):
            said = f"20{rng.randrange(10, 26)}-01-01T00:00:00Z" if i == changed else at
            seal = sealed(seq, said, verb, body, prev)
            ledger.execute(
                "UPDATE journal SET at = ?, prev = ?, hash = ? WHERE seq = ?", (said, prev, seal, seq)
            )
            prev = seal
    ledger.close()


def cut_the_journal(launch: Path, rng: random.Random) -> None:
    """Take the last event away."""
    _in_ledger(launch, ("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", ()))


KINDS = (
    flip_a_byte_of_the_memo, edit_the_decision, change_an_outcome, drop_an_output, rewrite_the_journal,
    cut_the_journal,
)  # fmt: skip


def _caught(signed: Path, tmp_path: Path, kind: Tamper, seeds: range) -> list[int]:
    """Return the seeds whose change nobody noticed, though the head was kept."""
    head = verify(signed).head
    missed = []
    for seed in seeds:
        copy = tmp_path / f"copy-{seed}"
        shutil.copytree(signed, copy)
        kind(copy, random.Random(seed))
        if not verify(copy, head=head).faults:
            missed.append(seed)
        shutil.rmtree(copy)
    return missed


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_of_any_kind_is_seen_with_the_head_that_was_kept(signed, tmp_path, kind):
    """Memo, decision, outcomes, outputs, the journal rewritten or cut: three places each."""
    assert _caught(signed, tmp_path, kind, range(3)) == []


@pytest.mark.campaign
@pytest.mark.parametrize("kind", KINDS)
def test_two_hundred_changes_of_each_kind_are_all_seen(signed, tmp_path, kind):
    """The same, at two hundred places each."""
    assert _caught(signed, tmp_path, kind, range(200)) == []


def test_what_cannot_be_seen_without_a_kept_head_is_said(signed, tmp_path, ship):
    """Without the head a cut that takes the signature and its file along fits, and verify says that it would not see it."""
    (path,) = (signed / "decisions").glob("*.json")
    path.unlink()
    head = verify(signed).head
    cut_the_journal(signed, random.Random(1))

    assert ship("verify", signed).code == 0
    assert "not seen without a kept head" in ship("verify", signed).err
    assert ship("verify", signed, "--head", head).code == 3
