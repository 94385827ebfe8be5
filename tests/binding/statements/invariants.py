"""Statements that are true for every LSTM, each with the torch code that verifies it.

An invariant must hold for each of `EXTREME_RUNS` for which its sentence can be
drawn.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.binding.statements.extreme_runs import Run, are_close

Holds = Callable[[Run], bool]


def _always(run):
    return True


def finite(run):
    """Whether all values are finite; with NaN these sentences are not drawn."""
    return run.is_finite


def unprojected(run):
    """Whether the module has no projection, so that h is o * tanh(c)."""
    return not run.lstm.proj_size


def projected(run):
    return bool(run.lstm.proj_size)


def biased(run):
    return run.lstm.bias


def unbiased(run):
    return not run.lstm.bias


def bidirectional(run):
    return run.lstm.bidirectional


def batched(run):
    """Whether there are several sequences."""
    return run.x.shape[1] > 1


def stacked(run):
    """Whether the module has several layers."""
    return run.lstm.num_layers > 1


def single(run):
    """Whether the module has one layer and one direction."""
    return run.is_single


@dataclass(frozen=True)
class Invariant:
    """A verification and the runs that it applies to.

    Attributes:
        holds: Verifies the statement on a run.
        when: Whether the sentence can be drawn for a run.
    """

    holds: Holds
    when: Holds

    @property
    def line(self):
        """The line where the sentence or its verification begins."""
        return self.holds.__code__.co_firstlineno


INVARIANTS: dict[str, Invariant] = {}
"""Sentence -> its invariant."""


def invariant(*sentences, when=_always):
    """Register the sentences that the decorated function verifies."""

    def register(holds):
        for sentence in sentences:
            assert sentence not in INVARIANTS, sentence
            INVARIANTS[sentence] = Invariant(holds, when)
        return holds

    return register


def formula(*sentences, of, gives, when=_always):
    """Register a formula: `of` must evaluate to the step's result `gives`."""

    def holds(run):
        names = {**run.by_name, "lstm": run.lstm, "x": run.x, "bias": run.bias}
        result = eval(of, {"torch": torch, "sigmoid": torch.sigmoid, **names})
        return are_close(result, run[gives])

    invariant(*sentences, when=when)(holds)


for _gate in "ifo":
    formula(f"σ(z_{_gate})", of=f"sigmoid(z_{_gate})", gives=_gate)
formula("tanh(z_g)", of="z_g.tanh()", gives="g")
formula("tanh(c)", of="c.tanh()", gives="tanh_c")
formula("f * c_prev + i * g", of="f * c_prev + i * g", gives="c")
formula("f·c_prev + i·g", of="f * c_prev + i * g", gives="c")
formula("o * tanh(c)", "o * tanh_c", of="o * c.tanh()", gives="shown")
formula("h = o * tanh_c", of="o * tanh_c", gives="h", when=unprojected)
formula("@ weight_hr.T", of="shown @ lstm.weight_hr_l0.T", gives="h", when=projected)


@invariant("z = x @ weight_ih.T + h_prev @ weight_hh.T", "z = ih + hh", when=unbiased)
@invariant("z is one vector, cut into four gates")
@invariant("z = x @ weight_ih.T + bias_ih + h_prev @ weight_hh.T + bias_hh", when=biased)
def _sum(run):
    ih, hh = run.x @ run.lstm.weight_ih_l0.T, run["h_prev"] @ run.lstm.weight_hh_l0.T
    return are_close(ih + hh + run.bias, torch.cat([run[f"z_{gate}"] for gate in "ifgo"], -1))


@invariant(
    "f keeps part of c_prev, i lets in part of g, and o shows part of tanh c.",
    "f keeps part of c_prev",
    "Each number of c_prev is multiplied by its unit's f.",
    "i lets in part of g",
    "Their product is added to the kept part: that is the new c.",
    "o shows part of tanh c",
)
def _parts(run):
    # NaN is not between 0 and 1, and not a fault either.
    parts = [run[gate].nan_to_num() for gate in "ifo"]
    return (
        all(bool(((part >= 0) & (part <= 1)).all()) for part in parts)
        and are_close(run["c"], run["f"] * run["c_prev"] + run["i"] * run["g"])
        and are_close(run["shown"], run["o"] * run["c"].tanh())
    )


