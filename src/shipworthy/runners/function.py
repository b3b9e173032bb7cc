"""Run a variant that is a Python function of the launch folder: `f(input)` or `f(input, seed)`."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import msgspec

from shipworthy.domain.errors import BadInput
from shipworthy.runners.interface import Asked, Reply
from shipworthy.runners.words import Hide, words_of, words_of_error

LONGEST_OUTPUT = 1_000_000
"""Characters; a longer output is cut off by nobody: it counts as no answer, with the reason."""


class FunctionTarget:
    """A function loaded from the launch folder. Loading runs the folder's code: ask for trust first.

    A plain function is called in this thread when one case is asked at a time, else in threads; an async one on the
    event loop. A plain function that never returns cannot be stopped: run such a feature as a `command`.

    Args:
        folder: the launch folder; it goes first on the import path.
        target: `module:function`.
        at_once: calls in flight.
        timeout_s: seconds an async function may take.
        hide: takes keys out of what the function raises.

    Raises:
        BadInput: the module cannot be loaded or has no such function.
    """

    def __init__(
        self, folder: Path, target: str, *, at_once: int = 1, timeout_s: float = 60.0, hide: Hide = str
    ) -> None:
        self.target = target
        self.began_in = Path.cwd()
        self.function = load_function(folder, target)
        self.takes_seed = "seed" in inspect.signature(self.function).parameters
        self.is_async = inspect.iscoroutinefunction(self.function)
        self.timeout_s = timeout_s
        self.at_once = at_once
        self.hide = hide
        self.threads: ThreadPoolExecutor | None = None
        self.silence = contextlib.ExitStack()

    async def start(self) -> None:
        """Swallow what the feature prints from now on: facts on stdout are ours."""
        self.silence.enter_context(contextlib.redirect_stdout(_Swallowed()))
        if self.is_async:
            return
        if self.at_once == 1:
            self._interruptible()
        else:
            self.threads = ThreadPoolExecutor(self.at_once, thread_name_prefix="feature")

    def _interruptible(self) -> None:
        """Let Ctrl-C reach a function that holds the event loop up."""
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGINT, signal.default_int_handler)
            self.silence.callback(signal.signal, signal.SIGINT, before)

    async def stop(self) -> None:
        """Give stdout back, and the folder we were in: the feature may have left it, and paths of ours may start there."""
        self.silence.close()
        os.chdir(self.began_in)
        if self.threads is not None:
            self.threads.shutdown(wait=False, cancel_futures=True)

    def most_tokens(self, asked: Asked) -> tuple[int, int]:
        """Return (0, 0): a function is not charged by tokens."""
        del asked
        return 0, 0

    async def ask(self, asked: Asked) -> Reply:
        """Call the function; whatever it raises is the reason that there is no answer."""
        if self.is_async:
            return await self._awaited(asked)
        if self.threads is not None:
            return await asyncio.get_running_loop().run_in_executor(self.threads, self._called, asked)
        return self._called(asked)

    def _called(self, asked: Asked) -> Reply:
        began = time.perf_counter()
        try:
            said = self._call(asked)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - the feature may fail in any way it likes
            return self._broken(error, began)
        return _reply(said, time.perf_counter() - began)

    async def _awaited(self, asked: Asked) -> Reply:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(self.timeout_s):
                said = await self._call(asked)
        except KeyboardInterrupt:
            raise
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return self._broken(error, began)  # something of its own was cancelled, and not this call
        except TimeoutError:
            return Reply(None, f"timeout: no answer within {self.timeout_s:g} s", time.perf_counter() - began)
        except BaseException as error:  # noqa: BLE001 - the feature may fail in any way it likes
            return self._broken(error, began)
        return _reply(said, time.perf_counter() - began)

    def _broken(self, error: BaseException, began: float) -> Reply:
        return Reply(None, f"error: {words_of_error(error, hide=self.hide)}", time.perf_counter() - began)

    def _call(self, asked: Asked) -> Any:
        given = asked.given
        if not isinstance(given, str):
            # What the feature does to it must not reach another repeat, or a check.
            given = msgspec.json.decode(msgspec.json.encode(given))
        return self.function(given, seed=asked.seed) if self.takes_seed else self.function(given)


class _Swallowed(io.TextIOBase):
    """Where prints of the feature go."""

    def write(self, text: str, /) -> int:
        return len(text)

    def writable(self) -> bool:
        return True


def _reply(said: Any, took: float) -> Reply:
    try:
        text = msgspec.json.encode(said).decode()
    except (TypeError, ValueError, RecursionError) as error:
        return Reply(None, f"error: an output that is not JSON ({words_of(error, most=1900)})", took)
    if len(text) > LONGEST_OUTPUT:
        return Reply(None, f"error: an output of {len(text):,} characters", took)
    return Reply(text, None, took)


def load_function(folder: Path, target: str) -> Callable[..., Any]:
    """Return a function of the launch folder, loaded afresh.

    The folder stays first on the import path: the feature may import more while it answers.
    """
    module_name, name = target.split(":", 1)
    _first_on_path(folder.resolve())
    _forget(module_name, folder.resolve())
    try:
        with _no_bytecode():
            module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        raise BadInput(
            f"`{module_name}` cannot be loaded: {words_of_error(error)}",
            where=str(folder / f"{module_name}.py"),
            remedy="run it with python in that folder and mend what it says",
        ) from error
    function = getattr(module, name, None)
    if not callable(function):
        raise BadInput(
            f"`{module_name}` has no function `{name}`", where=str(folder), remedy="correct the name"
        )
    return cast("Callable[..., Any]", function)


def _first_on_path(folder: Path) -> None:
    with contextlib.suppress(ValueError):
        sys.path.remove(str(folder))
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()


def _forget(module_name: str, folder: Path) -> None:
    """Drop modules of that name, and all that came from the folder: another launch may use the same names."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if (
            name == module_name
            or name.startswith(module_name + ".")
            or (file and Path(file).is_relative_to(folder))
        ):
            del sys.modules[name]


@contextlib.contextmanager
def _no_bytecode() -> Iterator[None]:
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = kept
