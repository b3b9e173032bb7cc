"""A variant that is a program: real programs, well-behaved and hostile, are started and asked."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from shipworthy.domain.errors import BadInput
from shipworthy.domain.target import Command
from shipworthy.runners import program as running
from shipworthy.runners.command import CommandTarget
from shipworthy.runners.interface import Asked, Reply

EACH_LINE = "import json, os, sys, time\nfor line in sys.stdin:\n    case = json.loads(line)\n    "
ECHO = EACH_LINE + "print(json.dumps([case['input'], os.getpid()]), flush=True)"
QUICK_S = 20.0
"""Seconds that the slowest start of a program may take on a busy machine."""


class Asking:
    """A target whose program was written into an empty launch folder, and all that is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def target(
        self, code: str, protocol: str = "line", *, at_once: int = 1, timeout_s: float = QUICK_S
    ) -> CommandTarget:
        """Write the program; return the target that starts it."""
        (self.folder / "feature.py").write_text(textwrap.dedent(code), encoding="utf-8")
        command = Command(run=[sys.executable, "feature.py"], protocol=protocol)
        return CommandTarget(self.folder, command, at_once=at_once, timeout_s=timeout_s)

    def __call__(self, code: str, *inputs: Any, protocol: str = "line", **more: Any) -> list[Reply]:
        """Ask the inputs one after the other."""
        target = self.target(code, protocol, **more)

        async def all_of_them() -> list[Reply]:
            return [await target.ask(asked(given)) for given in inputs]

        return run(target, all_of_them)


def asked(given: Any, case: str = "c-1", *, repeat: int = 2, seed: int = 77) -> Asked:
    """Return one repeat of one case."""
    return Asked(case, repeat, given, seed)


def run(target: CommandTarget, todo: Callable[[], Awaitable[Any]]) -> Any:
    """Start a target, do something, stop it; no process of it and no open pipe may be left."""

    async def go() -> Any:
        await target.start()
        try:
            return await todo()
        finally:
            await target.stop()

    before, others = open_files(), children()
    done = asyncio.run(go())
    assert open_files() == before
    assert target.running == set()
    assert children() == others
    return done


def open_files() -> int:
    """Return how many files and pipes this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))


def children() -> set[str]:
    """Return the processes that this one started, zombies too; other tests may have left one that serves them all."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(listed.read_text().split())


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie that nobody has reaped yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pid: int) -> bool:
    """Whether a process ends within a few seconds."""
    until = time.monotonic() + 5
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def _written(path: Path) -> None:
    while not path.exists() or not path.read_text():
        time.sleep(0.01)


@pytest.fixture
def ask(tmp_path: Path) -> Asking:
    """Ask a program that is written into an empty folder."""
    return Asking(tmp_path)


# One JSON line in, one JSON line out.


def test_a_program_gets_the_case_as_a_line_and_its_line_is_the_answer(ask):
    """`{"input", "case", "repeat", "seed"}` goes in; `print(json.dumps(...))` comes out as compact JSON."""
    (reply,) = ask(EACH_LINE + "print(json.dumps(case), flush=True)", {"text": "where\nis it? é"})

    assert json.loads(reply.text) == {
        "input": {"text": "where\nis it? é"},
        "case": "c-1",
        "repeat": 2,
        "seed": 77,
    }
    assert (reply.reason, reply.fault, reply.billed) == (None, False, True)


def test_one_program_answers_many_cases(ask):
    """300 cases, one process id."""
    replies = ask(ECHO, *range(300))

    answers = [json.loads(reply.text) for reply in replies]
    assert [given for given, _ in answers] == list(range(300))
    assert len({pid for _, pid in answers}) == 1


def test_so_many_programs_as_may_work_at_once_work_in_parallel(ask):
    """Each of 3 programs answers only once all 3 have a case; 12 cases pass, by 3 process ids."""
    code = EACH_LINE + (
        "open(f'here-{case[\"input\"]}', 'w').close()\n"
        "    round = case['input'] // 3 * 3\n"
        "    while not all(os.path.exists(f'here-{round + i}') for i in range(3)): time.sleep(0.005)\n"
        "    print(os.getpid(), flush=True)"
    )
    target = ask.target(code, at_once=3)

    async def rounds() -> list[Reply]:
        return [
            reply
            for first in range(0, 12, 3)
            for reply in await asyncio.gather(*(target.ask(asked(first + i)) for i in range(3)))
        ]

    replies = run(target, rounds)

    assert all(reply.text for reply in replies), replies
    assert len({reply.text for reply in replies}) == 3


