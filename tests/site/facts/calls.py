"""What pages say that a call takes, does with it, and returns."""

import math

import torch
from torch.func import functional_call
from torch.nn.functional import ctc_loss
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from tests.processor import has_onednn
from tests.site.facts.batch import adds_up
from tests.site.facts.chunks import back_through, goes_on, graphs_of_calls, nodes_behind
from tests.site.facts.claims import felt, is_apart, steps_felt
from tests.site.facts.common import (
    are_directions_in_order,
    are_rows_of_bands,
    module,
    parameters,
    randn,
    returned,
    session,
)
from tests.site.facts.directions import is_the_same_from_the_end
from tests.site.facts.dispatch import is_run_like_a_tensor, native, stays_where_it_is
from tests.site.facts.every_state import gives_every_step
from tests.site.facts.gradients import is_stored_by_backward
from tests.site.facts.gru import is_squashed_once_more
from tests.site.facts.index import has_its_memory_alone
from tests.site.facts.packed import is_right_before_the_padding, reads_zeros, says_nothing
from tests.site.facts.parts import cannot_keep_and_write, is_made_so, keeps, only_c_has_no_limit
from tests.site.facts.state import are_left_alone_by_a_call, is_another_module
from tests.site.facts.what_it_remembers import cuts_one_weight
from tests.site.facts.why_a_memory import fades_in_a_plain_rnn, is_rebuilt
from tests.site.facts_of_pages import Fact, network, of_torch, record
from tests.site.records import BRACKETS


def are_separate_with_diagonal_bands() -> bool:
    """Whether each unit then feels its own `h` alone, and else all."""
    cell, x, c = torch.nn.LSTMCell(3, 4), randn(3), randn(4)

    def jacobian() -> torch.Tensor:
        return torch.autograd.functional.jacobian(lambda h: cell(x, (h, c))[0], randn(4))

    before = jacobian().all()
    with torch.no_grad():
        for band in cell.weight_hh.chunk(4):
            band.mul_(torch.eye(4))
    after = jacobian()
    return bool(before) and torch.equal(after, after.diagonal().diag())


def refuses_another_state() -> bool:
    lstm, x = module(3, 2), randn(4, 5, 3)
    _, state = lstm(x)
    try:
        lstm(x[:, :2], state)
    except RuntimeError as error:
        return "Expected hidden[0] size (1, 2, 2)" in str(error)
    return False


def cost_of_door(steps: int) -> float:
    scores = torch.zeros(steps, 1, 27).log_softmax(2)
    text = torch.tensor([[4, 15, 15, 18]])
    return ctc_loss(scores, text, [steps], [4]).item()


def halves_lengths() -> bool:
    conv = torch.nn.Conv1d(1, 1, 5, stride=2, padding=2)
    return all(conv(torch.ones(1, 1, n)).shape[2] == math.ceil(n / 2) for n in (7, 8, 100))


def cannot_be_stacked() -> bool:
    try:
        torch.stack([torch.ones(3), torch.ones(2)])
    except RuntimeError:
        return True
    return False


def takes_the_last_valid_step() -> bool:
    """Whether it is what packing gives, with the padding read."""
    lstm, x, lengths = module(3, 2), randn(5, 2, 3), torch.tensor([5, 3])
    packed = pack_padded_sequence(x, lengths)
    last = lstm(x)[0][lengths - 1, torch.arange(2)]
    return torch.allclose(lstm(packed)[1][0][0], last, atol=1e-6) and len(packed.data) < len(
        x.flatten(0, 1)
    )


def comes_back_packed() -> bool:
    """Whether it is packed, and padding it makes a batch of it."""
    output, _ = module(3, 2)(pack_padded_sequence(randn(5, 2, 3), [5, 3]))
    return isinstance(output, PackedSequence) and pad_packed_sequence(output)[0].shape == (5, 2, 2)


