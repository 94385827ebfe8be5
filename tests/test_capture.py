import copy
import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn.utils import prune
from torch.nn.utils.rnn import pad_packed_sequence

from lstm_figs import draw
from lstm_figs.capture import capture, compare, seeded, verify, weights_of
from lstm_figs.capture import module as live
from lstm_figs.errors import LstmFigsError, ProofError, ShapeError, UnsupportedModule
from lstm_figs.figures import RECORDED
from lstm_figs.model.form import Form
from lstm_figs.model.lstm import Weights, run
from lstm_figs.sources import Source
from tests.live_modules import Live

LSTM, CELL = torch.nn.LSTM, torch.nn.LSTMCell
DEEP = {"num_layers": 2, "bidirectional": True}


class ModuleForm(NamedTuple):
    """A module of three inputs and two units, and the shapes of its input and state."""

    make: type[torch.nn.Module]
    options: dict[str, object]
    x_shape: tuple[int, ...]
    state_shape: tuple[int, ...]


FORMS = {
    "lstm": ModuleForm(LSTM, options={}, x_shape=(5, 2, 3), state_shape=(1, 2, 2)),
    "lstm without bias": ModuleForm(
        LSTM, options={"bias": False}, x_shape=(5, 2, 3), state_shape=(1, 2, 2)
    ),
    "batch first": ModuleForm(
        LSTM, options={"batch_first": True}, x_shape=(2, 5, 3), state_shape=(1, 2, 2)
    ),
    "unbatched": ModuleForm(LSTM, options={}, x_shape=(5, 3), state_shape=(1, 2)),
    "unbatched, batch first": ModuleForm(
        LSTM, options={"batch_first": True}, x_shape=(5, 3), state_shape=(1, 2)
    ),
    "two layers": ModuleForm(
        LSTM, options={"num_layers": 2}, x_shape=(5, 2, 3), state_shape=(2, 2, 2)
    ),
    "two directions": ModuleForm(
        LSTM, options={"bidirectional": True}, x_shape=(5, 2, 3), state_shape=(2, 2, 2)
    ),
    "two of both": ModuleForm(LSTM, options=DEEP, x_shape=(5, 2, 3), state_shape=(4, 2, 2)),
    "two of both, unbatched, batch first": ModuleForm(
        LSTM,
        options={**DEEP, "batch_first": True, "bias": False},
        x_shape=(5, 3),
        state_shape=(4, 2),
    ),
    "cell": ModuleForm(CELL, options={}, x_shape=(2, 3), state_shape=(2, 2)),
    "cell without bias": ModuleForm(
        CELL, options={"bias": False}, x_shape=(2, 3), state_shape=(2, 2)
    ),
    "unbatched cell": ModuleForm(CELL, options={}, x_shape=(3,), state_shape=(2,)),
}