def test_no_more_programs_run_than_may_work_at_once(ask):
    """16 cases asked together of 2 programs are answered by 2 processes, and waiting is not latency."""
    target = ask.target(EACH_LINE + "time.sleep(0.2); print(os.getpid(), flush=True)", at_once=2)

    async def together() -> list[Reply]:
        await asyncio.gather(*(target.ask(asked(0)) for _ in range(2)))  # so that starting is not measured
        return await asyncio.gather(*(target.ask(asked(i)) for i in range(16)))

    replies = run(target, together)

    assert len({reply.text for reply in replies}) <= 2
    assert all(0.2 <= reply.latency_s < 1.2 for reply in replies), [r.latency_s for r in replies]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ('{"output": "yes"}', '"yes"'),
        ('{"output": null}', "null"),
        ('{"answer": "yes"}', '{"answer":"yes"}'),
        ('{"output": "yes", "score": 1}', '{"output":"yes","score":1}'),
        ('{"tokens_in": 3}', '{"tokens_in":3}'),
        ('"just text"', '"just text"'),
        ("[1, 2.50, true]", "[1,2.5,true]"),
        ("null", "null"),
        ('\\n\\n  "after empty lines"', '"after empty lines"'),
    ],
)
def test_what_a_line_says_is_the_answer(ask, said, text):
    """Any JSON is an answer; an object with `output` and no other keys than those known holds one."""
    (reply,) = ask(EACH_LINE + f"print('''{said}''', flush=True)", 1)

    assert (reply.text, reply.reason) == (text, None)


def test_a_program_may_say_what_an_answer_took(ask):
    """`{"output", "tokens_in", "tokens_out", "steps"}`: tokens are counted, steps kept."""
    (reply,) = ask(
        EACH_LINE
        + "print(json.dumps({'output': 'ok', 'tokens_in': 12, 'tokens_out': 3, 'steps': [{'tool': 'find'}]}), flush=True)",
        1,
    )

    assert (reply.text, reply.tokens_in, reply.tokens_out) == ('"ok"', 12, 3)
    assert reply.steps == '[{"tool":"find"}]'


@pytest.mark.parametrize("tokens", ["-1", "1.5", '"12"', "true", "99999999999999999999999"])
def test_tokens_that_are_no_count_are_not_known(ask, tokens):
    """`{"output": 1, "tokens_in": "12"}` keeps its output and counts no tokens."""
    (reply,) = ask(EACH_LINE + f"""print('{{"output": 1, "tokens_in": {tokens}}}', flush=True)""", 1)

    assert (reply.text, reply.tokens_in) == ("1", None)


def test_a_program_may_say_that_it_has_no_answer_and_goes_on(ask):
    """`{"error": "no such order"}` is no answer with that reason; the next case is answered by the same process."""
    code = EACH_LINE + (
        "print(json.dumps({'error': 'no such order'} if case['input'] == 1 else {'output': os.getpid()}), flush=True)"
    )
    before, none, after = ask(code, 0, 1, 2)

    assert (none.text, none.reason, none.fault) == (None, "error: no such order", False)
    assert before.text == after.text


def test_a_program_that_ends_after_each_case_is_started_again(ask):
    """It answers and exits: six cases, none lost; one that met it on its way out was not read and may be asked again."""
    replies = ask(ECHO + "\n    break", *"abcdef")

    answers = [json.loads(reply.text)[0] if reply.text else None for reply in replies]
    assert answers[0] == "a"
    assert all(
        said == given or reply.fault for said, given, reply in zip(answers, "abcdef", replies, strict=True)
    )
    assert not any("does not start" in (reply.reason or "") for reply in replies)
    assert len([said for said in answers if said]) >= 3


# One process for each case.


