"""The proofs in figures, run in a new process."""

import hashlib
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch

import lstm_figs
from lstm_figs.command.request import Request
from lstm_figs.figures import RECORDED, TRAINED
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.proof.preamble.write import preamble
from lstm_figs.scene.terms import TERMS
from lstm_figs.sources import Source
from tests.layout_faults import faults
from tests.live_modules import Live
from tests.load.saving import INPUT_SAVERS
from tests.proof import NUMBERLESS, numbers, prove, prove_all, prove_in_fresh_process, read, svg_of
from tests.request_cases import requests
from tests.sources import UNTRAINED_FIGURES, every_figure

LSTM = torch.nn.LSTM
KEYS = ["figure", "lstm_figs", "torch", "command", "preamble", "weights_sha256"]


@every_figure
def test_a_figure_keeps_the_contract_whatever_the_options_and_the_sequence(name):
    for request in requests(name):
        check_contract(request)


def check_contract(request):
    narrow, wide = (replace(request, width=width).draw() for width in (360, 720))
    assert quantities(narrow) <= quantities(wide)
    # With a focus, the only note may not fit, and then there are no numbers.
    focus = dict(request.options).get("focus", "all")
    assert wide.numbers() or request.name in NUMBERLESS or focus != "all"
    prove_all(wide)
    for figure, width in ((narrow, 360), (wide, 720)):
        assert faults(figure.sheet, width) == []
        check_names(read(svg_of(figure)), request.id or request.name)


def quantities(figure):
    """The expression and value of each number.

    Left out are numbers that `unrolled` repeats in its next row, and the end of
    a symmetric scale that is no element.
    """
    return {
        (n.number.expr, str(n.number.value))
        for n in figure.numbers()
        if "-again-" not in n.id and not n.id.endswith("-opposite")
    }


