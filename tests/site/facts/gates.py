"""What pages say of a gate by its name, such as *forget gate*.

Its name is easily exchanged for that of another, and no listing would notice.
"""

import torch

from tests.site.facts.common import gate_of, module, randn
from tests.site.facts.forget_bias import bands_that_keep, biases_at_first
from tests.site.facts.parts import is_made_so, keeps, shows, writes
from tests.site.facts.why_two_states import fades_by_f
from tests.site.facts_of_pages import Fact, of_torch


def is_second_alone() -> bool:
    """Whether the forget gates have the second of four bands, and no other."""
    return bands_that_keep() == [1]


def has_no_band_that_keeps_as_f() -> bool:
    """Whether no gate of a GRU, shut, clears what it had and nothing else.

    What is not kept is written; so there is no forget gate by itself, and none
    that shows.
    """
    gru, zero, full = torch.nn.GRU(1, 1), torch.zeros(1, 1, 1), torch.ones(1)
    with torch.no_grad():
        for parameter in gru.parameters():
            parameter.fill_(0)
        gru.bias_ih_l0[2] = 99  # the new value is one
        ends = []
        for gate in (0, 1):
            gru.bias_ih_l0[gate] = -99
            output, h_n = gru(zero, zero + 0.5)
            ends.append(h_n.item())
            assert torch.equal(output, h_n)
            gru.bias_ih_l0[gate] = 0
    return ends == [0.75, full.item()]


def keeps_where_z_is_large() -> bool:
    """Whether a large update gate of a GRU gives back what was there."""
    torch.manual_seed(0)
    gru, h = torch.nn.GRU(3, 2), randn(1, 1, 2)
    with torch.no_grad():
        gru.bias_ih_l0[2:4] = 99
        return torch.allclose(gru(randn(1, 1, 3), h)[1], h, atol=1e-6)


def is_open_with_a_large_bias() -> bool:
    return bool((torch.tensor([0.0, 1.0, 5.0]).sigmoid().diff() > 0).all())


def is_half_open_at_first() -> bool:
    return bool(biases_at_first()[1].sigmoid().sub(0.5).abs() < 0.05)


def depends_on_the_input() -> bool:
    """Whether what an LSTM keeps depends on what it reads."""
    lstm = module(3, 2)
    z = randn(2, 3) @ lstm.weight_ih_l0.T
    return not torch.equal(*z[:, 2:4].sigmoid())


def each(check, *sentences: str) -> tuple[Fact, ...]:
    """Sentences that one and the same check bears out."""
    return of_torch(*((sentence, check) for sentence in sentences))


GATES: dict[str, tuple[Fact, ...]] = {
    "forget-bias": (
        *each(
            is_second_alone,
            "This function gives every forget gate in a model the same bias, "
            "whatever else the model is made of.",
            "The sum of both biases is then one for each forget gate",
            "and for the mean of the forget gates in a run of the example",
        ),
        *each(has_no_band_that_keeps_as_f, "and none of them is a forget gate."),
        *each(
            keeps,
            "who introduced the forget gate, began with it open",
            "The half-life of a forget gate that stays at one value",
        ),
    ),
    "four-weights": each(writes, "Multiplied by an input gate of zero, both are."),
    "gradients": (
        *each(
            is_open_with_a_large_bias,
            "What helps is a bias that keeps the forget gates open from the start",
        ),
        *each(
            fades_by_f,
            "With large recurrent weights, open forget gates and small inputs",
            "How far back a gradient reaches depends on the forget gates most of all.",
        ),
    ),
    "gru": (
        *each(
            keeps_where_z_is_large,
            "It is called the update gate, and in PyTorch a large $z$ keeps the old state",
        ),
        *each(has_no_band_that_keeps_as_f, "**There is no output gate.**"),
        *each(
            is_made_so,
            "An LSTM whose input gate is one minus its forget gate keeps and "
            "writes as a GRU does, but it has no reset gate",
        ),
    ),
    "independence": each(
        fades_by_f,
        "But of the previous `c` each unit reads only its own value, and the "
        "factor is its forget gate.",
    ),
    "keep-write-show": (
        *each(keeps, "Its forget gate", "Mind the name: a forget gate of one forgets nothing"),
        *each(
            lambda: gate_of(4) == ("g", 0),
            "It acts as a value and not as a gate, and may be negative, but "
            "PyTorch calls it the **cell gate**.",
        ),
    ),
    "nan": each(is_open_with_a_large_bias, "is a matter of the [forget gate's bias]"),
    "porting": each(is_second_alone, "Some of them also add a constant to the forget gate"),
    "questions": each(
        fades_by_f,
        "Along `c` alone the gradient is the product of the forget gates, "
        "which shrinks unless they are near one.",
    ),
    "read-your-own": (
        *each(
            keeps,
            "is the number of steps after which half of the memory is left, "
            "if the forget gate goes on as on average here.",
            "Both forget gates are open most of the time",
            "A forget gate that is nearly always shut: the unit only works on the present step.",
            "many units whose forget gate is nearly always open, none whose "
            "forget gate is nearly always shut",
        ),
        *each(writes, "An input gate that is: it writes nothing."),
    ),
    "several-ahead": each(depends_on_the_input, "The forget gates can then depend on it."),
    "step": (
        *each(
            is_made_so,
            "It is multiplied by the forget gate, then something is added to "
            "it. What is added is the product of the input gate and the cell "
            "gate.",
        ),
        *each(
            shows,
            "is a squashed copy of the new cell state, as far as the output gate lets it through.",
        ),
        *each(lambda: gate_of(0) == ("i", 0), "For the input gate of unit 0,"),
    ),
    "streaming": each(keeps, "as fast as [its forget gates]"),
    "weight-map": each(writes, "That a quote [shuts the counting unit's input gate]"),
    "what-it-remembers": (
        *each(writes, "while unit 1 is on, it keeps its own input gate shut."),
        *each(
            is_open_with_a_large_bias,
            "each from new random weights and with forget gates that [begin open]",
        ),
    ),
    "why-a-memory": (
        *each(
            is_made_so,
            "What was there is multiplied by one number alone, the *forget "
            "gate*, which says how much of it stays; what is new is added.",
        ),
        *each(
            fades_by_f,
            "So on its way back along that memory the gradient, too, is "
            "multiplied by the forget gate alone.",
        ),
        *each(keeps, "can forget as well: the first LSTM had no forget gates"),
        *each(is_second_alone, "which is added to the bias of their forget gates."),
        *each(
            is_open_with_a_large_bias,
            "when it has learned the brackets, if its forget gates begin open?",
        ),
    ),
    "why-two-states": (
        *each(
            keeps_where_z_is_large,
            "Here $z$ is its update gate, which says how much is kept",
            "So the old value comes through without a matrix or a tanh",
        ),
        *each(
            fades_by_f,
            "the derivative of the last cell state by an earlier one is the "
            "product of the forget gates between them, exactly.",
            "With forget gates of exactly one, as in the first LSTM, this is "
            "the *constant error carousel*.",
        ),
        *each(keeps, "had no forget gate: it kept everything, always."),
        *each(is_open_with_a_large_bias, "shows how to start training with open forget gates."),
    ),
}
"""A page -> what it says of gates by name, beside its own facts."""
