"""Compare traces with what the module returns."""

import copy
import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn.utils.rnn import pad_packed_sequence

from lstm_figs import draw
from lstm_figs.capture import capture, compare, seeded, weights_of
from lstm_figs.capture import module as live
from lstm_figs.errors import LstmFigsError, ProofError, ShapeError, UnsupportedModule
from lstm_figs.figures import RECORDED
from lstm_figs.model.arguments import ModuleArguments
from lstm_figs.model.lstm import run
from tests.live_modules import CASES, Live
from tests.load.test_computed import COMPUTATIONS

LSTM, CELL = torch.nn.LSTM, torch.nn.LSTMCell


@pytest.mark.parametrize("has_state", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_a_trace_is_what_the_module_returns_whatever_its_form(case, has_state):
    module, x, hx = replace(case, has_state=has_state).make().values()
    trace = capture(module, x, hx)
    with torch.no_grad():
        returned = module(x, hx)
    h_n, c_n = returned if case.cell else returned[1]
    output = getattr(returned[0], "data", returned[0])
    for actual, expected in zip(
        (trace.output, trace.h_n, trace.c_n), (output, h_n, c_n), strict=True
    ):
        assert actual.shape == tuple(expected.shape)
        assert actual.tolist() == expected.tolist()
    assert trace.kind == type(module).__name__
    assert (trace.num_layers, trace.bidirectional) == (case.num_layers, case.bidirectional)
    if case.lengths:
        assert trace.batch_sizes == tuple(x.batch_sizes.tolist())
        return
    last = [trace.part(k)[-1] for k in range(case.parts)]
    for name, expected in (("h", h_n), ("c", c_n)):
        actual = np.stack([getattr(step, name) for step in last])
        np.testing.assert_allclose(actual.ravel(), expected.ravel(), atol=1e-6)
    for step in last:
        assert step.t == (case.seq_len - 1 if step.direction == "forward" else 0)
    state = hx or (torch.zeros_like(h_n), torch.zeros_like(c_n))
    for actual, expected in zip((trace.h_0, trace.c_0), state, strict=True):
        assert actual.ravel().tolist() == expected.flatten().tolist()


PACKED = [case for case in CASES if case.lengths] + [
    Live(lengths=(6, 2), batch_first=True, has_state=True),
    Live(lengths=(1, 6, 2, 6, 4), num_layers=2, bidirectional=True, has_state=True),
]


@pytest.mark.parametrize("case", PACKED)
def test_each_packed_sequence_is_traced_as_if_it_were_alone(case):
    module, x, hx = case.make().values()
    trace = capture(module, x, hx)
    padded, lengths = pad_packed_sequence(x)
    assert len(trace.steps) == case.parts * max(lengths)
    for row, n in enumerate(x.sorted_indices.tolist()):
        sequence = padded[: lengths[n], n]
        alone = capture(
            module,
            sequence[None] if case.batch_first else sequence[:, None],
            None if hx is None else tuple(s[:, n : n + 1] for s in hx),
        )
        for index in range(case.parts):
            # The longest sequence is first, so steps have fewer rows after the end of this one.
            own_steps = [s for s in trace.part(index) if len(s.h) > row]
            for a, b in zip(own_steps, alone.part(index), strict=True):
                assert a.t == b.t
                np.testing.assert_allclose(a.c[row], b.c[0], atol=1e-6)
                np.testing.assert_allclose(a.h[row], b.h[0], atol=1e-6)


def test_dropout_between_layers_in_training_is_refused():
    module = LSTM(3, 2, num_layers=2, dropout=0.5)
    with pytest.raises(UnsupportedModule, match=r"dropout=0.5, .* twice; call \.eval\(\)"):
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


def module_with(name, value):
    module = LSTM(3, 2)
    setattr(module, name, value)
    return module


UNSUPPORTED = {
    "of torch.float16, expected torch.float32 or torch.float64; convert": LSTM(3, 2).half(),
    "; pass the recurrent layer itself": torch.nn.Linear(3, 2),
    "lf.draw('gru') shows how a GRU differs": torch.nn.GRU(3, 2),
    "dict": {},
    "LSTMCell; create one from it": LSTM,
    "; pass the layer from which it was made": torch.ao.nn.quantizable.LSTM(3, 2),
    "weight_hh_l0 is not a tensor, expected one that fits its sizes; create it": module_with(
        "weight_hh_l0", None
    ),
    "weight_ih_l1 is not a tensor": module_with("num_layers", 2),
    "weight_ih_l0_reverse is not a tensor": module_with("bidirectional", True),
    "; make the module on a real device and load its weights": LSTM(3, 2, device="meta"),
    "(it has no layer), expected those of its constructor; create it again": module_with(
        "num_layers", 0
    ),
    "('str' object cannot": module_with("num_layers", "two"),
}
"""Error -> an object in place of a module."""


@pytest.mark.parametrize("got", UNSUPPORTED)
def test_a_form_that_cannot_be_captured_is_named(got):
    module = UNSUPPORTED[got]
    for call in (lambda: weights_of(module), lambda: capture(module, torch.zeros(4, 1, 3))):
        with pytest.raises(UnsupportedModule, match="expected") as raised:
            call()
        assert got in str(raised.value)
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "x",
    [torch.zeros(4, 1, 3).double(), np.zeros((4, 1, 3)), [[[0, 0, 0]]], None],
    ids=["float64", "numpy", "list", "None"],
)
def test_an_input_that_is_no_float32_tensor_is_refused(x):
    with pytest.raises(UnsupportedModule, match=r"expected a tensor of torch\.float32"):
        capture(LSTM(3, 2), x)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*deprecated:FutureWarning")