def is_a_loop_within_a_loop() -> bool:
    """Whether cells, each with a state of its own, give two layers."""
    both, x = module(3, 2, num_layers=2), randn(4, 5, 3)
    cells = [torch.nn.LSTMCell(3, 2), torch.nn.LSTMCell(2, 2)]
    for layer, cell in enumerate(cells):
        cell.load_state_dict(
            {name: getattr(both, f"{name}_l{layer}") for name in cell.state_dict()}
        )
    states, outputs = [(torch.zeros(5, 2),) * 2 for _ in cells], []
    for h in x:
        for layer, cell in enumerate(cells):
            states[layer] = h, _ = cell(h, states[layer])
        outputs.append(h)
    return torch.allclose(torch.stack(outputs), both(x)[0], atol=1e-6)


def norms_over_steps_and_sequences() -> bool:
    output = randn(9, 5, 3)
    norm = torch.nn.BatchNorm1d(3, affine=False)
    normed = norm(output.permute(1, 2, 0)).permute(2, 0, 1)
    return torch.allclose(normed.mean((0, 1)), torch.zeros(3), atol=1e-5) and (
        normed.mean(0).abs().max() > 0.01
    )


def ignores_padding_by_a_mask() -> bool:
    """Whether `True`, with the batch first, is what nobody looks at."""
    heads, few = torch.nn.MultiheadAttention(4, 2), randn(6, 2, 4)
    padding = torch.arange(6) >= torch.tensor([6, 2])[:, None]
    seen, weights = heads(few, few, few, key_padding_mask=padding)
    return (
        seen.shape == few.shape
        and not weights[1, :, 2:].any()
        and bool(weights[0].all() and weights[1, :, :2].all())
    )


def weighs_padding_zero() -> bool:
    scores = torch.tensor([1.0, 2.0, -torch.inf]).softmax(0)
    return scores[2] == 0 and torch.isclose(scores.sum(), torch.tensor(1.0))


