"""Tests that records are updated with confirmed words only."""

import base64
import re
import shlex

import pytest

from tests import compare_drawings
from tests.binding import cases, parts, renewal, specs, write
from tests.binding.cases import DEFAULT

FIGURE, OLD, NEW = "gate-order", "Who stacks them how", "Who draws them how"
"""A figure, words in it, and the words that replace them."""


@pytest.fixture
def records(tmp_path, monkeypatch):
    """A temporary test folder with the records of the default case."""
    committed = cases.svg
    monkeypatch.setattr(write, "cases_of", lambda figure: [DEFAULT])
    monkeypatch.setattr(
        renewal,
        "committed_drawings",
        lambda figure, keys, commit: {key: committed(*key) for key in keys},
    )
    templates = specs.templates(FIGURE)
    monkeypatch.setattr(specs, "SPECS", tmp_path)
    folder = specs.folder(FIGURE)
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "templates.txt").write_text(templates)
    counted = write.counted_drawings(FIGURE)
    (folder / "parts.txt").write_text(parts.written(parts.by_place(counted)))


def has_recorded_parts():
    return not any(
        parts.faults(cases.read(FIGURE, DEFAULT, width), width) for width in cases.widths_of(FIGURE)
    )


@pytest.fixture
def redrawn(monkeypatch):
    """A function that replaces words in all later drawings."""

    def change(old, new):
        original = cases.svg.__wrapped__

        def svg(*of):
            document = original(*of)
            assert old in document
            return document.replace(old, new)

        monkeypatch.setattr(cases, "svg", svg)

    return change


def test_words_without_a_value_are_written_when_confirmed(records, redrawn, capsys):
    redrawn(f">{OLD}<", f">{NEW}<")
    assert write.main([FIGURE]) == 1
    output = capsys.readouterr().out
    question, _, typed = output.strip().rpartition("\n")
    assert question.index("Is it true?") > output.index(f": {NEW}\n")
    assert f": {OLD}\n" in output
    assert not has_recorded_parts()
    program, module, name, *words = shlex.split(typed)
    assert (program, module, name) == ("python", "-m", "tests.binding.write")
    assert write.main(words) == 0
    assert has_recorded_parts()


def test_words_with_a_claim_are_written_without_confirmation(records, redrawn):
    redrawn("see which gate opens", "look which gate opens")
    assert write.main([FIGURE]) == 0
    assert has_recorded_parts()


def test_a_label_without_a_value_is_written_when_confirmed(records, redrawn):
    redrawn(">c</text>", ">C</text>")
    assert write.main([FIGURE]) == 1
    assert not has_recorded_parts()
    assert write.main([FIGURE, "--true", "C"]) == 0
    assert has_recorded_parts()


def test_unchanged_words_cannot_be_confirmed(records):
    with pytest.raises(SystemExit, match="got --true 'all', expected words of"):
        write.main([FIGURE, "--true", "all"])


def test_changed_parts_are_shown_until_they_are_written(records, redrawn, capsys):
    redrawn('stroke="#ccd1d9"', 'stroke="#5a6372"')
    assert write.main([FIGURE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tests/figures/gate_order/parts.txt"
    assert lines[2:4] == [
        "- 1 path  (rule, 1.25 thick) 672 × 0",
        "+ 1 path  (muted, 1.25 thick) 672 × 0",
    ]
    assert lines[-1].startswith("Before and after: ")
    assert write.main([FIGURE]) == 0
    assert capsys.readouterr().out == ""


def test_only_drawings_with_a_different_digest_are_compared(records, redrawn, monkeypatch):
    digests = parts.read_digests(FIGURE)
    digests["example", 360] = "00000000"
    monkeypatch.setattr(parts, "read_digests", lambda figure: digests)
    compared = []
    monkeypatch.setattr(
        renewal, "committed_drawings", lambda figure, keys, commit: compared.extend(keys) or {}
    )
    differences = renewal.compare_parts(FIGURE, write.counted_drawings(FIGURE), "HEAD")
    assert compared == [(FIGURE, DEFAULT, 360)]
    assert differences.lines == [
        f"HEAD cannot draw {FIGURE}, {DEFAULT}, 360, so there is nothing to compare with."
    ]


@pytest.mark.skipif(
    not (compare_drawings.ROOT / ".git").exists(), reason="there is no commit to draw"
)
def test_an_update_shows_the_drawings_before_and_after(redrawn):
    redrawn("Five mistakes", "Six mistakes")
    counted = write.counted_drawings("cheat-sheet")
    counted["cheat-sheet", "--new", 720] = counted["cheat-sheet", DEFAULT, 720]
    differences = renewal.compare_parts("cheat-sheet", counted, "HEAD")
    assert differences.lines[-1].startswith("HEAD cannot draw cheat-sheet, --new, 720, so ")
    (gained,) = (line for line in differences.lines if "Six" in line)
    assert gained == "+ 1 words by note: Six mistakes"
    page = differences.page.read_text()
    assert gained in page
    old, new = (
        base64.b64decode(image).decode() for image in re.findall('base64,([^"]*)', page)[:2]
    )
    assert "Five mistakes" in old
    assert "Six mistakes" in new


def test_a_commit_leaves_out_a_figure_that_it_does_not_have(tmp_path):
    name = compare_drawings.drawing_name("no-such", DEFAULT, 720)
    compare_drawings.draw("no-such", str(tmp_path), name)
    assert [*tmp_path.iterdir()] == []