@pytest.mark.parametrize("given_state", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_a_trace_returns_what_the_module_returns(form, given_state):
    make, options, x_shape, state_shape = FORMS[form]
    torch.manual_seed(1)
    module, x = make(3, 2, **options), torch.randn(x_shape)
    state = torch.randn(state_shape), torch.randn(state_shape)
    hx = state if given_state else None
    trace = capture(module, x, hx)
    with torch.no_grad():
        returned = module(x, hx)
    h_n, c_n = returned if make is CELL else returned[1]
    for actual, expected in ((trace.output, returned[0]), (trace.h_n, h_n), (trace.c_n, c_n)):
        assert actual.shape == tuple(expected.shape)
        assert np.array_equal(actual, expected.numpy())
    parts = len(trace.weights)
    assert len(trace.steps) == (1 if make is CELL else 5 * parts)
    assert trace.kind == make.__name__
    last = [trace.part(k)[-1] for k in range(parts)]
    actual = np.stack([s.h for s in last]), np.stack([s.c for s in last])
    np.testing.assert_allclose(actual[0].ravel(), h_n.ravel(), atol=1e-6)
    np.testing.assert_allclose(actual[1].ravel(), c_n.ravel(), atol=1e-6)
    for actual, expected in zip((trace.h_0, trace.c_0), state, strict=True):
        flat = expected.flatten().tolist() if hx else [0.0] * actual.size
        assert actual.ravel().tolist() == flat


STACKS = [
    Live(input_size=8, hidden_size=5, num_layers=3, proj_size=1, dtype="float64", seq_len=2),
    Live(input_size=1, hidden_size=3, bidirectional=True, bias=False, seq_len=8),
    Live(num_layers=2, bias=False, dtype="float64"),
    Live(hidden_size=5, num_layers=2, bidirectional=True, proj_size=2, seq_len=2),
    Live(input_size=8, hidden_size=3, num_layers=3, proj_size=2, bias=False),
    Live(input_size=8, bidirectional=True, proj_size=1, dtype="float64", seq_len=8),
    Live(input_size=1, hidden_size=3, num_layers=2, proj_size=1, dtype="float64"),
    Live(input_size=1, num_layers=3, bidirectional=True, bias=False, seq_len=2),
    Live(hidden_size=5, proj_size=1, bias=False, seq_len=8),
    Live(input_size=1, hidden_size=5, bidirectional=True, proj_size=2, bias=False, dtype="float64"),
    Live(input_size=8, hidden_size=5, num_layers=2, bidirectional=True, dtype="float64", seq_len=8),
    Live(hidden_size=3, num_layers=3, proj_size=2, seq_len=8),
    Live(input_size=1, hidden_size=1, num_layers=3, bidirectional=True, seq_len=2),
]
"""Each pair of values of two properties at least once."""


@pytest.mark.parametrize("case", STACKS)
def test_every_step_of_every_form_equals_torch(case):
    """Outputs between layers are checked too, with a module for each layer."""
    case = replace(case, batch_size=2, batch_first=False, has_state=True)
    module, x, hx = case.make().values()
    bidirectional, parts = case.bidirectional, case.parts
    size = case.proj_size or case.hidden_size
    trace = capture(module, x, hx)
    assert trace.num_layers == case.num_layers
    assert trace.bidirectional is bidirectional
    with torch.no_grad():
        output, (h_n, c_n) = module(x, hx)
    width = size * (1 + bidirectional)
    top = trace.steps[-len(x) * (1 + bidirectional) :]
    outputs = np.concatenate(
        [
            np.stack([s.h for s in top if s.direction == direction])
            for direction in ("forward", "reverse")[: 1 + bidirectional]
        ],
        axis=2,
    )
    assert outputs.shape == (len(x), 2, width)
    np.testing.assert_allclose(outputs, output, atol=1e-6)
    for k in range(parts):
        last = trace.part(k)[-1]
        np.testing.assert_allclose(last.h, h_n[k], atol=1e-6)
        np.testing.assert_allclose(last.c, c_n[k], atol=1e-6)
        expected = len(x) - 1 if last.direction == "forward" else 0
        assert last.t == expected


PACKED = [
    Live(lengths=(5, 2), num_layers=2, batch_first=True),
    Live(lengths=(2, 5), bidirectional=True, has_state=True),
    Live(lengths=(1, 6, 2, 6, 4), num_layers=3, has_state=True),
    Live(lengths=(6,), num_layers=3, bidirectional=True, batch_first=True),
    Live(lengths=(1,), num_layers=2, bidirectional=True, has_state=True),
    Live(lengths=(3, 3, 3), batch_first=True, has_state=True),
    Live(lengths=(3, 3, 3), num_layers=2, bidirectional=True),
    Live(lengths=(1, 6, 2, 6, 4), bidirectional=True, batch_first=True),
    Live(lengths=(1,), num_layers=3, batch_first=True),
    Live(lengths=(2, 5), num_layers=3, batch_first=True),
    Live(lengths=(6,), has_state=True),
    Live(lengths=(5, 2), num_layers=3, bidirectional=True, has_state=True),
    Live(
        lengths=(1, 6, 2, 6, 4), num_layers=2, bidirectional=True, batch_first=True, has_state=True
    ),
]
"""One sequence, sequences of equal length, and every order of lengths."""


@pytest.mark.parametrize("case", PACKED)
def test_a_packed_sequence_equals_torch(case):
    module, x, hx = case.make().values()
    padded, lengths = pad_packed_sequence(x)
    sequences = [padded[:n, k] for k, n in enumerate(lengths)]
    parts, batch_first = case.parts, case.batch_first
    trace = capture(module, x, hx)
    with torch.no_grad():
        output, (h_n, c_n) = module(x, hx)
    assert trace.batch_sizes == tuple(x.batch_sizes.tolist())
    assert np.array_equal(trace.output, output.data.numpy())
    assert np.array_equal(trace.h_n, h_n.numpy())
    assert np.array_equal(trace.c_n, c_n.numpy())
    assert len(trace.steps) == parts * max(lengths)
    # Each sequence alone, the longest first, gives the same steps.
    for row, n in enumerate(x.sorted_indices.tolist()):
        alone = capture(
            module,
            sequences[n][:, None] if not batch_first else sequences[n][None],
            None if hx is None else tuple(s[:, n : n + 1] for s in hx),
        )
        for index in range(parts):
            own_steps = [s for s in trace.part(index) if len(s.h) > row]
            for a, b in zip(own_steps, alone.part(index), strict=True):
                assert a.t == b.t
                np.testing.assert_allclose(a.c[row], b.c[0], atol=1e-6)
                np.testing.assert_allclose(a.h[row], b.h[0], atol=1e-6)


def test_dropout_between_layers_in_training_is_refused():
    module = LSTM(3, 2, num_layers=2, dropout=0.5)
    with pytest.raises(UnsupportedModule, match=r"call \.eval\(\) first"):
        capture(module, torch.zeros(4, 1, 3))
    assert capture(module.eval(), torch.zeros(4, 1, 3)).num_layers == 2


def test_a_negated_view_is_read():
    lstm, x = torch.nn.LSTM(3, 2), torch.randn(4, 1, 3)
    negated = torch.complex(torch.ones(4, 1, 3), -x).conj().imag
    assert negated.is_neg()
    actual, expected = capture(lstm, negated), capture(lstm, x)
    np.testing.assert_array_equal(actual.output, expected.output)


def test_a_trace_keeps_its_numbers_when_the_module_learns():
    module = LSTM(3, 2)
    x = torch.ones(1, 1, 3)
    trace = capture(module, x)
    before = trace.weights[0].weight_ih.copy()
    with torch.no_grad():
        module.weight_ih_l0.add_(1)
        x.add_(1)
    assert np.array_equal(trace.weights[0].weight_ih, before)
    assert trace.x.tolist() == [[[1, 1, 1]]]


def changed(name, value):
    module = LSTM(3, 2)
    setattr(module, name, value)
    return module


UNSUPPORTED = {
    "torch.float16": LSTM(3, 2).half(),
    "Linear": torch.nn.Linear(3, 2),
    "GRU": torch.nn.GRU(3, 2),
    "dict": {},
    "the class LSTM": LSTM,
    "a quantized LSTM": torch.ao.nn.quantizable.LSTM(3, 2),
    "weight_hh_l0 is no tensor": changed("weight_hh_l0", None),
    "weight_ih_l1 is no tensor": changed("num_layers", 2),
    "weight_ih_l0_reverse is no tensor": changed("bidirectional", True),
    "the meta device": LSTM(3, 2, device="meta"),
    "(it has no layer)": changed("num_layers", 0),
    "('str' object cannot": changed("num_layers", "two"),
}


@pytest.mark.parametrize("got", UNSUPPORTED)
def test_a_form_that_cannot_be_captured_is_named(got):
    module = UNSUPPORTED[got]
    for call in (lambda: weights_of(module), lambda: capture(module, torch.zeros(4, 1, 3))):
        with pytest.raises(UnsupportedModule) as raised:
            call()
        assert got in str(raised.value)
        assert "expected" in str(raised.value)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "x",
    [torch.zeros(4, 1, 3).double(), np.zeros((4, 1, 3)), [[[0, 0, 0]]], None],
    ids=["float64", "numpy", "list", "None"],
)
def test_an_input_that_is_no_float32_tensor_is_refused(x):
    with pytest.raises(UnsupportedModule, match=r"expected a tensor of torch\.float32"):
        capture(LSTM(3, 2), x)


