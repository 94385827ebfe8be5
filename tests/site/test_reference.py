"""The API reference against the docstrings."""

import inspect
import re

import lstm_figs
from lstm_figs import errors
from lstm_figs.cli.commands import parsers
from lstm_figs.figures import CATALOG
from lstm_figs.options import as_typed, figure_options, summary
from lstm_figs.site.reference import api, options
from tests.site.conftest import both_builders, plain_text


def text_of(site, page):
    """The HTML of a page, and the words of its article."""
    html = (site / page / "index.html").read_text("utf-8")
    article = html[html.index("<article") : html.index("</article")]
    return html, " ".join(plain_text(article).split())


@both_builders
def test_the_reference_says_what_every_docstring_says_and_has_every_error(site_by_tool, tool):
    html, text = text_of(site_by_tool[tool], "reference")
    if tool == "mkdocs":
        assert 'href="#lstm_figs.Figure" class="md-nav__link"' in html
    assert 'id="lstm_figs.Figure.save"' in html
    for name in set(lstm_figs.__all__) - {"LstmFigsError", "CATALOG"}:
        public = getattr(lstm_figs, name)
        assert f'id="lstm_figs.{name}"' in html
        summary_line, *_ = inspect.getdoc(public).split("\n\n")
        assert " ".join(summary_line.replace("`", "").split()) in text
        for parameter in inspect.signature(public).parameters:
            assert re.search(rf"\b{parameter}: ", text), (name, parameter)
    for name, value in vars(errors).items():
        if inspect.isclass(value) and issubclass(value, errors.LstmFigsError):
            assert f'id="lstm_figs.errors.{name}"' in html


@both_builders
def test_every_option_of_every_command_and_figure_is_on_the_page(site_by_tool, tool):
    html, text = text_of(site_by_tool[tool], "commands")
    for name, parser in parsers(tuple(CATALOG)).items():
        assert f'id="lstm-figs-{name}"' in html
        for action in parser.options:
            if action.dest != "help":
                assert action.help.replace("`", "") in text
                for flag in action.option_strings:
                    assert flag in text
    for name, figure in CATALOG.items():
        assert f'id="options-{name}"' in html
        assert summary(figure).replace("`", "") in text
        for option in figure_options(figure):
            help = option.help.replace("`", "")
            default = as_typed(option.default) or "none"
            assert f"{help} Default: {default}." in text


def test_a_signature_is_written_as_in_the_source():
    (item,) = api("draw")
    code = plain_text(item["code"]).splitlines()
    assert code[0] == "lstm_figs.draw("
    assert code[-1] == ") -> Figure"
    assert "    trace: Trace | None = None," in code
    assert "    width: int = 720," in code
    names = [line.strip().partition(":")[0] for line in code[1:-1]]
    assert [name.strip("*") for name in names if name != "*,"] == [
        *inspect.signature(lstm_figs.draw).parameters
    ]
    keyword_only = code[code.index("    *,") + 1 :]
    assert keyword_only[0].startswith("    id: ")


def test_arguments_errors_and_examples_are_told_apart():
    (item,) = api("trace")
    titles = [part.get("title") for part in item["parts"]]
    assert titles == [None, "Arguments", "Returns", "Raises", None]
    names = [name for name, _ in item["parts"][1]["entries"]]
    own_options = ["module", "call_index", "tokens", "step_seconds"]
    assert names == ["model", "*inputs", *own_options, "**named"]
    assert "# (5, (1, 2), (5, 1, 2))</span>" in item["parts"][-1]["code"]


def test_an_option_is_written_as_it_is_typed():
    names = [name for part in options("draw")[0]["parts"] for name, _ in part["entries"]]
    assert {"NAME", "--unit K", "--reverse"} < set(names)
    assert "--dtype float32|float64" in names


def test_a_group_of_options_is_said_once():
    # After `draw`, options of `trace` that both have become a link.
    (trace,), (_, trace_after_draw) = options("trace"), options("draw trace")
    (full,), (linked,) = (
        [part for part in command["parts"] if part["title"] == "Source"]
        for command in (trace, trace_after_draw)
    )
    assert len(full["entries"]) > 5
    assert linked["entries"] == []
    assert "[`lstm-figs draw`](#lstm-figs-draw)" in linked["text"]


def test_the_options_do_not_depend_on_the_width_of_a_terminal(monkeypatch):
    outputs = []
    for columns in ("40", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        outputs.append(options("draw figures"))
    assert outputs[0] == outputs[1]
