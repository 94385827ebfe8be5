"""Run a Python file as a program.

Most files import torch, which takes far longer than the rest of them. These
are forked from a process that has only imported torch.
"""

import os
import re
import runpy
import subprocess
import sys
import warnings
from multiprocessing import get_context
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

_WITH_TORCH = re.compile(rb"^(import|from) torch\b", re.MULTILINE)
"""A line that imports torch."""


class Outcome(NamedTuple):
    """What a program returned.

    Attributes:
        code: The exit code; None if it has not ended.
        stdout: What it printed.
        stderr: What it printed as errors.
    """

    code: int | None
    stdout: bytes
    stderr: bytes


def outcome(path: Path) -> Outcome:
    """Run a file in its folder, with warnings as errors."""
    if not _WITH_TORCH.search(path.read_bytes()):
        result = subprocess.run(
            [sys.executable, "-W", "error", path.name],
            cwd=path.parent,
            capture_output=True,
            check=False,
        )
        return Outcome(result.returncode, result.stdout, result.stderr)
    forking = get_context("forkserver")
    forking.set_forkserver_preload(["torch"])
    with NamedTemporaryFile() as out, NamedTemporaryFile() as error:
        program = forking.Process(target=_run_as_program, args=(path, out.name, error.name))
        program.start()
        program.join()
        return Outcome(program.exitcode, out.read(), error.read())


def _run_as_program(path: Path, *written: str) -> None:
    """Become the program, with its output redirected into files."""
    for descriptor, name in enumerate(written, start=1):
        os.dup2(os.open(name, os.O_WRONLY), descriptor)
    os.chdir(path.parent)
    sys.argv = [path.name]
    sys.path.insert(0, str(path.parent))
    warnings.simplefilter("error")
    runpy.run_path(path.name, run_name="__main__")