utils = torch.nn.utils
PARAMETRIZED = {
    "weight_norm as hooks": utils.weight_norm,
    "spectral_norm as hooks": utils.spectral_norm,
    "weight_norm": utils.parametrizations.weight_norm,
    "spectral_norm": utils.parametrizations.spectral_norm,
    "prune": lambda module, name: prune.l1_unstructured(module, name, 0.5),
}


@pytest.mark.filterwarnings("ignore:.*weight_norm.*deprecated:FutureWarning")
@pytest.mark.parametrize("way", PARAMETRIZED)
@pytest.mark.parametrize("make", [LSTM, CELL])
def test_what_is_parametrized_counts_as_it_takes_part_in_the_run(way, make):
    torch.manual_seed(1)
    name = "weight_hh_l0" if make is LSTM else "weight_hh"
    module = PARAMETRIZED[way](make(3, 5), name)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(1.5)
    x = torch.randn(4, 3)
    (weights,) = capture(module, x).weights
    module.eval()(x)  # Spectral norm uses its last estimate.
    expected = getattr(module, name).detach().numpy()
    assert np.array_equal(weights.weight_hh, expected)


class Forward(LSTM):
    """An LSTM with its own `forward`."""

    def __init__(self, own):
        super().__init__(3, 2)
        self.own = own

    def forward(self, x, hx=None):
        return self.own(*super().forward(x, hx))


