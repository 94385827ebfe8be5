"""What `when` quotes."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.site.facts.claims import steps_felt
from tests.site.facts.common import STATES, default, drawn, module
from tests.site.facts.index import (
    has_its_memory_alone,
    looks_at_every_step_again,
)
from tests.site.facts.parts import writes
from tests.site.facts.shapes import steps_seen
from tests.site.quoting import asked, network


def work(steps: int) -> int:
    """Operations of attention over so many steps."""
    x = drawn(steps, 8)
    with FlopCounterMode(display=False) as counter:
        _ = (x @ x.T).softmax(1) @ x
    return counter.get_total_flops()


def work_of_a_step(before: int) -> int:
    """Operations of a step after so many."""
    lstm = module(3, 2)
    _, state = lstm(drawn(before, 1, 3))
    with (
        FlopCounterMode(display=False) as counter,
        torch.backends.mkldnn.flags(enabled=False),
    ):
        lstm(drawn(1, 1, 3), state)
    return counter.get_total_flops()


def weights(one: torch.nn.Module) -> int:
    """Numbers that are learned."""
    return sum(parameter.numel() for parameter in one.parameters())


def is_never_quite_open() -> bool:
    """Whether a count ends where a gate of 0.99 loses what is added."""
    gate, c = torch.tensor(30.0).double().sigmoid(), 0.0
    for _ in range(3000):
        c = 0.99 * c + 1
    return gate < 1 and abs(c - 100) < 1e-6


FACTS = (
    *asked(
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
            "Not for ever: a gate is never quite open, so [a count has a "
            "ceiling]",
            is_never_quite_open,
        ),
        (
            "all steps are computed at once, and what lies before its window "
            "does not exist for it.",
            lambda: steps_seen(4, 0) == [1, 2, 3, 4, 5],
        ),
        (
            "A step always costs the same, and",
            lambda: work_of_a_step(1) == work_of_a_step(90) > 0,
        ),
    ),
    *network("cell", ("the state is {:word} vectors per layer", STATES)),
    *asked(
        (
            "A Transformer needs more with each step.",
            lambda: work(10) < work(11),
        ),
        (
            "| Training over T steps | One after the other | In parallel, work "
            "grows with T² | In parallel, work grows with T |",
            lambda: work(20) == 2**2 * work(10),
        ),
        (
            "It is `nn.Conv1d` with padding on the left only",
            lambda: default(torch.nn.Conv1d, "padding") == 0,
        ),
    ),
)
