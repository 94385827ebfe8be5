"""What `edit-units` quotes."""

from typing import Any

import torch
from safetensors.torch import load_file
from torch.nn.utils import prune

from tests.doc_scripts import CODE
from tests.site.facts.common import GATES, listed, module, randn, session
from tests.site.facts.gru import BANDS
from tests.site.facts_of_pages import figure, network, of_torch
from tests.site.test_formulas import H, column_of_reverse_unit

FROZEN = [
    listed(pattern, "edit-units.md")
    for pattern in (r"lstm, torch.tensor\(\[(\d)", r"(\d)\]\)\)\n.*before")
]
"""The units that stay."""


def is_silent(band: str) -> bool:
    """Whether a unit shows nothing if its rows in this band are zero."""
    lstm = module(3, 4)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter["ifgo".index(band) * 4 + 1] = 0
    return not lstm(randn(5, 1, 3))[0][..., 1].any()


def read_by(column: int) -> bool:
    """Whether a column of weight_hh is what all gates read of its unit."""
    lstm, h = module(3, 4), randn(1, 4)
    h[:, column] = 0
    z = h @ lstm.weight_hh_l0.T
    with torch.no_grad():
        lstm.weight_hh_l0[:, column] = 9
    return torch.equal(h @ lstm.weight_hh_l0.T, z)


def reads(row: int) -> list[int]:
    """The units whose `c` depends on the weights of a row."""
    lstm = module(3, 4)
    h, c = randn(1, 4), randn(1, 4, seed=1)
    _, (_, after) = lstm(randn(1, 3), (h, c))
    units = []
    for unit in range(4):
        (grad,) = torch.autograd.grad(after[0, unit], lstm.weight_hh_l0, retain_graph=True)
        units += [unit] if grad[row].any() else []
    return units


def moves_without_gradient(make) -> bool:
    """Whether an optimizer moves a number whose gradient is zero."""
    number = torch.nn.Parameter(torch.ones(1))
    number.grad = torch.zeros(1)
    make([number]).step()
    return number.item() != 1


def session_names() -> dict[str, Any]:
    """What the page defines."""
    return session("edit-units")


def same(lstm_before, readout_before, lstm_after, readout_after) -> bool:
    """Whether two networks answer the same."""
    x = randn(6, 2, 3)
    pairs = ((readout_before, lstm_before), (readout_after, lstm_after))
    return torch.allclose(*(read(lstm(x)[0]) for read, lstm in pairs), atol=1e-6)


def network_of(size: int) -> tuple[torch.nn.LSTM, torch.nn.Linear]:
    return module(3, size), torch.nn.Linear(size, 2)


def is_exact_if_nobody_reads(tensors: str) -> bool:
    """Whether a unit may go whose columns, or rows, are zero."""
    lstm, readout = network_of(4)
    with torch.no_grad():
        for weight in (lstm.weight_hh_l0, readout.weight):
            (weight if tensors == "columns" else weight.T)[:, 1] = 0
    smaller, answers = session_names()["keep"](lstm, readout, torch.tensor([0, 2, 3]))
    return same(lstm, readout, smaller, answers)


def split_and_merged() -> tuple[bool, bool]:
    """Whether a unit may be split, and both be one again."""
    lstm, readout = network_of(4)
    wider, halved = session_names()["split"](lstm, readout, 1)
    is_split = (
        torch.equal(wider.weight_hh_l0[:4, 1], lstm.weight_hh_l0[:4, 1] / 2)
        and torch.equal(wider.weight_ih_l0[4], lstm.weight_ih_l0[1])
        and same(lstm, readout, wider, halved)
    )
    merged, answers = session_names()["merge"](wider, halved, 1, 4)
    return is_split, same(lstm, readout, merged, answers)


def folds_a_mean() -> bool:
    """Whether a mean times a column is a bias."""
    lstm, readout = network_of(4)
    bias, column = readout.bias.clone(), readout.weight[:, 2].clone()
    session_names()["fold"](lstm, readout, 2, 0.5)
    return torch.allclose(readout.bias, bias + 0.5 * column)


def is_read_by_a_column(column: int) -> bool:
    """Whether a column of weight_hh is what a unit adds to all sums."""
    h, lstm = torch.zeros(4), module(3, 4)
    h[column] = 1
    return torch.allclose(lstm.weight_hh_l0 @ h, lstm.weight_hh_l0[:, column])