def test_once_starts_a_program_for_each_case_and_its_output_is_the_answer(ask):
    """The whole of stdin is the case; the whole of stdout is JSON, on several lines."""
    code = "import json, os, sys; print(json.dumps([json.load(sys.stdin), os.getpid()], indent=2))"
    replies = ask(code, "a", "b", protocol="once")

    answers = [json.loads(reply.text) for reply in replies]
    assert [case for case, _ in answers] == [
        {"input": given, "case": "c-1", "repeat": 2, "seed": 77} for given in ("a", "b")
    ]
    assert answers[0][1] != answers[1][1]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Your parcel is late.\\n\\nSorry!\\n", '"Your parcel is late.\\n\\nSorry!"'),
        ("  é indented\\n", '"  é indented"'),
        ("NaN", '"NaN"'),
        ("12\\n", "12"),
        ('{"output": "x"}', '"x"'),
    ],
)
def test_once_takes_text_that_is_not_json_as_a_string(ask, said, text):
    """`Your parcel is late.` needs no quotes; line breaks at its end are dropped."""
    (reply,) = ask(
        f"import sys; sys.stdout.reconfigure(encoding='utf-8'); sys.stdout.write('''{said}''')",
        1,
        protocol="once",
    )

    assert (reply.text, reply.reason) == (text, None)


@pytest.mark.parametrize("said", ["", "\\n \\n"])
def test_once_prints_nothing_and_ends_well_which_is_no_answer(ask, said):
    """Exit code 0 without a word is no answer, and is not asked again."""
    (reply,) = ask(f"import sys; sys.stdin.read(); print('''{said}''', end='')", 1, protocol="once")

    assert (reply.text, reply.reason, reply.fault) == (
        None,
        "error: the program ended without an answer",
        False,
    )


def test_once_with_another_exit_code_is_no_answer_with_the_last_lines_of_stderr(ask):
    """It printed an answer, then failed: `exit code 3`, and what it said last."""
    code = "import sys; sys.stdin.read(); print('an answer'); print('first\\nsecond\\nthird\\nlast', file=sys.stderr); sys.exit(3)"
    (reply,) = ask(code, 1, protocol="once")

    assert reply.text is None
    assert reply.reason == "error: the program ended with exit code 3: second / third / last"
    assert (reply.fault, reply.billed) == (False, True)


def test_once_needs_not_read_its_case(ask):
    """Half a megabyte of case, never read, and an answer at once."""
    (reply,) = ask("print('always the same')", "x" * 500_000, protocol="once")

    assert reply.text == '"always the same"'


def test_once_ends_what_a_program_left_behind(ask, monkeypatch):
    """A child that sleeps for a minute with our pipe in its hands ends with its parent; the answer is not held up."""
    monkeypatch.setattr(running, "ENDING_S", 3 * QUICK_S)
    code = """
        import subprocess, sys
        left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        print(left.pid)
        """
    (reply,) = ask(code, 1, protocol="once")

    assert reply.reason is None
    assert gone(int(reply.text))


def test_once_does_not_wait_for_what_escaped_into_a_session_of_its_own(ask):
    """Nobody can end that child by the group; its hold on our pipe delays the next case by a second, not for ever."""
    code = """
        import subprocess
        left = subprocess.Popen(["sleep", "60"], start_new_session=True)
        print(left.pid)
        """
    began = time.monotonic()
    (reply,) = ask(code, 1, protocol="once")
    took = time.monotonic() - began
    os.kill(int(reply.text), 9)

    assert 1 <= took < 10
    assert reply.latency_s < took - 0.9


@pytest.mark.parametrize(("protocol", "at_least", "under"), [("once", 0.4, QUICK_S), ("line", 0.0, 0.4)])
def test_latency_includes_the_start_of_a_program_that_was_started_for_the_case(
    ask, protocol, at_least, under
):
    """It loads for 0.4 s: `once` pays that each time, `line` for the first case alone."""
    code = "import time; time.sleep(0.4)\nimport sys\nfor line in sys.stdin: print(1, flush=True)"
    replies = ask(code, "a", "b", protocol=protocol)

    assert replies[0].latency_s >= 0.4
    assert at_least <= replies[1].latency_s < under


# Large cases and answers.


