"""Figures that need Graphviz, and errors without it."""

import re
from pathlib import Path

import pytest

from lstm_figs.command.request import Request
from lstm_figs.errors import MissingTool
from lstm_figs.figures import CATALOG

ROOT = Path(__file__).parents[1]

DOTS = {
    "one that fails": (
        "#!/bin/sh\necho 'no\nplugin' >&2; exit 3",
        "it ended with 3 and said 'no plugin'",
    ),
    "one that prints nothing": ("#!/bin/sh\n", "begins with b''"),
    "one that prints garbage": ("#!/bin/sh\necho a\\\\377", "begins with b'a"),
    "one that prints no layout": ("#!/bin/sh\necho '[{}]'", "b'[{}]"),
    "one that places nothing": (
        '#!/bin/sh\necho \'{"bb": "0,0,1,1", "objects": []}\'',
        "begins with b'{",
    ),
    "one that is no program": ("\0\1\2", "cannot be run: Exec format"),
    "one that may not be run": (None, "cannot be run: Permission denied"),
}
"""Case -> the content of a false `dot`, and its error."""


@pytest.mark.parametrize("kind", DOTS)
def test_a_dot_that_does_not_work_is_one_line(kind, folder, monkeypatch, refusal):
    written, message = DOTS[kind]
    dot = folder / "bin" / "dot"
    dot.parent.mkdir()
    dot.write_text(written or "#!/bin/sh\n")
    dot.chmod(0o644 if written is None else 0o755)
    monkeypatch.setenv("PATH", str(dot.parent))
    error = refusal("draw", "autograd")
    assert error.startswith("lstm-figs: Graphviz's dot does not work")
    assert message in error


def test_the_figures_that_need_dot_are_those_that_pages_say_need_it(monkeypatch):
    monkeypatch.setenv("PATH", "")
    needing = set()
    for name in CATALOG:
        try:
            Request(name).draw()
        except MissingTool:
            needing.add(name)
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    telling = set()
    for page in pages:
        for line in page.read_text("utf-8").splitlines():
            # A line that lists the figures
            if re.search(r"\bfigures?\b", line) and "Graphviz" in line:
                named = CATALOG.keys() & re.findall(r"`([\w-]+)`", line)
                assert named == needing, f"{page.name}: {line}"
                telling.add(page.name)
    assert telling >= {"README.md", "index.md", "make-your-own.md"}
