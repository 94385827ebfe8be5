"""What `gradients` quotes."""

import warnings

import torch
from torch.func import functional_call, grad, stack_module_state, vmap

from tests.site.facts.common import module, randn, session


def saved_tensors(node) -> list[torch.Tensor]:
    """The tensors that a node of the graph keeps."""
    saved = [getattr(node, n) for n in dir(node) if n.startswith("_saved")]
    return [value for value in saved if isinstance(value, torch.Tensor)]


def sigmoid_keeps_its_result() -> bool:
    gate = randn(3).requires_grad_().sigmoid()
    (result,) = saved_tensors(gate.grad_fn)
    named = gate.grad_fn.name() == "SigmoidBackward0"
    return named and torch.equal(result, gate)


def addition_keeps_nothing() -> bool:
    a = randn(3).requires_grad_()
    node = (a + 2 * a).grad_fn
    return node.name() == "AddBackward0" and saved_tensors(node) == []


def nodes(dtype: torch.dtype) -> int:
    """How many nodes the graph of five steps has."""
    lstm = module(3, 2, dtype=dtype)
    seen, new = set(), [lstm(randn(5, 1, 3).to(dtype))[0].grad_fn]
    while new:
        node = new.pop()
        if node not in seen and node is not None:
            seen.add(node)
            new += [after for after, _ in node.next_functions]
    return sum("Accumulate" not in node.name() for node in seen)


def gradients(dtype: torch.dtype) -> tuple[torch.Tensor, ...]:
    """Those of both biases."""
    lstm = module(3, 8, dtype=dtype)
    biases = lstm.bias_ih_l0, lstm.bias_hh_l0
    result = lstm(randn(9, 4, 3).to(dtype))[0].sum()
    return torch.autograd.grad(result, biases)


def pulled(make, size: float) -> float:
    """How far weight decay alone moves a number of this size."""
    number = torch.nn.Parameter(torch.tensor([size]))
    optimizer = make([number], lr=0.01, weight_decay=0.1)
    number.grad = torch.zeros(1)
    optimizer.step()
    return size - number.item()


def pulls_by_size(make) -> bool:
    return 9 < pulled(make, 10.0) / pulled(make, 1.0) < 11


def moves_twice_as_far() -> bool:
    """Whether SGD moves the sum of biases twice as far as it moves each."""
    lstm = module(3, 2)
    before = lstm.bias_ih_l0.clone(), lstm.bias_hh_l0.clone()
    lstm(randn(5, 1, 3))[0].sum().backward()
    torch.optim.SGD(lstm.parameters(), lr=0.5).step()
    ih, hh = lstm.bias_ih_l0 - before[0], lstm.bias_hh_l0 - before[1]
    return torch.allclose(ih + hh, 2 * ih) and torch.allclose(ih, hh)


def adam_moves_alike() -> bool:
    lstm = module(3, 2)
    before = lstm.bias_ih_l0.clone(), lstm.bias_hh_l0.clone()
    lstm(randn(5, 1, 3))[0].sum().backward()
    torch.optim.Adam(lstm.parameters(), lr=0.5).step()
    ih, hh = lstm.bias_ih_l0 - before[0], lstm.bias_hh_l0 - before[1]
    return torch.allclose(ih, hh) and ih.abs().min() > 0


def is_stored_by_backward() -> bool:
    lstm = module(3, 2)
    output, _ = lstm(randn(5, 1, 3))
    before = lstm.weight_ih_l0.grad
    output.sum().backward()
    return before is None and lstm.weight_ih_l0.grad is not None