def check_names(root, id):
    ids = [e.get("id") for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    assert ids[0] == id
    assert [i for i in ids[1:] if not i.startswith(f"{id}--")] == []
    assert [n for n in numbers(root) if not {"id", "data-term"} <= n.attrib.keys()] == []
    words = {w for e in root.iter() for w in e.get("data-term", "").split()}
    assert words - set(TERMS) == set()


def test_preambles_work_in_a_fresh_process_without_lstm_figs():
    source = Source(8, 8, 3, seq_len=8, batch_size=2)
    trace = source.trace()
    figures = [Request(name, source).draw(trace) for name in UNTRAINED_FIGURES]
    count = sum(len(figure.numbers()) for figure in figures)
    assert prove_in_fresh_process([svg_of(f) for f in figures]) == count


@pytest.mark.parametrize(
    ("setup", "is_made"),
    [
        ("still = f.cumprod(0)", True),
        ("still = [gate.sum() for gate in f]", True),
        ("def still():\n    return f", True),
        ("still = [f for f in x]", False),
        ("f = x.sigmoid()", False),
        ('still = "f"  # of f', False),
    ],
)
def test_a_preamble_makes_what_the_code_of_a_figure_uses(setup, is_made):
    subject = LayerRun(Source().trace())
    names = {}
    exec(preamble(subject, ["still"], setup), names)
    assert ("z_f" in names) is is_made


def test_a_wrong_number_is_found_in_a_fresh_process():
    svg = svg_of(lstm_figs.draw("unrolled"))
    wrong = svg.replace('data-value="1.0"', 'data-value="1.1"', 1)
    assert wrong != svg
    with pytest.raises(AssertionError, match="unrolled--x-0-0"):
        prove_in_fresh_process([svg, wrong])


CHANGES = {
    "the value": ('data-value="-0.12195', 'data-value="-0.12295'),
    "the sign printed": (">−0.12<", ">0.12<"),
    "the expression": ('data-expr="output[0, 0, 0]"', 'data-expr="output[1, 0, 0]"'),
    "no expression": (' data-expr="output[0, 0, 0]"', ""),
    "a label beside it": (">−0.12<", ">h −0.12<"),
    "a number without proof": (">step 1<", ">0.5<"),
    "the weights": ("[2.0, -2.0, 1.75]", "[2.0, -2.25, 1.75]"),
    "not a number": (">−0.12<", ">NaN<"),
}
"""Case -> text in the SVG, and what replaces it."""


@pytest.mark.parametrize("change", CHANGES)
def test_the_checker_finds(change):
    svg = svg_of(lstm_figs.draw("unrolled"))
    old, new = CHANGES[change]
    assert old in svg
    with pytest.raises(AssertionError, match="unrolled"):
        prove(svg.replace(old, new, 1))


WEIGHT_MAPS = [
    LSTM(1, 4),
    LSTM(4, 1, bias=False),
    LSTM(4, 4),
    LSTM(3, 2, 2, bidirectional=True),
    LSTM(2, 3, proj_size=1),
    torch.nn.LSTMCell(3, 2),
]


@pytest.mark.parametrize("module", WEIGHT_MAPS, ids=str)
def test_weight_maps_together_have_every_parameter_once(module):
    trace = lstm_figs.trace(module, torch.zeros(1, module.input_size))
    maps = [
        lstm_figs.draw("weight-map", trace, layer=part.layer, reverse=part.direction == "reverse")
        for part in trace.weights
    ]
    drawn_numbers = [n.get("data-expr") for part in maps for n in numbers(read(svg_of(part)))]
    kind = "lstm" if isinstance(module, LSTM) else "cell"
    expected = Counter(
        f"{kind}.{name}{list(index)}"
        for name, tensor in module.named_parameters()
        for index in product(*map(range, tensor.shape))
    )
    sums = [bias for bias in expected if "bias_ih" in bias]
    expected.update(f"{bias} + {bias.replace('bias_ih', 'bias_hh')}" for bias in sums)
    assert Counter(drawn_numbers) == expected


@every_figure
def test_metadata_are_those_of_the_contract(name):
    example = lstm_figs.draw(name).metadata
    seeded = Request(name, Source(3, 2)).draw().metadata
    for metadata in (example, seeded):
        assert list(metadata) == KEYS
        assert metadata["figure"] == name
        assert "lstm_figs" not in metadata["preamble"]
        code = metadata["preamble"].removeprefix("import functools\n\n")
        assert code.startswith("import torch\n")
    assert (example["torch"] is None) == (name not in RECORDED)
    assert seeded["torch"] == torch.__version__.partition("+")[0]
    trained = f" --network {TRAINED[name]}" if name in TRAINED else ""
    assert example["command"] == f"lstm-figs draw {name}{trained}"


def test_the_digest_is_over_the_bytes_of_the_parameters():
    torch.manual_seed(1)
    digest = hashlib.sha256()
    for parameter in LSTM(3, 2).parameters():
        digest.update(parameter.detach().numpy().astype("<f4").tobytes())
    metadata = Request("perceptron", Source(3, 2, seed=1)).draw().metadata
    assert metadata["weights_sha256"] == digest.hexdigest()


@pytest.mark.parametrize("suffix", INPUT_SAVERS)
def test_a_preamble_reads_the_input_file_as_it_was_named(suffix, folder):
    x = np.linspace(-1, 1, 30, dtype=np.float32).reshape(5, 2, 3)
    INPUT_SAVERS[suffix](f"x{suffix}", x)
    figure = Request("unrolled", Source(input=f"x{suffix}")).draw()
    prove_all(figure)
    assert f'"x{suffix}"' in figure.metadata["preamble"]


@pytest.mark.parametrize("suffix", INPUT_SAVERS)
def test_an_integer_that_torch_has_no_type_for_is_proven(suffix, folder):
    rows = [[2**63, 2**64 - 1, 2]]
    # Only JSON has larger ones, and several types.
    x = np.array([*rows, [2**70, -1, True]], object) if suffix == ".json" else np.uint64(rows)
    INPUT_SAVERS[suffix](f"x{suffix}", x)
    figure = Request("cell-input", Source(input=f"x{suffix}")).draw()
    assert max(mark.number.value for mark in figure.numbers()) >= 2**63
    prove_all(figure)


@pytest.mark.parametrize(
    ("case", "has_state"),
    [
        (Live(num_layers=2, bidirectional=True, seq_len=4, batch_size=2), True),
        (Live(hidden_size=3, proj_size=2, bias=False, seq_len=4), False),
        (Live(dtype="float64", seq_len=4), False),
        (Live(lengths=(3, 2)), False),
    ],
)
def test_a_run_of_arrays_is_proven_where_it_is_small(case, has_state):
    module, x, _ = case.make().values()
    live_trace = lstm_figs.trace(module, x)
    states = (live_trace.h_0, live_trace.c_0)
    states = [np.full_like(s, 0.5) if has_state else None for s in states]
    trace = lstm_figs.run(live_trace.weights, live_trace.x, *states, live_trace.batch_sizes)
    for name in ("cell-input", "unrolled"):
        figure = lstm_figs.draw(name, trace)
        assert figure.metadata["command"] is None
        prove_all(figure)


def test_a_run_of_many_arrays_or_of_two_types_is_the_readers_own():
    trace = lstm_figs.trace(LSTM(3, 20), torch.ones(4, 1, 3))
    (small,) = lstm_figs.trace(LSTM(3, 2), torch.ones(4, 1, 3)).weights
    for weights, x in ((trace.weights, trace.x), (small, trace.x.astype(np.float64))):
        figure = lstm_figs.draw("unrolled", lstm_figs.run(weights, x))
        assert "are your own" in figure.metadata["preamble"]