@pytest.mark.parametrize("protocol", ["line", "once"])
def test_a_large_case_and_a_large_answer_pass_whole(ask, protocol):
    """900,000 characters there and back, which no pipe holds at once."""
    code = "import sys, json\nfor line in sys.stdin: print(json.dumps(json.loads(line)['input']), flush=True)"
    (reply,) = ask(code, "ab" * 450_000, protocol=protocol)

    assert reply.text == '"' + "ab" * 450_000 + '"'


def test_an_answer_of_more_than_a_million_characters_is_none(ask):
    """1,000,001 characters are no answer; the program stays in step."""
    code = EACH_LINE + "print(json.dumps('x' * case['input']), flush=True)"
    fits, longer, after = ask(code, 999_998, 999_999, 3)

    assert len(fits.text) == 1_000_000
    assert longer.reason == "error: an output of 1,000,001 characters"
    assert after.text == '"xxx"'


def test_a_program_that_answers_before_it_read_the_whole_case_gets_no_other(ask):
    """The rest of a long case in the pipe would be read as the next case: a new process answers that."""
    code = "import os, sys\nwhile os.read(0, 10): print(os.getpid(), flush=True); sys.stdin.close if 0 else None; import time; time.sleep(0.5)"
    first, second = ask(code, "x" * 200_000, "y")

    assert first.text != second.text
    assert (first.reason, second.reason) == (None, None)


GIGABYTE = """
import sys, os
sys.stdin.readline()
piece = b"x" * 1_000_000
for _ in range(1000):
    os.write(FD, piece)
print('"said it all"', flush=True)
"""
MEASURE = """
import asyncio, sys, time
from pathlib import Path
from shipworthy.domain.target import Command
from shipworthy.runners.command import CommandTarget
from shipworthy.runners.interface import Asked

def most_memory():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])

async def go():
    target = CommandTarget(Path(sys.argv[1]), Command(run=[sys.executable, "feature.py"], protocol=sys.argv[2]), at_once=1, timeout_s=60)
    await target.start()
    await asyncio.sleep(0)
    before = most_memory()
    reply = await target.ask(Asked("c-1", 1, "go", 1))
    await target.stop()
    print(most_memory() - before, reply.text, reply.reason)

asyncio.run(go())
"""


@pytest.mark.parametrize("protocol", ["line", "once"])
@pytest.mark.parametrize("fd", [1, 2])
def test_a_gigabyte_leaves_our_memory_flat(ask, tmp_path, protocol, fd):
    """On stdout it is killed and is no answer; on stderr it is read and dropped; in neither do we grow by 40 MB."""
    (tmp_path / "feature.py").write_text(GIGABYTE.replace("FD", str(fd)))

    done = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path, protocol],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(running.__file__).parents[2])},
    )

    kilobytes, said = done.stdout.strip().split(" ", 1)
    assert int(kilobytes) < 40_000
    if fd == 1:
        assert said == "None error: an output of more than 4,000,000 bytes"
    else:
        assert said == '"said it all" None'


# Programs that never end, die, or speak out of turn.


@pytest.mark.parametrize("protocol", ["line", "once"])
def test_a_program_that_never_ends_is_killed_with_all_it_started(ask, tmp_path, protocol):
    """It starts a child, ignores SIGTERM and sleeps: no answer within 2.5 s, and neither of the two is left."""
    code = """
        import os, signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.stdin.readline()
        child = subprocess.Popen(["sleep", "60"])
        open("pids", "w").write(f"{os.getpid()} {child.pid}")
        time.sleep(60)
        """
    (reply,) = ask(code, 1, protocol=protocol, timeout_s=2.5)

    assert (reply.text, reply.reason, reply.fault) == (None, "timeout: no answer within 2.5 s", False)
    assert 2.5 <= reply.latency_s < 5
    assert all(gone(int(pid)) for pid in (tmp_path / "pids").read_text().split())


def test_a_late_answer_never_answers_the_next_case(ask):
    """The first case takes 30 s of the 2.5 allowed; the second is answered by a new process with its own input."""
    code = (
        EACH_LINE + "time.sleep(30 * (case['input'] == 'slow')); print(json.dumps(case['input']), flush=True)"
    )
    slow, quick = ask(code, "slow", "quick", timeout_s=2.5)

    assert slow.text is None
    assert quick.text == '"quick"'


