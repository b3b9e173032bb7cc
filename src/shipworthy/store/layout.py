"""The names in a launch folder, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Where things are in one launch folder."""

    folder: Path

    @property
    def launch(self) -> Path:
        """The decision, the variants, the slices."""
        return self.folder / "launch.yaml"

    @property
    def criteria(self) -> Path:
        """The criteria with their bars."""
        return self.folder / "criteria.yaml"

    @property
    def taxonomy(self) -> Path:
        """The failure modes."""
        return self.folder / "taxonomy.yaml"

    @property
    def demo(self) -> Path:
        """The prompts that somebody showed."""
        return self.folder / "demo.yaml"

    @property
    def policy(self) -> Path:
        """What a company asks for beyond the defaults of the rules."""
        return self.folder / "policy.yaml"

    @property
    def evalset(self) -> Path:
        """The folder of cases."""
        return self.folder / "evalset"

    @property
    def scorers(self) -> Path:
        """The code checks."""
        return self.folder / "scorers.py"

    @property
    def judges(self) -> Path:
        """The folder of judges."""
        return self.folder / "judges"

    @property
    def interviews(self) -> Path:
        """The folder of interviews."""
        return self.folder / "interviews"

    @property
    def maps(self) -> Path:
        """The saved column maps."""
        return self.folder / "maps"

    @property
    def memo(self) -> Path:
        """The rendered memo."""
        return self.folder / "memo"

    @property
    def private(self) -> Path:
        """What git ignores: the ledger."""
        return self.folder / ".shipworthy"

    @property
    def ledger(self) -> Path:
        """The default ledger."""
        return self.private / "ledger.db"

    @property
    def received(self) -> Path:
        """The files of spans that were received."""
        return self.private / "received"

    @property
    def judge_key(self) -> Path:
        """The secret that the marks round judged outputs are made with."""
        return self.private / "judge.key"

    def judge_files(self) -> list[Path]:
        """Return the judges, in name order."""
        found = sorted(self.judges.glob("*.md")) if self.judges.is_dir() else []
        return [path for path in found if not path.name.startswith((".", "README"))]

    def evalset_files(self) -> list[Path]:
        """Return the files of cases, in name order."""
        return sorted(self.evalset.glob("*.jsonl")) if self.evalset.is_dir() else []