@invariant(
    "Each number of h is one row of weight_hr times o·tanh c, added up. Blue "
    "weights are positive, red ones negative.",
    when=projected,
)
def _projected_step(run):
    gated = run["o"] * run["c"].tanh()
    return are_close(gated @ run.lstm.weight_hr_l0.T, run.output)


@invariant("h is the output, and the next step reads it as h_prev.")
def _passed_on(run):
    return are_close(run["h_prev"][1:], run["h"][:-1]) and are_close(run["h"][-1], run.h_n[0])


@invariant("h is projected at every step, c is not", when=projected)
def _lengths(run):
    sizes = run["h"].shape[-1], run["c"].shape[-1]
    return sizes == (run.lstm.proj_size, run.lstm.hidden_size)


@invariant(
    "What goes into the two functions, and what comes out: i, f and o lie "
    "between zero and one, g and tanh c between minus one and one.",
    "σ gives a share, tanh a signed value",
    "σ makes a number between zero and one of each sum; tanh, between minus one and one.",
    when=finite,
)
def _ranges(run):
    gates = torch.cat([run[gate] for gate in "ifo"])
    signed = torch.cat([run["g"], run["tanh_c"]])
    return bool(((gates >= 0) & (gates <= 1)).all()) and bool((signed.abs() <= 1).all())


@invariant(
    "All four gates read x and h_prev",
    "Each gate has rows of its own in weight_ih, for x, and in weight_hh, for h_prev.",
    "Every gate reads all of x and h_prev",
    "Four weights for each input",
    "The same x and h_prev meet four rows of weights. Each column of "
    "products and biases adds up to z.",
    "The same x and h_prev meet four rows of weights. Below each weight is "
    "its product with the value at the top; a row of products and biases "
    "adds up to z.",
    "Weighted inputs make sums; σ makes gates of them, tanh a new value g, "
    "and the gates fill the bars.",
    "Every unit owns one row of each band",
    "Four bands of rows, in the order i, f, g, o",
    "Each row is one sum, which ends in z.",
    "Each row is one sum. Its bars are what is added, one after the other; the last is z.",
    "Row k of each band of H rows belongs to unit k.",
)
@invariant(
    "A row weighs x and the previous h, and adds biases; a band has one row for each unit, "
    "in order.",
    when=biased,
)
@invariant(
    "A row weighs x and the previous h; a band has one row for each unit, in order.", when=unbiased
)
def _rows(run):
    lstm, size = run.lstm, run.units
    for k, gate in enumerate("ifgo"):
        # Three of the 256 units are enough.
        for unit in range(min(size, 3)):
            row = k * size + unit
            z = run.x @ lstm.weight_ih_l0[row]
            z = z + run["h_prev"] @ lstm.weight_hh_l0[row] + run.bias[row]
            if not are_close(z, run[f"z_{gate}"][..., unit]):
                return False
    return True


@invariant(
    "After its sums, each unit is on its own",
    "From the four sums z at the top down to the last row, no number leaves "
    "the column of its unit.",
)
def _alone(run):
    t, last = 0, run.units - 1

    def h_of_sums(*z):
        i, f, g, o = z[0].sigmoid(), z[1].sigmoid(), z[2].tanh(), z[3].sigmoid()
        return o * (f * run["c_prev"][t, 0] + i * g).tanh()

    sums = tuple(run[f"z_{gate}"][t, 0] for gate in "ifgo")
    # The derivatives of two units are enough.
    for unit in {0, last}:
        for jacobian in torch.autograd.functional.jacobian(h_of_sums, sums):
            others = jacobian[unit].clone()
            others[unit] = 0
            if bool(others.nan_to_num().any()):
                return False
    return are_close(h_of_sums(*sums), run["shown"][t, 0])


@invariant(
    "Units meet again at the next step, in weight_hh @ h.",
    "Each step passes its state to the next",
    "c runs through, and gates act on it",
    "An LSTM keeps, writes and shows",
)
def _handed(run):
    c = run["f"] * run["c_prev"] + run["i"] * run["g"]
    hh = run["h_prev"] @ run.lstm.weight_hh_l0.T
    return are_close(
        (run["h_prev"][1:], run["c_prev"][1:], c, run["hh"]),
        (run["h"][:-1], run["c"][:-1], run["c"], hh),
    )


