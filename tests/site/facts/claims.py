"""What pages say of the module as a whole, apart from single gates."""

from functools import cache

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tests.doc_scripts import load
from tests.site.conftest import ROOT
from tests.site.facts.batch import stays_in_its_row
from tests.site.facts.common import (
    OLDER,
    are_rows_of_bands,
    is_the_last_step,
    module,
    randn,
    returned,
)
from tests.site.facts.layers import drops_what_is_handed_up_alone
from tests.site.facts.parts import keeps
from tests.site.facts_of_pages import Fact, of_torch


@cache
def felt(result: str, state: str, units: int = 4) -> torch.Tensor:
    """Which units of a result depend on which units of a state before it."""
    lstm, x = module(3, units), randn(1, 3)

    def step(h: torch.Tensor, c: torch.Tensor) -> torch.Tensor:
        output, (_, c_n) = lstm(x, (h[None], c[None]))
        return (output if result == "h" else c_n)[0]

    jacobians = torch.autograd.functional.jacobian(step, (randn(units), randn(units, seed=1)))
    return jacobians["hc".index(state)] != 0


def is_apart(result: str) -> bool:
    """Whether each unit depends on its own `c` before, and on no other."""
    return torch.equal(felt(result, "c"), torch.eye(4) == 1)


def steps_felt(step: int, **options: bool) -> list[int]:
    """The steps of the input that an output depends on."""
    x = randn(4, 1, 3).requires_grad_()
    output, _ = module(3, 2, **options)(x)
    (grad,) = torch.autograd.grad(output[step].sum(), x)
    return grad.any(2).any(1).nonzero().flatten().tolist()


def steps_felt_without_a_batch() -> list[int]:
    """The rows that the last result of a matrix depends on."""
    x = randn(3, 3).requires_grad_()
    output, _ = module(3, 2)(x)
    (grad,) = torch.autograd.grad(output[-1].sum(), x)
    return grad.any(1).nonzero().flatten().tolist()


def gradients(batch: int) -> list[torch.Tensor]:
    lstm = module(3, 2)
    lstm(randn(4, batch, 3))[0].sum().backward()
    return [p.grad for p in lstm.parameters() if p.grad is not None]


def remembers_nothing() -> bool:
    cell, x = torch.nn.LSTMCell(3, 2), randn(5, 3)
    return all(map(torch.equal, cell(x), cell(x)))


def is_in_order(*words: str) -> bool:
    """Whether a listing of `classifier` has them one after the other."""
    text = (ROOT / "docs" / "code" / "classifier.py").read_text("utf-8")
    places = [text.index(word) for word in words]
    return places == sorted(places)


def spread(together: bool) -> float:
    """The spread of a small series, scaled with a large one or alone."""
    small, large = randn(50) + 3, 1e4 * randn(50, seed=1)
    by = torch.cat([small, large]) if together else small
    return ((small - by.mean()) / by.std()).std().item()


@cache
def written(start: str) -> str:
    """What the model of `character-model` writes from a seed."""
    script = load("characters")
    model = script.load(ROOT / "docs" / "code" / "characters.safetensors")
    torch.manual_seed(0)
    return script.write(model, start, 200, 0.7)


def forgets_its_beginning() -> bool:
    """Whether texts begin differently and end alike."""
    texts = [written(letter) for letter in "ABS"]
    return len({t[1:20] for t in texts}) == 3 and len({t[-50:] for t in texts}) == 1


def is_refused(x: torch.Tensor, state: torch.Tensor, why: str) -> bool:
    try:
        torch.nn.LSTMCell(5, 3)(x, (state, state))
    except (IndexError, RuntimeError) as error:
        return why in str(error)
    return False


@cache
def read_by_calls(start: str) -> list[int]:
    """How many characters each call of the model reads."""
    script = load("characters")
    model = script.load(ROOT / "docs" / "code" / "characters.safetensors")
    lengths: list[int] = []
    model.register_forward_pre_hook(lambda _, inputs: lengths.append(len(inputs[0])))
    script.write(model, start, 4, 0.7)
    return lengths


