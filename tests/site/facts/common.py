"""What several pages count, and how their facts ask torch."""

import ast
import doctest
import inspect
import re
import sys
import warnings
from collections import Counter
from contextlib import redirect_stdout, suppress
from functools import cache
from io import StringIO

import torch
from packaging.version import Version

from lstm_figs.command.request import parse_header
from lstm_figs.scene.marks import walk
from tests.doc_scripts import CODE, blocks
from tests.site.conftest import ROOT

OLDER = Version(torch.__version__) < Version("2.15")
"""Whether this torch is from before messages, graphs and exports changed."""

GATES = "bands_of(lstm)"
"""Bands of weights."""

BIASES = "sum(name.startswith('bias') for name in lstm.state_dict())"
STATES = "len(lstm(x)[1])"
DIRECTIONS = "len(torch.nn.LSTM(3, 2, bidirectional=True)(torch.ones(1, 3))[1][0])"


def file_text(path):
    return (ROOT / "docs" / path).read_text("utf-8")


def says(path, words):
    return words in file_text(f"../{path}")


def listed(pattern, path):
    """The number that a group of a pattern finds in a page or script of `docs`."""
    return ast.literal_eval(re.search(pattern, file_text(path))[1])


def items_below(words, page):
    """The number of items in the list after these words of a page."""
    _, text = file_text(f"{page}.md").split(words, 1)
    return re.search(r"(?:^- .*\n)+", text, re.MULTILINE)[0].count("\n")


def marks_of(header):
    return [*walk(parse_header(header).draw().sheet.marks)]


def bands_of(lstm):
    return len(lstm.weight_ih_l0) // lstm.hidden_size


def randn(*shape, seed=0):
    """Numbers from a normal distribution, the same in each process."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def module(*sizes, **options):
    """An `nn.LSTM`, of 3 inputs and 2 units by default, the same in each process."""
    torch.manual_seed(0)
    return torch.nn.LSTM(*(sizes or (3, 2)), **options)


def parameters(model):
    return sum(parameter.numel() for parameter in model.parameters())


def default(call, name):
    return inspect.signature(call).parameters[name].default


def returned(**options):
    """What a module returns for four steps of five sequences."""
    x = randn(4, 5, 3)
    if options.get("batch_first"):
        x = x.transpose(0, 1)
    return module(**options)(x)


def are_directions_in_order():
    """Whether `h_n` has the last layer at its end, forward before reverse."""
    output, (h_n, _) = returned(num_layers=3, bidirectional=True)
    forward, reverse = output.chunk(2, dim=2)
    return torch.equal(h_n[-2], forward[-1]) and torch.equal(h_n[-1], reverse[0])


def h_n_is_the_last_step():
    output, (h_n, _) = returned(num_layers=3)
    return torch.equal(h_n[-1], output[-1])


def refusal(call):
    """The message of the error that a call raises; empty if it raises none."""
    try:
        call()
    except Exception as error:
        return str(error)
    return ""


def raises(message, call):
    return message in refusal(call)


@cache
def gate_of(row, units=2):
    """The gate and the unit of a row.

    Its bias is so small that the unit forgets all, writes nothing, writes the
    opposite, or shows nothing.
    """
    cell, c_0 = torch.nn.LSTMCell(1, units), torch.full((units,), 2.0)
    state = torch.zeros(units), c_0
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.fill_(0)
        cell.bias_ih.fill_(1)
        before, _ = cell(torch.zeros(1), state)
        cell.bias_ih[row] = -99
        h, c = cell(torch.zeros(1), state)
    (unit,) = (h != before).nonzero().flatten().tolist()
    share, new = torch.ones(2).sigmoid(), torch.ones(2).tanh()
    if h[unit] == 0:
        return "o", unit
    ends = {"f": share * new, "i": share * 2, "g": share * 2 - share}
    (gate,) = [k for k, end in ends.items() if torch.isclose(end[0], c[unit])]
    return gate, unit


@cache
def units_of_column(column, units=2):
    """The units whose hidden state a column of `weight_hh` is multiplied by."""
    torch.manual_seed(0)
    cell, h = torch.nn.LSTMCell(1, units), randn(units).requires_grad_()
    with torch.no_grad():
        saved = cell.weight_hh[:, column].clone()
        cell.weight_hh.zero_()
        cell.weight_hh[:, column] = saved
    (felt,) = torch.autograd.grad(
        sum(part.sum() for part in cell(torch.ones(1), (h, torch.ones(units)))), h
    )
    return felt.nonzero().flatten().tolist()


def are_rows_of_bands(units=2):
    """Whether row k of each band belongs to unit k, in the order i, f, g, o."""
    places = [gate_of(row, units) for row in range(4 * units)]
    return places == [(gate, unit) for gate in "ifgo" for unit in range(units)]


@cache
def session(page):
    """What the sessions of a page define; a test holds what they print."""
    names = {}
    parser = doctest.DocTestParser()
    if str(CODE) not in sys.path:
        sys.path.append(str(CODE))  # sessions import scripts
    for example in parser.get_examples("\n".join(blocks(page, "pycon"))):
        with redirect_stdout(StringIO()), suppress(Exception):
            exec(compile(example.source, page, "single"), names)
    return names


def close(a, b, atol=1e-6):
    return torch.allclose(a, b, atol=atol)


def grad(result, by):
    """The gradient of the sum of a result, whose graph is kept."""
    return torch.autograd.grad(result.sum(), by, retain_graph=True)[0]


def filled(model, value, **tensors):
    """A module with this value in each parameter but those that are given."""
    for name, parameter in model.named_parameters():
        parameter.data = torch.full_like(parameter, value)
        if name in tensors:
            parameter.data = torch.as_tensor(tensors[name], dtype=torch.float32)
    return model


def layer_of(lstm, layer=0, end=""):
    names = "weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l"
    weights = {f"{name}0": getattr(lstm, f"{name}{layer}{end}") for name in names}
    alone = torch.nn.LSTM(weights["weight_ih_l0"].shape[1], lstm.hidden_size)
    alone.load_state_dict(weights)
    return alone


def warned(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return "\n".join(str(warning.message) for warning in caught)


def operators(call):
    """How often a call runs each operator, without gradients."""
    with torch.inference_mode(), torch.profiler.profile() as profile:
        call()
    return Counter({event.key: event.count for event in profile.key_averages()})


def quietly(call, *inputs, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*inputs, **options)