@invariant("Both are added to one sum, so a step of SGD moves the sum twice as far as either.")
def _two_gradients(run):
    lstm = run.lstm if run.lstm.bias else _with_biases(run.lstm)
    lstm.zero_grad()
    lstm(run.x, run.state)[0].sum().backward()
    first, second = lstm.bias_ih_l0.grad, lstm.bias_hh_l0.grad
    return are_close(first, second) and are_close(first + second, 2 * first)


def _with_biases(lstm):
    """A copy of the module that has biases, with zeros where it had none."""
    module = torch.nn.LSTM(lstm.input_size, lstm.hidden_size)
    module.load_state_dict(lstm.state_dict(), strict=False)
    with torch.no_grad():
        module.bias_ih_l0.zero_()
        module.bias_hh_l0.zero_()
    return module


@invariant("A perceptron is a weighted sum")
def _perceptron(run):
    linear = torch.nn.Linear(run.lstm.input_size, 1, bias=False)
    with torch.no_grad():
        linear.weight.copy_(run.lstm.weight_ih_l0[:1])
    added = (run.x * linear.weight[0]).sum(-1, keepdim=True)
    return are_close(linear(run.x), added)


@invariant("Thin grey lines: an input of zero, which adds nothing.", when=finite)
def _nothing(run):
    zeros = torch.zeros_like(run.x)
    return not bool((zeros @ run.lstm.weight_ih_l0.T).any())


@invariant("A batch adds rows, not weights", "the same weights for every row")
@invariant("Every sequence has a row in x, in c and in h, and is computed as if it were alone.")
def _as_if_alone(run):
    state = run.h_0[:, :1].contiguous(), run.c_0[:, :1].contiguous()
    alone, (h_n, c_n) = run.lstm(run.x[:, :1], state)
    return are_close((alone, h_n, c_n), (run.output[:, :1], run.h_n[:, :1], run.c_n[:, :1]))


@invariant(
    "output has the h of the top layer at every step. h_n and c_n have the last h "
    "and c of every layer.",
    "Every h and the last c come out",
    "Every layer ends in h_n",
    "h of the last layer at every step",
    "the last h of every layer and direction",
    "the c that belongs to each of those",
)
def _last_states(run):
    directions, width = 1 + run.lstm.bidirectional, run.lstm.proj_size or run.units
    forward_of_top_layer = run.h_n[-directions]
    return (
        len(run.h_n) == len(run.c_n) == run.lstm.num_layers * directions
        and are_close(run.output[-1, :, :width], forward_of_top_layer)
        # The steps of a run are those of the first layer, forward.
        and are_close(run.h_n[0], run["h"][-1])
        and are_close(run.c_n[0], run["c"][-1])
    )


@invariant(
    "It swaps time and batch of the input and of output, and nothing else: h_n "
    "and c_n keep the batch second.",
    "Make a state for each batch: the last is often smaller. Its second axis is always the batch.",
    "Look for a swapped axis: features come last, also with batch_first. Or change input_size.",
    "batch_first leaves the states as they are",
)
def _swaps(run):
    output, (h_n, c_n) = run.module(batch_first=True)(run.x.transpose(0, 1), run.state)
    return are_close((output.transpose(0, 1), h_n, c_n), (run.output, run.h_n, run.c_n))


@invariant("Without a batch every tensor is one row.")
def _without_batch(run):
    output, (h_n, c_n) = run.lstm(run.x[:, 0], (run.h_0[:, 0], run.c_0[:, 0]))
    return [t.dim() for t in (output, h_n, c_n)] == [2, 2, 2] and are_close(
        output, run.output[:, 0]
    )


@invariant(
    "With two directions the last two entries of h_n are the forward and the "
    "reverse state of the last layer.",
    "The last row of h_n is only the reverse state",
    "Two directions, opposite ends",
    "Each direction has its own weights. At each step output holds both, forward first.",
    "weight_… _reverse",
    "Both halves have read every step.",
    when=bidirectional,
)
def _ends(run):
    width = run.units
    names = [name for name, _ in run.lstm.named_parameters()]
    ends = run.output[-1, :, :width], run.output[0, :, width:]
    reverse = {name for name in names if "reverse" in name}
    return reverse == {f"{name}_reverse" for name in {*names} - reverse} and are_close(
        ends, (run.h_n[-2], run.h_n[-1])
    )


