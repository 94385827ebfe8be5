"""What `every-state` quotes."""

import numpy as np
import torch

import lstm_figs as lf
from tests.site.facts.common import module, randn


def gives_every_step() -> bool:
    """Whether states of single steps are those of the whole call."""
    lstm, x = module(3, 2, num_layers=3), randn(4, 5, 3)
    output, (h_n, c_n) = lstm(x)
    state, states = None, []
    for x_t in x.split(1):
        _, state = lstm(x_t, state)
        states.append(state)
    h, c = (torch.stack(parts) for parts in zip(*states, strict=True))
    return (
        torch.allclose(h[:, -1], output, atol=1e-6)
        and torch.allclose(h[-1], h_n, atol=1e-6)
        and torch.allclose(c[-1], c_n, atol=1e-6)
    )


def takes_steps_first() -> bool:
    """Whether an input with the batch first, turned, is what is expected."""
    rows = module(3, 2, batch_first=True)
    x = randn(5, 4, 3)
    turned, _ = module(3, 2)(x.transpose(0, 1))
    return torch.allclose(rows(x)[0].transpose(0, 1), turned, atol=1e-6)


def is_a_score_for_each_step() -> bool:
    output, (h_n, _) = module(3, 2, num_layers=2)(randn(4, 5, 3))
    scores = (output * h_n[-1]).sum(dim=2)
    return torch.allclose(scores[-1], output[-1].square().sum(dim=1))


def goes_over_time() -> bool:
    """Whether a loop over the columns of rows gives what the module gives."""
    lstm, rows = module(3, 2), randn(5, 4, 3)
    state, outputs = None, []
    for t in range(4):
        output, state = lstm(rows[:, t][None], state)
        outputs.append(output)
    complete, _ = lstm(rows.transpose(0, 1))
    return not lstm.batch_first and torch.allclose(torch.cat(outputs), complete, atol=1e-6)


def fails_in_two_directions() -> bool:
    """Whether step by step the reverse direction is wrong, before the last."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 5, 3)
    state, outputs = None, []
    for x_t in x.split(1):
        output, state = lstm(x_t, state)
        outputs.append(output)
    forward, reverse = (torch.cat(outputs) - lstm(x)[0]).abs().chunk(2, dim=2)
    return forward.max() < 1e-6 < 1e-3 < reverse.amax((1, 2))[:-1].min()


def reaches_the_parameters() -> bool:
    """Whether weights that a cell without memory runs with get a gradient."""
    cell, weights = torch.nn.LSTMCell(3, 2, device="meta"), module(3, 2)
    passed = {name: getattr(weights, f"{name}_l0") for name, _ in cell.named_parameters()}
    h, _ = torch.func.functional_call(cell, passed, (randn(1, 3),))
    h.sum().backward()
    takes_none = all(p.data_ptr() == 0 for p in cell.parameters())
    return takes_none and bool(weights.weight_ih_l0.grad.any())


def is_of_arrays() -> bool:
    """Whether a trace has gates and sums, which no gradient goes through."""
    step = lf.trace(module(3, 2), randn(4, 5, 3)).steps[0]
    return all(isinstance(array, np.ndarray) for array in (step.f, step.z_f, step.c))


def ids_have_no_gradient() -> bool:
    embedding, ids = torch.nn.Embedding(9, 3), torch.ones(4, 5).long()
    try:
        ids.requires_grad_()
    except RuntimeError as error:
        read = embedding(ids).detach().requires_grad_()
        module(3, 2)(read)[0].sum().backward()
        return "floating point" in str(error) and read.grad.any()
    return False


def looks_back_alone() -> bool:
    """Whether no step weighs one ahead of it if the mask says so."""
    heads, few = torch.nn.MultiheadAttention(4, 2), randn(6, 2, 4)
    ahead = torch.ones(6, 6).triu(1).bool()
    _, weights = heads(few, few, few, attn_mask=ahead)
    return not weights.triu(1).any() and bool(weights[:, -1].all())


def runs_alone() -> bool:
    """Whether a reverse direction, alone and turned, gives its half."""
    both, alone = module(3, 2, bidirectional=True), torch.nn.LSTM(3, 2)
    alone.load_state_dict({name: getattr(both, f"{name}_reverse") for name in alone.state_dict()})
    x = randn(4, 5, 3)
    return torch.allclose(alone(x.flip(0))[0].flip(0), both(x)[0][..., 2:], atol=1e-6)