def hooked(hook):
    module = LSTM(3, 2)
    module.register_forward_hook(hook)
    return module


def raising(error):
    def forward(*_):
        raise error

    return Forward(forward)


ODD_MODULES = {
    "returned Tensor": Forward(lambda output, _: output),
    "returned output of float32 and shape (1, 2)": Forward(
        lambda output, states: (output[-1], states)
    ),
    "returned dict": hooked(lambda *_: {}),
    "own, whose output differs": Forward(lambda o, states: (2 * o, states)),
    "hook of its own": hooked(lambda _, x, y: (y[0] * 2, y[1])),
    "(KeyError: 'a')": raising(KeyError("a")),
    "(ZeroDivisionError: by 0)": raising(ZeroDivisionError("by 0")),
    "(StopIteration)": raising(StopIteration()),
    "(RuntimeError)": raising(RuntimeError()),
}


@pytest.mark.parametrize("message", ODD_MODULES)
def test_a_module_that_is_none_of_torchs_own_is_refused_in_a_sentence(message):
    with pytest.raises(LstmFigsError, match=re.escape(message)) as raised:
        capture(ODD_MODULES[message], torch.zeros(4, 1, 3))
    assert "\n" not in str(raised.value)


def test_a_subclass_that_does_what_its_class_does_is_captured():
    module = Forward(lambda output, states: (output, states))
    assert capture(module, torch.zeros(4, 1, 3)).module == "LSTM(3, 2)"


@contextmanager
def default_device(name):
    torch.set_default_device(name)
    try:
        yield
    finally:
        torch.set_default_device(None)


@contextmanager
def default_dtype(dtype):
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


MODES = {
    "inference mode": torch.inference_mode,
    "no gradients": torch.no_grad,
    "a default device without numbers": lambda: default_device("meta"),
    "another default type": lambda: default_dtype(torch.float64),
}


def settings_of_torch():
    return (
        torch.random.get_rng_state().tolist(),
        torch.get_default_dtype(),
        torch.empty(0).device,
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
    )


