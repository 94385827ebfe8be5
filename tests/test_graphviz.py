import re
from pathlib import Path

import pytest

import lstm_figs
from lstm_figs import cli
from lstm_figs.errors import MissingTool

DOTS = {
    "one that fails": (
        "#!/bin/sh\necho 'no\nplugin' >&2; exit 3",
        "it ended with 3 and said 'no plugin'",
    ),
    "one that prints nothing": ("#!/bin/sh\n", "begins with b''"),
    "one that prints garbage": ("#!/bin/sh\necho a\\\\377", "begins with b'a"),
    "one that prints no layout": ("#!/bin/sh\necho '[{}]'", "b'[{}]"),
    "one that places nothing": (
        "#!/bin/sh\necho '{\"bb\": \"0,0,1,1\", \"objects\": []}'",
        "begins with b'{",
    ),
    "one that is no program": ("\0\1\2", "cannot be run: Exec format"),
    "one that may not be run": (None, "cannot be run: Permission denied"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOTS)
def test_a_dot_that_does_not_work_is_one_line(
    kind, tmp_path, monkeypatch, capfd
):
    written, said = DOTS[kind]
    dot = tmp_path / "bin" / "dot"
    dot.parent.mkdir()
    dot.write_text(written or "#!/bin/sh\n")
    dot.chmod(0o644 if written is None else 0o755)
    monkeypatch.setenv("PATH", str(dot.parent))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["draw", "autograd"]) == 2
    out, error = capfd.readouterr()
    assert out == ""
    assert re.fullmatch("lstm-figs: Graphviz's dot does not work.*\n", error)
    assert said in error
    assert [path.name for path in Path().iterdir()] == ["bin"]


def test_python_names_a_missing_dot(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingTool, match="dot was not found"):
        lstm_figs.draw("autograd")