@invariant("Each layer reads the layer below", when=stacked)
def _stacked(run):
    below = torch.nn.LSTM(run.lstm.input_size, run.units, bidirectional=run.lstm.bidirectional)
    below.load_state_dict(run.lstm.state_dict(), strict=False)
    directions = 1 + run.lstm.bidirectional
    read, _ = below(run.x, (run.h_0[:directions], run.c_0[:directions]))
    above = torch.nn.LSTM(read.shape[-1], run.units, bidirectional=run.lstm.bidirectional)
    state = run.lstm.state_dict()
    above.load_state_dict({n.replace("l1", "l0"): v for n, v in state.items() if "l1" in n})
    output, _ = above(read, (run.h_0[directions:], run.c_0[directions:]))
    return are_close(output, run.output)


@invariant("becomes zero, with probability p", "is divided by one minus p", when=finite)
def _dropout(run):
    torch.manual_seed(0)
    dropped = torch.nn.functional.dropout(run.output, 0.5, training=True)
    valid = (dropped == 2 * run.output) | (dropped == 0)
    return bool(valid.all())


@invariant(
    "Dropout acts between layers. With only one it does nothing, and torch warns.", when=single
)
def _one_layer(run):
    with pytest.warns(UserWarning, match="dropout"):
        lstm = run.module(dropout=0.9)
    return lstm.training and are_close(lstm(run.x, run.state)[0], run.output)


@invariant(
    "The second chunk starts from the state of the first. Either way the output is the same.",
    "detach stops the gradient, not the state",
    when=lambda run: len(run.x) > 1 and not run.lstm.bidirectional,
)
def _chunks(run):
    x = run.x.clone().requires_grad_()
    first, state = run.lstm(x[:1], run.state)
    handed, (h_n, c_n) = run.lstm(x[1:], state)
    (reached,) = torch.autograd.grad(handed.sum(), x, retain_graph=True)
    cut, (h_cut, c_cut) = run.lstm(x[1:], tuple(s.detach() for s in state))
    (stopped,) = torch.autograd.grad(cut.sum(), x)
    joined_steps = torch.cat([first, handed])
    return (
        are_close((handed, h_n, c_n, joined_steps), (cut, h_cut, c_cut, run.output))
        and reached.shape == stopped.shape
        and not bool(stopped[0].any())
    )


def _padded(run):
    """The input with all sequences but the first padded after one step, and the lengths."""
    lengths = [len(run.x), *[1] * (run.x.shape[1] - 1)]
    x = run.x.clone()
    for sample, length in enumerate(lengths):
        x[length:, sample] = 0
    return x, lengths


@invariant(
    "Padding is read like any other step",
    "Forward, h_n is read after the padding; packed, after the last step of the sequence.",
    "Forward, h_n is read after the padding. In reverse the padding is read "
    "first, so the sequence starts from the state that it leaves. Packed, both "
    "are right.",
    "The shorter sequence reads on through zeros, and h_n is the state after "
    "them. Going forward, output at its last step is right too.",
    "h_n is read after the padding",
    "It is h after the padding: pack them, and take h_n.",
    "Padded sequences are packed first, with pack_padded_sequence(x, lengths, "
    "enforce_sorted=False).",
    when=batched,
)
def _padding(run):
    x, lengths = _padded(run)
    state = run.state
    output, (h_n, _) = run.lstm(x, state)
    packed, (right, _) = run.lstm(pack_padded_sequence(x, lengths, enforce_sorted=False), state)
    unpacked, _ = pad_packed_sequence(packed)
    alone, (last, _) = run.lstm(x[:1, 1:2], tuple(s[:, 1:2].contiguous() for s in state))
    forward = slice(run.lstm.proj_size or run.units)
    holds = are_close(right[:, 1:2], last) and are_close(unpacked[:1, 1:2], alone)
    holds = holds and not bool(unpacked[1:, 1].any())
    if not run.is_single:
        # In the reverse direction the padding is read first, which changes h_n.
        return holds and not are_close(h_n[:, 1], right[:, 1])
    return (
        holds
        and are_close(output[0, 1, forward], unpacked[0, 1, forward])
        and are_close(h_n[0, 1], output[-1, 1, forward])
    )