def of_weights(first: float = 0.0) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Gradients of a cell over four steps, and the same by hand."""
    cell = torch.nn.LSTMCell(3, 2)
    h = c = torch.full((1, 2), first)
    steps = []
    for x in randn(4, 1, 3):
        z = x @ cell.weight_ih.T + cell.bias_ih + cell.bias_hh
        z = z + h @ cell.weight_hh.T
        z.retain_grad()
        steps.append((z, h, x))
        i, f, g, o = z.chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    h.sum().backward()
    return {name: parameter.grad for name, parameter in cell.named_parameters()}, {
        "weight_hh": sum(z.grad.T @ h for z, h, _ in steps),
        "weight_ih": sum(z.grad.T @ x for z, _, x in steps),
        "bias_ih": sum(z.grad[0] for z, _, _ in steps),
        "bias_hh": sum(z.grad[0] for z, _, _ in steps),
    }


def is_the_sum_over_steps() -> bool:
    return all(
        torch.allclose(by_autograd[name], by_hand[name], atol=1e-6)
        for by_autograd, by_hand in (of_weights(), of_weights(0.5))
        for name in by_autograd
    )


def has_zeros_in_one_step(state: torch.Tensor | None = None) -> list[str]:
    """The weights whose gradient is zero after a single step."""
    lstm = module(3, 2)
    hx = None if state is None else (state, state)
    lstm(randn(1, 1, 3), hx)[0].sum().backward()
    return [n for n, p in lstm.named_parameters() if not p.grad.any()]


def after(use) -> list[bool]:
    """Of an LSTM and a readout, in whose weights a gradient is `None`."""
    lstm, readout = module(3, 2), torch.nn.Linear(2, 1)
    use(lstm, readout, lambda: lstm(randn(5, 1, 3))[0])
    return [{p.grad is None for p in model.parameters()} == {True} for model in (lstm, readout)]


def is_cut_off_by(cut) -> bool:
    return after(lambda _, readout, run: readout(cut(run())).sum().backward()) == [True, False]


def is_not_used(_, readout, run) -> None:
    run()
    readout(randn(1, 2)).sum().backward()


def is_frozen(lstm, readout, run) -> None:
    lstm.requires_grad_(False)
    readout(run()).sum().backward()


def cannot_fall(end) -> bool:
    """Whether a loss of what stands at the end gives zeros everywhere."""
    lstm = module(3, 1)
    end(lstm(randn(5, 4, 3))[0]).backward()
    return not any(p.grad.any() for p in lstm.parameters())


def stuck(size: int, *, normal: bool) -> float:
    """The share of gates that are nearly zero or one."""
    cell = torch.nn.LSTMCell(3, size)
    if normal:
        torch.nn.init.normal_(cell.weight_hh)
    gates = (randn(100, size).tanh() @ cell.weight_hh.T).sigmoid()
    return ((gates < 0.01) | (gates > 0.99)).float().mean().item()


OPTIMIZERS = torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD


def leads_to_the_leaves() -> bool:
    """Whether a graph is followed from a result to its leaves."""
    weight = randn(3).requires_grad_()
    result = (weight * 2).sum()
    ((node, _),) = result.grad_fn.next_functions
    ((leaf, _), *_) = node.next_functions
    return leaf.variable is weight


def clipping_only_shortens() -> bool:
    """Whether it leaves a short gradient as it is, and no direction turns."""
    clipped = []
    for size in (0.01, 50.0):
        number = torch.nn.Parameter(torch.zeros(3))
        number.grad = size * torch.tensor([0.6, 0.0, -0.8])
        torch.nn.utils.clip_grad_norm_([number], 1.0)
        clipped.append(number.grad)
    short, long = clipped
    return torch.equal(short, 0.01 * torch.tensor([0.6, 0.0, -0.8])) and torch.allclose(
        long, torch.tensor([0.6, 0.0, -0.8]), atol=1e-5
    )


def moves_once_if_one_is_frozen() -> bool:
    """Whether the sum of biases then moves as far as one of them."""
    lstm = module(3, 2)
    lstm.bias_hh_l0.requires_grad_(False)
    before = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach()
    lstm(randn(5, 1, 3))[0].sum().backward()
    torch.optim.SGD(lstm.parameters(), lr=0.5).step()
    moved = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach() - before
    return torch.allclose(moved, -0.5 * lstm.bias_ih_l0.grad, atol=1e-6)


def cancels_no_longer(make) -> bool:
    """Whether what two biases learn depends on how far they are apart."""
    return not session("gradients")["learns_as_one"](
        lambda lstm: make(lstm.parameters(), lr=0.01, weight_decay=0.01)
    )


def told_by_vmap(*, grads: bool, kind: type = torch.nn.LSTM) -> str:
    """What PyTorch says where `vmap` runs a module, with `grad` or alone."""
    models = [kind(3, 2) for _ in range(2)]
    weights, _ = stack_module_state(models)
    zero, x = torch.zeros(1, 2), randn(1, 3)

    def run(weights: dict[str, torch.Tensor]) -> torch.Tensor:
        result = functional_call(models[0], weights, (x, (zero, zero)))
        return result[0].sum()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            vmap(grad(run) if grads else run)(weights)
        except RuntimeError as error:
            return str(error)
    return " ".join(str(warning.message) for warning in caught)


def lacks_an_axis() -> bool:
    """Whether zeros that the module makes itself have none for sequences."""
    lstm = module(3, 2, dtype=torch.float64)
    weights, x = dict(lstm.state_dict()), randn(4, 5, 3).double()

    def loss(weights: dict[str, torch.Tensor], sequence: torch.Tensor):
        return functional_call(lstm, weights, (sequence[:, None],))[0].sum()

    try:
        vmap(grad(loss), in_dims=(None, 1))(weights, x)
    except RuntimeError as error:
        return "doesn't match the broadcast shape" in str(error)
    return False
