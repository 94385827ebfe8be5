"""What `when` quotes."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.site.facts.claims import steps_felt
from tests.site.facts.common import STATES, default, module, randn
from tests.site.facts.index import has_its_memory_alone, looks_at_every_step_again
from tests.site.facts.parts import only_c_has_no_limit, writes
from tests.site.facts.shapes import steps_seen
from tests.site.facts_of_pages import network, of_torch


def work(steps: int) -> int:
    """Operations of attention over so many steps."""
    x = randn(steps, 8)
    with FlopCounterMode(display=False) as counter:
        _ = (x @ x.T).softmax(1) @ x
    return counter.get_total_flops()


def work_of_a_step(before: int) -> int:
    """Operations of a step after so many."""
    lstm = module(3, 2)
    _, state = lstm(randn(before, 1, 3))
    with FlopCounterMode(display=False) as counter, torch.backends.mkldnn.flags(enabled=False):
        lstm(randn(1, 1, 3), state)
    return counter.get_total_flops()


def weights(model: torch.nn.Module) -> int:
    """Numbers that are learned."""
    return sum(parameter.numel() for parameter in model.parameters())


def is_never_quite_open() -> bool:
    """Whether a count ends where a gate of 0.99 loses what is added."""
    gate, c = torch.tensor(30.0).double().sigmoid(), 0.0
    for _ in range(3000):
        c = 0.99 * c + 1
    return gate < 1 and abs(c - 100) < 1e-6


def is_found_from_far_back() -> dict[str, bool]:
    """What can still say a value that it read a thousand steps before.

    Attention asks by its key; a linear rule keeps a share of what it has, as
    an LSTM whose gates are open as at first; a matrix is a sum of values by
    keys, as xLSTM has it.
    """
    values, keys = randn(1000, 8), randn(1000, 8, seed=1)
    keys = keys / keys.norm(dim=1, keepdim=True)
    asked_for = (99 * keys @ keys[0]).softmax(0) @ values
    lstm, linear, other = module(8, 8), torch.zeros(8), values.clone()
    other[0] += 1
    first, second = (lstm(sequence[:, None])[1][1] for sequence in (values, other))
    for value in values:
        linear = 0.9 * linear + value
    by_keys = torch.zeros(8, 8)
    for key, value in zip(torch.eye(8), values[:8], strict=True):
        by_keys += torch.outer(key, value)
    return {
        "attention": torch.allclose(asked_for, values[0], atol=0.1),
        "LSTM": not torch.equal(first, second),
        "linear": 0.9**1000 > 1e-9,
        "matrix": torch.equal(torch.eye(8)[0] @ by_keys, values[0]),
    }


def counts_by_attention() -> bool:
    """Whether a mean of equal steps, which attention is, says how many."""
    sequences = [torch.ones(count, 4) for count in (3, 30)]
    few, many = ((steps @ steps[0]).softmax(0) @ steps for steps in sequences)
    return not torch.allclose(few, many)


FACTS = (
    *of_torch(
        (
            "## What an LSTM cannot change - **It cannot look back.** What was "
            "not written to the state is gone. A Transformer keeps every step "
            "and looks again.",
            has_its_memory_alone,
            writes,
            looks_at_every_step_again,
        ),
        (
            "- **It cannot be trained in parallel over time.**",
            lambda: [steps_felt(k)[-1] for k in range(4)] == [0, 1, 2, 3],
            lambda: [len(steps_felt(k)) for k in range(4)] == [1, 2, 3, 4],
        ),
        (
            "`nn.TransformerEncoderLayer(256, 8)` has 2.5 times the weights of "
            "`nn.LSTM(256, 256)`.",
            lambda: (
                round(
                    weights(torch.nn.TransformerEncoderLayer(256, 8))
                    / weights(torch.nn.LSTM(256, 256)),
                    1,
                )
                == 2.5
            ),
        ),
        (
            "**It needs the same work and memory at every step**, at step ten "
            "and at step ten million.",
            lambda: work_of_a_step(1) == work_of_a_step(90) > 0,
            has_its_memory_alone,
        ),
        (
            "Not for ever: a gate is never quite open, so [a count has a ceiling]",
            is_never_quite_open,
        ),
        (
            "all steps are computed at once, and what lies before its window "
            "does not exist for it.",
            lambda: steps_seen(4, 0) == [1, 2, 3, 4, 5],
        ),
        ("A step always costs the same, and", lambda: work_of_a_step(1) == work_of_a_step(90) > 0),
    ),
    *network("cell", ("the state is {:word} vectors per layer", STATES)),
    *of_torch(
        ("A Transformer needs more with each step.", lambda: work(10) < work(11)),
        (
            "| Question | LSTM | Transformer | State-space model, Mamba | "
            "xLSTM | | --- | --- | --- | --- | --- | | What it remembers | A "
            "state of fixed size | Every step | A state of fixed size | A "
            "state of fixed size, in some layers a matrix |",
            has_its_memory_alone,
            looks_at_every_step_again,
        ),
        (
            "| Training over T steps | One after the other | In parallel, work "
            "grows with T² | In parallel, work grows with T | mLSTM in "
            "parallel, sLSTM one after the other | | Next step when streaming "
            "| Always the same | Grows with what came before | Always the same "
            "| Always the same |",
            lambda: [len(steps_felt(k)) for k in range(4)] == [1, 2, 3, 4],
            lambda: work(20) == 2**2 * work(10),
            lambda: work_of_a_step(1) == work_of_a_step(90) > 0,
        ),
        (
            "| Looking up something exact from far back | Weak | Strong | "
            "Weaker than a Transformer | Better than an LSTM |",
            lambda: (
                [k for k, v in is_found_from_far_back().items() if v] == (["attention", "matrix"])
            ),
        ),
        (
            "| Following a state, counting | Yes | Limited | Limited | sLSTM yes |",
            only_c_has_no_limit,
            lambda: not counts_by_attention(),
        ),
        (
            "It is `nn.Conv1d` with padding on the left only",
            lambda: default(torch.nn.Conv1d, "padding") == 0,
        ),
    ),
)