@invariant("Packing leaves the padding out", "The number in a cell is its sequence.")
def _packing(run):
    x, lengths = _padded(run)
    packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
    sizes = [sum(length > t for length in lengths) for t in range(max(lengths))]
    return packed.batch_sizes.tolist() == sizes and len(packed.data) == sum(lengths)


@invariant(
    "Weights in ONNX's order load without an error",
    "The shapes are the same in any order, so load_state_dict does not object. "
    "Three of the four gates then run on the weights of another.",
)
def _order(run):
    state, size = run.lstm.state_dict(), run.units
    other = {}
    for name, tensor in state.items():
        if "hr" in name:
            other[name] = tensor
            continue
        i, f, g, o = tensor.split(size)
        other[name] = torch.cat([i, o, f, g])
    bands = run.module(other).weight_ih_l0.split(size)
    own = dict(zip("ifgo", run.lstm.weight_ih_l0.split(size), strict=True))
    has_onnx_order = all(
        are_close(band, own[gate]) for band, gate in zip(bands, "iofg", strict=True)
    )
    # Only the first gate is the same in both orders.
    return has_onnx_order and are_close(bands[0], own["i"])


@invariant(
    "h_n.view mixes the sequences",
    "In memory, h_n[direction, sequence] is ordered by direction first.",
    when=bidirectional,
)
def _view(run):
    last = run.h_n[-2:].contiguous()
    wrong = last.view(last.shape[1], -1)
    return are_close(wrong[0], torch.cat([last[0, 0], last[0, 1]]))


@invariant("How much of c is left if the forget gate stays as it is.")
def _half_life(run):
    bias = torch.linspace(-3, 5, 9, dtype=torch.float64)
    f, t = bias.sigmoid(), len(run.x)
    c = torch.ones_like(f)
    for _ in range(t):
        c = f * c
    half = torch.tensor(0.5, dtype=torch.float64)
    return are_close(c, f**t) and are_close(f ** (half.log() / f.log()), half.expand(9))


@invariant(
    "A gradient goes straight along c, and around through h",
    "A row is a unit after the step, a column a unit before it. ∂c/∂c_prev "
    "holds h_prev fixed, which leaves f.",
    "∂c/∂c_prev holds h_prev fixed, which leaves f.",
    "Along c every gate is held.",
    # The Jacobian of 256 units takes long.
    when=lambda run: run.units < 10 and run.is_finite,
)
def _along_c(run):
    (_, derivative) = torch.autograd.functional.jacobian(
        lambda c: run.step(run.x[0, 0], run.h_0[0, 0], c), run.c_0[0, 0]
    )
    return are_close(derivative, torch.diag(run["f"][0, 0]))


@invariant("One unit cannot be projected", "proj_size has to be smaller than hidden_size.")
def _too_long(run):
    with pytest.raises(ValueError, match="proj_size has to be smaller"):
        torch.nn.LSTM(run.lstm.input_size, run.units, proj_size=run.units)
    return True


@invariant(
    "A cell is a single layer and takes no dropout.",
    "Loop over the steps: for x_t in x: h, c = cell(x_t, (h, c)). Or take "
    "nn.LSTM, which does it for you.",
    "A cell has no axis for time",
    "A cell takes one step, not a sequence",
    "A cell returns the state of one step",
    "Each box is the h of one step. A call returns it together with c; those "
    "of the last call are at the right.",
    when=lambda run: unprojected(run) and run.is_single,
)
def _cell(run):
    sizes = run.lstm.input_size, run.units
    cell = torch.nn.LSTMCell(*sizes, bias=run.lstm.bias)
    with pytest.raises(TypeError):
        torch.nn.LSTMCell(*sizes, dropout=0.5)
    with pytest.raises(ValueError, match="1D or 2D"):
        cell(run.x)
    cell.load_state_dict({n.removesuffix("_l0"): v for n, v in run.lstm.state_dict().items()})
    h, c = run.h_0[0], run.c_0[0]
    for x in run.x:
        h, c = cell(x, (h, c))
    return are_close((h, c), (run.h_n[0], run.c_n[0]))


@invariant(
    "The cell keeps nothing between calls: h and c are arguments, and results "
    "go into the next call."
)
def _keeps_nothing(run):
    h, c = run.h_0[0, 0], run.c_0[0, 0]
    for t, x in enumerate(run.x[:, 0]):
        first, again = run.step(x, h, c), run.step(x, h, c)
        if not are_close(first, again):
            return False
        h, c = again
        if not are_close(h, run["h"][t, 0]):
            return False
    return are_close(c, run["c"][-1, 0])


