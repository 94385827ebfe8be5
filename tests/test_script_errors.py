"""Errors of the scripts on pages are one line."""

import contextlib
import io
import runpy
import shlex

import pytest
import torch
from safetensors.torch import save

from tests.doc_scripts import CODE


def pickle(value):
    file = io.BytesIO()
    torch.save(value, file)
    return file.getvalue()


FEW_ROWS = "text,label\nWhere is it?,delivery\nI paid twice.,payment\nWho am I?,account\n"
SENTENCES = [
    (None, "No such file"),
    (FEW_ROWS, "found 3 different sentences and 3 labels, expected at least 20"),
    ("text,tag\nhello,yes\n", "it begins with 'text,tag', expected the"),
    ("", "it begins with '', expected the names of columns"),
    ("text,label\nwhy, oh why,yes\n", "line 2 has not as many columns"),
    ("text,label\nhello\n", "line 2 has not as many columns"),
    ("text,label\n" + "hello,yes\n" * 30, "and 1 labels, expected"),
    ("\ud800", "it is not in UTF-8; save it as CSV UTF-8"),
    ('text,label\n"' + "no, " * 40_000, "for a quote that is not closed"),
]
ROWS = [
    ("a,b\n1,2\n", "my.csv: got 1 rows, expected 175 at least"),
    ("a,b\n1,2020-01-01\n", "row 1 is 1,2020-01-01, expected a number"),
    ("a,b\n1,2\n3,\n", "row 2 is 3,, expected a number for each"),
    ("a,b\n1,nan\n", "leave out dates, and fill gaps"),
    ("a,b\n1\n", "row 1 is 1, expected"),
    ("\n", "got 0 rows"),
    (None, "No such file"),
]
SAVED = [b"", b"not a file of torch", pickle({}), pickle({"words": ["a"], "labels": ["b"]})]
CASES = [
    *(
        (f"{script} my.csv", content, message)
        for script in ("classifier.py --data", "bag_of_words.py", "cross_validate.py")
        for content, message in SENTENCES
    ),
    *(("ahead.py --data my.csv", content, message) for content, message in ROWS),
    *(
        ("classifier.py Hello! < classifier.pt", content, "this script saves; train again: ")
        for content in SAVED
    ),
    ("classifier.py Hello!", None, "classifier.pt: there is none yet; train first: "),
    ("classifier.py my.csv", None, "train on that file: python classifier.py --data my.csv"),
    ("classifier.py ''", None, "got '', expected a sentence"),
    ("measure_free_text.py", None, "expected the name of one file"),
    ("measure_free_text.py none.txt", None, "does not hold rated"),
    ("measure_free_text.py my.csv", "no rating\n", "does not hold rated"),
    ("ahead.py --data my.csv --target d", "a,b\n" + "1,2\n" * 200, "got --target d, expected one"),
    ("ahead.py --season 0", None, "got --season 0, expected 1 to"),
    ("characters.py --start ''", None, "got an empty --start, expected a character"),
    ("characters.py --start a", None, "there is no characters.safetensors; train first"),
    ("characters.py --start a --temperature -1", None, "expected a temperature from"),
    ("characters.py --start a --temperature nan", None, "expected a temperature from"),
    ("characters.py --seed -1", None, "got -1, expected a seed from 0"),
    (f"characters.py --seed {2**64}", None, "expected a seed from 0 to 2**63 - 1"),
    ("characters.py --text my.csv", b"ab", "has 2 characters, expected 64 at least"),
    ("characters.py --text my.csv", b"", "has 0 characters, expected 64 at least"),
    ("characters.py --text my.csv", b"\xe9", "my.csv is not in UTF-8; save it so"),
    ("characters.py --text none.txt", None, "No such file"),
    ("characters.py --start a < characters.safetensors", b"no tensors", "does not hold what this"),
    (
        "characters.py --start a < characters.safetensors",
        save({"a": torch.ones(1)}),
        "does not hold what this",
    ),
    ("python_model.py", None, "No such file"),
    ("python_labels.py", None, "expected one Python file"),
    ("python_labels.py none.py", None, "No such file"),
    ("python_labels.py my.csv", "print((", "python_labels.py: "),
    *((f"seq2seq.py '{text}'", None, "expected digits such as 2718") for text in ("12a", "-1", "")),
    ("brackets.py --units 0", None, "got --units 0, expected 1 or more"),
    ("brackets.py --batches -5", None, "got --batches -5, expected 2 or more"),
    ("brackets.py --seed -1", None, "got --seed -1, expected 0 or more"),
    ("brackets.py --save nowhere/x.safetensors", None, "in a folder that you can write to"),
    ("brackets.py --save .", None, "got --save ., expected a file in a folder"),
    ("brackets.py --snapshots .", None, "got --snapshots ., expected a file in a folder"),
]
"""A command, what is in its file, which is my.csv unless it is named, and the error."""


@pytest.mark.parametrize(("command", "content", "message"), CASES)
def test_what_a_script_cannot_use_is_one_line(command, content, message, folder, monkeypatch):
    command, _, file = command.partition(" < ")
    words = shlex.split(command)
    if content is not None:
        data = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
        (folder / (file or "my.csv")).write_bytes(data)
    monkeypatch.syspath_prepend(CODE)
    monkeypatch.setattr("sys.argv", words)
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(CODE / words[0]), run_name="__main__")
    line = stopped.value.code
    if not isinstance(line, str):
        # argparse prints the error below the usage.
        assert line == 2
        line = errors.getvalue().splitlines()[-1]
    assert message in line
    assert "\n" not in line