def test_a_time_out_before_the_case_was_read_may_be_asked_again(ask):
    """A program that loads for longer than the time allowed has had no case yet."""
    (reply,) = ask("import time; time.sleep(60)", 1, timeout_s=0.5)

    assert reply.reason == "timeout: no answer within 0.5 s, and the program had not read the case"
    assert reply.fault


def test_a_program_that_dies_over_a_case_has_no_answer_to_it_and_is_replaced(ask):
    """Exit code 4 and the last lines of stderr are the reason; it is not asked again; the next case is answered."""
    code = EACH_LINE + (
        "if case['input'] == 'bad': print('Traceback\\nValueError: bad', file=sys.stderr); sys.exit(4)\n"
        "    print(json.dumps(case['input']), flush=True)"
    )
    before, died, after = ask(code, "a", "bad", "b")

    assert died.reason == "error: the program ended with exit code 4: Traceback / ValueError: bad"
    assert (died.text, died.fault, died.billed) == (None, False, True)
    assert (before.text, after.text) == ('"a"', '"b"')


def test_a_program_killed_by_a_signal_says_which(ask):
    """`kill -9` of itself is `was killed by SIGKILL`."""
    (reply,) = ask(EACH_LINE + "os.kill(os.getpid(), 9)", 1)

    assert (reply.reason, reply.fault) == ("error: the program was killed by SIGKILL", False)


def test_a_line_that_was_not_finished_is_no_answer(ask):
    """`"half` and exit code 0."""
    (reply,) = ask(EACH_LINE + "print('12', end=''); sys.exit()", 1)

    assert (reply.text, reply.fault) == (None, False)
    assert reply.reason == "error: the program ended with exit code 0 without an answer"


@pytest.mark.parametrize("protocol", ["line", "once"])
def test_a_program_that_never_starts_says_so_after_three_times(ask, protocol):
    """A missing import: the case was never read, so it may be asked again; the third reply says what to mend."""
    replies = ask("import nothing_of_that_name", 1, 2, 3, protocol=protocol)

    first, _, third = replies
    assert all(reply.fault and reply.text is None for reply in replies)
    assert first.reason.startswith("error: the program ended with exit code 1: ")
    assert "No module named 'nothing_of_that_name' (before it read the case)" in first.reason
    assert third.reason.startswith("error: the program does not start, 3 times in a row: ")
    assert third.reason.endswith("run it in the launch folder and mend what it says")


def test_a_program_that_ends_while_it_waits_is_replaced_without_a_word(ask):
    """It ends on its own after its answer; the next case is for a new process, and nothing was lost."""
    code = ECHO + "\n    time.sleep(0.1); sys.exit(5)"
    target = ask.target(code)

    async def with_a_pause() -> list[Reply]:
        first = await target.ask(asked("a"))
        await target.idle[0].ended
        return [first, await target.ask(asked("b"))]

    first, second = run(target, with_a_pause)

    assert [json.loads(reply.text)[0] for reply in (first, second)] == ["a", "b"]


def test_a_line_that_nobody_asked_for_puts_a_program_out_of_step(ask):
    """An answer, then `"more"` a moment later: the next case is not given to it, may be asked again, and then is answered."""
    code = EACH_LINE + (
        "print(json.dumps(case['input']), flush=True)\n"
        "    if case['input'] == 'a': time.sleep(0.2); print('\"more\"', flush=True)"
    )
    target = ask.target(code)

    async def with_a_pause() -> list[Reply]:
        first = await target.ask(asked("a"))
        await target.idle[0].ended  # it is killed at once
        return [first, await target.ask(asked("b")), await target.ask(asked("b"))]

    first, out, again = run(target, with_a_pause)

    assert first.text == '"a"'
    assert out.reason == (
        'error: out of step: an output that nobody had asked for: "more"; '
        "its 1 answers before may be those of other cases"
    )
    assert (out.text, out.fault, out.billed) == (None, True, False)
    assert again.text == '"b"'


def test_two_lines_for_one_case_are_no_answer(ask):
    """Which of `1` and `2` answers? Neither; and the second never answers the next case."""
    code = EACH_LINE + "sys.stdout.write('1\\n2\\n' if case['input'] == 'a' else '3\\n'); sys.stdout.flush()"
    two, one = ask(code, "a", "b")

    assert (two.text, two.fault) == (None, False)
    assert two.reason == "error: more than one line for one case, the next: 2"
    assert one.text == "3"


