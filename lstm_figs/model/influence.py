"""Which weights matter for one answer at one step: cut each, and run again.

A gradient finds the weights that are worth cutting. However, a gate that is shut
or open is at a flat end of its sigmoid, so its weights have almost no gradient.
A second estimate therefore takes the gate as it would be without the weight, and
the gradient of the answer from there on. The order is that of the real cuts.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .tensors import Array, Step, Trace, Weights

MAX_ALL = 10_000
"""Up to this many weights, all are cut."""
MAX_CANDIDATES = 1000
"""If there are more weights, each estimate has at most this many candidates."""
MIN_CANDIDATES = 50
"""A long run of a large network has at least this many, however long they take."""
MAX_PRODUCTS = 10**11
"""The products that the candidates of one estimate may take, which bounds their time."""
MAX_GATES = 10**9
"""The gates that the second estimate computes; of a longer run it takes the steps
with the largest gradients."""
LISTED = 6
"""The weights that are listed."""
NEIGHBOURS = 50
"""The weights nearest in magnitude, which say what chance does."""
CHANCE_QUANTILE = 0.95
"""The quantile of their changes that counts as chance."""
BATCH_NUMBERS = 2**22
"""The most numbers of z in a batch of cuts, 32 MB."""


class Answer(NamedTuple):
    """A number that depends on all weights: `of_h · h + of_c · c + offset`.

    It is true if it is positive.

    Attributes:
        entry: The layer and direction whose state it reads, as in `Trace.weights`.
        t: The step in the order of processing, counted from 0.
        of_h: The factor of each element of h.
        of_c: The factor of each unit's c.
        offset: The addend.
    """

    entry: int
    t: int
    of_h: Array
    of_c: Array
    offset: float


class Cut(NamedTuple):
    """One weight, and what the answer does without it.

    Attributes:
        entry: The layer and direction, as in `Trace.weights`.
        name: `weight_ih`, `weight_hh`, `weight_hr`, or `bias` for the sum of
            both biases, which are cut together.
        at: Its index.
        value: Its value.
        estimate: The change that gradient × weight predicts.
        change: The change of the answer.
        chance: The change that `CHANCE_QUANTILE` of the weights nearest in
            magnitude do not exceed.
        neighbours: The number of these weights.
    """

    entry: int
    name: str
    at: tuple[int, ...]
    value: float
    estimate: float
    change: float
    chance: float
    neighbours: int


class Influence(NamedTuple):
    """The weights that change an answer most.

    Attributes:
        value: The answer with all weights.
        cuts: The weights, the largest change first.
        cut_count: The number of weights that were cut to find them.
        weight_count: The number of weights.
    """

    value: float
    cuts: tuple[Cut, ...]
    cut_count: int
    weight_count: int

    @property
    def turning(self) -> tuple[Cut, ...]:
        """The listed weights without which the answer has a different sign, beyond chance."""
        return tuple(
            cut
            for cut in self.cuts
            if (self.value > 0) != (self.value + cut.change > 0) and abs(cut.change) > cut.chance
        )


class _Tensor(NamedTuple):
    """A tensor of one layer and direction, and what its weights' cuts may change.

    Attributes:
        entry: The layer and direction, as in `Trace.weights`.
        name: Its name, as in `Cut`.
        values: The weights.
        by_gradient: The change by each cut that gradient × weight predicts.
        by_gate: The change that the gate of the weight predicts.
    """

    entry: int
    name: str
    values: Array
    by_gradient: Array
    by_gate: Array


def influence(trace: Trace, answer: Answer) -> Influence:
    """The weights whose cuts change an answer most, for the first sequence.

    Args:
        trace: The run.
        answer: The answer.
    """
    tensors = list(_estimates(trace, answer))
    values, by_gradient, by_gate = (
        np.concatenate([getattr(tensor, name).ravel() for tensor in tensors])
        for name in ("values", "by_gradient", "by_gate")
    )
    # All weights have a place in one row; each tensor's end where the next one begins.
    ends = np.cumsum([tensor.values.size for tensor in tensors])
    changes = np.full(len(values), np.nan)
    value = _value(trace, answer)

    def cut(places: Array) -> None:
        """Cut the weights at places that have not been cut."""
        new = places[np.isnan(changes[places])]
        for k, tensor in enumerate(tensors):
            start = ends[k] - tensor.values.size
            in_tensor = new[(new >= start) & (new < ends[k])]
            at = np.unravel_index(in_tensor - start, tensor.values.shape)
            changes[in_tensor] = _answers_without(trace, answer, tensor, at) - value

    places = np.arange(len(values))
    if len(values) > MAX_ALL:
        products = (answer.t + 1) * sum(
            weights.weight_hh.size + weights.weight_ih.size for weights in trace.weights
        )
        count = int(np.clip(MAX_PRODUCTS // products, MIN_CANDIDATES, MAX_CANDIDATES))
        largest = [np.argsort(-abs(each))[:count] for each in (by_gradient, by_gate)]
        places = np.unique(np.concatenate(largest))
    cut(places)
    largest_first = places[np.argsort(-abs(changes[places]), kind="stable")]
    cuts = []
    for place in largest_first[:LISTED]:
        distances = abs(abs(values) - abs(values[place]))
        distances[place] = np.inf
        near = np.argsort(distances, kind="stable")[: min(NEIGHBOURS, len(values) - 1)]
        cut(near)
        # The tensor in which this place is.
        k = int(np.searchsorted(ends, place, side="right"))
        tensor = tensors[k]
        start = ends[k] - tensor.values.size
        at = np.unravel_index(place - start, tensor.values.shape)
        cuts.append(
            Cut(
                entry=tensor.entry,
                name=tensor.name,
                at=tuple(map(int, at)),
                value=float(values[place]),
                estimate=float(by_gradient[place]),
                change=float(changes[place]),
                chance=float(np.quantile(abs(changes[near]), CHANCE_QUANTILE)),
                neighbours=len(near),
            )
        )
    return Influence(value, tuple(cuts), len(places), len(values))


def _value(trace: Trace, answer: Answer) -> float:
    step = trace.part(answer.entry)[answer.t]
    return float(answer.of_h @ step.h[0] + answer.of_c @ step.c[0] + answer.offset)


@np.errstate(all="ignore")
def _estimates(trace: Trace, answer: Answer) -> Iterator[_Tensor]:
    """Both estimates of the change by each weight that the answer may depend on.

    Backpropagation from the answer, see `gradients.derivatives`, layer by layer.
    """
    top = trace.weights[answer.entry].layer
    count = len(trace.part(0))
    directions = 1 + trace.bidirectional
    size = trace.weights[0].size
    of_output = np.zeros((count, directions * size))
    for layer in range(top, -1, -1):
        of_input = np.zeros((count, trace.weights[layer * directions].input_size))
        for index in range(layer * directions, (layer + 1) * directions):
            is_own = index == answer.entry
            # The answer reads one direction of its layer, and both of the layers below.
            if layer == top and not is_own:
                continue
            weights, steps = trace.weights[index], trace.part(index)
            own_output = of_output[:, (index % directions) * size :][:, :size]
            if weights.direction == "reverse":
                own_output = own_output[::-1]
            gradients = _backpropagated(weights, steps, own_output, answer if is_own else None)
            yield from _layer_estimates(index, weights, steps, gradients)
            of_x = gradients.z @ weights.weight_ih
            of_input += of_x[::-1] if weights.direction == "reverse" else of_x
        of_output = of_input


class _Gradients(NamedTuple):
    """Gradients of the answer at each step, in the order of processing.

    Attributes:
        gates: With respect to i, f, g and o, shape `(steps, 4*hidden_size)`.
        z: With respect to z, of the same shape.
        h: With respect to h, shape `(steps, size)`.
    """

    gates: Array
    z: Array
    h: Array


def _backpropagated(
    weights: Weights, steps: Sequence[Step], of_output: Array, answer: Answer | None
) -> _Gradients:
    """Backpropagate through one layer and direction."""
    gate_gradients, z_gradients, h_gradients = [], [], []
    dh, dc = np.zeros(weights.size), np.zeros(weights.hidden_size)
    for t in range(len(steps) - 1, -1, -1):
        step = steps[t]
        i, f, g, o, c_prev, tanh_c = (
            getattr(step, name)[0] for name in ("i", "f", "g", "o", "c_prev", "tanh_c")
        )
        dh = dh + of_output[t]
        if answer is not None and t == answer.t:
            dh, dc = dh + answer.of_h, dc + answer.of_c
        h_gradients.append(dh)
        unprojected = dh if weights.weight_hr is None else dh @ weights.weight_hr
        dc = dc + unprojected * o * (1 - tanh_c * tanh_c)
        of_gates = np.concatenate([dc * g, dc * c_prev, dc * i, unprojected * tanh_c])
        dz = of_gates * np.concatenate([i * (1 - i), f * (1 - f), 1 - g * g, o * (1 - o)])
        gate_gradients.append(of_gates)
        z_gradients.append(dz)
        dh, dc = dz @ weights.weight_hh, dc * f
    by_step = (gate_gradients, z_gradients, h_gradients)
    return _Gradients(*(np.array(each[::-1]) for each in by_step))


def _layer_estimates(
    index: int, weights: Weights, steps: Sequence[Step], gradients: _Gradients
) -> Iterator[_Tensor]:
    """Both estimates for each tensor of one layer and direction."""
    x, h_prev = (np.array([getattr(s, name)[0] for s in steps]) for name in ("x", "h_prev"))
    ones = np.ones((len(steps), 1))
    for name, values, inputs in (
        ("weight_ih", weights.weight_ih, x),
        ("weight_hh", weights.weight_hh, h_prev),
        ("bias", weights.bias[:, None], ones),
    ):
        if name == "bias" and weights.bias_ih is None:
            continue
        by_gradient = -(gradients.z.T @ inputs) * values
        by_gate = _gate_estimates(values, inputs, steps, gradients.gates)
        if name == "bias":
            values, by_gradient, by_gate = (a[:, 0] for a in (values, by_gradient, by_gate))
        yield _Tensor(index, name, values, by_gradient, by_gate)
    if weights.weight_hr is not None:
        unprojected = np.array([(step.o * step.tanh_c)[0] for step in steps])
        # A projection has no gate, so both estimates are the same.
        of_hr = -(gradients.h.T @ unprojected) * weights.weight_hr
        yield _Tensor(index, "weight_hr", weights.weight_hr, of_hr, of_hr)


def _gate_estimates(values: Array, inputs: Array, steps: Sequence[Step], of_gates: Array) -> Array:
    """The change if each weight were missing in its own gate alone, at each step."""
    count = max(1, MAX_GATES // values.size)
    largest = np.argsort(-abs(of_gates).sum(1), kind="stable")[:count]
    result = np.zeros(values.shape)
    units = len(values) // 4
    rows_of_g = slice(2 * units, 3 * units)
    # At a step without a gradient, nothing changes the answer.
    for t in largest[abs(of_gates[largest]).sum(1) > 0]:
        step = steps[t]
        z = np.concatenate([getattr(step, f"z_{gate}")[0] for gate in "ifgo"])
        before = np.concatenate([getattr(step, gate)[0] for gate in "ifgo"])
        without = z[:, None] - values * inputs[t]
        # tanh(z) = 2 σ(2 z) − 1
        without[rows_of_g] *= 2
        gates = _sigmoid(without)
        gates[rows_of_g] = 2 * gates[rows_of_g] - 1
        result += of_gates[t][:, None] * (gates - before[:, None])
    return result


def _sigmoid(z: Array) -> Array:
    """σ, faster than `lstm.sigmoid` and less exact."""
    result: Array = 1 / (1 + np.exp(-z))
    return result


@np.errstate(all="ignore")
def _answers_without(trace: Trace, answer: Answer, tensor: _Tensor, at: tuple[Array, ...]) -> Array:
    """The answers of networks each of which lacks one weight of a tensor."""
    rows = at[0]
    columns = at[1] if len(at) > 1 else np.zeros_like(rows)
    size = max(1, BATCH_NUMBERS // max(len(weights.weight_ih) for weights in trace.weights))
    parts = [
        _answers(trace, answer, tensor, rows[start : start + size], columns[start : start + size])
        for start in range(0, len(rows), size)
    ]
    return np.concatenate([np.zeros(0), *parts])


def _answers(trace: Trace, answer: Answer, tensor: _Tensor, rows: Array, columns: Array) -> Array:
    """Run the layer of a tensor without one weight each, then the layers above it."""
    directions = 1 + trace.bidirectional
    layer, top = trace.weights[tensor.entry].layer, trace.weights[answer.entry].layer
    # The input of each entry is in the order of time, shape (steps, 1 or cuts, size).
    received = np.array([step.x[:1] for step in _in_time(trace, layer * directions)])
    for current in range(layer, top + 1):
        outputs = []
        for index in range(current * directions, (current + 1) * directions):
            if current == top and index != answer.entry:
                continue
            if current == layer and index != tensor.entry:
                # The other direction lacks no weight, so it is as it was.
                outputs.append(np.array([step.h[:1] for step in _in_time(trace, index)]))
                continue
            missing = _Missing(tensor.name, tensor.values, rows, columns)
            states = _run(
                trace, index, received, missing if index == tensor.entry else None, answer
            )
            if index == answer.entry:
                h, c = states
                answers: Array = h @ answer.of_h + c @ answer.of_c + answer.offset
                return answers
            outputs.append(states[0])
        widest = max(output.shape[1] for output in outputs)
        received = np.concatenate(
            [np.broadcast_to(o, (len(o), widest, o.shape[2])) for o in outputs], axis=2
        )
    raise AssertionError("the answer reads a layer below the weight")


def _in_time(trace: Trace, index: int) -> Sequence[Step]:
    """The steps of one layer and direction, in the order of time."""
    steps = trace.part(index)
    return steps[::-1] if trace.weights[index].direction == "reverse" else steps


class _Missing(NamedTuple):
    """Which weight of a tensor each network of a batch lacks.

    Attributes:
        name: The name of the tensor; `bias` for the sum of both biases.
        values: The tensor.
        rows: The row of each missing weight.
        columns: The column of each; unused for a bias.
    """

    name: str
    values: Array
    rows: Array
    columns: Array

    @property
    def weights(self) -> Array:
        """The value of each missing weight."""
        if self.name == "bias":
            return self.values[self.rows]
        return self.values[self.rows, self.columns]


def _run(
    trace: Trace, index: int, received: Array, missing: _Missing | None, answer: Answer
) -> tuple[Array, Array]:
    """Run one layer and direction for a batch of networks.

    Args:
        trace: The run of the network that lacks no weight.
        index: The layer and direction, as in `Trace.weights`.
        received: Its input in the order of time.
        missing: The weight that each network lacks here; None if none does.
        answer: What is computed, which decides where to stop.

    Returns:
        For the entry that the answer reads, h and c after its step, shape
        `(networks, size)`. For other entries the output, shape `(steps, networks,
        size)`, in the order of time; it is returned twice, so that all are pairs.
    """
    weights = trace.weights[index]
    # A layer above the missing weights has as many networks as its input.
    count = len(missing.rows) if missing else received.shape[1]
    networks = np.arange(count)
    h = np.repeat(trace.h_0[index, :1], count, axis=0)
    c = np.repeat(trace.c_0[index, :1], count, axis=0)
    order = range(len(received))
    times = order if weights.direction == "forward" else order[::-1]
    if index == answer.entry:
        times = times[: answer.t + 1]
    outputs = [h] * len(received)
    for t in times:
        x = received[t]
        z = h @ weights.weight_hh.T
        z += x @ weights.weight_ih.T + weights.bias
        if missing and missing.name != "weight_hr":
            inputs: Array | float = 1.0
            if missing.name == "weight_ih":
                inputs = np.broadcast_to(x, (count, x.shape[1]))[networks, missing.columns]
            elif missing.name == "weight_hh":
                inputs = h[networks, missing.columns]
            z[networks, missing.rows] -= missing.weights * inputs
        z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
        c = _sigmoid(z_f) * c + _sigmoid(z_i) * np.tanh(z_g)
        unprojected = _sigmoid(z_o) * np.tanh(c)
        h = unprojected
        if weights.weight_hr is not None:
            h = unprojected @ weights.weight_hr.T
            if missing and missing.name == "weight_hr":
                h[networks, missing.rows] -= (
                    missing.weights * unprojected[networks, missing.columns]
                )
        outputs[t] = h
    if index == answer.entry:
        return h, c
    output = np.array(outputs)
    return output, output