def _raises(error, call):
    with pytest.raises(error):
        call()
    return True


@invariant(
    "The input has a different number of features",
    "The last axis holds the features, one for each column of weight_ih.",
)
def _features(run):
    wide = torch.cat([run.x, run.x], -1)
    return run.lstm.weight_ih_l0.shape[1] == run.x.shape[-1] and _raises(
        RuntimeError, lambda: run.lstm(wide)
    )


@invariant("The state is for a different batch")
def _another_batch(run):
    state = run.h_0.repeat(1, 2, 1), run.c_0.repeat(1, 2, 1)
    return _raises(RuntimeError, lambda: run.lstm(run.x, state))


@invariant(
    "Leave out what is empty. A batch of no sequences is allowed, a sequence of no steps is not.",
    "The sequence has no steps",
)
def _empty(run):
    output, _ = run.lstm(run.x[:, :0])
    return output.shape[1] == 0 and _raises(RuntimeError, lambda: run.lstm(run.x[:0]))


@invariant(
    "The input is of a different type",
    "Convert the input: x.to(lstm.weight_ih_l0.dtype). Integers need an nn.Embedding first.",
)
def _another_type(run):
    single = torch.nn.LSTM(run.lstm.input_size, run.units)
    for module, other in ((single, torch.float64), (copy.deepcopy(single).double(), torch.float32)):
        x = run.x.to(other)
        own_type = module.weight_ih_l0.dtype
        output, _ = module(x.to(own_type))
        if output.dtype != own_type or not _raises((ValueError, RuntimeError), partial(module, x)):
            return False
    return True


@invariant(
    "A longer sequence comes after a shorter one",
    "Pass enforce_sorted=False: PyTorch then sorts, and returns results in your order.",
    when=lambda run: len(run.x) > 1 and run.x.shape[1] == 2,
)
def _unsorted(run):
    lengths = [1, len(run.x)]
    packed = pack_padded_sequence(run.x, lengths, enforce_sorted=False)
    back, counts = pad_packed_sequence(packed)
    return (
        _raises(RuntimeError, lambda: pack_padded_sequence(run.x, lengths))
        and counts.tolist() == lengths
        and are_close(back[:, 1], run.x[:, 1])
    )


@invariant("Not one length for each sequence")
def _lengths_count(run):
    lengths = [1] * (run.x.shape[1] + 1)
    return _raises(RuntimeError, lambda: pack_padded_sequence(run.x, lengths))


@invariant(
    "nn.LSTMCell is given h without c",
    "Pass both as a tuple: cell(x, (h, c)). nn.GRUCell and nn.RNNCell take h alone.",
    "The step has a different number of features",
)
def _h_alone(run):
    sizes, x, h = (run.lstm.input_size, run.units), run.x[0], run.c_0[0]
    cell = torch.nn.LSTMCell(*sizes)
    shapes = [tensor.shape for tensor in cell(x, (h, h))]
    shapes += [torch.nn.GRUCell(*sizes)(x, h).shape]
    shapes += [torch.nn.RNNCell(*sizes)(x, h).shape]
    wide = torch.cat([x, x], -1)
    return (
        shapes == [h.shape] * 4
        and _raises(Exception, lambda: cell(x, h))
        and _raises(RuntimeError, lambda: cell(wide, (h, h)))
    )


@invariant("Each h is also the output of its step. The last h and c are h_n and c_n.", when=single)
def _outputs(run):
    return are_close((run["h"], run["h"][-1], run["c"][-1]), (run.output, run.h_n[0], run.c_n[0]))


@invariant(
    "Sequences are taken for steps",
    "Without batch_first the first axis is time: the state goes from one "
    "sequence to the next, and no step sees the one before it. Both shapes are "
    "allowed, so nothing fails.",
    when=lambda run: run.x.shape[1] > 1 and not run.lstm.bidirectional,
)
def _taken_for_steps(run):
    wrong, _ = run.lstm(run.x.transpose(0, 1))
    # Two sequences as two steps, with the steps as a batch.
    first, state = run.lstm(run.x[None, :, 0])
    then, _ = run.lstm(run.x[None, :, 1], state)
    return are_close((wrong[:1], wrong[1:2]), (first, then))


