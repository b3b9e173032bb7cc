"""Read a launch folder: the launch as far as it could be understood, and all problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipworthy.domain.criteria import Criterion, share_name
from shipworthy.domain.demo import DemoPrompt
from shipworthy.domain.judge import JudgeFile
from shipworthy.domain.launch import Launch
from shipworthy.domain.problem import Problem
from shipworthy.domain.taxonomy import FailureMode
from shipworthy.domain.theme import Theme
from shipworthy.store.declared import mistakes
from shipworthy.store.demo_file import same_words
from shipworthy.store.entries import entries
from shipworthy.store.judge_file import check_judges, read_judges
from shipworthy.store.layout import Layout
from shipworthy.store.python_file import functions
from shipworthy.store.taxonomy_file import read_taxonomy
from shipworthy.store.themes import check_themes
from shipworthy.store.validate import validated
from shipworthy.store.yaml_file import Loc, YamlFile, plain, read_yaml


@dataclass(frozen=True)
class Reading:
    """What was understood of the authored files, and what was wrong with them."""

    layout: Layout
    launch: Launch
    criteria: tuple[Criterion, ...]
    taxonomy: tuple[FailureMode, ...]
    problems: tuple[Problem, ...] = ()
    demo: tuple[DemoPrompt, ...] = ()
    """What somebody showed; no part of the eval set."""
    judges: tuple[JudgeFile, ...] = ()
    themes: tuple[Theme, ...] = ()
    """What was heard in interviews, under `themes:` in taxonomy.yaml."""


@dataclass
class _Files:
    launch: YamlFile
    criteria: YamlFile
    taxonomy: YamlFile
    problems: list[Problem] = field(default_factory=list)
    defined: dict[Path, set[str] | None] = field(default_factory=dict)

    def functions(self, path: Path, name: str) -> set[str] | None:
        """Return what a Python file defines; its own mistakes are reported once."""
        if path not in self.defined:
            self.defined[path] = functions(path, name, self.problems)
        return self.defined[path]


def read_launch(folder: Path, instead: YamlFile | None = None) -> Reading:
    """Read launch.yaml, criteria.yaml, taxonomy.yaml, demo.yaml and judges/; never raises for what stands in them.

    Args:
        folder: the launch.
        instead: one of these files as it would be, in the place of the one that is there.
    """
    layout = Layout(folder)
    files = _Files(
        _read(layout.launch, instead), _read(layout.criteria, instead), _read(layout.taxonomy, instead)
    )
    files.problems += files.launch.problems + files.criteria.problems + files.taxonomy.problems
    launch = _launch(files, layout)
    criteria, named = entries(files.criteria, Criterion, files.problems)
    written = read_taxonomy(files.taxonomy, files.problems)
    files.problems += check_themes(
        written.themes,
        files.taxonomy,
        criteria=None if files.criteria.broken else named,
        modes=None if files.taxonomy.broken else written.positions,
    )
    demo = _demo(files, layout)
    _check_variants(files, launch, layout)
    _check_slices(files, launch, criteria)
    _check_references(files, launch, criteria, named, written.positions, layout)
    _check_repeats(files, launch, criteria, named)
    _check_money(files, launch, list(named))
    _check_causes(files, launch, list(written.positions))
    judges = read_judges(layout, files.problems)
    files.problems += check_judges(judges, criteria, named, files.criteria, layout)
    problems = tuple(sorted(set(files.problems)))
    return Reading(layout, launch, tuple(criteria), written.modes, problems, demo, judges, written.themes)


def _read(path: Path, instead: YamlFile | None) -> YamlFile:
    return instead if instead is not None and instead.name == path.name else read_yaml(path, path.name)


def _demo(files: _Files, layout: Layout) -> tuple[DemoPrompt, ...]:
    file = read_yaml(layout.demo, "demo.yaml")
    files.problems += file.problems
    prompts, positions = entries(file, DemoPrompt, files.problems)
    files.problems += same_words(file, prompts, positions)
    return tuple(prompts)


def _launch(files: _Files, layout: Layout) -> Launch:
    file = files.launch
    if file.data is None:
        if not file.broken:
            what = (
                "an empty file" if layout.launch.exists() else f"no launch.yaml in {layout.folder.resolve()}"
            )
            remedy = "name the folder of a launch, or make one with `shipworthy init NAME`"
            files.problems.append(Problem(file.name, 0, 0, what, "the launch", remedy))
        return Launch()
    if not isinstance(file.data, dict):
        files.problems.append(
            file.problem(
                (), found="a list or a word", expected="keys such as `title:`", remedy="see `shipworthy init`"
            )
        )
        return Launch()
    launch, problems = validated(Launch, plain(file.data), file)
    files.problems += problems
    return launch or Launch()


def _check_variants(files: _Files, launch: Launch, layout: Layout) -> None:
    file, names = files.launch, list(launch.variants)
    in_circles: set[frozenset[str]] = set()
    for name, variant in launch.variants.items():
        if variant.like is not None and variant.like not in launch.variants:
            _unknown(files, file, ("variants", name, "like"), "variant", variant.like, names)
            continue
        circle = _circle(launch, name)
        if circle and circle not in in_circles:
            in_circles.add(circle)
            files.problems.append(
                file.problem(
                    ("variants", name, "like"),
                    found=f"`{name}` is like `{variant.like}`, which leads back to `{name}`",
                    expected="a variant that starts somewhere",
                    remedy="remove one `like:` of the circle",
                )
            )
        if variant.python is not None:
            _check_module(files, name, variant.python, layout)
    for key, given in (("baseline", launch.baseline), ("candidate", launch.candidate)):
        if given is not None and given not in launch.variants and "variants" in (file.data or {}):
            _unknown(files, file, (key,), "variant", given, names)


def _circle(launch: Launch, name: str) -> frozenset[str] | None:
    """Return the names on the circle that a variant is part of, if it is."""
    trail: list[str] = [name]
    while (step := launch.variants[trail[-1]].like) is not None and step in launch.variants:
        if step == name:
            return frozenset(trail)
        if step in trail:
            return None
        trail.append(step)
    return None


def _check_module(files: _Files, name: str, target: str, layout: Layout) -> None:
    module, function = target.split(":", 1)
    path = layout.folder.joinpath(*module.split("."))
    source = next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)
    if source is not None:
        defined = files.functions(source, str(source.relative_to(layout.folder)))
        if defined is not None and function not in defined:
            _unknown(files, files.launch, ("variants", name, "python"), "function", function, sorted(defined))
    else:
        files.problems.append(
            files.launch.problem(
                ("variants", name, "python"),
                found=f"`{target}`, but there is no {module.replace('.', '/')}.py",
                expected="a Python file in the launch folder",
                remedy=f"create {module.replace('.', '/')}.py or correct the name",
            )
        )


def _check_references(
    files: _Files,
    launch: Launch,
    criteria: list[Criterion],
    positions: dict[str, int],
    modes: dict[str, int],
    layout: Layout,
) -> None:
    file = files.criteria
    for criterion in criteria:
        at = positions[criterion.id]
        for i, name in enumerate(criterion.slices):
            if not files.launch.broken and name not in launch.slices:
                _unknown(files, file, (at, "slices", i), "slice", name, list(launch.slices))
        for i, mode in enumerate(criterion.failure_modes):
            if not files.taxonomy.broken and mode not in modes:
                _unknown(files, file, (at, "failure_modes", i), "failure mode", mode, list(modes))
        _check_scorer(files, at, criterion, layout)
        _check_error(files, at, criterion, launch)
        _check_answered(files, at, criterion, launch, list(positions))
        if criterion.estimand == "difference" and launch.baseline is None and not files.launch.broken:
            files.problems.append(
                file.problem(
                    (at, "estimand"),
                    found="a difference, but the launch has no baseline",
                    expected="`baseline:` in launch.yaml",
                    remedy="name the variant to compare with",
                )
            )


def _check_repeats(
    files: _Files, launch: Launch, criteria: list[Criterion], positions: dict[str, int]
) -> None:
    """All of k repeats can only be shown by a candidate that has k of them."""
    name = launch.candidate
    if name not in launch.variants or _circle(launch, name) or files.problems:
        return
    repeats = launch.resolved(name).repeats or 1
    for criterion in criteria:
        if criterion.k is not None and criterion.k > repeats:
            files.problems.append(
                files.criteria.problem(
                    (positions[criterion.id], "k"),
                    found=f"`k: {criterion.k}`, and the candidate `{name}` has {repeats} of each case",
                    expected=f"at most {repeats}" if repeats > 1 else "more repeats",
                    remedy=f"write `repeats: {criterion.k}` under variants.{name} in launch.yaml",
                )
            )


def _check_money(files: _Files, launch: Launch, known: list[str]) -> None:
    """A worth, a harm or a counter-argument that names a criterion names one that there is."""
    named = [(("value", "criterion"), launch.value.criterion if launch.value else None)]
    named += [(("harm", i, "criterion"), harm.criterion) for i, harm in enumerate(launch.harm)]  # type: ignore[misc]
    named += [(("argument", i, "claim"), each.claim) for i, each in enumerate(launch.argument)]  # type: ignore[misc]
    for at, name in named:
        if name is not None and name not in known and not files.criteria.broken:
            _unknown(files, files.launch, at, "criterion", name, known)


def _check_causes(files: _Files, launch: Launch, known: list[str]) -> None:
    """A cause of the pre-mortem that names a failure mode names one that there is."""
    for i, cause in enumerate(launch.premortem.causes):
        if cause.failure_mode is not None and cause.failure_mode not in known and not files.taxonomy.broken:
            at = ("premortem", "causes", i, "failure_mode")
            _unknown(files, files.launch, at, "failure mode", cause.failure_mode, known)


def _check_slices(files: _Files, launch: Launch, criteria: list[Criterion]) -> None:
    """Refuse what would leave a claim untested: a second scope, a partition without values, a name that reads as a value."""
    scopes = [name for name, rule in launch.slices.items() if rule.scope]
    named = {name for criterion in criteria for name in criterion.slices}
    for name, rule in launch.slices.items():
        at = ("slices", name)
        if rule.scope and name != scopes[0]:
            found, remedy = f"a second scope, beside `{scopes[0]}`", f"remove `scope: true` from `{name}`"
            expected = "one partition that the scope is chosen from"
            files.problems.append(
                files.launch.problem((*at, "scope"), found=found, expected=expected, remedy=remedy)
            )
        if "=" in name:
            found, expected = f"the slice `{name}`", "a name without `=`, which stands before a value"
            files.problems.append(
                files.launch.problem(at, found=found, expected=expected, remedy="rename the slice")
            )
        if rule.by and not rule.shares and name in named:
            found = f"a partition by `{rule.by}` that a criterion must hold in, without its values"
            expected, remedy = "`shares`, one for each value", "add the shares, or name a slice with `where:`"
            files.problems.append(files.launch.problem(at, found=found, expected=expected, remedy=remedy))


def _check_error(files: _Files, at: int, criterion: Criterion, launch: Launch) -> None:
    """A criterion may be stricter than the plan; more lenient, and the plan's error would not be kept."""
    if criterion.error is None or criterion.error <= launch.error:
        return
    files.problems.append(
        files.criteria.problem(
            (at, "error"),
            found=f"`error: {criterion.error:g}`, and the plan accepts {launch.error:g}",
            expected=f"at most {launch.error:g}",
            remedy="leave it out, or make it smaller for what must not happen",
        )
    )


