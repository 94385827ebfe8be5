"""Tests that records are updated with confirmed words only."""

import base64
import re
import shlex

import pytest

from tests import compare_drawings
from tests.binding import cases, parts, renewal, sentences, specs, values, write
from tests.binding.cases import DEFAULT

FIGURE, OLD, NEW = "gate-order", "Who stacks them how", "Who draws them how"


@pytest.fixture
def records(tmp_path, monkeypatch):
    """A temporary folder with the records of one drawing of a figure."""
    monkeypatch.setattr(write, "cases_of", lambda figure: [DEFAULT])
    monkeypatch.setattr(renewal, "pictures", lambda figure: None)
    monkeypatch.setattr(specs, "SPECS", tmp_path)
    folder = specs.folder(FIGURE)
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "templates.txt").write_text(write.written(FIGURE))
    (folder / "parts.txt").write_text(parts.written(FIGURE, write.counted_parts(FIGURE)))
    return lambda: "".join(path.read_text() for path in folder.glob("*.txt"))


@pytest.fixture
def redrawn(monkeypatch):
    """A function that changes the drawing."""

    def change(old, new):
        original = cases.svg.__wrapped__

        def svg(*of):
            document = original(*of)
            assert old in document
            return document.replace(old, new)

        monkeypatch.setattr(cases, "svg", svg)

    return change


def test_words_without_a_value_are_written_when_confirmed(records, redrawn, capsys):
    before = records()
    redrawn(f">{OLD}<", f">{NEW}<")
    assert write.main([FIGURE]) == 1
    output = capsys.readouterr().out
    question, _, typed = output.strip().rpartition("\n")
    assert question.index("Is it true?") > output.index(f": {NEW}\n")
    assert OLD in before
    assert OLD not in records()
    assert NEW not in records()
    program, module, name, *words = shlex.split(typed)
    assert (program, module, name) == ("python", "-m", "tests.binding.write")
    assert write.main(words) == 0
    assert records() == before.replace(OLD, NEW)


def test_words_with_a_claim_are_written_without_confirmation(records, redrawn):
    redrawn("see which gate opens", "look which gate opens")
    assert write.main([FIGURE]) == 0
    assert "look which gate opens" in records()


def test_a_label_without_a_value_is_written_when_confirmed(records, redrawn):
    redrawn(">c</text>", ">C</text>")
    assert write.main([FIGURE]) == 1
    assert "label C (" not in records()
    assert write.main([FIGURE, "--true", "C"]) == 0
    assert "label C (" in records()


def test_unchanged_words_cannot_be_confirmed(records):
    with pytest.raises(SystemExit, match="got --true 'all', expected words of"):
        write.main([FIGURE, "--true", "all"])


@pytest.mark.skipif(
    not (compare_drawings.ROOT / ".git").exists(), reason="there is no commit to draw"
)
def test_an_update_shows_the_drawing_of_the_last_commit_beside_the_current_one(redrawn):
    redrawn("Five mistakes", "Six mistakes")
    page = renewal.pictures("cheat-sheet").read_text()
    assert re.search(r"\+ [^\n]*: Six mistakes\n", page)
    old, new = (
        base64.b64decode(image).decode() for image in re.findall('base64,([^"]*)', page)[:2]
    )
    assert "Five mistakes" in old
    assert "Six mistakes" in new


def test_a_failure_asks_for_a_review_before_it_shows_the_command(monkeypatch):
    parsed = cases.read("chunks", DEFAULT, 720)
    monkeypatch.setattr(values, "read", lambda figure: ())
    monkeypatch.setattr(parts, "read_parts", lambda figure: {})
    for problems in (
        sentences.faults(parsed, ()),
        values.faults(parsed),
        parts.faults(parsed, 720),
    ):
        question, _, renewing = problems[0].partition("is it true? ")
        assert renewing
        assert "tests.binding.write" not in question
        assert "tests.binding.write chunks" in renewing
