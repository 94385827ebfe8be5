"""What `layers` quotes."""

import inspect
import warnings

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tests.site.facts.common import module, randn, session


def deep(**options):
    """A module of two layers that drops all there is to drop."""
    return module(3, 2, num_layers=2, dropout=1.0, **options)


def reads_what_the_first_made() -> bool:
    """Whether a second layer at a step knows all steps so far, by the first."""
    both, x = module(3, 2, num_layers=2), randn(4, 1, 3).requires_grad_()
    first, second = module(3, 2), module(2, 2)
    for layer, lstm in enumerate((first, second)):
        for name, weight in lstm.named_parameters():
            weight.data = getattr(both, name.replace("_l0", f"_l{layer}")).data
    output = second(first(x)[0])[0]
    (grad,) = torch.autograd.grad(output[2].sum(), x)
    return torch.allclose(output, both(x)[0], atol=1e-6) and grad.any(2).flatten().tolist() == [
        True,
        True,
        True,
        False,
    ]


def drops_what_is_handed_up_alone() -> bool:
    """Whether the upper layer reads zeros, and all else stays as it is."""
    lstm, x = deep(), randn(4, 5, 3)
    lower, upper = torch.nn.LSTM(3, 2), torch.nn.LSTM(2, 2)
    for layer, layer_lstm in enumerate((lower, upper)):
        layer_lstm.load_state_dict(
            {
                name.replace(f"_l{layer}", "_l0"): tensor
                for name, tensor in lstm.state_dict().items()
                if name.endswith(f"_l{layer}")
            }
        )
    output, (h_n, c_n) = lstm(x)
    below, (h, c) = lower(x)
    above, _ = upper(torch.zeros_like(below))
    return all(
        torch.allclose(*pair, atol=1e-6)
        for pair in ((output, above), (h_n[0], h[0]), (c_n[0], c[0]))
    )


def is_another_mask_at_every_step() -> bool:
    """Whether steps that would be equal differ, and calls as well."""
    lstm = module(3, 9, num_layers=2, dropout=0.5)
    with torch.no_grad():
        # The upper layer shows what it reads; no layer remembers.
        for name, parameter in lstm.named_parameters():
            if "hh" in name or name.startswith("weight_ih_l1"):
                parameter.zero_()
            if name.startswith("bias"):
                parameter[9:18] = -50
        lstm.weight_ih_l1[18:27] = torch.eye(9)
    x = torch.ones(2, 1, 3)
    (first, second), (repeated, _) = lstm(x)[0], lstm(x)[0]
    return not torch.allclose(first, second) and not torch.allclose(first, repeated)


def warns_when_it_is_made() -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lstm = module(3, 2, dropout=0.9)
    warnings_at_creation = len(caught)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        same = torch.equal(lstm(randn(4, 3))[0], module(3, 2)(randn(4, 3))[0])
    return warnings_at_creation == 1 and len(caught) == 0 and same


def feels(distance: int) -> list[int]:
    """The steps that feel the first one in a dilated layer."""
    dilated = session("layers")["dilated"]
    lstm, x = module(3, 2), randn(12, 2, 3).requires_grad_()
    depends = [
        torch.autograd.grad(step.sum(), x, retain_graph=True)[0][0].any()
        for step in dilated(lstm, x, distance)
    ]
    return [step for step, is_felt in enumerate(depends) if is_felt]


def has_no_argument(kind: type, *words: str) -> bool:
    """Whether a module is made without an argument of such a name."""
    names = {*inspect.signature(kind).parameters}
    if kind is torch.nn.LSTM:
        names = {*inspect.signature(torch.nn.RNNBase).parameters}
    return not any(word in name for name in names for word in words)


def each_reads_the_whole() -> bool:
    """Whether the top of any stack gives every step, and read all of them."""
    counts = []
    for layers in (1, 2, 3):
        x = randn(4, 1, 3).requires_grad_()
        output, _ = module(3, 2, num_layers=layers)(x)
        (grad,) = torch.autograd.grad(output[-1].sum(), x)
        counts.append((len(output), grad.any(2).sum().item()))
    return counts == 3 * [(4, 4)]