def _check_answered(files: _Files, at: int, criterion: Criterion, launch: Launch, known: list[str]) -> None:
    """A rate among answered outputs is decided at one look, and its second claim needs a name that nobody has."""
    if criterion.answered is None:
        return
    if launch.looks != "once" and not files.launch.broken:
        files.problems.append(
            files.criteria.problem(
                (at, "answered"),
                found="`answered`, and `looks:` in launch.yaml has several looks",
                expected="one look: with several nobody has worked out what the answered ones show",
                remedy="write `looks: once` in launch.yaml, or leave `answered` out",
            )
        )
    if (name := share_name(criterion.id)) in known:
        files.problems.append(
            files.criteria.problem(
                (at, "answered"),
                found=f"`answered`, whose claim that enough is answered is called `{name}`, as another criterion is",
                expected="a name for each claim",
                remedy=f"rename the criterion `{name}`",
            )
        )


def _check_scorer(files: _Files, at: int, criterion: Criterion, layout: Layout) -> None:
    for wrong in mistakes(criterion.scorer, layout) if criterion.scorer else ():
        loc: Loc = (at, "scorer", *wrong.at)
        files.problems.append(
            files.criteria.problem(loc, found=wrong.found, expected=wrong.expected, remedy=wrong.remedy)
        )
    check = criterion.scorer.check if criterion.scorer else None
    if check and layout.scorers.is_file():
        defined = files.functions(layout.scorers, "scorers.py")
        if defined is not None and check not in defined:
            _unknown(files, files.criteria, (at, "scorer"), "check", check, sorted(defined))
    elif check:
        files.problems.append(
            files.criteria.problem(
                (at, "scorer"),
                found="a check, but there is no scorers.py",
                expected="scorers.py in the launch folder",
                remedy=f"write `def {check}(case_input, expected, output)` in scorers.py",
            )
        )


def _unknown(
    files: _Files, file: YamlFile, loc: tuple[Any, ...], noun: str, name: str, known: list[str]
) -> None:
    files.problems.append(
        file.problem(
            loc,
            found=f"the {noun} `{name}`, which is not declared",
            expected=f"one of {', '.join(known)}" if known else f"a declared {noun}",
            remedy=f"declare `{name}` or correct its name",
        )
    )
