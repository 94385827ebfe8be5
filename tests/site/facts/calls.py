"""What pages say that a call takes, does with it, and returns."""

import math

import torch
from torch.func import functional_call
from torch.nn.functional import ctc_loss
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from tests.processor import has_onednn
from tests.site.facts.common import module, randn, returned, session
from tests.site.facts.dispatch import native


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