def has_forward_first() -> bool:
    """Whether the first half depends on the forward weights alone."""
    lstm = module(3, 2, bidirectional=True)
    x = randn(4, 5, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.weight_ih_l0_reverse += 1
    forward, reverse = (lstm(x)[0] == before).chunk(2, dim=2)
    return bool(forward.all()) and not reverse.any()


def still_gives_the_first_half() -> bool:
    """Whether a turned input is read by the forward weights from its end."""
    lstm, alone = module(3, 2, bidirectional=True), torch.nn.LSTM(3, 2)
    alone.load_state_dict({name: getattr(lstm, name) for name in alone.state_dict()})
    x = randn(4, 5, 3).flip(0)
    return torch.allclose(lstm(x)[0][..., :2], alone(x)[0], atol=1e-6)


def view_mixes_sequences(layers: int = 1) -> list[bool]:
    """Whether rows of `h_n` put to one are those of each sequence.

    By `view`, by `transpose` first, and whether this is the last layer's pair.
    """
    _, (h_n, _) = returned(bidirectional=True, num_layers=layers)
    of_each = torch.stack([h_n[:, n].flatten() for n in range(5)])
    turned = h_n.transpose(0, 1).reshape(5, -1)
    pair = torch.cat([h_n[-2], h_n[-1]], dim=1)
    return [
        torch.equal(h_n.view(5, -1), of_each),
        torch.equal(turned, of_each),
        turned.shape == pair.shape and torch.equal(turned, pair),
    ]


def treats_both_alike() -> bool:
    half, full = torch.nn.Linear(2, 3), torch.nn.Linear(4, 3)
    with torch.no_grad():
        full.weight.copy_(torch.cat([half.weight, half.weight], dim=1))
        full.bias.copy_(half.bias)
    output = randn(4, 5, 4)
    added = output[..., :2] + output[..., 2:]
    return torch.allclose(half(added), full(output), atol=1e-6)


def pools_what_has_steps_last() -> bool:
    full = randn(5, 4, 3)
    pooled = torch.nn.AdaptiveMaxPool1d(1)(full.permute(1, 2, 0))
    return torch.equal(pooled[..., 0], full.amax(dim=0))


def derives_a_sigmoid() -> bool:
    x = randn(9).requires_grad_()
    y = x.sigmoid()
    (grad,) = torch.autograd.grad(y.sum(), x)
    return torch.allclose(grad, y * (1 - y))


def names_of_nodes() -> list[str]:
    """The nodes of an `h` and a `c` that a cell makes."""
    h, c = torch.nn.LSTMCell(3, 2)(randn(1, 3))
    before = [node.name() for node, _ in h.grad_fn.next_functions]
    return [h.grad_fn.name(), c.grad_fn.name(), *before]


def runs_with_weights_that_are_passed() -> bool:
    lstm, x = module(3, 2), randn(4, 1, 3)
    doubled = {name: 2 * p for name, p in lstm.named_parameters()}
    output, _ = functional_call(lstm, doubled, (x,))
    before, _ = lstm(x)
    lstm.load_state_dict(doubled)
    return torch.equal(lstm(x)[0], output) and not torch.equal(before, output)


def goes_back_twice_in_eval() -> bool:
    lstm, x = module(3, 2).eval(), randn(5, 1, 3).requires_grad_()
    (once,) = torch.autograd.grad(lstm(x)[0].sum(), x, create_graph=True)
    once.norm().backward()
    return bool(x.grad.any())


def multiplies_inputs_at_once() -> bool:
    """Whether native code has a product more than steps, a loop two a step."""
    cell = torch.nn.LSTMCell(3, 2).double()
    with torch.profiler.profile() as profile:
        state = None
        for x_t in randn(5, 1, 3).double():
            state = cell(x_t, state)
    counts = {event.key: event.count for event in profile.key_averages()}
    return native().count("linear") == 5 + 1 and counts["aten::linear"] == 10


def ends_differ() -> bool:
    """Whether oneDNN and PyTorch's own code differ by rounding alone.

    Without oneDNN both are the same code.
    """
    lstm, x = module(3, 64), randn(50, 4, 3)
    first, _ = lstm(x)
    with torch.backends.mkldnn.flags(enabled=False):
        second, _ = lstm(x)
    return torch.allclose(first, second, atol=1e-5) and (torch.equal(first, second) != has_onednn())


def lie_apart() -> bool:
    """Whether each parameter has memory of its own."""
    addresses = {p.untyped_storage().data_ptr() for p in module(3, 2).parameters()}
    return len(addresses) == 4


def leaves_one_by_a_sum() -> bool:
    lstm = module(3, 6, proj_size=2)
    with torch.no_grad():
        lstm.bias_ih_l0.fill_(9)
        lstm.weight_hr_l0.fill_(1)
    return lstm(randn(9, 1, 3))[0].max() > 2


def refuses_one_tensor_as_a_state() -> bool:
    _, h = torch.nn.GRU(3, 2)(randn(4, 1, 3))
    try:
        module(3, 2)(randn(4, 1, 3), h)
    except (RuntimeError, IndexError, ValueError):
        return True
    return False


def learns_padding() -> bool:
    """Whether padded targets count in a loss that is not masked."""
    logits, targets = randn(5, 3), torch.tensor([1, 2, 0, 0, 0])
    loss = torch.nn.functional.cross_entropy
    return not torch.isclose(loss(logits, targets), loss(logits[:3], targets[:3]))


def are_trained_by_one_backward() -> bool:
    """Whether a gradient of the third LSTM reaches the two that it reads."""
    left, right, top = module(3, 2), module(3, 2), module(4, 8)
    x = randn(5, 4, 6)
    pair = torch.cat([left(x[..., :3])[0], right(x[..., 3:])[0]], dim=2)
    top(pair)[0].sum().backward()
    return all(
        p.grad is not None and bool(p.grad.any())
        for layer in (left, right, top)
        for p in layer.parameters()
    )


def needs_the_state_it_had() -> bool:
    """Whether from the middle it is right with that state, not from zeros."""
    lstm, x = module(3, 8), randn(8, 1, 3)
    complete, (_, state) = lstm(x)[0], lstm(x[:5])
    return torch.allclose(lstm(x[5:], state)[0], complete[5:], atol=1e-6) and not torch.allclose(
        lstm(x[5:])[0], complete[5:], atol=1e-3
    )


def is_expanded_to_the_batch() -> bool:
    """Whether a first state of one sequence gets a gradient of all."""
    learned = session("chunks")["learned"]
    output = learned(randn(5, 7, 3))
    output = output[0] if isinstance(output, tuple) else output
    (grad,) = torch.autograd.grad(output.sum(), learned.h_0)
    return learned.h_0.shape == (1, 1, 2) == grad.shape and bool(grad.any())


def flows_through_a_loop() -> bool:
    """Whether the state of the last of single steps feels the first."""
    lstm, x = module(3, 2, num_layers=3), randn(4, 5, 3).requires_grad_()
    state = None
    for x_t in x.split(1):
        _, state = lstm(x_t, state)
    (grad,) = torch.autograd.grad(state[1].sum(), x)
    return bool(grad.any(2).all())


def has_onednn_for_an_lstm_alone() -> bool:
    uses_onednn = []
    for kind in (torch.nn.LSTM, torch.nn.GRU):
        model, x = kind(3, 2), randn(5, 1, 3)
        with torch.inference_mode(), torch.profiler.profile() as profile:
            model(x)
        keys = {event.key for event in profile.key_averages()}
        uses_onednn.append("aten::mkldnn_rnn_layer" in keys)
    return uses_onednn == [has_onednn(), False]


def decays_towards_zero() -> bool:
    """Whether weight decay alone makes a forget bias smaller."""
    is_smaller = []
    for make in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW):
        bias = torch.nn.Parameter(torch.ones(1))
        bias.grad = torch.zeros(1)
        make([bias], lr=0.1, weight_decay=0.1).step()
        is_smaller.append(0 < bias.item() < 1)
    return all(is_smaller)


