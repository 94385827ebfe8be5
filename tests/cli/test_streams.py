"""Standard output and errors: encodings, closed pipes and full disks."""

import base64
import gzip
import io
import json
import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from lstm_figs import cli
from lstm_figs.figures import CATALOG
from lstm_figs.options import _docstring, figure_options, summary
from lstm_figs.sources import Source, networks

BRACKETS = Path(networks.__file__).with_name("brackets.safetensors")


def print_words(monkeypatch, encoding, *words):
    """Run a command whose output has an encoding, and return its code and bytes."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", out)
    try:
        code = cli.main(words)
    except SystemExit as end:
        code = end.code
    assert out.errors == "strict"
    out.flush()
    return code, out.buffer.getvalue()


@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["draw", "-h"]])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_an_encoding_lacks_is_escaped(encoding, words, monkeypatch):
    code, data = print_words(monkeypatch, encoding, *words)
    assert code == 0
    assert "four-weights" in data.decode(encoding)
    if "--json" in words:
        json.loads(data)


def test_a_path_is_printed_as_its_bytes(monkeypatch):
    name = os.fsdecode(b"a\xff\xe2\x82\xac.svg")
    code, data = print_words(monkeypatch, "utf-8", "draw", "cell", "-o", name)
    assert (code, data) == (0, os.fsencode(name) + b"\n")
    assert Path(name).is_file()
    code, data = print_words(monkeypatch, "latin-1", "draw", "cell", "-o", name)
    assert (code, data) == (0, b"a\xff\\u20ac.svg\n")


@pytest.mark.parametrize("words", ["list", "draw cell", "draw cell -o -", "draw -h"])
def test_a_closed_output_is_one_line(words, monkeypatch, capfd):
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(words.split()) == 2
    assert re.fullmatch(
        "lstm-figs: standard output is closed, .* redirect it to /dev/null\n",
        capfd.readouterr().err,
    )
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize(
    "words",
    [
        "list",
        "draw cell -o -",
        "draw cell perceptron -o new/folder/",
        "embed cell -o cell.html",
        "convert BRACKETS --to keras -o keras.npz",
        "--help",
        "--version",
        "draw --help",
    ],
)
def test_where_the_output_is_full_one_line_is_all_that_is_written(
    words, buffered, monkeypatch, capfd
):
    with Path("/dev/full").open("wb", 1000 if buffered else 0) as full:
        out = io.TextIOWrapper(full, write_through=not buffered)
        monkeypatch.setattr(sys, "stdout", out)
        assert cli.main(words.replace("BRACKETS", str(BRACKETS)).split()) == 2
        out.close()  # not written a second time
    assert re.fullmatch(
        r"lstm-figs: cannot write to standard output \(No.* free space; choose another\n",
        capfd.readouterr().err,
    )
    assert list(Path().iterdir()) == []


def test_a_reader_of_paths_that_is_gone_stops_no_file(monkeypatch, capfd):
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb", 0) as pipe:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe))
        assert cli.main(["draw", "cell", "perceptron"]) == 0
    assert sorted(p.name for p in Path().iterdir()) == ["cell.svg", "perceptron.svg"]
    assert capfd.readouterr().err == ""


def test_a_closed_error_stream_takes_no_line_to_the_output(monkeypatch, capfd):
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["draw", "nosuch"]) == 2
    assert cli.main(["draw", "all", "--step", "99"]) == 2
    assert capfd.readouterr().out == ""


def test_bytes_of_names_that_are_no_text_are_escaped_in_a_page(monkeypatch):
    few = {name: CATALOG.paths[name] for name in ("unrolled", "cell")}
    monkeypatch.setattr(CATALOG, "paths", few)
    name, title = os.fsdecode(b"w\xff.npz"), os.fsdecode(b"a\xff")
    np.savez(Path("w.npz"), **Source().trace().weights[0].parameters())
    Path("w.npz").rename(name)
    assert cli.main(["page", "--weights", name, "--title", title]) == 0
    html = Path("lstm.html").read_text("utf-8")
    assert "<h1>a\\udcff</h1>" in html
    assert "--weights &#x27;w\\udcff.npz&#x27;" in html
    (packed,) = re.findall(r"data:application/gzip;base64,([\w+/=]+)", html)
    steps = json.loads(gzip.decompress(base64.b64decode(packed)))
    assert "--weights &#x27;w\\udcff.npz&#x27;" in steps["command"][0][0]


def test_a_name_that_is_too_long_is_named_and_not_called_the_output(refusal):
    err = refusal("draw", "cell", "-o", "n" * 5000)
    assert re.fullmatch("lstm-figs: cannot use 'nn.*too long.*\n", err)


def test_help_is_read_from_the_source_where_docstrings_are_gone(monkeypatch):
    figure = CATALOG["four-weights"]
    expected = summary(figure), [o.help for o in figure_options(figure)]
    assert all(expected[1])
    monkeypatch.setattr(figure, "__doc__", None)
    figure_options.cache_clear()
    assert expected == (summary(figure), [o.help for o in figure_options(figure)])
    figure_options.cache_clear()


def test_a_figure_without_docstring_and_source_has_options_still():
    names = {}
    exec("def figure(subject, width, *, unit: int = 0): pass", names)
    assert _docstring(names["figure"]) == ""
    (option,) = figure_options(names["figure"])
    assert (option.flag, option.help) == ("--unit", "")
