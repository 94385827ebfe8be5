"""How listings are run for a page."""

import pytest

from lstm_figs.site.programs import outcome


@pytest.fixture(params=["", "import torch\n"], ids=["plain", "torch"])
def run_lines(request, tmp_path):
    """Runs lines as a listing; those that import torch run in a fork."""

    def run(lines):
        path = tmp_path / "file.py"
        path.write_text(request.param + lines, "utf-8")
        return outcome(path)

    return run


def test_a_file_is_a_program_in_its_folder(run_lines, tmp_path):
    (tmp_path / "beside.py").write_text("said = 'é'")
    done = run_lines(
        "import os, sys, beside\n"
        "assert __name__ == '__main__'\n"
        "sys.stderr.write('not shown')\n"
        "print(beside.said, sys.argv, os.getcwd())\n"
    )
    printed = f"é ['file.py'] {tmp_path}\n".encode()
    assert done == (0, printed, b"not shown")


def test_a_listing_does_not_see_what_the_one_before_changed(run_lines):
    assert run_lines("import os, sys; sys.own = os.environ['OWN'] = '1'").code == 0
    done = run_lines("import os, sys; print(hasattr(sys, 'own'), 'OWN' in os.environ)")
    assert done.stdout == b"False False\n"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("1 / 0", b"ZeroDivisionError: division by zero"),
        ("import warnings; warnings.warn('old')", b"UserWarning: old"),
        ("raise SystemExit('no')", b"no"),
    ],
)
def test_what_fails_says_so_in_its_last_line(run_lines, lines, message):
    done = run_lines(f"print('before')\n{lines}\n")
    assert (done.code, done.stdout) == (1, b"before\n")
    assert done.stderr.splitlines()[-1] == message
