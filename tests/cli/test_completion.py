"""Completion in bash, zsh and fish."""

import subprocess

import pytest

from lstm_figs.cli.commands import COMMANDS
from lstm_figs.figures import CATALOG

COMPLETIONS = {
    ("lstm-figs", "un"): ["units"],
    ("lstm-figs", "draw", "unit-"): ["unit-map"],
    ("lstm-figs", "draw", "cell", "--the"): ["--theme"],
    ("lstm-figs", "draw", "cell", "--theme", ""): ["auto", "light", "dark"],
    ("lstm-figs", "draw", "cell", "--weights", ""): [],
    ("lstm-figs", "inspect", "--j"): ["--json"],
    ("lstm-figs", "completion", "f"): ["fish"],
}
"""Words before the cursor -> the words offered."""


@pytest.mark.parametrize("words", COMPLETIONS, ids=" ".join)
def test_bash_completes_what_fits(call, words):
    lines = [
        call("completion", "bash")[1],
        f"COMP_WORDS=({' '.join(repr(word) for word in words)})",
        f"COMP_CWORD={len(words) - 1}",
        '_lstm_figs; printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    done = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.split() == COMPLETIONS[words]


def test_zsh_and_fish_know_each_command_and_figure(call):
    bash, zsh, fish = (call("completion", shell)[1] for shell in ("bash", "zsh", "fish"))
    assert zsh.endswith(bash)
    assert "-l theme -x -a 'auto light dark' -d " in fish
    assert "-s o -l out -r -d " in fish
    for name in COMMANDS:
        assert f"-n __fish_use_subcommand -f -a {name}\n" in fish
    names = next(line for line in fish.splitlines() if "cell-input" in line)
    assert {*CATALOG} <= {*names.partition("-a ")[2].strip("'").split()}