@pytest.mark.parametrize("computation", COMPUTATIONS)
@pytest.mark.parametrize("make", [LSTM, CELL])
def test_what_is_parametrized_counts_as_it_takes_part_in_the_run(computation, make):
    torch.manual_seed(1)
    name = "weight_hh_l0" if make is LSTM else "weight_hh"
    module = COMPUTATIONS[computation](make(3, 5), name)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(1.5)
    x = torch.randn(4, 3)
    (weights,) = capture(module, x).weights
    module.eval()(x)  # Spectral norm uses its last estimate.
    expected = getattr(module, name).detach().numpy()
    assert np.array_equal(weights.weight_hh, expected)


class Forward(LSTM):
    """An LSTM that passes its results to a function of its own."""

    def __init__(self, own):
        super().__init__(3, 2)
        self.own = own

    def forward(self, x, hx=None):
        return self.own(*super().forward(x, hx))


def module_with_hook(hook):
    module = LSTM(3, 2)
    module.register_forward_hook(hook)
    return module


def raising(error):
    def forward(*_):
        raise error

    return Forward(forward)


ODD_MODULES = {
    "returned Tensor, expected the results of torch.nn.LSTM or LSTMCell; pass": Forward(
        lambda output, _: output
    ),
    "shape (1, 2), expected float32 and (4, 1, 2); pass an unchanged layer": Forward(
        lambda output, states: (output[-1], states)
    ),
    "returned dict": module_with_hook(lambda *_: {}),
    "with its own forward or a hook, whose output differs": Forward(
        lambda o, states: (2 * o, states)
    ),
    "with its own forward or a hook": module_with_hook(lambda _, x, y: (y[0] * 2, y[1])),
    "(KeyError: 'a')": raising(KeyError("a")),
    "(ZeroDivisionError: by 0)": raising(ZeroDivisionError("by 0")),
    "(StopIteration)": raising(StopIteration()),
    "(RuntimeError)": raising(RuntimeError()),
}
"""Error -> a module that returns something else."""


@pytest.mark.parametrize("message", ODD_MODULES)
def test_a_module_not_of_torch_is_refused_in_a_sentence(message):
    with pytest.raises(LstmFigsError, match=re.escape(message)) as raised:
        capture(ODD_MODULES[message], torch.zeros(4, 1, 3))
    assert "\n" not in str(raised.value)


def test_a_subclass_that_does_what_its_class_does_is_captured():
    module = Forward(lambda output, states: (output, states))
    assert capture(module, torch.zeros(4, 1, 3)).module == "LSTM(3, 2)"


@contextmanager
def default(name, value, before):
    """Change a default of torch, and restore it."""
    change = getattr(torch, f"set_default_{name}")
    change(value)
    try:
        yield
    finally:
        change(before)


MODES = {
    "inference mode": torch.inference_mode,
    "no gradients": torch.no_grad,
    "a default device without numbers": lambda: default("device", "meta", None),
    "another default type": lambda: default("dtype", torch.float64, torch.float32),
}
"""Case -> a context in which torch creates or tracks tensors differently."""


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
    """A function that uses every feature that needs torch, and its results."""
    module, x = LSTM(3, 2), torch.randn(4, 1, 3)

    def run_all():
        figures = [draw(name).render("svg", "light") for name in sorted(RECORDED)]
        arguments = ModuleArguments(3, 2), 1, 4, 2
        return figures, capture(module, x).c_n.tolist(), seeded(*arguments).x.tolist()

    return run_all, run_all()


@pytest.mark.parametrize("mode", MODES)
def test_settings_of_torch_change_no_figure_and_stay(mode, everything):
    run_all, expected = everything
    with MODES[mode]():
        before = settings_of_torch()
        results = run_all()
        assert settings_of_torch() == before
    assert results == expected


def test_threads_that_draw_leave_torch_as_it_was(everything):
    figures, *_ = everything[1]
    # 2 is stderr, which some features redirect.
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
    for call in (lambda: capture(LSTM(3, 2), torch.zeros(4, 1, 3)), lambda: draw("autograd")):
        with FakeTensorMode(), pytest.raises(UnsupportedModule, match="leave the mode"):
            call()


STATE = torch.zeros(1, 1, 2)


@pytest.mark.parametrize(
    ("module", "shape"),
    [(LSTM(3, 2), (4, 0, 3)), (LSTM(3, 2, batch_first=True), (0, 4, 3)), (CELL(3, 2), (0, 3))],
)
def test_a_batch_of_no_sequence_is_refused(module, shape):
    with pytest.raises(ShapeError, match="at least one step of one sequence; there is nothing"):
        capture(module, torch.zeros(shape))


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
    # The axes of a cell lack the first one: steps, or layers.
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
    generated = seeded(ModuleArguments(3, 2), seed, 5, 2)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert np.array_equal(generated.x, x.numpy())
    for name, parameter in module.named_parameters():
        actual = generated.stack[0].parameters()[name.removesuffix("_l0")]
        assert np.array_equal(actual, parameter.detach().numpy())
    assert generated.torch == torch.__version__.partition("+")[0]
