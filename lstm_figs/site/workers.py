"""Processes that draw, beside the one that builds.

A build whose figures are all in the cache starts none, and imports nothing
that draws. Otherwise the figures of all pages are drawn on all cores while the
pages are read. Processes are of one state of the code: a live server imported
the package when it started, and what is edited meanwhile is to be seen.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ..errors import LstmFigsError

MAX_PROCESSES = 4
"""The most processes: each takes time to start, and memory."""

IDLE = 10.0
"""Seconds after which a process that has nothing to do ends."""

_START = "import sys; sys.path[:] = {path!r}; from lstm_figs.site.rendering import serve; serve()"


@dataclass
class Job:
    """What one process draws in one go.

    Attributes:
        text: What is to be drawn.
        kinds: Names in `rendering.KINDS` -> what each will be, and how that is
            made of what was drawn.
        is_heavy: Whether it needs what takes long to load, which one process
            does for all.
        code: The state of the code that is to draw it.
        folder: Where paths in the text start.
    """

    text: str
    kinds: dict[str, tuple[Future[Any], Callable[[Any], Any]]]
    is_heavy: bool = False
    code: str = ""
    folder: str = field(default_factory=os.getcwd)

    def fail(self, sentence: str) -> None:
        """Let whoever waits for it know."""
        for future, _ in self.kinds.values():
            if not future.done():
                future.set_exception(LstmFigsError(sentence))


class Workers:
    """Processes that are started when they are needed.

    Each has a thread that hands it jobs. Only the first gets heavy ones.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._heavy_jobs: deque[Job] = deque()
        self._light_jobs: deque[Job] = deque()
        self._processes: dict[int, _Process] = {}
        self._busy: set[int] = set()
        self._closed = False
        atexit.register(self.close)

    def add(self, jobs: Iterable[Job], code: str, urgent: bool) -> None:
        """Have jobs done, in this order; an urgent one before the others.

        Args:
            jobs: What is to be drawn.
            code: The state of the code, which may have changed.
            urgent: Whether somebody waits.
        """
        with self._changed:
            for job in jobs:
                queue = self._heavy_jobs if job.is_heavy else self._light_jobs
                if urgent:
                    queue.appendleft(job)
                else:
                    queue.append(job)
            for job in (*self._heavy_jobs, *self._light_jobs):
                job.code = code
            if self._heavy_jobs:
                self._start(0)
            for index in range(min(MAX_PROCESSES, _cores())):
                free = self._processes.keys() - self._busy
                if self._heavy_jobs:
                    free -= {0}
                if len(self._light_jobs) > len(free):
                    self._start(index)
            self._changed.notify_all()

    def close(self) -> None:
        """End the processes, and what they are at."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for process in self._processes.values():
                process.end()
        atexit.unregister(self.close)

    def _start(self, index: int) -> None:
        if index not in self._processes:
            process = self._processes[index] = _Process()
            threading.Thread(
                target=self._work, args=(index, process), name="draws", daemon=True
            ).start()

    def _work(self, index: int, process: "_Process") -> None:
        """Hand a process its jobs, until there are none for a while."""
        while job := self._next(index):
            try:
                process.run(job)
            except Exception as error:
                # Nobody may wait for ever, whatever is wrong.
                job.fail(
                    f"cannot draw {job.text!r} ({error!r}), expected an answer "
                    "of the process that draws; please report it"
                )
        process.end()

    def _next(self, index: int) -> Job | None:
        with self._changed:
            self._busy.discard(index)
            idle = False
            while not self._closed:
                for queue in (self._heavy_jobs, self._light_jobs)[index > 0 :]:
                    if queue:
                        self._busy.add(index)
                        return queue.popleft()
                # A job may have come just when the time was over.
                if idle:
                    break
                idle = not self._changed.wait(IDLE)
            self._processes.pop(index, None)
            return None


class _Process:
    """One process, which speaks lines of JSON."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None
        self._code = ""
        self._answers = True

    def run(self, job: Job) -> None:
        """Have a job done; a process that runs older code is not asked."""
        if job.code != self._code:
            self.end()
            self._code, self._answers = job.code, True
        message = {"folder": job.folder, "text": job.text, "kinds": list(job.kinds)}
        answer = self._ask(json.dumps(message).encode() + b"\n")
        if answer is None:
            job.fail(
                f"cannot draw {job.text!r} (the process that draws ended), "
                "expected it to answer; what it said stands in the terminal"
            )
        elif "problem" in answer:
            job.fail(answer["problem"])
        else:
            for (future, finish), payload in zip(job.kinds.values(), answer["drawn"], strict=True):
                future.set_result(finish(payload))

    def _ask(self, line: bytes) -> dict[str, Any] | None:
        """The answer, None if the process ends, or did so before any answer."""
        reply = b""
        with suppress(OSError, ValueError):
            if self._running is None and self._answers:
                self._answers = False
                self._running = subprocess.Popen(
                    # It finds the package where this process found it.
                    [sys.executable, "-c", _START.format(path=sys.path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            if self._running and self._running.stdin and self._running.stdout:
                self._running.stdin.write(line)
                self._running.stdin.flush()
                reply = self._running.stdout.readline()
        if not reply.endswith(b"\n"):
            self.end()
            return None
        self._answers = True
        answer: dict[str, Any] = json.loads(reply)
        return answer

    def end(self) -> None:
        """End it, if it runs."""
        running, self._running = self._running, None
        if running is not None:
            running.terminate()
            with suppress(BrokenPipeError), running:
                pass


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