def moved_rows() -> list[list[int]]:
    """Of each gate, the units that learn although two are frozen."""
    return session_names()["rows_that_moved"](torch.optim.SGD)


def changes_from_the_second_step_on() -> bool:
    lstm, readout = network_of(4)
    others, x = torch.tensor([0, 1, 3]), randn(6, 2, 3)
    smaller, _ = session_names()["keep"](lstm, readout, others)
    changed = (smaller(x)[0] - lstm(x)[0][..., others]).abs() > 1e-5
    return not changed[0].any() and bool(changed[1:].any(2).any(1).all())


def is_wrong_without_an_error() -> bool:
    """Whether rows of other units load into a smaller module."""
    lstm, readout = network_of(4)
    rows, units = torch.arange(12), torch.tensor([0, 1, 2])
    smaller = torch.nn.LSTM(3, 3)
    smaller.load_state_dict(
        {
            "weight_ih_l0": lstm.weight_ih_l0[rows],
            "weight_hh_l0": lstm.weight_hh_l0[rows][:, units],
            "bias_ih_l0": lstm.bias_ih_l0[rows],
            "bias_hh_l0": lstm.bias_hh_l0[rows],
        }
    )
    right, _ = session_names()["keep"](lstm, readout, units)
    x = randn(6, 2, 3)
    return not torch.allclose(smaller(x)[0][0], right(x)[0][0], atol=1e-2)


def removes_nothing() -> bool:
    """Whether pruning leaves all shapes, with zeros in half of a weight."""
    lstm = module(3, 4)
    shape = lstm.weight_ih_l0.shape
    prune.l1_unstructured(lstm, "weight_ih_l0", amount=0.5)
    pruned = lstm.weight_ih_l0
    return pruned.shape == shape and (pruned == 0).float().mean() == 0.5


def reads_the_past_as_before() -> bool:
    """Whether all but a tensor that is frozen learns."""
    lstm = module(3, 4)
    lstm.weight_hh_l0.requires_grad_(False)
    lstm(randn(5, 2, 3))[0].sum().backward()
    return [n for n, p in lstm.named_parameters() if p.grad is None] == ["weight_hh_l0"]


def is_moved_by_momentum() -> bool:
    """Whether an optimizer that has trained a number moves it once more."""
    number = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.Adam([number])
    for size in (1.0, 0.0):
        before = number.item()
        number.grad = torch.full((1,), size)
        optimizer.step()
    return number.item() != before


def shows_as_before(is_alone: bool) -> bool:
    """Whether a frozen unit stays if it reads no units that learn."""
    lstm, x = module(3, 4), randn(6, 2, 3)
    if is_alone:
        with torch.no_grad():
            lstm.weight_hh_l0[[1, 5, 9, 13]] *= torch.eye(4)[1]
    before = lstm(x)[0][..., 1]
    session_names()["freeze"](lstm, torch.tensor([1]))
    optimizer = torch.optim.SGD(lstm.parameters(), lr=1)
    for _ in range(3):
        optimizer.zero_grad()
        (lstm(x)[0] - 1).square().mean().backward()
        optimizer.step()
    return torch.allclose(lstm(x)[0][..., 1], before, atol=1e-6)


def are_alike_with_other_weights() -> bool:
    """Whether what is shown finds a unit whose weights are opposite."""
    lstm, readout = network_of(4)
    wider, _ = session_names()["split"](lstm, readout, 1)
    with torch.no_grad():
        for parameter in wider.parameters():
            parameter[14] *= -1  # the new value of the unit that was added
    output = wider(randn(200, 4, 3))[0].detach().flatten(0, 1)
    correlation = torch.corrcoef(output.T)[1, 4]
    rows = wider.weight_ih_l0[[11, 14]]
    return correlation < -0.99 and not torch.allclose(*rows)


def is_a_permutation() -> bool:
    """Whether all units in another order answer the same."""
    lstm, readout = network_of(4)
    turned = session_names()["keep"](lstm, readout, torch.tensor([2, 0, 3, 1]))
    return same(lstm, readout, *turned)


def has_one_vector() -> bool:
    _, state = torch.nn.GRU(3, 4)(randn(5, 2, 3))
    return state.shape == (1, 2, 4)