def top_is_of_biases() -> bool:
    """Whether a deep stack says the same of all, and zero without biases."""
    x = randn(5, 9, 16)
    deep, bare = (module(16, 16, num_layers=8, bias=bias)(x)[0][-1] for bias in (True, False))
    return deep.std(0).max() < 0.01 < 0.03 < deep.abs().mean() and (bare.abs().max() < 0.001)


def has_to_add_only() -> bool:
    """Whether layers with a way around that show nothing change nothing."""
    lstms = [torch.nn.LSTM(3, 3) for _ in range(4)]
    with torch.no_grad():
        for parameter in torch.nn.ModuleList(lstms).parameters():
            parameter.zero_()
    x = randn(4, 5, 3)
    return torch.equal(session("layers")["residual"](lstms, x), x)


def is_one_product() -> bool:
    """Whether a linear layer before an LSTM is a product with its weight."""
    between, upper = torch.nn.Linear(8, 4, bias=False), module(4, 2)
    shorter, x = module(8, 2), randn(5, 2, 8)
    weights = dict(upper.state_dict())
    weights["weight_ih_l0"] = upper.weight_ih_l0.detach() @ between.weight
    shorter.load_state_dict(weights)
    return torch.allclose(upper(between(x))[0], shorter(x)[0], atol=1e-6)


def packed_data() -> torch.Tensor:
    return module(3, 5)(pack_padded_sequence(randn(4, 2, 3), [4, 2]))[0].data


def takes_no_packed_sequence() -> bool:
    packed = pack_padded_sequence(randn(4, 2, 3), [4, 2])
    try:
        torch.nn.Dropout(0.5)(packed)
    except TypeError:
        return torch.nn.Dropout(0.5)(packed.data).shape == (6, 3)
    return False


def norms_each_step_alone() -> bool:
    """Whether another step or sequence changes nothing of a step's norm."""
    norm, output = torch.nn.LayerNorm(3), randn(4, 5, 3)
    other = output.clone()
    other[1:] += randn(3, 5, 3, seed=1)
    other[:, 1:] *= 2
    return torch.equal(norm(output)[0, 0], norm(other)[0, 0])


def batch_norm_takes(sequences: int) -> bool:
    """Whether BatchNorm of three features runs on an output as it is."""
    try:
        torch.nn.BatchNorm1d(3)(randn(4, sequences, 3))
    except RuntimeError:
        return False
    return True


def would_know_the_end() -> bool:
    """Whether a first output feels the last input by a state from below."""
    below, top = module(3, 2), module(2, 2)
    x = randn(4, 1, 3).requires_grad_()
    output, state = below(x)
    felt = [
        torch.autograd.grad(top(output, first)[0][0].sum(), x, retain_graph=True)
        for first in (None, state)
    ]
    return [grad[-1].any().item() for (grad,) in felt] == [False, True]


def is_noise() -> bool:
    """Whether random first states give one and the same input many outputs."""
    first = torch.randn(2, 1, 99, 2, generator=torch.Generator().manual_seed(0))
    output, _ = module(3, 2)(torch.ones(1, 99, 3), tuple(first))
    return bool((output.std(dim=1) > 0.05).all())


def is_a_part_of_a_wider_layer() -> bool:
    """Whether the page's wider layer does the same, with zeros in between."""
    names = session("layers")
    wide = names["wide"]
    return (
        torch.allclose(wide(names["kinds"])[0], names["pair"], atol=1e-6)
        and (wide.weight_ih_l0 == 0).float().mean() == 0.5
        and (wide.weight_hh_l0 == 0).float().mean() == 0.5
    )


def count(*modules: torch.nn.Module) -> int:
    return sum(p.numel() for model in modules for p in model.parameters())