def test_a_banner_before_the_case_was_read_is_out_of_step(ask):
    """`Loading` while the case still lies in the pipe cannot be its answer."""
    (reply,) = ask("import time; print('Loading', flush=True); time.sleep(60)", 1)

    assert reply.reason == "error: out of step: an output that nobody had asked for: Loading"
    assert reply.fault


def test_a_line_that_is_no_json_ends_the_program_that_wrote_it(ask):
    """`debug: ...` and then the answer: the case has none, and the answer to it is not that of the next case."""
    code = EACH_LINE + (
        "if case['input'] == 'a': print('debug: a', flush=True); time.sleep(0.1)\n"
        "    print(json.dumps(case['input']), flush=True)"
    )
    target = ask.target(code)

    async def with_a_pause() -> list[Reply]:
        first = await target.ask(asked("a"))
        await asyncio.sleep(0.3)
        return [first, await target.ask(asked("b"))]

    first, second = run(target, with_a_pause)

    assert (first.text, first.reason) == (None, "error: a line that is not JSON: debug: a")
    assert second.text == '"b"'


@pytest.mark.parametrize(
    ("protocol", "what"), [("line", "a line that is not JSON"), ("once", "an output that is not UTF-8")]
)
def test_bytes_that_are_not_utf_8_are_no_answer(ask, protocol, what):
    """A byte 255 and a terminal code are shown harmlessly, and nothing breaks."""
    code = "import sys; sys.stdin.readline(); sys.stdout.buffer.write(b'\"caf\\xff\\x1b[1m\"\\n'); sys.stdout.flush(); sys.stdin.read()"
    (reply,) = ask(code, 1, protocol=protocol)

    assert (reply.text, reply.reason) == (None, f'error: {what}: "caf\N{REPLACEMENT CHARACTER} [1m"')


def test_deep_nesting_is_no_answer(ask):
    """A hundred thousand brackets do not exhaust the stack."""
    (reply,) = ask(EACH_LINE + "print('[' * 100_000, flush=True)", 1)

    assert reply.reason.startswith("error: a line that is not JSON: [[[")


def test_a_program_that_closes_its_stdin_early_is_asked_in_vain(ask):
    """It closes stdin without reading and lingers: no answer, no broken pipe, and it is killed."""
    (reply,) = ask("import os, time; os.close(0); time.sleep(60)", "x" * 200_000, timeout_s=1)

    assert reply.reason == "timeout: no answer within 1 s, and the program had not read the case"


def test_much_on_stderr_does_not_hold_up_a_program(ask):
    """10 MB of stderr for each case, then the answer."""
    code = EACH_LINE + "sys.stderr.write('noise ' * 1_700_000); print(json.dumps(case['input']), flush=True)"
    replies = ask(code, "a", "b")

    assert [reply.text for reply in replies] == ['"a"', '"b"']


# Starting and stopping.


@pytest.mark.parametrize(
    ("run_it", "mode", "what", "remedy"),
    [
        (
            "no-such-program-anywhere",
            None,
            "there is no program `no-such-program-anywhere` on the path",
            "correct its name",
        ),
        ("./absent", None, "there is no program `./absent`", "correct its name"),
        ("./there", 0o644, "`./there` may not be executed", "chmod +x ./there"),
        ("there", 0o755, "there is no program `there` on the path", "write `./there`"),
    ],
)
def test_a_program_that_cannot_be_started_is_named_before_anything_is_asked(
    tmp_path, run_it, mode, what, remedy
):
    """A wrong name, a file that may not be executed, a file of the folder written without `./`."""
    if mode:
        (tmp_path / "there").write_text("#!/bin/sh\n")
        (tmp_path / "there").chmod(mode)
    target = CommandTarget(tmp_path, Command(run=[run_it]), at_once=1, timeout_s=1)

    with pytest.raises(BadInput) as told:
        asyncio.run(target.start())

    assert told.value.what == what
    assert remedy in told.value.remedy