def is_the_same_larger() -> bool:
    """Whether new inputs with weights of zero change nothing."""
    few, many = module(3, 4), torch.nn.LSTM(5, 4)
    grown = few.state_dict()
    wide = torch.cat([grown["weight_ih_l0"], torch.zeros(16, 2)], dim=1)
    many.load_state_dict(grown | {"weight_ih_l0": wide})
    x = randn(6, 1, 5)
    return torch.allclose(many(x)[0], few(x[..., :3])[0], atol=1e-6)


def takes_a_unit_more() -> bool:
    """Whether a unit that nobody reads yet leaves the others as they are."""
    lstm, readout = network_of(4)
    units = torch.tensor([0, 1, 2, 3, 0])
    wider, answers = session_names()["keep"](lstm, readout, units)
    with torch.no_grad():
        for weight in (wider.weight_hh_l0, answers.weight):
            weight[:, 4] = 0
        for parameter in wider.parameters():
            parameter[4::5] = 1.0
            if parameter.shape == (20, 5):
                parameter[:, 4] = 0
    return same(lstm, readout, wider, answers)


def has_as_many_in_reverse() -> bool:
    lstm = module(3, 4, bidirectional=True)
    return lstm.weight_hh_l0.shape == lstm.weight_hh_l0_reverse.shape


def reads_every_unit() -> bool:
    """Whether each column of a trained network is far from zero."""
    path = CODE / "python_model.safetensors"
    weights = load_file(path)["encoder.rnn.weight_hh_l0"]
    return bool(weights.abs().amax(dim=0).min() > 0.1)


def is_folded_with_little_loss() -> bool:
    """Whether a unit that hardly moves is its mean to those that read it."""
    lstm, readout = network_of(4)
    with torch.no_grad():
        for weight in (lstm.weight_ih_l0, lstm.weight_hh_l0):
            weight[2::4] *= 0.01  # its gates hardly feel what is read
    x = randn(60, 4, 3)
    output, state = lstm(x)
    mean = lstm(x, state)[0][20:, :, 2].mean().item()
    before = readout(lstm(x, state)[0]).detach()
    session_names()["fold"](lstm, readout, 2, mean)
    off = (readout(lstm(x, state)[0]) - before)[20:].abs().max()
    return bool(off < 0.02) and output.shape == (60, 4, 4)