@invariant(
    "Give one length for each sequence. Where the batch is the first axis, "
    "pass batch_first=True here too."
)
def _packed_batch_first(run):
    lengths = [len(run.x)] * run.x.shape[1]
    first = pack_padded_sequence(run.x, lengths)
    second = pack_padded_sequence(run.x.transpose(0, 1), lengths, batch_first=True)
    return are_close(first.data, second.data)


@invariant("Once they are added, the biases cannot be told apart.", when=biased)
@invariant("Keras keeps one bias; the two of PyTorch act as their sum.", when=biased)
def _one_bias(run):
    state = run.lstm.state_dict()
    for name, tensor in run.lstm.state_dict().items():
        if "bias_ih" in name:
            other = name.replace("bias_ih", "bias_hh")
            state[name] = tensor + state[other]
            state[other] = torch.zeros_like(tensor)
    return are_close(run.module(state)(run.x, run.state)[0], run.output)


STEP = (
    "ih = x @ weight_ih.T + bias_ih",
    "hh = h_prev @ weight_hh.T + bias_hh",
    "z_i, z_f, z_g, z_o = (ih + hh).split(H)",
    "i = sigmoid(z_i)",
    "f = sigmoid(z_f)",
    "g = tanh(z_g)",
    "o = sigmoid(z_o)",
    "c = f * c_prev + i * g",
    "h = o * tanh(c)",
)
"""The equations of a step, line by line, as the cheat sheet shows them."""


@invariant(*STEP, when=lambda run: biased(run) and unprojected(run))
def _runs(run):
    """Run the lines and compare each result with the step's."""
    names = {
        "H": run.units,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "x": run.x[0, 0],
        "h_prev": run["h_prev"][0, 0],
        "c_prev": run["c_prev"][0, 0],
        **{name.removesuffix("_l0"): parameter for name, parameter in run.lstm.named_parameters()},
    }
    exec("\n".join(STEP), names)
    # A run has ih and hh without the biases, which the first two lines add.
    assigned = [line.partition(" =")[0].split(", ") for line in STEP[2:]]
    return all(are_close(names[name], run[name][0, 0]) for each in assigned for name in each)


@invariant("h_0 and c_0 are as h_n and c_n. Without a batch leave N out.")
def _states_in(run):
    return run.h_0.shape == run.h_n.shape and run.c_0.shape == run.c_n.shape and _without_batch(run)


@invariant("Nothing is raised; steps and sequences exchange their roles.")
def _exchanged(run):
    turned = run.x.transpose(0, 1)
    output, (h_n, _) = run.lstm(turned)
    single, _ = run.lstm(turned[:, :1])
    return (
        output.shape[:2] == turned.shape[:2]
        and h_n.shape[1] == len(run.x)
        and are_close(output[:, :1], single)
    )


@invariant("It mixes sequences: put the last two of h_n side by side.", when=bidirectional)
def _side_by_side(run):
    right = torch.hstack([*run.h_n[-2:]])
    ends = run.output[-1, :, : run.units], run.output[0, :, run.units :]
    return _view(run) and are_close(right, torch.hstack(ends))


@invariant("They add up: write it into one of them, and zero into the other.", when=biased)
def _add_up(run):
    size, state = run.units, run.lstm.state_dict()
    module = copy.deepcopy(run.lstm)
    forget = slice(size, 2 * size)
    with torch.no_grad():
        module.bias_ih_l0[forget], module.bias_hh_l0[forget] = 1, 1
    twice = Run(module, run.x)
    added = twice["z_f"] - twice["ih"][..., forget] - twice["hh"][..., forget]
    rest = state["bias_ih_l0"] + state["bias_hh_l0"]
    # NaN in the weights makes sums NaN, which says nothing about the biases.
    return are_close(added.nan_to_num(2), torch.full_like(added, 2)) and are_close(
        twice.bias[:size], rest[:size]
    )


@invariant("The next backward() goes through the last call too, and raises.")
def _second_backward(run):
    output, state = run.lstm(run.x, run.state)
    output.sum().backward()
    cut, _ = run.lstm(run.x, tuple(tensor.detach() for tensor in state))
    cut.sum().backward()
    handed, _ = run.lstm(run.x, state)
    return _raises(RuntimeError, lambda: handed.sum().backward())