@pytest.fixture(scope="module")
def everything():
    """Use every feature that needs torch, and return the results."""
    module, x = LSTM(3, 2), torch.randn(4, 1, 3)

    def run_all():
        figures = [draw(name).render("svg", "light") for name in sorted(RECORDED)]
        form = Form(3, 2), 1, 4, 2
        return figures, capture(module, x).c_n.tolist(), seeded(*form).x.tolist()

    return run_all, run_all()


@pytest.mark.parametrize("mode", MODES)
def test_whatever_torch_is_set_to_figures_are_the_same_and_it_stays_so(mode, everything):
    run_all, expected = everything
    with MODES[mode]():
        before = settings_of_torch()
        results = run_all()
        assert settings_of_torch() == before
    assert results == expected


def test_threads_that_draw_leave_torch_as_it_was(everything):
    figures, *_ = everything[1]
    before = settings_of_torch(), os.fstat(2)

    def again(name):
        return draw(name).render("svg", "light")

    with ThreadPoolExecutor(4) as threads:
        together = [*threads.map(again, sorted(RECORDED) * 2)]
    assert (settings_of_torch(), os.fstat(2)) == before
    assert together == figures * 2


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("module", [LSTM(3, 2), CELL(3, 2), LSTM(3, 4, proj_size=2)], ids=str)
def test_autocast_is_refused_as_the_cause_on_every_processor(module, dtype):
    x = torch.zeros(4, 3)
    with torch.autocast("cpu", dtype):
        with pytest.raises(UnsupportedModule) as refused:
            capture(module, x)
        with torch.autocast("cpu", enabled=False):
            capture(module, x)
        # Autocast leaves float64 unchanged.
        capture(copy.deepcopy(module).double(), x.double())
    assert str(refused.value) == (
        f"got {type(module).__name__} within torch.autocast, which runs it in "
        f"{dtype}, expected torch.float32; trace it outside, or within "
        "torch.autocast('cpu', enabled=False)"
    )


def test_a_mode_in_which_tensors_have_no_numbers_is_refused():
    with FakeTensorMode():
        with pytest.raises(UnsupportedModule, match="leave the mode"):
            capture(LSTM(3, 2), torch.zeros(4, 1, 3))
        with pytest.raises(UnsupportedModule, match="leave the mode"):
            draw("autograd")


@pytest.mark.parametrize(
    ("module", "shape"),
    [(LSTM(3, 2), (4, 0, 3)), (LSTM(3, 2, batch_first=True), (0, 4, 3)), (CELL(3, 2), (0, 3))],
)
def test_a_batch_of_no_sequence_is_refused(module, shape):
    with pytest.raises(ShapeError, match="at least one step of one sequence"):
        capture(module, torch.zeros(shape))


STATE = torch.zeros(1, 1, 2)


@pytest.mark.parametrize(
    ("shape", "hx"),
    [
        ((4, 1, 2), None),
        ((3,), None),
        ((4, 1, 1, 3), None),
        ((0, 1, 3), None),
        ((4, 2, 3), (STATE, STATE)),
        ((4, 1, 3), (STATE[0], STATE[0])),
        ((4, 1, 3), (STATE,)),
        ((4, 1, 3), STATE),
        ((4, 1, 3), {"a": STATE, "b": STATE}),
        ((4, 1, 3), (STATE, STATE, STATE)),
        ((4, 1, 3), (None, None)),
        ((4, 1, 3), 5),
        ((4, 1, 3), (STATE.double(), STATE.double())),
    ],
)
def test_an_input_that_does_not_fit_is_refused_with_its_shape(shape, hx):
    with pytest.raises(ShapeError) as raised:
        capture(LSTM(3, 2), torch.zeros(shape), hx)
    assert str(shape) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["i", "f", "g", "o"])