FACTS = (
    *of_torch(
        ("In a trained network every unit is read.", reads_every_unit),
        (
            "A unit that is nearly constant is then removed with hardly any loss:",
            is_folded_with_little_loss,
        ),
    ),
    *of_torch(
        (
            "Make the larger module, copy what was trained, and let what is "
            "new begin at zero where it could disturb; then the result is the "
            "same as before, and training goes on from there.",
            is_the_same_larger,
        ),
        ("give it random weights of its own, and zeros where others read it.", takes_a_unit_more),
        (
            "`nn.LSTM` needs as many units forward as in reverse, so remove "
            "one of each, or use a module for each direction.",
            has_as_many_in_reverse,
        ),
        ("If one unit shows the same `h` as another,", lambda: split_and_merged()[1]),
        (
            "**Weight decay moves what is frozen.**",
            lambda: moves_without_gradient(torch.optim.AdamW),
        ),
    ),
    *of_torch(
        (
            "They do not lie together, so cutting the wrong row changes "
            "everything, without an error.",
            lambda: session_names()["rows_of"](torch.tensor([1]), 4).diff().min() > 1,
            is_wrong_without_an_error,
        ),
        (
            "`torch.nn.utils.prune` sets weights to zero and removes nothing: "
            "the module stays as large, and as slow.",
            removes_nothing,
        ),
        (
            "Set its rows of `g` to zero, in both weights and both biases: "
            "then there is nothing to write, and from a state of zero `c` and "
            "`h` stay zero, whatever its gates do.",
            lambda: [b for b in "ifgo" if is_silent(b)] == ["g"],
        ),
        (
            "Its gates still read the past, in the way that they did at the "
            "start; what is learned is how they read the input, their biases, "
            "and the readout.",
            reads_the_past_as_before,
        ),
        ("so does the momentum of an optimizer that has already trained it.", is_moved_by_momentum),
        (
            "And a frozen unit goes on changing what it *shows*, because it "
            "reads units that learn. To keep that too, set its weights for "
            "those units to zero before you freeze it.",
            lambda: not shows_as_before(is_alone=False),
            lambda: shows_as_before(is_alone=True),
        ),
        (
            "By what they show, not by their weights: run the LSTM over many "
            "steps, and look at the correlations of `h`.",
            are_alike_with_other_weights,
        ),
        ("[and no `c`](gru.md)", has_one_vector),
        (
            "**The order of the units** [means nothing](independence.md), so a "
            "permutation is `keep` with all units in another order.",
            is_a_permutation,
        ),
    ),
    *of_torch(
        (
            "A part of a tensor cannot have a `requires_grad` of its own. Let "
            "a hook set the gradient of that part to zero:",
            lambda: moved_rows()[0] == [1, 0, 1, 0],
        ),
        (
            "what they show changes from the second step on; at the first there is no `h` to read",
            changes_from_the_second_step_on,
        ),
        (
            "What is left is exact if nobody reads the unit: if its columns "
            "are zero, in `weight_hh` and in the readout.",
            lambda: is_exact_if_nobody_reads("columns"),
            lambda: not is_exact_if_nobody_reads("rows"),
        ),
        (
            "Keep all rows and columns but its own, and load what is left into a smaller module.",
            lambda: is_exact_if_nobody_reads("columns"),
        ),
        (
            "give a new one the same rows, and half of the column each. That changes nothing",
            lambda: split_and_merged()[0],
        ),
        ("its mean times its column is a bias of those that read it", folds_a_mean),
        (
            "| The layer above: `weight_ih_l1`, or the readout | column `k` | what is made of it |",
            lambda: module(3, 4, num_layers=2).weight_ih_l1.shape[1] == 4,
        ),
        (
            "the reverse unit `k` has the rows of the tensors that end in "
            "`_reverse`, and the layer above reads it in column `H + k`",
            lambda: column_of_reverse_unit() == H + 1,
        ),
        (
            "nobody reads a unit itself: its column is that of `weight_hr`",
            lambda: module(3, 4, proj_size=2).weight_hr_l0.shape == (2, 4),
        ),
        (
            "look at one column: where the rows of unit `k` meet column `j` of "
            "`weight_hh` stands what unit `j` does to the gates of unit `k`",
            lambda: is_read_by_a_column(2),
        ),
        (
            "their weights for it are column `k` of `weight_hh`, in their own rows",
            lambda: moved_rows()[0] == [1, 0, 1, 0],
        ),
        (
            "The rows of the other gates alone do not do it, since a gate "
            "whose sum is zero is half open.",
            lambda: torch.zeros(()).sigmoid() == 0.5,
            lambda: not any(map(is_silent, "ifo")),
        ),
        (
            "| Tensor | What belongs to the unit | What it is | | --- | --- | "
            "--- | | `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh` | rows "
            "`k`, `k + H`, `k + 2*H`, `k + 3*H` | what its gates read |",
            lambda: all(reads(1 + 4 * b) == [1] for b in range(3)),
        ),
        ("| `weight_hh` | column `k` | what all gates read of it |", lambda: read_by(1)),
        (
            "| `h`, `c`, `output` | element `k` of the last axis | what it shows and keeps |",
            lambda: module(3, 4)(randn(5, 2, 3))[0].shape[-1] == 4,
        ),
        (
            "It needs no gradient, and pulls a frozen row towards zero",
            lambda: (
                moves_without_gradient(torch.optim.AdamW)
                and not moves_without_gradient(torch.optim.Adam)
            ),
        ),
        (
            "whoever reads them sees that one number times the sum of their "
            "columns. So add the column of the second to that of the first, "
            "and remove the second.",
            lambda: split_and_merged()[1],
        ),
        (
            "one matrix for both, forward first",
            lambda: module(3, 4, num_layers=2, bidirectional=True).weight_ih_l1.shape[1] == 2 * 4,
        ),
    ),
    *figure(
        (
            "one row in each of the four bands, in every tensor",
            "all(len(p) == 4 * lstm.hidden_size for p in lstm.parameters())",
        ),
        ("and one column of `weight_hh`", "lstm.weight_hh_l0.shape[1] == lstm.hidden_size"),
    ),
    *network(
        "cell",
        ("Units {} and {} have stayed", *FROZEN),
        ("has {:word} bands instead of {:word}", BANDS, GATES),
    ),
)
