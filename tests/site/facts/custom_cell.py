"""What `custom-cell` quotes."""

import inspect
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.site.facts.common import OLDER, WEIGHTS, listed, module, randn, session, text
from tests.site.facts.errors import does_nothing_between_layers, refusal
from tests.site.facts.parts import is_dead_with_a_relu
from tests.site.facts_of_pages import figure, network, of_torch, page, record
from tests.site.records import CELLS

PAGE = "custom-cell.md"


def turned() -> tuple[torch.nn.LSTM, torch.nn.LSTM]:
    """An LSTM in both directions, and its reverse one by itself."""
    both, alone = module(3, 2, bidirectional=True), torch.nn.LSTM(3, 2)
    alone.load_state_dict({name: getattr(both, f"{name}_reverse") for name in alone.state_dict()})
    return both, alone


def gives_other_numbers_with_a_relu() -> bool:
    """Whether the same weights give something else with a ReLU."""
    torch.manual_seed(0)
    tanh, relu = torch.nn.RNN(3, 2), torch.nn.RNN(3, 2, nonlinearity="relu")
    relu.load_state_dict(tanh.state_dict())
    x = randn(5, 1, 3)
    return not torch.allclose(tanh(x)[0], relu(x)[0], atol=1e-2)


def reads_from_the_last() -> bool:
    both, alone = turned()
    x = randn(5, 1, 3)
    expected = alone(x.flip(0))[0].flip(0)
    return torch.allclose(both(x)[0][..., 2:], expected, atol=1e-6)


def begins_at_the_end_of_each() -> bool:
    both, alone = turned()
    x = randn(5, 2, 3)
    packed = pack_padded_sequence(x, [5, 3])
    output, _ = pad_packed_sequence(both(packed)[0])
    reverse, _ = alone(x[2:3, 1:])
    return torch.allclose(output[2:3, 1:, 2:], reverse, atol=1e-6)


