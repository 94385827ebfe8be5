"""Worker processes that draw while another process builds the pages.

A build with all figures in the cache starts none, and imports no drawing code.
Otherwise the figures of all pages are drawn on all cores while the pages are
read. A process is restarted when the code has changed, so that a live server,
which imported the package when it started, shows edits.
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
"""The most processes, because each needs time to start, and memory."""

IDLE_SECONDS = 10.0
"""Seconds after which an idle process ends."""

_START = "import sys; sys.path[:] = {path!r}; from lstm_figs.site.rendering import serve; serve()"
"""Python that a new process runs."""


@dataclass
class Job:
    """Payloads that one process draws together.

    Attributes:
        text: The argument of the functions in `rendering.KINDS`.
        kinds: Names in `rendering.KINDS`, each with the future of its result
            and the function that makes the result from the payload.
        is_heavy: Whether it needs slow imports, which only one process does.
        code: The digest of the code that has to draw it.
        folder: The folder where relative paths start.
    """

    text: str
    kinds: dict[str, tuple[Future[Any], Callable[[Any], Any]]]
    is_heavy: bool = False
    code: str = ""
    folder: str = field(default_factory=os.getcwd)

    def fail(self, sentence: str) -> None:
        """Set an error for everybody who waits for a result."""
        for future, _ in self.kinds.values():
            if not future.done():
                future.set_exception(LstmFigsError(sentence))


class Workers:
    """A pool of processes that are started on demand.

    Each has a thread that passes it jobs. Only the first gets heavy ones.
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
        """Queue jobs in this order.

        Args:
            jobs: The jobs.
            code: The digest of the current code, for all queued jobs.
            urgent: Whether they go before the others, because a page waits.
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
        """End the processes, even if they are busy."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for process in self._processes.values():
                process.end()
        atexit.unregister(self.close)

    def _start(self, index: int) -> None:
        """Start the process of an index, unless it is running."""
        if index not in self._processes:
            process = self._processes[index] = _Process()
            threading.Thread(
                target=self._work, args=(index, process), name="draws", daemon=True
            ).start()

    def _work(self, index: int, process: "_Process") -> None:
        """Pass jobs to a process, until there are none for a while."""
        while job := self._next(index):
            try:
                process.run(job)
            except Exception as error:
                # Whatever the error is, nobody may wait forever.
                job.fail(
                    f"cannot draw {job.text!r} ({error!r}), expected an answer from the "
                    "process that draws; please report it"
                )
        process.end()

    def _next(self, index: int) -> Job | None:
        """The next job for a process; None after waiting in vain."""
        with self._changed:
            self._busy.discard(index)
            was_idle = False
            while not self._closed:
                # Only the first process takes heavy jobs, and takes them first.
                queues = (self._light_jobs,) if index else (self._heavy_jobs, self._light_jobs)
                for queue in queues:
                    if queue:
                        self._busy.add(index)
                        return queue.popleft()
                # A job may have arrived just as the wait timed out, so look once more.
                if was_idle:
                    break
                was_idle = not self._changed.wait(IDLE_SECONDS)
            self._processes.pop(index, None)
            return None


class _Process:
    """One process that reads and writes lines of JSON."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None
        self._code = ""
        self._may_start = True

    def run(self, job: Job) -> None:
        """Run a job, in a new process if the code has changed."""
        if job.code != self._code:
            self.end()
            self._code, self._may_start = job.code, True
        message = {"folder": job.folder, "text": job.text, "kinds": list(job.kinds)}
        answer = self._ask(json.dumps(message).encode() + b"\n")
        if answer is None:
            job.fail(
                f"cannot draw {job.text!r} (the process that draws ended), expected it to "
                "answer; its output is in the terminal"
            )
        elif "problem" in answer:
            job.fail(answer["problem"])
        else:
            for (future, finish), payload in zip(job.kinds.values(), answer["drawn"], strict=True):
                future.set_result(finish(payload))

    def _ask(self, line: bytes) -> dict[str, Any] | None:
        """The answer to a line, None if the process ends.

        A process that ended before its first answer is not started again.
        """
        reply = b""
        with suppress(OSError, ValueError):
            if self._running is None and self._may_start:
                self._may_start = False
                self._running = subprocess.Popen(
                    # With the same sys.path, so that it imports the same package.
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
        self._may_start = True
        answer: dict[str, Any] = json.loads(reply)
        return answer

    def end(self) -> None:
        """End the process, if it runs."""
        running, self._running = self._running, None
        if running is not None:
            running.terminate()
            with suppress(BrokenPipeError), running:
                pass


def _cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
