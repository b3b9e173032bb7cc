"""Read the judges of a launch: front matter between lines of `---`, and below it the prompt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from shipworthy.domain.criteria import Criterion
from shipworthy.domain.evalset import Case
from shipworthy.domain.judge import JudgeFile, JudgeHead
from shipworthy.domain.problem import Problem
from shipworthy.store.evalset_file import read_cases
from shipworthy.store.layout import Layout
from shipworthy.store.validate import validated
from shipworthy.store.yaml_file import YamlFile, parse_yaml, plain, read_text

NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}")
LINE = re.compile(r"---[ \t]*\r?$")


def read_judges(layout: Layout, problems: list[Problem]) -> tuple[JudgeFile, ...]:
    """Return the judges that could be understood, and put mistakes into `problems`."""
    found = []
    for path in layout.judge_files():
        file = YamlFile(f"judges/{path.name}")
        judge = _read(path, file)
        problems += file.problems
        if judge is not None:
            found.append((judge, file))
    wanted = {case for judge, _ in found for case in judge.head.examples}
    known = {case.id: case for case in read_cases(layout, []) if case.id in wanted} if wanted else {}
    return tuple(_with_examples(judge, file, known, problems) for judge, file in found)


def check_judges(
    judges: Sequence[JudgeFile],
    criteria: Sequence[Criterion],
    positions: dict[str, int],
    file: YamlFile,
    layout: Layout,
) -> list[Problem]:
    """Return what does not fit between criteria.yaml and the judges.

    Args:
        judges: the judges that could be understood.
        criteria: the criteria that could be understood.
        positions: where each criterion stands in the file.
        file: criteria.yaml.
        layout: to tell a judge that is broken from one that is not there.
    """
    by_name = {judge.name: judge for judge in judges}
    there = {path.stem for path in layout.judge_files()}
    found = []
    for criterion in criteria:
        name = criterion.scorer.judge if criterion.scorer else None
        at = (positions[criterion.id], "scorer", "judge")
        if name is None:
            continue
        if name not in there:
            known = ", ".join(sorted(there))
            found.append(
                file.problem(
                    at,
                    found=f"the judge `{name}`, but there is no judges/{name}.md",
                    expected=f"one of {known}" if known else "a file in judges/",
                    remedy=f"write judges/{name}.md, or correct the name",
                )
            )
        elif name in by_name and by_name[name].head.criterion != criterion.id:
            found.append(
                file.problem(
                    at,
                    found=f"the judge `{name}`, which judges `{by_name[name].head.criterion}`",
                    expected=f"a judge of `{criterion.id}`: one judge, one criterion",
                    remedy=f"write `criterion: {criterion.id}` in judges/{name}.md, or name another judge",
                )
            )
    known = ", ".join(positions)
    found += [
        Problem(
            f"judges/{judge.name}.md",
            2,
            0,
            f"the criterion `{judge.head.criterion}`, which is not declared",
            f"one of {known}" if known else "a criterion of criteria.yaml",
            "correct its name",
        )
        for judge in judges
        if judge.head.criterion not in positions and not file.broken
    ]
    return found


def _read(path: Path, file: YamlFile) -> JudgeFile | None:
    if not NAME.fullmatch(path.stem):
        found, expected = f"the name `{path.stem}`", "small letters, digits, `-` and `_`, a letter first"
        file.problems.append(Problem(file.name, 0, 0, found, expected, "rename the file"))
        return None
    text = read_text(path, file)
    if text is None:
        return None
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines[1:], start=1) if LINE.fullmatch(line)), None)
    if not LINE.fullmatch(lines[0]) or end is None:
        file.problems.append(
            Problem(
                file.name,
                1,
                0,
                "no front matter",
                "a line `---`, keys such as `criterion:`, a line `---`, and then the prompt",
                "begin the file so; docs/how-to/judge-outputs.md has one to copy",
            )
        )
        return None
    file.above = 1
    parse_yaml("\n".join(lines[1:end]), file)
    if file.broken:
        return None
    head, problems = validated(JudgeHead, plain(file.data or {}), file)
    file.problems += problems
    prompt = "\n".join(lines[end + 1 :]).strip()
    if not prompt:
        what = "nothing below the front matter"
        file.problems.append(
            Problem(file.name, end + 1, 0, what, "what the judge is told", "write the prompt there")
        )
        return None
    return JudgeFile(path.stem, head, prompt) if head is not None else None


def _with_examples(
    judge: JudgeFile, file: YamlFile, known: dict[str, Case], problems: list[Problem]
) -> JudgeFile:
    """Take the example cases that may be shown: of part calibrate, with an expected answer."""
    shown = []
    for position, name in enumerate(judge.head.examples):
        case = known.get(name)
        if case is None:
            found, expected = f"the case `{name}`, which is not in the eval set", "the id of a calibrate case"
        elif case.part != "calibrate":
            found = f"the case `{name}`, which is of part {case.part}"
            expected = "a case of part calibrate: what a judge was shown it cannot be tested on"
        elif case.expected is None:
            found, expected = f"the case `{name}`, which has no `expected`", "a case whose answer is known"
        else:
            shown.append(case)
            continue
        remedy = "name another case, or take it out of `examples`"
        problems.append(file.problem(("examples", position), found=found, expected=expected, remedy=remedy))
    return replace(judge, shown=tuple(shown))
