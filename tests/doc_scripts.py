"""Load and run the scripts and listings in `docs`."""

import importlib.util
import io
import re
import runpy
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
CODE = DOCS / "code"


def load(name):
    """Import a script as a module, with `docs/code` on the import path."""
    spec = importlib.util.spec_from_file_location(name, CODE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.path", [str(CODE), *sys.path])
        spec.loader.exec_module(module)
    return module


def copy_files(folder, *names):
    for name in names:
        shutil.copy(CODE / name, folder)


def output_of(script, *words):
    """The output of a script in the current folder, run in this process.

    A new process would spend more time importing torch than on most scripts.
    """
    output, errors = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(errors):
        patch.setattr("sys.argv", [script, *words])
        runpy.run_path(script, run_name="__main__")
    assert errors.getvalue() == ""
    return output.getvalue()


def python(*words, **options):
    """The output of a new Python process, which has to succeed."""
    return output_of_process([sys.executable, *map(str, words)], **options)


def output_of_process(command, **options):
    done = subprocess.run(command, capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def source(page):
    return (DOCS / f"{page}.md").read_text("utf-8")


def body(page):
    """A page below its metadata, which is between two lines of dashes."""
    return source(page).split("---\n", 2)[2]


def blocks(page, language):
    """The contents of the fenced blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", source(page), re.M | re.S)
