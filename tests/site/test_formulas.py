"""Formulas of pages agree with torch.

Each is read from its page, with one tensor for each symbol. An equation has to hold
in one of the `SCOPES`; a formula without `=` has its expected value here.
"""

import re
from contextlib import suppress
from functools import cache

import pytest
import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils.flop_counter import FlopCounterMode

import lstm_figs
from lstm_figs.porting import ORDERS
from tests.doc_scripts import body
from tests.site.facts_of_pages import FENCE
from tests.site.formulas import sides, value
from tests.site.test_words import TEACHING_PAGES

IN, H, T, N, P = 3, 5, 7, 2, 4
"""The sizes of inputs, units, steps, batch and projection, all different."""


def random_tensor(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def weights(ih, hh, bias_ih, bias_hh, letters):
    """The bands of parameters, with their names in the equations."""
    stacks = {"W_{i": ih, "W_{h": hh, "b_{i": bias_ih, "b_{h": bias_hh}
    return {
        f"{name}{letter}}}": band
        for name, stack in stacks.items()
        for letter, band in zip(letters, stack.chunk(len(letters)), strict=True)
    }


@cache
def step(**options):
    """A step of an `nn.LSTM`, with the names of the equations.

    Its gates come from a trace, whose results are compared with the module.
    """
    torch.manual_seed(0)
    lstm = nn.LSTM(IN, H, **options)
    size_of_h = options.get("proj_size", 0) or H
    x, h, c = random_tensor(1, 1, IN), random_tensor(2, 1, size_of_h), random_tensor(3, 1, H)
    with torch.no_grad():
        run = lstm_figs.trace(lstm, x, (h, c))
        output, (_, c_n) = lstm(x, (h, c))
    names = (f"{prefix}{gate}" for prefix in ("", "z_") for gate in "ifgo")
    gates = {name: torch.as_tensor(getattr(run.steps[0], name))[0] for name in names}
    parameters = {name: p.detach() for name, p in lstm.named_parameters()}
    zeros = torch.zeros(4 * H)
    return {
        **gates,
        **{f"{gate}_t": gates[gate] for gate in "ifgo"},
        **weights(
            parameters["weight_ih_l0"],
            parameters["weight_hh_l0"],
            parameters.get("bias_ih_l0", zeros),
            parameters.get("bias_hh_l0", zeros),
            "ifgo",
        ),
        "W_{hr}": parameters.get("weight_hr_l0"),
        "x": x[0],
        "x_t": x[0],
        "h_{t-1}": h[0],
        "c_{t-1}": c[0],
        "h_t": output[0],
        "c_t": c_n[0],
        "W": parameters["weight_ih_l0"],
        "U": parameters["weight_hh_l0"],
        "h": h[0],
    }


@cache
def gru_step():
    """A step of an `nn.GRUCell`; its new value is computed from its result."""
    torch.manual_seed(0)
    cell = nn.GRUCell(IN, H)
    x, h = random_tensor(1, IN), random_tensor(2, H)
    with torch.no_grad():
        after = cell(x, h)
        names = weights(*cell.parameters(), "rzn")
        z_r, z_z = (
            torch.cat([names[f"W_{{i{k}}}"], names[f"W_{{h{k}}}"]], 1) @ torch.cat([x, h])
            + names[f"b_{{i{k}}}"]
            + names[f"b_{{h{k}}}"]
            for k in "rz"
        )
        z = z_z.sigmoid()
    return {
        **names,
        "z_r": z_r,
        "z_z": z_z,
        "r": z_r.sigmoid(),
        "z": z,
        # from h_t = (1 - z) n + z h_{t-1}
        "n": (after - z * h) / (1 - z),
        "x": x,
        "h_{t-1}": h,
        "h_t": after,
    }


@cache
def rnn_step():
    torch.manual_seed(0)
    cell = nn.RNNCell(IN, H)
    x, h = random_tensor(1, IN), random_tensor(2, H)
    names = "W_{ih}", "W_{hh}", "b_{ih}", "b_{hh}"
    return {
        **dict(zip(names, map(torch.Tensor.detach, cell.parameters()), strict=True)),
        "x_t": x,
        "h_{t-1}": h,
        "h_t": cell(x, h).detach(),
    }


def sizes():
    """Sizes of a bidirectional module, with their names on pages, and a unit k."""
    return {"I": IN, "H": H, "T": T, "N": N, "D": 2, "e": torch.e, "hidden_size": H, "k": 1}


def size_of(name, axis=0, *, kind=nn.LSTM):
    """The size of a parameter of a bidirectional module of three layers."""
    return getattr(kind(IN, H, 3, bidirectional=True), name).shape[axis]


def rows_of_unit():
    """The rows of `weight_ih` that unit 1 depends on in one step."""
    torch.manual_seed(0)
    lstm = nn.LSTM(IN, H)
    # From a state that is not zero; otherwise the forget gate would not matter.
    output, _ = lstm(random_tensor(1, 1, IN), (torch.zeros(1, H), random_tensor(2, 1, H)))
    (grad,) = torch.autograd.grad(output[0, 1], [lstm.weight_ih_l0])
    return grad.abs().sum(1).nonzero().flatten().tolist()


def column_of_reverse_unit():
    """The column in which the next layer reads the reverse unit 1."""
    torch.manual_seed(0)
    lstm = nn.LSTM(IN, H, bidirectional=True)
    before, _ = lstm(random_tensor(1, 1, IN))
    with torch.no_grad():
        lstm.bias_ih_l0_reverse[1::H] += 3
    (column,) = (lstm(random_tensor(1, 1, IN))[0] != before).any(0).nonzero()
    return column.item()


def parameter_count():
    return sum(p.numel() for p in nn.LSTM(IN, H).parameters())


def forget_rows():
    """The rows whose bias keeps c unchanged if everything else is zero."""
    cell = nn.LSTMCell(1, H)
    rows = []
    for row in range(4 * H):
        with torch.no_grad():
            for parameter in cell.parameters():
                parameter.zero_()
            cell.bias_ih[row] = 10
            _, c = cell(torch.zeros(1), (torch.zeros(H), torch.full((H,), 2.0)))
        # A half of the 2.0 is left where the forget gate is not open.
        if c.max() > 1.9:
            rows.append(row)
    return rows


def flops():
    """Multiplications in the products of one step of one sequence."""
    lstm = nn.LSTM(IN, H, dtype=torch.float64)
    with FlopCounterMode(display=False) as counter:
        lstm(torch.zeros(T, N, IN, dtype=torch.float64))
    return counter.get_total_flops() / 2 / (T * N)


@cache
def fading():
    """Gates, and the cell state at which as much is lost as is written."""
    f = torch.tensor(0.9, dtype=torch.float64)
    written = torch.tensor(0.3, dtype=torch.float64)
    c = torch.zeros((), dtype=torch.float64)
    # Until c no longer changes.
    for _ in range(10_000):
        c = f * c + written
    return {"f": f, "i": written, "g": torch.tensor(1.0), "highest": c}


def steps_to_half():
    """The number of steps until half of a cell state is left, by bisection."""
    low, high = torch.tensor([0.0, 100.0], dtype=torch.float64)
    for _ in range(50):
        middle = (low + high) / 2
        above = fading()["f"] ** middle > 0.5
        low, high = (middle, high) if above else (low, middle)
    return low


@cache
def linear(*batch):
    torch.manual_seed(0)
    layer = nn.Linear(IN, H, bias=False)
    x = random_tensor(1, *batch, IN)
    return {"W": layer.weight.detach(), "x": x, "y": layer(x).detach()}


def attention_inputs():
    return {"output": random_tensor(1, T, H), "query": random_tensor(2, H), "size": H}


def scores():
    """The argument of softmax in dot-product attention."""
    names = attention_inputs()
    weights = scaled_dot_product_attention(names["query"][None], names["output"], torch.eye(T))
    # With the identity as values, the result is the weights: scores up to a constant.
    log_weights = weights[0].log()
    return log_weights - log_weights[0] + (names["output"][0] @ names["query"]) / H**0.5


def last_step():
    """The last step of a padded sequence."""
    torch.manual_seed(0)
    lstm, x = nn.LSTM(IN, H), random_tensor(1, T, 1, IN)
    _, (h_n, _) = lstm(pack_padded_sequence(x, [T - 2]))
    (step,) = (lstm(x)[0] - h_n).abs().amax((1, 2)).lt(1e-6).nonzero()
    return step.item()


def written_by_gru():
    """The factor of the new value in a GRU, from torch."""
    names = gru_step()
    return (names["h_t"] - names["z"] * names["h_{t-1}"]) / names["n"]


def reset_before_product():
    """The product after the reset gate, as in the first GRU."""
    names = gru_step()
    reset_h = torch.stack([names["r"][k] * names["h_{t-1}"][k] for k in range(H)])
    return nn.functional.linear(reset_h, names["W_{hn}"])


SCOPES = step, gru_step, rnn_step, lambda: linear(N), lambda: step(proj_size=P)
"""Functions that return the values of an equation's symbols."""

ROW_OFFSETS = {"k + H": 1, "k + 2*H": 2, "k + 3*H": 3}
"""Formula for a row of a unit -> its band."""

# An expected value is computed in a way that does not contain the formula.
VALUES = {
    r"f \odot c_{t-1}": (step, lambda: step()["c_t"] - step()["i"] * step()["g"]),
    **{
        text: (step, lambda: step()["c_t"] - step()["f"] * step()["c_{t-1}"])
        for text in (r"i \odot g", "i·g")
    },
    r"o \odot \tanh(c_t)": (step, lambda: step()["h_t"]),
    "W x + U h": (
        lambda: step(bias=False),
        lambda: torch.cat([step(bias=False)[f"z_{gate}"] for gate in "ifgo"]),
    ),
    "W x": (linear, lambda: linear()["y"]),
    "x @ W.T": (lambda: linear(N), lambda: linear(N)["y"]),
    **{text: (sizes, lambda band=band: rows_of_unit()[band]) for text, band in ROW_OFFSETS.items()},
    "H + k": (sizes, column_of_reverse_unit),
    "4*hidden_size": (sizes, lambda: size_of("weight_ih_l0")),
    "4 * hidden_size": (sizes, lambda: size_of("weight_hh_l0")),
    "3 * hidden_size": (sizes, lambda: size_of("weight_hh_l0", kind=nn.GRU)),
    "2*hidden_size": (sizes, lambda: size_of("weight_ih_l1", 1)),
    "4H(I + H + 2)": (sizes, parameter_count),
    "4H(I + H + 1)": (sizes, lambda: parameter_count() - size_of("bias_hh_l0")),
    "2H": (sizes, lambda: size_of("weight_ih_l1", 1)),
    "4H": (sizes, lambda: size_of("weight_hh_l0")),
    "4H(I + H)": (sizes, flops),
    r"T \cdot N": (sizes, lambda: random_tensor(1, T, N).numel()),
    "4DH": (sizes, lambda: 2 * size_of("weight_ih_l0_reverse")),
    "DH": (sizes, lambda: nn.LSTM(IN, H, 3, bidirectional=True)(torch.ones(T, IN))[0].shape[1]),
    "output @ query / size**0.5": (attention_inputs, scores),
    # Dropout divides what it keeps by 1 - p.
    "1 - p": (lambda: {"p": 0.75}, lambda: 1 / nn.Dropout(0.75)(torch.ones(99)).max()),
    "y * (1 - y)": (
        lambda: {"y": random_tensor(1, H).sigmoid()},
        lambda: torch.autograd.functional.jacobian(torch.sigmoid, random_tensor(1, H)).diag(),
    ),
    "log(1/2) / log(f)": (fading, steps_to_half),
    "i·g / (1 − f)": (fading, lambda: fading()["highest"]),
    "1 - z": (gru_step, written_by_gru),
    r"W_{hn} (r \odot h_{t-1})": (gru_step, reset_before_product),
    # The smallest loss for ten classes with a softmax before `cross_entropy`.
    "log(1 + 9 / e)": (
        sizes,
        lambda: nn.functional.cross_entropy(torch.eye(10)[:1], torch.tensor([0])),
    ),
    "length - 1": (lambda: {"length": T - 2}, last_step),
}
"""Formula without `=` -> functions for the values of its symbols, and for its own."""

PLACES = {
    "keep-write-show": [r"f \odot c_{t-1}", r"i \odot g"],
    "why-two-states": ["i·g"] * 3,
    "weight-map": ["4*hidden_size"],
    "step": ["i·g"],
    "every-state": ["output @ query / size**0.5"],
    "directions": ["2*hidden_size"],
    "layers": ["1 - p"],
    "gradients": ["y * (1 - y)"],
    "forget-bias": ["log(1/2) / log(f)", "i·g / (1 − f)", "i·g", "i·g"],
    "gru": ["1 - z", "3 * hidden_size", r"W_{hn} (r \odot h_{t-1})"],
    "cost": [
        *("4H(I + H + 2)", "2H", "4H", "4H(I + H)", r"f \odot c_{t-1}", r"i \odot g"),
        *(r"o \odot \tanh(c_t)", r"T \cdot N", "4DH", "2H", "DH"),
    ],
    "edit-units": [*ROW_OFFSETS, "H + k"],
    "not-learning": ["log(1 + 9 / e)"],
    "errors": ["4*hidden_size", "4 * hidden_size", "3 * hidden_size"],
    "questions": [
        *("4*hidden_size", *ROW_OFFSETS, "W x", "x @ W.T", "W x + U h", "4H(I + H + 1)"),
        *("4H(I + H + 2)", "length - 1"),
    ],
}
"""Page -> its formulas without `=`, in order."""


def evaluate(text, part, names):
    """The value of a part of a formula, which is LaTeX if all of it looks so."""
    return value(part, names, code=re.search(r"\\|_{|DH", text) is None).double()


def are_close(*tensors):
    return torch.allclose(*tensors, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("text", VALUES)
def test_a_formula_is_what_torch_computes(text):
    names, expected = VALUES[text]
    assert are_close(evaluate(text, text, names()), torch.as_tensor(expected()).double())


def holds(text, left, right):
    """Whether an equation of a formula holds in a scope that has all of its symbols."""
    for scope in SCOPES:
        # Without a projection, its matrix is None.
        with suppress(KeyError, TypeError):
            names = scope()
            if are_close(evaluate(text, left, names), evaluate(text, right, names)):
                return True
    return False


_HEADER = re.compile(r"^ *///.*$", re.MULTILINE)
_LATEX = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
# In LaTeX, a command, a sign or two adjacent factors.
_OPERATOR = re.compile(r"\\[a-z]+|[-+=]|\d[A-Z]|[A-Z] [a-z]|[A-Z]{2}")
_WORDS = re.compile(r"[\w.()+*/@·−= -]+")
_COMPUTES = re.compile(r"[\w)](?: ?[*/·−] ?| [-+@] )[\w(]|\d[A-Z](?![a-z])|^[A-Z] [a-z]$")
"""An operation, as in code or in shapes."""
_NO_FORMULA = re.compile(r"\b(?!log\()[a-z_]{2,}\(|\.(?!T)[A-Za-z]|[a-z]{2,} [a-z]|\w-\w|[a-z]/")
"""Calls, attributes and prose, which are not formulas."""


def is_formula(code):
    """Whether code is a formula for a number, without calls and indices.

    >>> [is_formula(code) for code in ("k + 2*H", "W x", "h_n[-1]", "f(x - y)")]
    [True, True, False, True]
    """
    return bool(_WORDS.fullmatch(code) and _COMPUTES.search(code) and not _NO_FORMULA.search(code))


def formulas_of(page):
    """The formulas of a page, from top to bottom."""
    text = prose(page)
    formulas = {}
    for match in _LATEX.finditer(text):
        tex = (match[1] or match[2]).strip()
        # A minus in a subscript, as in `h_{t-1}`, is no operation.
        if _OPERATOR.search(re.sub("_{[^}]*}", "", tex)):
            formulas[match.start()] = tex
    # LaTeX becomes spaces, so that the places of code stay the same.
    for match in _CODE.finditer(_LATEX.sub(lambda m: " " * len(m[0]), text)):
        if is_formula(match[1]):
            formulas[match.start()] = match[1]
    return [formulas[place] for place in sorted(formulas)]


@pytest.mark.parametrize("page", TEACHING_PAGES)
def test_each_formula_of_a_page_holds_or_is_evaluated(page):
    formulas = formulas_of(page)
    equations = [text for text in formulas if "=" in text]
    wrong = [
        equation_sides
        for text in equations
        for equation_sides in sides(text)
        if not holds(text, *equation_sides)
    ]
    assert wrong == []
    assert [text for text in formulas if text not in equations] == PLACES.get(page, [])


ORDER = re.compile(
    r"(?<!\w)`?[ifgoc]`?(?:(?:,| and) `?[ifgoc]\b`?){3}"
    r"|\binput, forget, cell, output\b",
    re.IGNORECASE,
)

ORDER_OWNERS = {
    "what-it-remembers": ["PyTorch"],
    "weight-map": ["PyTorch"],
    "step": ["PyTorch"],
    "forget-bias": ["PyTorch"],
    "porting": [
        "Keras",
        "Flax nnx",
        "PyTorch",
        "ONNX",
        "OpenVINO",
        "TensorFlow BlockLSTM",
        "Core ML",
    ],
    "onnx-export": ["ONNX", "ONNX", "PyTorch"],
    "other-places": ["Core ML"],
    "wrong-ways": ["ONNX", "PyTorch", "ONNX"],
    "questions": ["PyTorch", "PyTorch", "ONNX"],
}
"""Page -> the library of each gate order that it mentions, in order."""


@pytest.mark.parametrize("page", TEACHING_PAGES)
def test_gate_orders_are_their_owners(page):
    named_orders = ORDER.findall(prose(page))
    order_by_library = {name: o.order for o in ORDERS for name in (*o.tested, *o.documented)}
    assert [letters(order) for order in named_orders] == [
        order_by_library[name] for name in ORDER_OWNERS.get(page, [])
    ]


def letters(order):
    """An order in PyTorch's letters.

    >>> letters("Input, forget, cell, output"), letters("i, o, f, c")
    ('ifgo', 'iofg')
    """
    return re.sub(r"\b(\w)\w*|\W", r"\1", order.lower().replace(" and ", " ")).replace("c", "g")


def prose(page):
    """The text of a page without listings and headers."""
    return _HEADER.sub("", FENCE.sub("", body(page)))


def test_the_rows_of_the_forget_gate_are_those_that_pages_name():
    pages = " ".join(map(prose, TEACHING_PAGES))
    assert re.search(r"`(H:2\*H|hidden_size`? to `2 \* hidden_size)`", pages)
    assert forget_rows() == [*range(H, 2 * H)]
