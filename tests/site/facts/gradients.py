"""What `gradients` quotes."""

import warnings

import torch
from torch.func import functional_call, grad, stack_module_state, vmap
from torch.nn.functional import mse_loss

from tests.processor import has_onednn
from tests.site.facts.claims import only_the_sum_counts
from tests.site.facts.common import BIASES, listed, module, randn, session
from tests.site.facts.forget_bias import kept_at_first
from tests.site.facts.porting import is_one_bias
from tests.site.facts.why_two_states import fades_by_f
from tests.site.facts_of_pages import figure, network, of_torch

PAGE = "gradients.md"


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


FACTS = (
    *of_torch(
        (
            "At each step `weight_hh` multiplies the `h` of the step before. "
            "So a step gives it the derivative by `z`, the sums before the "
            "gates, times that earlier `h`, and the steps are added up. The "
            "first step has the first state there; where that is zeros, it "
            "adds nothing.",
            is_the_sum_over_steps,
            lambda: has_zeros_in_one_step() == ["weight_hh_l0"],
            lambda: has_zeros_in_one_step(randn(1, 1, 2)) == [],
        ),
        (
            "With `x_t` in place of the earlier `h` it is the gradient of "
            "`weight_ih`, and with a one that of each bias.",
            is_the_sum_over_steps,
        ),
        (
            "## A gradient is None, or zero",
            lambda: after(is_not_used) == [True, False],
            lambda: cannot_fall(lambda output: (0 * output).sum()),
        ),
        (
            "`None` says that no way leads from "
            "the loss to that weight; zero, that something on the way "
            "multiplies by zero.",
            lambda: after(is_not_used) == [True, False],
            lambda: cannot_fall(lambda output: (0 * output).sum()),
        ),
        (
            "| What you see | What it may be | | --- | --- | "
            "| `None` in every weight | It was asked before `backward`, or "
            "after `zero_grad` | | `None` in a part of the model | What that "
            "part gave is not used, or was [cut off](errors.md#no-grad), by "
            "`detach`, `.data` or a tensor made anew of its numbers; or the "
            "part is frozen |",
            lambda: after(lambda *_: None) == [True, True],
            lambda: (
                after(
                    lambda lstm, readout, run: (readout(run()).sum().backward(), lstm.zero_grad())
                )
                == [True, False]
            ),
            lambda: after(is_not_used) == [True, False],
            lambda: after(is_frozen) == [True, False],
            lambda: is_cut_off_by(torch.Tensor.detach),
            lambda: is_cut_off_by(lambda output: output.data),
            lambda: is_cut_off_by(lambda output: torch.tensor(output.tolist())),
        ),
        (
            "| Zero in every weight | A loss that cannot fall: the prediction "
            "is compared with itself, a ReLU at the end gives only zeros, or "
            "[a single output has a softmax](not-learning.md#one-output) |",
            lambda: cannot_fall(lambda output: mse_loss(output, output)),
            lambda: cannot_fall(lambda output: (output - 9).relu().sum()),
            lambda: cannot_fall(lambda output: output.softmax(dim=2).sum()),
        ),
        (
            "| Zero in `weight_hh` alone | Every call has a single step and "
            "begins from zeros: [it does not use the "
            "past](not-learning.md#state) |",
            lambda: has_zeros_in_one_step() == ["weight_hh_l0"],
        ),
        (
            "| Close to zero, in a cell of your own | Gates that are stuck at "
            "their ends, because the weights are too large |",
            lambda: stuck(256, normal=True) > 1 / 2 > stuck(256, normal=False),
        ),
        (
            "with 256 units more than half of the gates are then within a "
            "hundredth of zero or one, where a sigmoid is flat.",
            lambda: stuck(256, normal=True) > 1 / 2,
        ),
        (
            "[The weights that PyTorch draws](forget-bias.md#initialization) "
            "are smaller the more units there are.",
            lambda: stuck(256, normal=False) == 0.0,
            lambda: (
                module(3, 4).weight_hh_l0.abs().max()
                > 1 / 256**0.5
                >= module(3, 256).weight_hh_l0.abs().max()
            ),
        ),
    ),
    *of_torch(
        ("Clipping does not, since it only shortens what is too long.", clipping_only_shortens),
        ("Along the cell state alone a gradient is", fades_by_f),
        (
            "If that matters, freeze one of them with `lstm.bias_hh_l0.requires_grad_(False)`.",
            moves_once_if_one_is_frozen,
        ),
        (
            "to one bias and take it from the other, which changes no output, and compare",
            only_the_sum_counts,
        ),
        (
            ", so what it takes from one bias and gives to the other no longer cancels.",
            lambda: cancels_no_longer(torch.optim.Adam),
            lambda: not cancels_no_longer(torch.optim.AdamW),
        ),
        (
            "oneDNN is off meanwhile, because `vmap` does not know it: PyTorch "
            "would warn of *a performance drop*, and run one sequence after "
            "the other.",
            lambda: ("performance drop" in told_by_vmap(grads=True)) == has_onednn(),
        ),
        (", writes into zeros that have no axis for the sequences:", lacks_an_axis),
        (
            "### `vmap` over several LSTMs: Batching rule not implemented for aten::lstm.input",
            lambda: (
                "Batching rule not implemented for aten::lstm.input" in told_by_vmap(grads=False)
            ),
        ),
        (
            "so their weights can be stacked, and `vmap` could run all of them "
            "at once; but it does not know `nn.LSTM`, nor `nn.LSTMCell`. "
            "Above, `grad` takes the call apart before `vmap` sees it. Without "
            "`grad`, write the step out:",
            lambda: "not implemented" in told_by_vmap(grads=False),
            lambda: "not implemented" in told_by_vmap(grads=False, kind=torch.nn.LSTMCell),
            lambda: "not implemented" not in told_by_vmap(grads=True),
        ),
    ),
    *network(
        "gradient-distance",
        (
            "an LSTM is hardly better at that than a plain RNN",
            "norms['RNN'][0] < 1e-12 and norms['0'][0] < 1e-12",
        ),
    ),
    *network(
        "cell",
        ("over {:word} times as strongly", listed(r"range\(10\)\) > (\d+)\nTrue", PAGE)),
        ("one bias, written as a sum of {:word} numbers", BIASES),
        ("add {} to one bias", listed(r"in \(0, (\d+)\)", PAGE)),
        ("what {:word} steps of training make", listed(r"for _ in range\((\d+)\)", PAGE)),
    ),
    *figure(
        ("Both biases receive the same gradient", "torch.allclose(grad_bias_ih, grad_bias_hh)")
    ),
    *of_torch(
        ("`backward` follows this graph from `h` or `c` to the leaves.", leads_to_the_leaves),
        (
            "On that detour a gradient can grow with the distance, as in a plain RNN.",
            lambda: max(map(session("gradients")["growth"], range(10))) > 1,
        ),
        ("`bias_ih` and `bias_hh` are added before anything else happens to them.", is_one_bias),
        (
            "Adam, which divides by the size of the gradients, moves both alike too",
            adam_moves_alike,
        ),
        (
            "With any of them the pull also takes a [forget bias]"
            "(forget-bias.md) back towards zero.",
            lambda: all(pulled(make, 1.0) > 0 for make in OPTIMIZERS),
        ),
        ("Nothing is stored in a weight while the step runs.", is_stored_by_backward),
        ("one step of plain SGD moves their sum twice as far as it moves each", moves_twice_as_far),
        (
            "Plain SGD moves both, and with them the sum twice as far as it "
            "would move a single bias.",
            moves_twice_as_far,
        ),
        (
            "Its forget gates are about one half, so half of the cell state is "
            "gone at every step, and half of the gradient with it.",
            lambda: abs(kept_at_first() - 1 / 2) < 0.05,
        ),
        (
            "So two biases that differ are pulled differently, although their "
            "gradients are the same.",
            lambda: pulled(torch.optim.SGD, 1.0) != pulled(torch.optim.SGD, 2.0),
            lambda: torch.allclose(*gradients(torch.float32)),
        ),
        ("a `SigmoidBackward0` keeps its result: the gate", sigmoid_keeps_its_result),
        ("An addition keeps nothing.", addition_keeps_nothing),
        (
            "`nn.LSTM` records less: on a CPU, in `float32`, one node for all steps",
            lambda: (nodes(torch.float32) < 5) == has_onednn(),
            lambda: nodes(torch.float64) > 5,
        ),
        (
            "multiplied by forget gates, which never exceed one",
            lambda: torch.tensor(99.0).sigmoid() == 1,
        ),
        (
            "in oneDNN bit for bit, while PyTorch's own code adds in",
            lambda: torch.equal(*gradients(torch.float32)) == has_onednn(),
            lambda: not torch.equal(*gradients(torch.float64)),
        ),
        (
            "pulls each parameter towards zero, the more strongly the larger it is",
            lambda: 0 < pulled(torch.optim.SGD, 1.0) < pulled(torch.optim.SGD, 2.0),
        ),
        (
            "`Adam` adds the pull to the gradient and then divides by its size",
            lambda: not pulls_by_size(torch.optim.Adam),
        ),
        (
            "`AdamW` keeps the pull out of that division, and `SGD` does not divide",
            lambda: pulls_by_size(torch.optim.AdamW) and pulls_by_size(torch.optim.SGD),
        ),
    ),
)