def test_a_script_whose_interpreter_is_not_there_is_named_before_anything_is_asked(tmp_path):
    """`#!/no/such/python` would only say that there is no such file."""
    (tmp_path / "there").write_text("#!/no/such/python -u\n")
    (tmp_path / "there").chmod(0o755)
    target = CommandTarget(tmp_path, Command(run=["./there"]), at_once=1, timeout_s=1)

    with pytest.raises(BadInput, match=r"names an interpreter that is not there: /no/such/python$"):
        asyncio.run(target.start())


def test_a_program_that_is_gone_by_the_time_it_is_asked_is_a_fault(tmp_path):
    """Nothing was written to it, so nothing was billed; the third time it is said to never start."""
    (tmp_path / "there").write_text("#!/bin/sh\n")
    (tmp_path / "there").chmod(0o755)
    target = CommandTarget(tmp_path, Command(run=["./there"]), at_once=1, timeout_s=1)

    async def removed() -> list[Reply]:
        (tmp_path / "there").unlink()
        return [await target.ask(asked(1)) for _ in range(3)]

    first, _, third = run(target, removed)

    assert first.reason == "error: `./there` cannot be started (No such file or directory)"
    assert (first.fault, first.billed) == (True, False)
    assert third.reason.startswith("error: the program does not start, 3 times in a row: ")


def test_a_program_runs_in_the_launch_folder_with_our_environment(ask, tmp_path, monkeypatch):
    """The folder is its working directory, and a key in the environment reaches it."""
    monkeypatch.setenv("SOME_KEY", "abc")
    (reply,) = ask(
        "import json, os; print(json.dumps([os.getcwd(), os.environ['SOME_KEY']]))", 1, protocol="once"
    )

    assert json.loads(reply.text) == [str(tmp_path), "abc"]


def test_stop_lets_a_program_end_by_itself(ask, tmp_path):
    """When its stdin closes it has time to write a last file."""
    ask(ECHO + "\ntime.sleep(0.2); open('last', 'w').write('done')", 1)

    assert (tmp_path / "last").read_text() == "done"


def test_stop_ends_a_program_that_will_not(ask, monkeypatch):
    """It ignores the end of stdin and SIGTERM: it is killed after both waits, and not sooner."""
    monkeypatch.setattr("shipworthy.runners.command.POLITELY_S", 0.3)
    target = ask.target(
        "import signal, time, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        + ECHO
        + "\ntime.sleep(60)"
    )
    began = 0.0

    async def timed() -> Reply:
        nonlocal began
        reply = await target.ask(asked(1))
        began = time.monotonic()
        return reply

    reply = run(target, timed)

    assert 0.6 <= time.monotonic() - began < 5
    assert gone(json.loads(reply.text)[1])


@pytest.mark.parametrize("protocol", ["line", "once"])
def test_giving_up_on_a_case_kills_its_program(ask, tmp_path, protocol):
    """A cancelled question leaves no process; the next is answered by another."""
    code = """
        import os, sys, json, time
        case = json.loads(sys.stdin.readline())
        if case["input"] == "slow":
            open("pid", "w").write(str(os.getpid()))
            time.sleep(60)
        print('"quick"', flush=True)
        """
    target = ask.target(code, protocol)

    others = children()

    async def cancelled() -> Reply:
        slow = asyncio.create_task(target.ask(asked("slow")))
        await asyncio.to_thread(_written, tmp_path / "pid")
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        assert children() == others
        return await target.ask(asked("b"))

    reply = run(target, cancelled)

    assert reply.text == '"quick"'
    assert gone(int((tmp_path / "pid").read_text()))


def test_it_works_on_the_loop_that_runs_use(ask):
    """The faster event loop starts, feeds, kills and reaps as the standard one does."""
    uvloop = pytest.importorskip("uvloop")
    target = ask.target(EACH_LINE + "time.sleep(case['input']); print(os.getpid(), flush=True)", timeout_s=3)

    async def go() -> list[Reply]:
        await target.start()
        try:
            return [await target.ask(asked(seconds)) for seconds in (0, 0, 60, 0)]
        finally:
            await target.stop()

    others = children()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        first, second, late, after = runner.run(go())

    assert first.text == second.text != after.text
    assert late.reason == "timeout: no answer within 3 s"
    assert children() == others
