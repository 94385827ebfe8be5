"""Extreme runs, chosen to differ as much as possible from the default figures.

Each invariant is evaluated on all of them: zeros, saturated gates, no bias, one
step, one unit, one-hot input, NaN, a projection, the bracket network edited,
256 units, and a stack of two bidirectional layers.
"""

from collections.abc import Callable
from functools import cache, cached_property

import torch

from lstm_figs.sources import Source


class Run:
    """A module, its input, and every intermediate result by name.

    The results of a step are those of the first layer, forward direction. They
    have shape (step, sample, unit) and are computed here from the weights.

    Attributes:
        x: The input, time first.
        h_0: The initial h of each layer and direction.
        c_0: The initial c of each layer and direction.
        output: The output of the module.
        h_n: The last h of each layer and direction.
        c_n: The last c of each layer and direction.
    """

    def __init__(self, lstm, x):
        self.lstm, self.x = lstm, x
        states = lstm.num_layers * (1 + lstm.bidirectional)
        output_size = lstm.proj_size or lstm.hidden_size
        generator = torch.Generator().manual_seed(3)
        self.h_0 = torch.randn(states, x.shape[1], output_size, generator=generator)
        self.c_0 = torch.randn(states, x.shape[1], lstm.hidden_size, generator=generator)
        with torch.no_grad():
            self.output, (self.h_n, self.c_n) = lstm(x, self.state)
            self._steps()

    def _steps(self):
        """Run the equations step by step, and keep every result."""
        weight_ih, weight_hh = self.lstm.weight_ih_l0, self.lstm.weight_hh_l0
        self.bias = torch.zeros(len(weight_ih))
        if self.lstm.bias:
            self.bias = self.lstm.bias_ih_l0 + self.lstm.bias_hh_l0
        h, c = self.h_0[0], self.c_0[0]
        results = {}
        for x in self.x:
            step = {"h_prev": h, "c_prev": c}
            step["ih"], step["hh"] = x @ weight_ih.T, h @ weight_hh.T
            sums = (step["ih"] + step["hh"] + self.bias).chunk(4, dim=-1)
            for gate, z in zip("ifgo", sums, strict=True):
                step[f"z_{gate}"] = z
                step[gate] = z.tanh() if gate == "g" else z.sigmoid()
            c = step["f"] * c + step["i"] * step["g"]
            step["c"], step["tanh_c"] = c, c.tanh()
            h = step["shown"] = step["o"] * step["tanh_c"]
            if self.lstm.proj_size:
                h = h @ self.lstm.weight_hr_l0.T
            step["h"] = h
            for name, value in step.items():
                results.setdefault(name, []).append(value)
        self.by_name = {name: torch.stack(v) for name, v in results.items()}

    def __getitem__(self, name):
        return self.by_name[name]

    @property
    def state(self):
        return self.h_0, self.c_0

    @property
    def is_finite(self):
        tensors = (*self.lstm.parameters(), *self.by_name.values())
        return all(bool(tensor.isfinite().all()) for tensor in tensors)

    @property
    def is_single(self):
        """Whether the module has one layer and one direction."""
        return self.lstm.num_layers == 1 and not self.lstm.bidirectional

    @cached_property
    def units(self):
        return self.lstm.hidden_size

    def module(self, state=None, **options):
        """A module like this one, with a different state dict or different options."""
        lstm = self.lstm
        names = ("num_layers", "bidirectional", "bias", "proj_size")
        own = {name: getattr(lstm, name) for name in names}
        module = torch.nn.LSTM(lstm.input_size, self.units, **{**own, **options})
        module.load_state_dict(state or lstm.state_dict())
        return module

    @cached_property
    def step(self):
        """One step as a function of x, h and c, by the module itself."""
        cell = torch.nn.LSTM(
            self.lstm.input_size, self.units, bias=self.lstm.bias, proj_size=self.lstm.proj_size
        )
        cell.load_state_dict({name: getattr(self.lstm, name) for name in cell.state_dict()})

        def step(x, h, c):
            _, (h, c) = cell(x[None, None], (h[None, None], c[None, None]))
            return h[0, 0], c[0, 0]

        return step


def are_close(first, second):
    """Whether two results are equal up to rounding; NaN equals NaN."""
    if isinstance(first, tuple):
        return len(first) == len(second) and all(map(are_close, first, second))
    return first.shape == second.shape and torch.allclose(
        first, second, rtol=1e-4, atol=1e-5, equal_nan=True
    )


def _lstm(*sizes, **options):
    torch.manual_seed(7)
    return torch.nn.LSTM(*sizes, **options)


def _x(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(11))


def _zeros():
    lstm = _lstm(3, 2)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.zero_()
    return Run(lstm, _x(4, 2, 3))


def _saturated_run():
    """A run whose weights are 10 or −10, so that all gates are open or shut."""
    lstm = _lstm(3, 2)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.copy_(10 * parameter.sign())
    return Run(lstm, 3 * _x(5, 2, 3))


def _nan():
    lstm = _lstm(3, 2)
    with torch.no_grad():
        lstm.weight_ih_l0[2, 1] = torch.nan
    return Run(lstm, _x(4, 2, 3))


def _brackets():
    trace = Source(network="brackets").trace()
    (weights,) = trace.weights
    lstm = torch.nn.LSTM(weights.input_size, weights.hidden_size)
    lstm.load_state_dict({f"{k}_l0": torch.tensor(v) for k, v in weights.parameters().items()})
    with torch.no_grad():
        # Each gate closes on the characters that used to open it, and the first unit, the
        # counter, forgets.
        lstm.weight_ih_l0.neg_()
        lstm.bias_ih_l0[weights.hidden_size] = -50
    return Run(lstm, torch.tensor(trace.x))


EXTREME_RUNS: dict[str, Callable[[], Run]] = {
    "zeros": _zeros,
    "ten times the sign": _saturated_run,
    "no bias": lambda: Run(_lstm(3, 2, bias=False), _x(4, 2, 3)),
    "one step": lambda: Run(_lstm(3, 2), _x(1, 2, 3)),
    "one unit": lambda: Run(_lstm(1, 1), _x(4, 2, 1)),
    "one hot": lambda: Run(_lstm(3, 2), torch.eye(3)[torch.tensor([[0, 1], [2, 2], [1, 0]])]),
    "NaN": _nan,
    "a projection": lambda: Run(_lstm(3, 4, proj_size=2), _x(4, 2, 3)),
    "the bracket network, edited": _brackets,
    "256 units": lambda: Run(_lstm(3, 256), _x(3, 2, 3)),
    "two layers, two directions": lambda: Run(
        _lstm(3, 2, num_layers=2, bidirectional=True), _x(4, 2, 3)
    ),
}
"""Case -> a function that makes the run."""


@cache
def run(name):
    return EXTREME_RUNS[name]()