def is_fixed_without_decay() -> bool:
    names = session("gradients")
    return names["learns_as_one"](names["without_decay_of_biases"])


CALLS: dict[str, tuple[Fact, ...]] = {
    "index": of_torch(
        (
            "Simpler recurrent networks rebuild their memory at every step and "
            "soon lose what they read;",
            is_rebuilt,
            fades_in_a_plain_rnn,
        )
    ),
    "why-a-memory": of_torch(
        (
            "From step to step it hands on one vector, the hidden state `h`, "
            "with one number for each of its units:",
            lambda: torch.nn.RNN(3, 8)(randn(4, 1, 3))[1].shape == (1, 1, 8),
        ),
        (
            "What a network knows for good is in its weights; that is its long-term memory.",
            are_left_alone_by_a_call,
        ),
        (
            "What it keeps in mind while it reads is in its state, and that is "
            "its short-term memory;",
            has_its_memory_alone,
            lambda: not torch.equal(*returned()[0][:2]),
        ),
    ),
    "what-it-remembers": of_torch(
        ("`c` is the memory, which is added to and may grow.", is_made_so),
        (
            "At every step they decide what becomes of the memory, and they "
            "decide by what is read *and* by what the units showed at the step "
            "before.",
            is_made_so,
        ),
        (
            "Each gate begins as a sum, of the inputs and of what all units "
            "showed before, each times a weight;",
            is_made_so,
            lambda: felt("c", "h").all(),
        ),
        ("It has four bands, in the order `i`, `f`, `g`, `o`, and in each band", are_rows_of_bands),
    ),
    "why-two-states": of_torch(
        ("A plain RNN gets by with one vector and a matrix.", is_rebuilt),
        (
            "Each is computed again at every step, from what is read and from "
            "what all units showed.",
            is_made_so,
            lambda: felt("c", "h").all(),
        ),
        ("With one, as in PyTorch, a unit can also start over, as unit 1 does at a quote.", keeps),
        (
            "A GRU keeps by a gate and writes by adding, as an LSTM does, but "
            "what it keeps is `h` itself:",
            is_squashed_once_more,
        ),
    ),
    "keep-write-show": (
        *of_torch(
            ("That is added to what was kept, and the sum is", is_made_so),
            ("All gates of the next step, those of both units,", lambda: felt("c", "h").all()),
            (
                "Go there, choose that weight and set it to zero: the gate "
                "opens, and the bracket in quotes is counted.",
                cuts_one_weight,
            ),
        ),
        *network(
            "reading --network brackets",
            (
                "At the first quote of its line, the network that reads "
                "brackets drops one memory and leaves the other as it is.",
                "text.index(chr(34)) == 7",
                "f[7, 0, 1] < 0.01 and f[7, 0, 0] > 0.99",
            ),
        ),
    ),
    "whole-pass": of_torch((": that is all that an LSTM computes.", is_made_so)),
    "independence": of_torch(
        ("So the units meet at every step:", lambda: felt("c", "h").all()),
        ("Then they really are separate cells.", are_separate_with_diagonal_bands),
        ("The units meet once in a step, where", lambda: felt("c", "h").all() and is_apart("h")),
    ),
    "step": of_torch(
        ("where the lines of `x` and `h` join, both go on, side by side.", is_made_so),
        (
            "The function tanh yields a number between minus one and one,",
            lambda: torch.tensor([-99.0, 99.0]).tanh().tolist() == [-1, 1],
        ),
        (
            "The function σ, called *sigmoid* or logistic function,",
            lambda: torch.isclose(torch.tensor(2.0).sigmoid(), torch.tensor(1 / (1 + math.e**-2))),
        ),
    ),
    "state": of_torch(
        (
            "A step turns one state into the next, so somebody has to keep the state in between.",
            has_its_memory_alone,
        ),
        ("The memory of an LSTM is a pair of tensors,", lambda: len(returned()[1]) == 2),
        (
            "As a function, the cell's results `h` and `c` become its arguments.",
            lambda: (
                [
                    part.shape
                    for state in (None, (randn(5, 2), randn(5, 2)))
                    for part in torch.nn.LSTMCell(3, 2)(randn(5, 3), state)
                ]
                == 4 * [(5, 2)]
            ),
        ),
        (
            "What the next step has to know comes out as `h` and `c`, and goes in again.",
            has_its_memory_alone,
        ),
        ("With the same weights it gives the same numbers:", is_another_module),
        (
            "For that `nn.LSTM` will do too, for it takes a state, and a "
            "sequence may be [read in pieces](chunks.md), down to a single "
            "step:",
            goes_on,
        ),
    ),
    "shapes": of_torch(
        (
            "| Data | Steps | The batch | Features, `input_size` | | --- | --- "
            "| --- | --- | | Sentences | Their words | Sentences | Length of a "
            "word's vector, from `nn.Embedding` |",
            lambda: torch.nn.Embedding(9, 3)(torch.ones(4, 5).long()).shape == (4, 5, 3),
        ),
        (
            "| Images that are read line by line, as MNIST is | Lines | Images "
            "| Pixels of a line |",
            lambda: randn(6, 1, 4, 3)[:, 0].transpose(0, 1).shape == (4, 6, 3),
            lambda: torch.equal(
                randn(6, 1, 4, 3)[:, 0].transpose(0, 1)[2, 5], randn(6, 1, 4, 3)[5, 0, 2]
            ),
        ),
        (
            "| A moving body | Moments | Recordings | All coordinates of all joints |",
            lambda: randn(5, 8, 17, 3).flatten(2).shape == (5, 8, 17 * 3),
        ),
        (
            "`output` and `h_n` hold the same kind of vector, h, from different places.",
            lambda: torch.equal(returned()[0][-1], returned()[1][0][0]),
        ),
        (
            "So it gives as many answers as what you pass has vectors: one for "
            "each step, or one for each sequence.",
            lambda: torch.nn.Linear(2, 1)(randn(4, 5, 2)).shape == (4, 5, 1),
            lambda: torch.nn.Linear(2, 1)(randn(5, 2)).shape == (5, 1),
        ),
        (
            "The batch moves in the input and in `output`;",
            lambda: returned(batch_first=True)[0].shape == (5, 4, 2),
        ),
        (
            "because then the input of one step, `x[t]`, is one contiguous piece of memory.",
            lambda: randn(4, 5, 3)[1].is_contiguous(),
            lambda: not randn(5, 4, 3)[:, 1].is_contiguous(),
        ),
        ("by the lengths that are left, here half of them, rounded up.", halves_lengths),
        (
            "Two equal letters side by side need a blank between them, so "
            "`door` takes one step more than it has letters.",
            lambda: cost_of_door(4) == math.inf > cost_of_door(5),
        ),
        (
            "To check, change the end of a signal: with the axes in order, "
            "what is said before it stays as it was.",
            lambda: steps_felt(2) == [0, 1, 2],
        ),
        ("PyTorch does check the shape of a state.", refuses_another_state),
        (
            "The usual cause: the state of the last batch is passed on, and "
            "the next batch is smaller,",
            refuses_another_state,
        ),
    ),
    "packed": of_torch(
        ("A batch is one tensor, so its sequences need the same length.", cannot_be_stacked),
        ("The output is packed as well.", comes_back_packed),
        (
            "All of this gives the numbers that packing gives, and spends time on the padding.",
            takes_the_last_valid_step,
        ),
        (
            "If there is a target at every step, keep it out of the loss too, "
            "or the module learns to predict padding.",
            learns_padding,
        ),
        (
            "So pad at the end and [take the last valid step](#one-direction-no-packing), or pack.",
            takes_the_last_valid_step,
        ),
        (
            "- **One direction**: pad at the end, and [take the last valid "
            "step](#one-direction-no-packing). The numbers are the same.",
            takes_the_last_valid_step,
        ),
    ),
    "chunks": of_torch(
        ("Between chunks of the same sequence keep it.", goes_on),
        (
            "A stretch begins in the middle of an episode, and needs the state "
            "that the network had there:",
            needs_the_state_it_had,
        ),
        ("It has a batch of one, and is expanded to the batch at hand.", is_expanded_to_the_batch),
        (
            "When each chunk is followed by a `backward`, as in training, the "
            "state has to be detached.",
            lambda: "second time" in back_through(detached=False)[1],
            lambda: back_through(detached=True)[1] == "",
        ),
        (
            "Because something that you keep holds the graph of the call that made it.",
            lambda: nodes_behind(module(3, 2)(randn(4, 1, 3))[1][0]) > 1,
            lambda: graphs_of_calls(detached=False)[2] > 1,
        ),
        (
            "**The target of a step is the next one, also at the end of a "
            "chunk**, where it is the beginning of the next chunk:",
            lambda: torch.arange(9)[1:].split(4)[0][-1] == torch.arange(9)[:-1].split(4)[1][0],
        ),
        (
            "with overlap there are more of them,",
            lambda: len(randn(20).unfold(0, 4, 2)) > len(randn(20).unfold(0, 4, 4)),
        ),
    ),
    "layers": of_torch(
        ("All of them are trained by one `backward`.", are_trained_by_one_backward),
        (
            "At each step a cell reads the `h` of the one below it, and keeps "
            "`h` and `c` of its own. With the weights of the module that gives "
            "its numbers: So `num_layers=2` is a loop over layers within a "
            "loop over steps.",
            is_a_loop_within_a_loop,
        ),
        (
            "`nn.BatchNorm1d` takes a mean over steps and sequences, and looks "
            "for the features behind the batch: turn the axes, and turn them "
            "back.",
            norms_over_steps_and_sequences,
        ),
    ),
    "every-state": of_torch(
        ("Gradients flow through all of it.", flows_through_a_loop),
        (
            "| one direction of it | `output.chunk(2, dim=2)[0]` forward, `[1]` reverse |",
            has_forward_first,
        ),
        (
            "An `nn.LSTM` can be called with one step at a time, and returns "
            "the states of all its layers each time. Pass them back in.",
            gives_every_step,
        ),
        (
            "A layer above the first reads both directions of the layer below.",
            lambda: module(3, 5, num_layers=2, bidirectional=True).weight_ih_l1.shape[1] == 2 * 5,
        ),
        ("Padding gets a score of minus infinity, so its weight is zero.", weighs_padding_zero),
        (
            "A Transformer's attention takes `output` as it is, steps first, "
            "as query, key and value. Its mask says `True` where there is "
            "*padding*, and has the batch first in either case.",
            ignores_padding_by_a_mask,
        ),
        (
            "With two directions, [pack the sequences](packed.md), or `output` "
            "itself has read the padding.",
            lambda: not is_right_before_the_padding(bidirectional=True),
        ),
    ),
    "directions": of_torch(
        (
            "At each step the features of `output` are those of the forward "
            "direction, then those of the reverse one.",
            has_forward_first,
        ),
        (
            "The states that `h_n` keeps are filled: they lie at opposite ends of `output`.",
            are_directions_in_order,
        ),
        (
            "Whatever reads the sum treats both directions alike: it is what a "
            "readout of both halves gives that has the same weights for each.",
            treats_both_alike,
        ),
        (
            "If you reverse the input, the forward weights read it from its "
            "end, and still give the first half.",
            still_gives_the_first_half,
        ),
        (
            "What is true: the reverse half is what a forward LSTM with the "
            "`_reverse` weights gives for the reversed input, reversed back.",
            is_the_same_from_the_end,
        ),
        (
            "- `h_n.view(batch, -1)` [mixes sequences](wrong-ways.md#figure-wrong-h-n-view),",
            lambda: not view_mixes_sequences()[0],
        ),
        (
            "`h_n.transpose(0, 1).reshape(batch, -1)` is right: it moves the "
            "batch to the front first. With one layer it is the same as the "
            "`cat` above; with several it has the states of all layers.",
            lambda: view_mixes_sequences()[1:] == [True, True],
            lambda: view_mixes_sequences(3)[1:] == [True, False],
        ),
        (
            "If sequences are padded, `output[-1]` may be padding; [pack "
            "them](packed.md), and `h_n` is right.",
            says_nothing,
            reads_zeros,
        ),
        (
            "`nn.MaxPool1d`, `nn.Conv1d` and their kind want the steps last, "
            "so they are given `output.permute(1, 2, 0)`; over all steps of "
            "full sequences that is the same maximum:",
            pools_what_has_steps_last,
        ),
    ),
    "gradients": of_torch(
        ("Both problems are gone if the biases are left out:", is_fixed_without_decay),
        ("The derivative of σ is `y * (1 - y)`, so", derives_a_sigmoid),
        ("The graph belongs to the results, and is freed with them.", is_stored_by_backward),
        (
            "`nn.LSTMCell` records these nodes.",
            lambda: (
                names_of_nodes()
                == ["MulBackward0", "AddBackward0", "SigmoidBackward0", "TanhBackward0"]
            ),
        ),
        ("`backward` adds up the gradients of all sequences of a batch.", adds_up),
        (
            "`functional_call` runs the module with weights that are passed to it:",
            runs_with_weights_that_are_passed,
        ),
    ),
    "forget-bias": of_torch(
        (
            "If you use weight decay, [leave the biases out of it]"
            "(gradients.md#weight-decay), or it pulls them back towards zero.",
            decays_towards_zero,
        ),
        (
            "To `i·g / (1 − f)`, if `i·g` is added at every step and f stays the same:",
            lambda: math.isclose(session("forget-bias")["count"](0.9, 300, 0.5), 0.5 / (1 - 0.9)),
        ),
        (", because PyTorch stacks i, f, g, o.", are_rows_of_bands),
        ("A gate changes at every step, and a single shut gate clears everything,", keeps),
    ),
    "dispatch": of_torch(
        (
            "`float64`, a projection, and packed sequences of different "
            "lengths are run by PyTorch's own code, called native.",
            lambda: "mkldnn_rnn_layer" not in native(),
            lambda: not is_run_like_a_tensor(5, 3),
        ),
        (
            "`nn.LSTMCell` is a single step, and has another operator, `aten::lstm_cell`.",
            is_another_module,
        ),
        (
            "The equations are the same, so a cell in a loop gives what the module gives.",
            is_another_module,
            is_a_loop_within_a_loop,
        ),
        (
            "But each step goes through Python, and the inputs are multiplied "
            "one by one instead of all at once.",
            multiplies_inputs_at_once,
        ),
        (
            "They add in different orders, so the last digits differ. A test "
            "that compares two of them needs a tolerance; `torch.equal` will "
            "fail.",
            ends_differ,
        ),
        (
            "On a CPU, `backward` also works in `eval` mode, and so does a gradient of a gradient.",
            goes_back_twice_in_eval,
        ),
        (
            "The parameters of an LSTM lie in separate pieces of memory. On a "
            "CPU `flatten_parameters` leaves them there.",
            lie_apart,
            stays_where_it_is,
        ),
    ),
    "projection": of_torch(
        (", since it is a sum over all units.", leaves_one_by_a_sum),
        (
            "The projection is there to save weights:",
            lambda: parameters(module(64, 128, proj_size=32)) < parameters(module(64, 128)) / 1.5,
        ),
        (
            "a GRU saves a quarter everywhere.",
            lambda: 4 * parameters(torch.nn.GRU(5, 7)) == 3 * parameters(torch.nn.LSTM(5, 7)),
        ),
    ),
    "gru": of_torch(
        ("**Keeping and writing are tied.**", cannot_keep_and_write),
        (
            "On a CPU in `float32`, PyTorch has [oneDNN](dispatch.md) for an "
            "LSTM but runs a GRU with its own code,",
            has_onednn_for_an_lstm_alone,
        ),
        ("A GRU shows its whole state at every step, so", is_squashed_once_more),
        (
            "A state has `hidden_size` numbers instead of twice as many.",
            lambda: torch.nn.GRU(3, 7)(randn(4, 3))[1].numel() == 7,
            lambda: sum(part.numel() for part in module(3, 7)(randn(4, 3))[1]) == 2 * 7,
        ),
        (
            "Passing it where an LSTM expects a pair raises [an error](errors.md#h-alone).",
            refuses_one_tensor_as_a_state,
        ),
        ("Both carry a state of fixed size from step to step.", has_its_memory_alone),
    ),
    "when": (
        *network(
            "reading --network brackets",
            (
                "The [network that reads brackets](what-it-remembers.md) counts with one unit.",
                "(c[:, 0, 0] - depth).abs().max() < 0.3",
                "(c[:, 0, 1] - depth).abs().max() > 1",
            ),
        ),
        *record(
            BRACKETS,
            (
                "errors add up, and [the network that counts brackets]"
                "(what-it-remembers.md#what-it-does-not-know) fails on most "
                "strings that are far longer than those it was trained with.",
                "shown['right_1000'] < count / 2 < shown['right_60']",
            ),
        ),
        *of_torch(
            (
                "An LSTM carries everything it knows in a state of fixed size, "
                "from one step to the next;",
                has_its_memory_alone,
            ),
            ("- **It can count, and keep a state over many steps**,", only_c_has_no_limit, keeps),
        ),
    ),
}
"""A page -> what it says of calls, beside its own facts."""