def does_not_notice_at_first() -> bool:
    lstm, x = module(3, 2), randn(5, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
    after, _ = lstm(x)
    return torch.equal(before[0], after[0]) and not torch.allclose(before, after)


def takes_no_packed_sequence() -> bool:
    packed = pack_padded_sequence(randn(5, 2, 3), [5, 3])
    try:
        torch.nn.LSTMCell(3, 2)(packed)
    except (AttributeError, TypeError):
        return len(module(3, 2)(packed)) == 2
    return False


def keeps_the_state_of_what_has_ended() -> bool:
    lstm, x = module(3, 2), randn(5, 2, 3)
    output, (h_n, c_n) = lstm(pack_padded_sequence(x, [5, 3]))
    _, (h, c) = lstm(x[:3, 1:])
    padded, _ = pad_packed_sequence(output)
    return (
        torch.allclose(h_n[:, 1:], h, atol=1e-6)
        and torch.allclose(c_n[:, 1:], c, atol=1e-6)
        and not padded[3:, 1].any()
    )


def written(c: float) -> torch.Tensor:
    """What a cell writes beside what it keeps of this cell state."""
    torch.manual_seed(0)
    cell = torch.nn.LSTMCell(3, 2)
    x, h = randn(1, 3), randn(1, 2)
    ends = [cell(x, (h, torch.full((1, 2), v)))[1] for v in (c, c + 1)]
    return ends[1] - ends[0]


def is_the_same_for_any_scale() -> bool:
    norm, z = torch.nn.LayerNorm(8), randn(2, 8)
    return torch.allclose(norm(z), norm(10 * z), atol=1e-4)


def draws_before_the_loop() -> bool:
    """Whether the page draws a mask once and multiplies h at each step."""
    code = page("custom-cell").text.partition("def run_locked")[2]
    places = [code.index(w) for w in ("mask = ", "for x_t in", "mask * h")]
    return places == sorted(places)


def loads_neither() -> bool:
    """Whether a wrapped module's weights pass by a plain one."""
    saved = session("custom-cell")["saved"]
    plain = module(3, 2)
    before = {name: t.clone() for name, t in plain.state_dict().items()}
    result = plain.load_state_dict(saved, strict=False)
    return len(result.unexpected_keys) == len(saved) and all(
        torch.equal(before[name], t) for name, t in plain.state_dict().items()
    )


@cache
def from_session(name: str) -> Any:
    """What a session of the page makes, by its name."""
    return session("custom-cell")[name]


def twin(make: Callable[..., torch.nn.Module], **options: Any) -> Any:
    """A module and a cell of the page that has its weights."""
    lstm = module(3, 2)
    return lstm, from_session("with_weights_of")(lstm, make(3, 2, **options))


def is_the_plain_cell(name: str, **options: Any) -> bool:
    lstm, cell = twin(from_session(name), **options)
    x = randn(5, 1, 3)
    return torch.allclose(from_session("run")(cell, x)[0], lstm(x)[0], atol=1e-6)


def has_the_gradient_of_the_module() -> bool:
    lstm, cell = twin(from_session("Cell"))
    x = randn(5, 1, 3)
    lstm(x)[0].sum().backward()
    from_session("run")(cell, x)[0].sum().backward()
    same = torch.allclose(lstm.weight_hh_l0.grad, cell.hh.weight.grad, atol=1e-6)
    return same and "backward" not in vars(from_session("Cell"))


def broadcasts_a_first_state() -> bool:
    cell, x, first = from_session("Cell")(3, 2), randn(4, 3), randn(2)
    h, c = cell(x, first, first)
    expanded = cell(x, *(first.expand(4, 2),) * 2)
    return torch.allclose(h, expanded[0]) and torch.allclose(c, expanded[1])


def is_checked(dtype: torch.dtype, calls: list[int] | None = None) -> bool:
    """Whether differences are close enough to tell."""
    lstm, x = module(3, 2, dtype=dtype), randn(2, 1, 3).to(dtype)

    def run(x: torch.Tensor) -> torch.Tensor:
        if calls is not None:
            calls.append(1)
        return lstm(x)[0]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of float32
        return torch.autograd.gradcheck(run, x.requires_grad_(), raise_exception=False)


def twice_for_each_number() -> bool:
    calls: list[int] = []
    is_checked(torch.float64, calls)
    return 2 * 6 <= len(calls) < 3 * 6


def sees_its_own_c_alone() -> bool:
    cell = from_session("PeepholeCell")(3, 4)
    torch.nn.init.constant_(cell.peephole, 0.5)
    x, h = randn(1, 3), randn(1, 4)
    jacobian = torch.autograd.functional.jacobian(lambda c: cell(x, h, c)[1], randn(1, 4))
    is_apart = torch.equal(jacobian[0, :, 0] != 0, torch.eye(4) == 1)
    return is_apart and cell.peephole.shape == (3, 4)


def moves_if_larger(run: Callable[..., torch.Tensor], cell: Any) -> float:
    """How far results move if weights and biases become ten times as large."""
    before = run(cell)
    with torch.no_grad():
        for name, parameter in cell.named_parameters():
            if "norm" not in name:
                parameter.mul_(10)
    return (run(cell) - before).abs().max().item()


def of_cell(cell: Any) -> torch.Tensor:
    return from_session("run")(cell, randn(5, 1, 3))[0]


def of_normed_output(lstm: Any) -> torch.Tensor:
    return torch.nn.functional.layer_norm(lstm(randn(5, 1, 3))[0], [2])


def grown(name: str) -> float:
    """The largest `h` of a cell whose weights are large."""
    cell = from_session(name)(3, 2)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.fill_(2)
    return from_session("run")(cell, torch.ones(20, 1, 3))[0].max().item()


def is_another_mask(dropout: Callable[..., torch.Tensor]) -> bool:
    """Whether a dropout drops other features at the second step."""
    torch.manual_seed(0)
    dropped = dropout(torch.ones(2, 1, 64))
    return bool((dropped == 0).any()) and not torch.equal(*dropped)


def drops_nothing() -> bool:
    locked, x = from_session("LockedDropout"), randn(5, 1, 3)
    return torch.equal(locked(p=0.0)(x), x) and torch.equal(locked(p=0.5).eval()(x), x)


def shares_a_mask_without_error() -> bool:
    """Whether sequences in the first axis are dropped alike."""
    torch.manual_seed(0)
    dropped = from_session("LockedDropout")(p=0.5)(torch.ones(4, 5, 8))
    alike = torch.equal(dropped, dropped[:1].expand(4, 5, 8))
    return alike and not torch.equal(dropped[:, 0], dropped[:, 1])


def dropped(p: float, training: bool = True) -> torch.Tensor:
    lstm = module(3, 2).train(training)
    return from_session("weight_dropped")(lstm, randn(5, 1, 3), p=p)[0]


def gradients_of_dropped() -> tuple[bool, bool]:
    """Whether weights that were dropped, and others, get a gradient."""
    lstm = module(3, 2)
    from_session("weight_dropped")(lstm, randn(5, 1, 3), p=1.0)[0].sum().backward()
    grads = lstm.weight_hh_l0.grad, lstm.weight_ih_l0.grad
    return bool(grads[0].any()), bool(grads[1].all())


def is_as_before_a_drop() -> bool:
    """Whether the real weight is as it was after a call with zeros."""
    lstm = module(3, 2)
    before = lstm.weight_hh_l0.clone()
    from_session("weight_dropped")(lstm, randn(5, 1, 3), p=0.9)
    return torch.equal(lstm.weight_hh_l0, before)


def left_in_place() -> list[int]:
    """How many weights are left of call to call if zeros are written."""
    weight, left = randn(8, 2), []
    for seed in range(20):
        torch.manual_seed(seed)
        weight.copy_(torch.nn.functional.dropout(weight, 0.5))
        left.append(int(weight.count_nonzero()))
    return left


def weight_normed() -> torch.nn.LSTM:
    return torch.nn.utils.parametrizations.weight_norm(module(3, 2), "weight_hh_l0")


def is_length_times_direction() -> bool:
    normed = weight_normed()
    length, direction = normed.parametrizations.weight_hh_l0.parameters()
    by_hand = length * direction / direction.norm(dim=1, keepdim=True)
    learned = length.requires_grad and direction.requires_grad
    return torch.allclose(normed.weight_hh_l0, by_hand) and length.shape == (4 * 2, 1) and learned


def feels_a_length() -> bool:
    """Whether sums of weights that were normalized grow with a length."""
    normed, x = weight_normed(), randn(5, 1, 3)
    before, _ = normed(x)
    length, _ = normed.parametrizations.weight_hh_l0.parameters()
    with torch.no_grad():
        length.mul_(10)
    return not torch.allclose(normed(x)[0], before, atol=1e-2)


def graphs(name: str, **config: bool) -> int:
    """How many graphs are made of a module of the page."""
    with warnings.catch_warnings(), torch._dynamo.config.patch(**config):
        warnings.simplefilter("ignore")
        return from_session("count_graphs")(from_session(name)(), randn(5, 1, 3))


def is_of_all_inputs_at_once() -> bool:
    cell, x = from_session("Cell")(3, 2), randn(5, 1, 3)
    steps = torch.stack([cell.ih(x_t) for x_t in x])
    return torch.allclose(cell.ih(x), steps, atol=1e-6)


def reads_no_h() -> bool:
    """Whether gates of the page's minGRU are all known beforehand."""
    code = page("custom-cell").text
    return "z, new = to_z(x).sigmoid(), to_new(x)\n" in code


def layered(turned_within: bool) -> bool:
    """Whether two cells, with the batch first, give what two layers give."""
    lstm, x = module(3, 2, num_layers=2, batch_first=True), randn(5, 4, 3)
    lower, upper = torch.nn.LSTM(3, 2), torch.nn.LSTM(2, 2)
    for layer_lstm, layer in ((lower, 0), (upper, 1)):
        layer_lstm.load_state_dict(
            {
                name: getattr(lstm, name.replace("l0", f"l{layer}"))
                for name in layer_lstm.state_dict()
            }
        )
    between, _ = lower(x.transpose(0, 1))
    if turned_within:
        output, _ = upper(between.transpose(0, 1))
    else:
        output = upper(between)[0].transpose(0, 1)
    return torch.allclose(output, lstm(x)[0], atol=1e-6)


def is_made_anew() -> bool:
    normed = weight_normed()
    return normed.weight_hh_l0 is not normed.weight_hh_l0


def is_a_chain() -> bool:
    """Whether the page's rounds give what step by step gives."""
    factors, addends = randn(50, 2).sigmoid(), randn(50, 2, seed=1)
    h, outputs = torch.zeros(2), []
    for k, w in zip(factors, addends, strict=True):
        h = k * h + w
        outputs.append(h)
    result = from_session("chain")(factors, addends)
    return torch.allclose(result, torch.stack(outputs), atol=1e-5)


def is_linear_without_a_function() -> bool:
    """Whether inputs that are added give states that are added, and grow."""

    def state(x):
        h = torch.zeros(2)
        for step in x:
            h = step + 2 * torch.eye(2) @ h
        return h

    first, second = randn(2, 9, 2)
    added = torch.allclose(state(first + second), state(first) + state(second))
    return added and state(torch.ones(30, 2)).min().item() > 1e8


FACTS = (
    *of_torch(
        (
            "the state is a linear function of all inputs, and can grow without limit.",
            is_linear_without_a_function,
        ),
        (
            "The gates have to stay between zero and one, so that they are shares;",
            lambda: torch.tensor([-99.0, 99.0]).sigmoid().tolist() == [0, 1],
        ),
    ),
    *of_torch(
        (
            "If yours has the batch first, turn it once before all layers, "
            "`x.transpose(0, 1)`, and the output once after them; turned "
            "within, the layers above take the batch for steps.",
            lambda: layered(turned_within=False),
            lambda: not layered(turned_within=True),
        ),
        ("If many do, the network gives one value whatever it reads.", is_dead_with_a_relu),
        (
            "The module still runs all steps in one call, with the weight that "
            "is made anew for each.",
            lambda: weight_normed()(randn(9, 1, 3))[0].shape == (9, 1, 2),
            is_made_anew,
        ),
        (
            "this makes it plain again:",
            lambda: (
                {
                    *torch.nn.utils.parametrize.remove_parametrizations(
                        weight_normed(), "weight_hh_l0"
                    ).state_dict()
                }
                == {*module(3, 2).state_dict()}
            ),
        ),
        (
            ", what is left of a step is one multiplication and one addition, "
            "and such a chain can be computed for all steps at once.",
            is_a_chain,
        ),
        (
            "`torch._dynamo.config.allow_rnn = True` lets the LSTM in, as one "
            "call in a single graph;",
            lambda: graphs("Tagger", allow_rnn=True) == 1,
        ),
        (
            ", and one product for all gates, as `Cell` has it.",
            lambda: from_session("Cell")(3, 2).ih.weight.shape == (4 * 2, 3),
        ),
        (
            "`dim=-1` is needed: without it `chunk`, and `split` too, cut the "
            "batch and not the bands.",
            lambda: randn(8, 4).chunk(4)[0].shape == (2, 4),
            lambda: randn(8, 4).split(2)[0].shape == (2, 4),
            lambda: randn(8, 4).chunk(4, dim=-1)[0].shape == (8, 1),
        ),
        (
            "The first state need not have the batch, nor be zeros: PyTorch "
            "*broadcasts* a vector of `hidden_size` numbers to all sequences. "
            "Only `nn.LSTM` wants the axis",
            broadcasts_a_first_state,
            lambda: refusal(lambda: module(3, 2)(randn(5, 4, 3), (randn(2), randn(2)))),
        ),
        (
            "and they accept the weights of `nn.LSTM` as they are.",
            lambda: is_the_plain_cell("Cell"),
        ),
        ("So the weights of a trained module can be copied in.", lambda: is_the_plain_cell("Cell")),
        (
            "Autograd derives it from the operations above, so there is no `backward` to write.",
            has_the_gradient_of_the_module,
        ),
        (
            "Only if you write one, in an `autograd.Function` or a kernel, "
            "compare it with differences of the function itself; that takes "
            "`float64`, since in `float32` rounding is as large as the "
            "differences.",
            lambda: is_checked(torch.float64),
            lambda: not is_checked(torch.float32),
        ),
        (
            "It takes `nn.LSTM` just as well, with few units and steps, as it "
            "calls the function twice for each number of the input.",
            lambda: is_checked(torch.float64),
            twice_for_each_number,
        ),
        (
            "Each unit sees only its own cell state, so a peephole is one number per unit",
            sees_its_own_c_alone,
        ),
        (
            "With all peepholes at zero it is the plain cell. So it can start "
            "from the weights of a trained LSTM and learn the rest.",
            lambda: is_the_plain_cell("PeepholeCell"),
        ),
        (
            "`nn.LSTM` cannot do that, and a norm on its output is not the same.",
            lambda: moves_if_larger(of_normed_output, module(3, 2)) > 0.1,
            lambda: moves_if_larger(of_cell, twin(from_session("LayerNormCell"))[1]) < 0.01,
        ),
        (
            "Without the norms it is the plain cell: With them, making",
            lambda: is_the_plain_cell("LayerNormCell", norm=torch.nn.Identity),
        ),
        (
            "changes next to nothing; in a plain cell it changes a lot:",
            lambda: moves_if_larger(of_cell, twin(from_session("LayerNormCell"))[1]) < 0.01,
            lambda: moves_if_larger(of_cell, twin(from_session("Cell"))[1]) > 0.1,
        ),
        (
            "Give it zeros, which is what `nn.LSTM` begins from: A single cell "
            "has no axis for layers, so it takes `zeros[0]`.",
            lambda: torch.equal(
                module(3, 2)(randn(5, 4, 3))[0],
                module(3, 2)(randn(5, 4, 3), 2 * (torch.zeros(1, 4, 2),))[0],
            ),
            lambda: from_session("Cell")(3, 2)(randn(4, 3), *torch.zeros(2, 4, 2)),
        ),
        (
            "`nn.LSTM` has no argument for it; only `nn.RNN` has "
            '`nonlinearity`, which is `"tanh"` or `"relu"`. It is chosen when '
            "the module is made, so weights of the one give other numbers "
            "[with the other](https://github.com/pytorch/pytorch/issues/72240).",
            gives_other_numbers_with_a_relu,
            lambda: all(
                refusal(lambda kind=kind: kind(3, 2, nonlinearity="relu"))
                for kind in (torch.nn.LSTM, torch.nn.GRU)
            ),
            lambda: (
                [
                    bool(refusal(lambda name=name: torch.nn.RNN(3, 2, 1, name)))
                    for name in ("tanh", "relu", "sigmoid")
                ]
                == [False, False, True]
            ),
        ),
        (
            "With both left out, `c` and `h` are no longer bounded by a function:",
            lambda: grown("Linear") > 1e6 > 1 >= grown("Cell"),
        ),
        (
            "The dropout of `nn.LSTM` draws [another mask at every step]"
            "(layers.md#where-dropout-acts). Locked dropout, also called "
            "variational, draws one mask per sequence and uses it at every "
            "step, so a feature is missing for the whole sequence.",
            lambda: is_another_mask(torch.nn.functional.dropout),
            lambda: not is_another_mask(from_session("LockedDropout")(p=0.5)),
            lambda: from_session("LockedDropout")(p=0.5)(torch.ones(5, 1, 64)).any(),
        ),
        ("Switched off, by `p=0` or `eval()`, it changes nothing:", drops_nothing),
        (
            "`nn.LSTM` has no place for that, so it takes the loop above:",
            lambda: does_nothing_between_layers(1),
        ),
        (
            "Weight dropping sets single weights of `weight_hh` to zero for a "
            "whole call, in place of numbers of `h`.",
            lambda: torch.equal(dropped(0.0), module(3, 2)(randn(5, 1, 3))[0]),
            lambda: not torch.equal(dropped(0.9), dropped(0.0)),
        ),
        ("What is dropped here is a copy, made anew for each call.", is_as_before_a_drop),
        (
            "never gets them back: each call drops some of what is left, until nothing is.",
            lambda: left_in_place() == sorted(left_in_place(), reverse=True),
            lambda: left_in_place()[0] > left_in_place()[-1] == 0,
        ),
        (
            "Gradients reach the real weights, and those that were dropped get zero:",
            lambda: gradients_of_dropped() == (False, True),
        ),
        (
            "both take what `nn.LSTM` returns, so nothing has to be written anew.",
            lambda: from_session("penalty").requires_grad,
        ),
        (
            "; take what is raw, without the prefix of the wrapper:",
            lambda: {*from_session("weights")} == {*module(3, 2).state_dict()},
        ),
        (
            "In use nothing is dropped, so the plain module is all you need.",
            lambda: torch.equal(dropped(0.9, training=False), dropped(0.0)),
        ),
        (
            "`nn.LSTM` has no option for it and needs none: `weight_norm` of "
            "`torch.nn.utils.parametrizations` is applied to one weight, by "
            "its name. It writes the weights of each gate of each unit as a "
            "length times a direction, and both are learned.",
            is_length_times_direction,
        ),
        (
            "It is not [LayerNorm](#layer-normalization), which normalizes the "
            "sums and not the weights.",
            feels_a_length,
            is_the_same_for_any_scale,
        ),
        (
            "In its `state_dict` length and direction stand in place of the weight;",
            lambda: "weight_hh_l0" not in weight_normed().state_dict(),
            lambda: len(weight_normed().state_dict()) == 4 + 1,
        ),
        (
            "leave `h` out of the gates and of the new value. All of these are "
            "then known beforehand",
            reads_no_h,
        ),
        (
            "It leaves `nn.LSTM` out, which runs as it always does; and up to "
            "PyTorch `2.14` it leaves out all that stands in the same "
            "function. Here that is everything: no graph is made, not even of "
            "the linear layers.",
            lambda: (graphs("Tagger") == 0) == OLDER,
        ),
        (
            "Older releases do so as well if the call is in a function of its "
            "own that is left out on purpose:",
            lambda: graphs("CompiledTagger") == 2,
        ),
        (
            "To make a loop of your own quicker, take out of it what does not "
            "need the state: [the products of all inputs at once]"
            "(gradients.md#ensemble)",
            is_of_all_inputs_at_once,
        ),
        (
            "So a file of it has both, and [unexpected keys]"
            "(errors.md#missing-keys) for any other model. `strict=False` "
            "would load neither",
            loads_neither,
        ),
        (
            "in six rounds instead of fifty steps; in each round every step "
            "takes in what lies twice as far back",
            lambda: session("custom-cell")["x"].shape[0] == 50,
            lambda: 2**5 < 50 <= 2**6,
        ),
        (
            "Your own cell is captured as one graph, without a break.",
            lambda: (
                "found.graph_count, found.graph_break_count\n(1, 0)\n" in page("custom-cell").text
            ),
        ),
        (
            "To drop `h` on its way from step to step as well, draw a mask "
            "before the loop and multiply `h` by it at every step.",
            draws_before_the_loop,
        ),
        (
            "A loop reads padding like everything else, and "
            "`pack_padded_sequence` works with the module only.",
            takes_no_packed_sequence,
        ),
        (
            "where one has ended, it keeps the state as it was, and gives "
            "zeros as the output, as [the module does with packed sequences]"
            "(packed.md)",
            keeps_the_state_of_what_has_ended,
        ),
        (
            "In a plain LSTM the gates see `x` and `h`, never `c` itself.",
            lambda: torch.allclose(written(0.0), written(3.0), atol=1e-6),
        ),
        (
            "`nn.LSTM` has no option for them, and no weights.",
            lambda: "peephole" not in inspect.getsource(torch.nn.modules.rnn),
        ),
        (
            "Layer normalization inside the cell keeps the sums of the gates "
            "in one range, whatever the scale of the weights.",
            is_the_same_for_any_scale,
        ),
        (
            "The reverse direction is a cell that reads the steps from the last to the first",
            reads_from_the_last,
        ),
        (
            "The reverse direction has to begin at the last step of each "
            "sequence and not in its padding",
            begins_at_the_end_of_each,
        ),
        (
            "The first step from a zero state does not notice, because there "
            "`weight_hh` is multiplied by zero",
            does_not_notice_at_first,
        ),
        (
            "A second layer is a second cell, which reads the output of the first.",
            lambda: module(3, 4, num_layers=2).weight_ih_l1.shape[1] == 4,
        ),
        (
            "The mask has the shape of one step, `x[:1]`, because steps come "
            "first here. With `batch_first=True` the first axis counts "
            "sequences, so write `x[:, :1]` there. With `x[:1]` all sequences "
            "would share a mask that changes at every step, and there would be "
            "no error:",
            shares_a_mask_without_error,
            lambda: randn(4, 5, 3)[:1].shape == (1, 5, 3),
            lambda: randn(4, 5, 3)[:, :1].shape == (4, 1, 3),
        ),
        (
            "it gives what [`num_layers=2`](layers.md) and "
            "[`bidirectional=True`](directions.md) give",
            lambda: (
                "deep = torch.nn.LSTM(3, 2, num_layers=2, bidirectional=True)"
                in page("custom-cell").text
            ),
        ),
        (
            "The norms have their own weights and biases, so the biases of "
            "both `Linear` layers could be left out.",
            lambda: len(torch.nn.LayerNorm(4).state_dict()) == 2,
        ),
    ),
    *figure(
        ("{:word} of the four gates also see", "len(peephole)"),
        ("which moves `h` of unit 0 by up to {:.2f}", "(own_h - seeing_h)[:, unit].abs().max()"),
        ("for each of these {:word} gates", "len(peephole)"),
        (
            "the input and the forget gate also see the cell state before the "
            "step, and the output gate the one after it",
            "torch.equal(own_cell(torch.tensor([[9.0] * 2, [9.0] * 2, [0.0] * 2]))[0], own_h[0])",
            "not torch.equal(own_cell(torch.tensor("
            "[[0.0] * 2, [0.0] * 2, [9.0] * 2]))[0], own_h[0])",
        ),
        (
            "In the first step from a zero state only the output gate is "
            "affected, since the others see a `c` of zero.",
            "h_0.any() == c_0.any() == False",
        ),
    ),
    *network(
        "cell",
        (
            "{:Word} `Linear` layers have the {:word} tensors of an LSTM: {:word} weights",
            f"{text(PAGE)}.split('def forward')[0].count('nn.Linear(')",
            "len(lstm.state_dict())",
            WEIGHTS,
        ),
        ("normalize {:word} things", f"{text(PAGE)}.count('...         self.norm_')"),
        ("weights and biases {:word} times as large", listed(r"parameter.mul_\((\d+)\)", PAGE)),
        (
            "A [forget bias of {:.0f}](forget-bias.md) then goes into the "
            "norm: `norm_ih.bias`, rows `H:2*H`.",
            listed(r"value=([\d.]+)\)", "forget-bias.md"),
        ),
        ("These are {:word} layers in two directions", listed(r"LayerNormCell, 3, 2, (\d)", PAGE)),
    ),
    *record(
        CELLS,
        *(
            (
                f"| {way} | {{:.1f}} | {{:.1f}} | {{:.1f}} |",
                *(f"of['{size}'][{key!r}]" for size in (16, 64, 256)),
            )
            for way, key in (
                ("`nn.LSTM`", "LSTM, call"),
                ("the loop", "cell, call"),
                ("the loop, with a compiled cell", "compiled, call"),
                ("`nn.LSTM`, with `backward`", "LSTM, training"),
                ("the loop, with `backward`", "cell, training"),
                ("the loop, with a compiled cell, with `backward`", "compiled, training"),
            )
        ),
        ("| Way | {} units | {} units | {} units |", *(f"[*of][{k}]" for k in range(3))),
        ("These are milliseconds for", "bool(milliseconds)"),
        ("for {} steps of {} sequences", "script.STEPS", "script.BATCH"),
        ("they were measured on {} with PyTorch {}, and", "day", "torch"),
        (
            "In training the loop takes {:.1f} to {:.1f} times as long",
            "min(slower('cell', 'training'))",
            "max(slower('cell', 'training'))",
        ),
        (
            "each number is the best of many runs",
            f"{text('code/measure_custom_cell.py')}.count('min(') > 0",
        ),
        (
            "The wider the layer, the less it matters",
            "all(sorted(slower('cell', what))[::-1] == slower('cell', what) "
            "for what in ('call', 'training'))",
        ),
        (
            "Compiling the cell changed little here",
            "all(0.9 < ratio < 1.1 for what in ('call', 'training') "
            "for ratio in slower('compiled', what, 'cell'))",
        ),
    ),
)