def begins_where_a_sequence_ends() -> bool:
    """Whether the reverse half of the last step has read that step alone."""
    x = randn(4, 1, 3).requires_grad_()
    output, _ = module(3, 2, bidirectional=True)(x)
    (grad,) = torch.autograd.grad(output[-1, :, 2:].sum(), x)
    return grad.any(2).flatten().tolist() == [False, False, False, True]


def turns_a_sum() -> bool:
    """Whether a sum of gradients that were clipped has another direction."""
    long, short = 9 * randn(3), randn(3, seed=1) / 9
    clipped = long / long.norm() + short
    return torch.cosine_similarity(clipped, long + short, dim=0) < 0.999


def learns_from_before(is_detached: bool) -> bool:
    """Whether a step has a gradient for the input of the step before it."""
    x, lstm = randn(1, 1, 3).requires_grad_(), module(3, 2)
    _, state = lstm(x)
    if is_detached:
        state = tuple(part.detach() for part in state)
    output, _ = lstm(randn(1, 1, 3), state)
    (grad,) = torch.autograd.grad(output.sum(), x, allow_unused=True)
    return grad is not None


def only_the_sum_counts() -> bool:
    lstm, x = module(3, 2), randn(4, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.bias_ih_l0 += 1
        lstm.bias_hh_l0 -= 1
    return torch.allclose(lstm(x)[0], before, atol=1e-6)


def is_in_no_order() -> bool:
    """Whether exchanged units give exchanged results."""
    lstm, x, turned = module(3, 4), randn(4, 1, 3), torch.tensor([2, 0, 3, 1])
    before, _ = lstm(x)
    rows = torch.cat([turned + 4 * band for band in range(4)])
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.copy_(parameter[rows])
        lstm.weight_hh_l0.copy_(lstm.weight_hh_l0[:, turned])
    return torch.allclose(lstm(x)[0], before[..., turned], atol=1e-6)


CLAIMS: dict[str, tuple[Fact, ...]] = {
    "directions": of_torch(
        ("The reverse direction begins where a sequence ends.", begins_where_a_sequence_ends)
    ),
    "nan": of_torch(
        (
            "Clipping in between would shorten some parts of the sum more than "
            "others, and so turn it.",
            turns_a_sum,
        )
    ),
    "chunks": of_torch(
        (
            "An update for each single step learns nothing of how to "
            "remember, since a gradient ends where the state was detached",
            lambda: learns_from_before(False),
            lambda: not learns_from_before(True),
        )
    ),
    "whole-pass": of_torch(("`c_prev`, which no weight touches.", lambda: is_apart("c"))),
    "character-model": of_torch(
        (
            "Each call after that reads one character, and the state of the call before",
            lambda: read_by_calls("Shall")[:2] == [5, 1],
            lambda: {*read_by_calls("Shall")[1:]} == {1},
        ),
        (
            "The seed is the same and the beginning is a single character, "
            "which is soon forgotten: the same numbers are drawn, and after a "
            "few steps they decide.",
            forgets_its_beginning,
        ),
    ),
    "errors": of_torch(
        (
            "If your input is a batch of single steps, it lacks an axis for time.",
            lambda: steps_felt_without_a_batch() == [0, 1, 2],
        ),
        (
            "- **Got**: A step of one sequence, as `x[t]` of `(steps, "
            "features)` is, and a state for a batch; where the message ends in "
            "*1D tensor*, it is the other way round. Before PyTorch `2.15` the "
            "messages were "
            "`hidden0 has inconsistent hidden_size: got 2, expected 3` and "
            "`Input batch size 2 doesn't match hidden0 batch size 3`",
            lambda: is_refused(
                randn(5), randn(2, 3), "hidden0 has inconsi" if OLDER else "but got 3D tensor"
            ),
            lambda: is_refused(
                randn(2, 5), randn(3), "Input batch size 2" if OLDER else "but got 1D tensor"
            ),
        ),
        (
            "Where the batch happened to be as large as `hidden_size`, older "
            "releases did not notice: with a batch in the state alone",
            lambda: OLDER or is_refused(randn(5), randn(3, 3), "got 3D tensor"),
        ),
        (
            "and with one in the step alone it said [`Dimension out of range "
            "(expected to be in range of [-1, 0], but got 1)`]",
            lambda: is_refused(
                randn(3, 5), randn(3), "[-1, 0], but got 1" if OLDER else "but got 1D tensor"
            ),
        ),
    ),
    "batch-size": of_torch(
        (
            "with several layers or directions it is too long, so that "
            "predictions and targets do not match in number; `h_n[-1]` and",
            lambda: returned(num_layers=3)[1][0].view(-1, 2).shape[0] == 15,
            lambda: returned(num_layers=3)[1][0][-1].shape[0] == 5,
        )
    ),
    "packed": of_torch(
        (
            "so `batch_sizes[0]` is the size of the batch, whatever `batch_first` was.",
            lambda: all(
                pack_padded_sequence(x, torch.tensor([4, 2]), batch_first=rows).batch_sizes[0] == 2
                for x, rows in ((randn(4, 2, 3), False), (randn(2, 4, 3), True))
            ),
        )
    ),
    "why-a-memory": of_torch(
        ("An LSTM adds to its memory instead of rebuilding it.", keeps),
        (
            "with each new sequence it begins from zero.",
            lambda: torch.equal(
                module(3, 2)(randn(4, 1, 3))[0],
                module(3, 2)(randn(4, 1, 3), 2 * (torch.zeros(1, 1, 2),))[0],
            ),
        ),
    ),
    "keep-write-show": of_torch(
        (
            "It makes two vectors, `c` and `h`, where a plain RNN makes one.",
            lambda: len(torch.nn.LSTMCell(3, 2)(randn(1, 3))) == 2,
            lambda: torch.nn.RNNCell(3, 2)(randn(1, 3)).shape == (1, 2),
        ),
        (
            "The sign ⊙ means that each unit multiplies its own numbers, and no others.",
            lambda: is_apart("c"),
        ),
        ("Nothing outside a unit ever sees its cell state as it is.", lambda: is_apart("h")),
    ),
    "why-two-states": of_torch(
        (
            "A GRU, too, [gets by with one vector](#one-state), though it has gates.",
            lambda: isinstance(torch.nn.GRU(3, 2)(randn(4, 1, 3))[1], torch.Tensor),
        ),
        (
            "all gates of the next step read it",
            lambda: felt("c", "h").all() and felt("h", "h").all(),
        ),
    ),
    "four-weights": of_torch(
        (
            "Every gate reads **all** of the input; nothing is divided among the gates.",
            lambda: module(3, 2).weight_ih_l0.shape == (4 * 2, 3),
            lambda: module(3, 2).weight_ih_l0.all(),
        )
    ),
    "weight-map": of_torch(
        ("in the equations only their sum counts.", only_the_sum_counts),
        ("The bands are always in the order input, forget, cell, output.", are_rows_of_bands),
        (
            "`hidden_size` is **not** the number of time steps.",
            lambda: module(3, 2)(randn(9, 1, 3))[0].shape == (9, 1, 2),
        ),
        (
            "In training both [receive the same gradient](gradients.md#two-biases-learn-as-one)",
            lambda: torch.allclose(*gradients(5)[2:]),
        ),
    ),
    "independence": of_torch(
        ("The order of the units means nothing.", is_in_no_order),
        (
            "Every unit of `h` depends on every unit of the previous `h`.",
            lambda: felt("h", "h").all(),
        ),
        (
            "the gates read the hidden state before it; from there on each goes its own way.",
            lambda: felt("c", "h").all() and is_apart("c"),
        ),
    ),
    "step": of_torch(
        (
            "Both `x` and `h` enter all four bands.",
            lambda: module(3, 2).weight_ih_l0.shape == (4 * 2, 3),
            lambda: module(3, 2).weight_hh_l0.shape == (4 * 2, 2),
        ),
        (
            "From here on nothing crosses from one unit to another.",
            lambda: is_apart("c") and is_apart("h"),
        ),
    ),
    "state": of_torch(
        (
            "The cell states before the last, and the gates of any step, are not returned.",
            lambda: returned()[1][1].shape == (1, 5, 2),
        ),
        (
            "each has weights and a state of its own.",
            lambda: len(module(3, 2, num_layers=3).state_dict()) == 3 * 4,
            lambda: returned(num_layers=3)[1][1].shape[0] == 3,
        ),
        (
            "It is not the cell, which remembers nothing from one call to the next.",
            remembers_nothing,
        ),
        (
            "Just made, they differ, because each draws weights of its own.",
            lambda: (
                not torch.equal(torch.nn.LSTMCell(3, 2).weight_ih, torch.nn.LSTM(3, 2).weight_ih_l0)
            ),
        ),
    ),
    "batch": of_torch(
        ("Each sequence is computed as if it were alone.", stays_in_its_row),
        (
            "There is one gradient per weight, whatever the size of the batch.",
            lambda: (
                [g.shape for g in gradients(1)]
                == [g.shape for g in gradients(7)]
                == [p.shape for p in module(3, 2).parameters()]
            ),
        ),
    ),
    "shapes": of_torch(
        (
            "and hand on `h_n[-1].detach()`, which keeps it as it is",
            lambda: not returned()[1][0][-1].detach().requires_grad,
        ),
        (
            "None of its own: the loss is that of the answer at the end, and "
            "its gradient comes back through the vector that is handed on.",
            lambda: all(g.any() for g in gradients(5)),
        ),
        (
            "`nn.Conv1d` wants the features before the steps, and the LSTM "
            "wants the steps in front",
            lambda: torch.nn.Conv1d(3, 5, 1)(randn(2, 3, 9)).shape == (2, 5, 9),
            lambda: module(3, 5)(randn(9, 2, 3))[0].shape == (9, 2, 5),
        ),
    ),
    "layers": of_torch(
        (
            "and a ReLU would throw away all that is negative.",
            lambda: torch.tensor([-2.0, -1, 0, 3]).relu().tolist() == [0, 0, 0, 3],
        ),
        (
            "`nn.LSTM` gives all its layers one `hidden_size`, and puts "
            "nothing but dropout between them.",
            drops_what_is_handed_up_alone,
            lambda: module(3, 4, num_layers=3)(randn(2, 1, 3))[1][0].shape[2] == 4,
        ),
    ),
    "when": of_torch(
        (
            "Each step needs the state of the one before it",
            lambda: [steps_felt(k)[-1] for k in range(4)] == [0, 1, 2, 3],
            lambda: [len(steps_felt(k)) for k in range(4)] == [1, 2, 3, 4],
        )
    ),
    "seq2seq": of_torch(
        (
            "`output` is `h` of the top layer, `h_n[-1]`, which the readout "
            "sees too; `h_n[:-1]` would be all layers but this one.",
            is_the_last_step,
            lambda: len(returned(num_layers=3)[1][0][:-1]) == 3 - 1,
        ),
        (
            "The encoder may read in both directions, since all of its sequence is there.",
            lambda: steps_felt(0, bidirectional=True) == [0, 1, 2, 3],
        ),
    ),
    "classifier": of_torch(
        (
            "Before `backward` there is nothing to clip yet, and after `step` it is too late.",
            lambda: is_in_order("backward()", "clip_grad_norm_(", ".step()"),
        )
    ),
    "several-ahead": of_torch(
        (
            "`unfold` puts the window last, and `permute` the steps first",
            lambda: randn(9, 2).unfold(0, 3, 1).shape == (7, 2, 3),
        ),
        (
            "Scaled together, the small ones would be all but constant",
            lambda: spread(together=True) < 0.01 < 0.9 < spread(together=False),
        ),
    ),
}