@pytest.mark.parametrize("kind", [LSTM, CELL])
def test_equations_that_differ_from_torch_are_an_error(name, kind, monkeypatch):
    real = compare.step

    def tampered(weights, x, h_prev, c_prev, t=0):
        rows = slice(weights.row(name, 0), weights.row(name, 1) + 1)
        bias = weights.bias_ih.copy()
        bias[rows] += 1e-3
        return real(replace(weights, bias_ih=bias), x, h_prev, c_prev, t)

    monkeypatch.setattr(compare, "step", tampered)
    shape = (4, 2, 3)[kind is CELL :]
    state = torch.ones((1, 2, 2)[kind is CELL :])
    with pytest.raises(ProofError, match="differs from torch by"):
        capture(kind(3, 2), torch.ones(shape), (state, state))


@pytest.mark.parametrize("more", [1e-5, np.float32(np.nan)])
def test_a_run_that_differs_from_torch_is_an_error(monkeypatch, more):
    def tampered(weights, x, *first):
        trace = run(weights, x, *first)
        last = replace(trace.steps[-1], h=trace.steps[-1].h + more)
        return replace(trace, steps=(*trace.steps[:-1], last))

    monkeypatch.setattr(live, "run", tampered)
    with pytest.raises(ProofError, match="h after step 4 differs"):
        capture(LSTM(3, 2), torch.zeros(4, 1, 3))


def test_a_chaotic_run_is_captured_step_by_step():
    torch.manual_seed(0)
    module = LSTM(8, 8)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(100)
    trace = capture(module, torch.randn(60, 1, 8))
    assert max(s.scale for s in trace.steps) > compare.MAX_STABLE_SCALE


@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_a_seed_gives_what_torch_gives_and_leaves_its_state(seed):
    torch.manual_seed(seed)
    module, x = LSTM(3, 2), torch.randn(5, 2, 3)
    torch.manual_seed(99)
    state = torch.random.get_rng_state()
    generated = seeded(Form(3, 2), seed, 5, 2)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert np.array_equal(generated.x, x.numpy())
    for name, parameter in module.named_parameters():
        actual = generated.stack[0].parameters()[name.removesuffix("_l0")]
        assert np.array_equal(actual, parameter.detach().numpy())
    assert generated.torch == torch.__version__.partition("+")[0]


def test_the_example_is_verified(example):
    verify(example)


@pytest.mark.parametrize("name", ["weight_ih", "weight_hh", "bias_ih"])
def test_a_trace_with_another_weight_is_not_verified(name, example):
    (weights,) = example.weights
    changed = {k: a.copy() for k, a in weights.parameters().items()}
    changed[name].flat[1] += 0.25
    other = run(Weights(**changed), example.x)
    with pytest.raises(ProofError):
        verify(replace(other, weights=example.weights))


def test_a_run_without_bias_is_verified(example):
    (weights,) = example.weights
    verify(run(Weights(weights.weight_ih, weights.weight_hh), example.x))


PRINTED_RESULTS = {
    "i": ".953 .269 .292 .766 .934 .708 .959 .191",
    "f": ".953 .037 .371 .536 .243 .254 .968 .071",
    "o": ".182 .562 .048 .673 .062 .982 .088 .429",
    "c": "-.8081 -.1708 -.0592 .6524 -.8178 -.4992 -1.5061 -.0546",
    "h": "-.1220 -.0951 -.0029 .3859 -.0415 -.4531 -.0801 -.0234",
}


@pytest.mark.parametrize("name", PRINTED_RESULTS)
def test_the_example_has_the_numbers_of_the_site(name, example):
    printed = [float(word) for word in PRINTED_RESULTS[name].split()]
    places = len(PRINTED_RESULTS[name].split()[0].partition(".")[2])
    values = np.concatenate([getattr(s, name)[0] for s in example.steps])
    assert [round(float(v), places) for v in values] == printed


def test_the_example_fits_on_paper(example):
    (weights,) = example.weights
    assert sum(a.size for a in weights.parameters().values()) == 56
    for array in weights.parameters().values():
        assert np.array_equal(array * 4, np.round(array * 4))
    assert example.x[:, 0].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert Source().trace().origin.torch is None
