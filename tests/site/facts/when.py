"""What `when` quotes."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from tests.site.facts.common import STATES, default, drawn
from tests.site.quoting import asked, network


def work(steps: int) -> int:
    """Operations of attention over so many steps."""
    x = drawn(steps, 8)
    with FlopCounterMode(display=False) as counter:
        _ = (x @ x.T).softmax(1) @ x
    return counter.get_total_flops()


FACTS = (
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
